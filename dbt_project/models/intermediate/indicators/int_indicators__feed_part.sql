-- Indicators made of the wards' own feeds, as parts of the sums. A part is whole where numerator and
-- denominator are both known: a month of bed days must be complete, hours must have their patients. C.
-- difficile counts cases of healthcare (hospital or community onset), in the months that a site's list spans. Sickness
-- is not taken from the workforce workbook: wards report it themselves, for longer.
{% set of_bed_days = {
    'FALLS_1000': 'falls',
    'FALLS_HARM_1000': 'falls_with_harm',
    'PRESSURE_ULCERS_1000': 'pressure_ulcers',
    'MEDICATION_INCIDENTS_1000': 'medication_incidents',
} %}
{% set of_discharges = {
    'MEAN_STAY_DAYS': 'days_in_hospital',
    'STAY_21_DAYS_PCT': 'stayed_21_days',
    'BEFORE_NOON_PCT': 'before_noon',
} %}
{% set worked = {
    'CHPPD_RN': 'day_registered_actual_hours + night_registered_actual_hours',
    'CHPPD_CARE': 'day_unregistered_actual_hours + night_unregistered_actual_hours',
    'CHPPD_ALL': 'day_registered_actual_hours + night_registered_actual_hours '
        ~ '+ day_unregistered_actual_hours + night_unregistered_actual_hours',
} %}
{% set filled = {
    'FILL_RATE_DAY_RN_PCT': 'day_registered',
    'FILL_RATE_DAY_CARE_PCT': 'day_unregistered',
    'FILL_RATE_NIGHT_RN_PCT': 'night_registered',
    'FILL_RATE_NIGHT_CARE_PCT': 'night_unregistered',
} %}
{% set answers = 'very_good_n + good_n + neither_n + poor_n + very_poor_n + dont_know_n' %}
{% set answered = {
    'FFT_POSITIVE_PCT': ('very_good_n + good_n', answers),
    'FFT_NEGATIVE_PCT': ('poor_n + very_poor_n', answers),
    'FFT_RESPONSE_PCT': (answers, 'eligible_n'),
} %}
{% set of_workforce = {
    'VACANCY_PCT': 'vacancy',
    'TURNOVER_12M_PCT': 'turnover',
    'APPRAISAL_PCT': 'appraisal',
    'MANDATORY_TRAINING_PCT': 'mandatory_training',
    'BANK_PCT': 'bank',
    'AGENCY_PCT': 'agency',
} %}

with

bed_day_months as (
    select * from {{ ref('int_indicators__bed_day_month') }}
),

incident_months as (
    select * from {{ ref('int_indicators__incident_month') }}
),

discharge_months as (
    select * from {{ ref('int_indicators__discharge_month') }}
),

staffing_months as (
    select * from {{ ref('int_indicators__staffing_month') }}
),

fft_returns as (
    select * from {{ ref('stg_indicators__fft_submission') }}
),

infections as (
    select * from {{ ref('stg_indicators__infection') }}
),

workforce as (
    select * from {{ ref('int_indicators__workforce_ward') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

cases as (
    select
        ward_names.ward_id,
        infections.site_code,
        ward_names.used_from as month,
        case
            when infections.organism = 'c_difficile' and infections.onset_class in ('hoha', 'coha') then 1
            else 0
        end as c_difficile
    from infections
    inner join ward_names
        on ward_names.feed = 'infection'
        and infections.site_code = ward_names.site_code
        and infections.ward_name = ward_names.ward_name
        and cast(date_trunc('month', infections.specimen_date) as date) = ward_names.used_from
),

site_lists as (
    select
        site_code,
        min(month) as first_month,
        max(month) as last_month
    from cases
    group by site_code
),

nameless as (
    select distinct
        site_code,
        month
    from cases
    where ward_id is null
),

ward_cases as (
    select
        ward_id,
        month,
        sum(c_difficile) as c_difficile
    from cases
    where ward_id is not null
    group by ward_id, month
),

parts as (
    {% for indicator, count in of_bed_days.items() %}
    select
        incidents.ward_id,
        incidents.site_code,
        '{{ indicator }}' as indicator_code,
        incidents.month,
        cast(incidents.{{ count }} as decimal(18, 6)) as numerator,
        case when beds.is_complete then cast(beds.occupied_bed_days as decimal(18, 6)) end as denominator,
        'incident_summary' as source_feed
    from incident_months as incidents
    inner join bed_day_months as beds
        on incidents.ward_id = beds.ward_id
        and incidents.month = beds.month

    union all

    {% endfor %}
    select
        ward_id,
        site_code,
        'OCCUPANCY_PCT' as indicator_code,
        month,
        case when is_complete then cast(occupied_bed_days as decimal(18, 6)) end as numerator,
        case when is_complete then cast(available_bed_days as decimal(18, 6)) end as denominator,
        'bed_days' as source_feed
    from bed_day_months

    union all

    {% for indicator, part in of_discharges.items() %}
    select
        ward_id,
        site_code,
        '{{ indicator }}' as indicator_code,
        month,
        cast({{ part }} as decimal(18, 6)) as numerator,
        cast(discharges as decimal(18, 6)) as denominator,
        'ward_stay' as source_feed
    from discharge_months

    union all

    {% endfor %}
    {% for indicator, hours in worked.items() %}
    select
        ward_id,
        site_code,
        '{{ indicator }}' as indicator_code,
        month,
        cast({{ hours }} as decimal(18, 6)) as numerator,
        case
            when patient_count_midnight > 0 and coalesce(missing_census_count, 0) = 0
                then cast(patient_count_midnight as decimal(18, 6))
        end as denominator,
        'safer_staffing' as source_feed
    from staffing_months

    union all

    {% endfor %}
    {% for indicator, kind in filled.items() %}
    select
        ward_id,
        site_code,
        '{{ indicator }}' as indicator_code,
        month,
        cast({{ kind }}_actual_hours as decimal(18, 6)) as numerator,
        cast({{ kind }}_planned_hours as decimal(18, 6)) as denominator,
        'safer_staffing' as source_feed
    from staffing_months

    union all

    {% endfor %}
    {% for indicator, (part, whole) in answered.items() %}
    select
        ward_names.ward_id,
        max(fft_returns.site_code) as site_code,
        '{{ indicator }}' as indicator_code,
        fft_returns.month,
        cast(sum({{ part }}) as decimal(18, 6)) as numerator,
        case when count({{ whole }}) = count(*) then cast(sum({{ whole }}) as decimal(18, 6)) end as denominator,
        'fft_submission' as source_feed
    from fft_returns
    inner join ward_names
        on ward_names.feed = 'fft_submission'
        and fft_returns.site_code = ward_names.site_code
        and fft_returns.ward_name = ward_names.ward_name
        and fft_returns.month = ward_names.used_from
    where ward_names.ward_id is not null
    group by ward_names.ward_id, fft_returns.month

    union all

    {% endfor %}
    {% for indicator, measure in of_workforce.items() %}
    select
        workforce.ward_id,
        max(ward_months.site_code) as site_code,
        '{{ indicator }}' as indicator_code,
        workforce.month,
        case
            when count(workforce.numerator) = count(*) then cast(sum(workforce.numerator) as decimal(18, 6))
        end as numerator,
        case
            when count(workforce.denominator) = count(*) then cast(sum(workforce.denominator) as decimal(18, 6))
        end as denominator,
        'workforce' as source_feed
    from workforce
    inner join ward_months
        on workforce.ward_id = ward_months.ward_id
        and workforce.month = ward_months.month
    where workforce.measure = '{{ measure }}'
    group by workforce.ward_id, workforce.month

    union all

    {% endfor %}
    -- A ward without a case had none where all names of its site and month are known.
    select
        beds.ward_id,
        beds.site_code,
        'CDIFF' as indicator_code,
        beds.month,
        case
            when ward_cases.ward_id is not null then cast(ward_cases.c_difficile as decimal(18, 6))
            when nameless.site_code is null then cast(0 as decimal(18, 6))
        end as numerator,
        cast(null as decimal(18, 6)) as denominator,
        'infection' as source_feed
    from bed_day_months as beds
    inner join site_lists
        on beds.site_code = site_lists.site_code
        and beds.month >= site_lists.first_month
        and beds.month <= site_lists.last_month
    left join ward_cases
        on beds.ward_id = ward_cases.ward_id
        and beds.month = ward_cases.month
    left join nameless
        on beds.site_code = nameless.site_code
        and beds.month = nameless.month
)

select
    ward_id,
    site_code,
    indicator_code,
    month,
    numerator,
    denominator,
    numerator is not null and (denominator is not null or indicator_code = 'CDIFF') as is_whole,
    source_feed

from parts

-- Appointments whose day has come, counted by site, specialty, month and group in one pass over the rows: persons end
-- here.
{% set years = var('imd_years') %}
{% set dimensions = ['ethnic_group_2021', 'ethnic_category', 'age_band', 'sex', 'learning_disability'] %}
{# Those that are also counted by age and sex, of all specialties, to be standardised. #}
{% set standardised = ['deprivation_' ~ years[0], 'deprivation_' ~ years[1], 'ethnic_group_2021'] %}
{% set counts = {
    'past': 'true',
    'unoutcomed': 'is_unoutcomed',
    'booked': 'not is_unoutcomed',
    'cancelled_by_patient': "counts_as = 'cancelled_by_patient'",
    'cancelled_by_provider': "counts_as = 'cancelled_by_provider'",
    'due': 'is_due',
    'missed': 'is_missed',
    'due_first': "is_due and first_attendance_code = '1'",
    'missed_first': "is_missed and first_attendance_code = '1'",
    'due_follow_up': "is_due and first_attendance_code = '2'",
    'missed_follow_up': "is_missed and first_attendance_code = '2'",
    'due_medium': "is_due and consultation_medium_code in ('01', '02', '03')",
    'due_face_to_face': "is_due and consultation_medium_code = '01'",
    'missed_face_to_face': "is_missed and consultation_medium_code = '01'",
    'due_virtual': "is_due and consultation_medium_code in ('02', '03')",
    'missed_virtual': "is_missed and consultation_medium_code in ('02', '03')",
    'interpreter_asked': 'is_due and not is_missed and is_interpreter_needed is not null',
    'interpreter_needed': 'is_due and not is_missed and is_interpreter_needed',
    'interpreter_met': 'is_due and not is_missed and is_interpreter_needed and is_interpreter_provided',
    'travel_known': 'is_due and is_far is not null',
    'travel_far': 'is_due and is_far',
} %}

with

appointments as (
    select * from {{ ref('stg_inequalities__outpatient_appointment') }}
),

attendance_codes as (
    select * from {{ ref('attendance_code') }}
),

ethnic_categories as (
    {{ ethnic_categories() | indent(4) }}
),

quintiles as (
    select * from {{ ref('int_inequalities__area_quintile') }}
),

travel_times as (
    select * from {{ ref('stg_reference__travel_time') }}
),

run as (
    {{ current_run() }}
),

journeys as (
    select
        lsoa_code,
        site_code,
        max(case
            when travel_minutes_status = 'not_applicable' or travel_minutes > {{ var('far_minutes') }} then 1
            else 0
        end) = 1 as is_far
    from travel_times
    where travel_mode = 'public_transport'
        and travel_minutes_status in ('reported', 'not_applicable')
    group by lsoa_code, site_code
),

coded as (
    select
        appointments.site_code,
        appointments.specialty_code,
        cast(date_trunc('month', appointments.appointment_date) as date) as month,
        appointments.first_attendance_code,
        appointments.consultation_medium_code,
        appointments.is_interpreter_needed,
        appointments.is_interpreter_provided,
        journeys.is_far,
        attendance_codes.counts_as,
        coalesce(attendance_codes.is_in_missed_base, false) as is_due,
        coalesce(attendance_codes.is_missed, false) as is_missed,
        coalesce(attendance_codes.counts_as, 'future') = 'future' as is_unoutcomed,
        {{ patient_groups('appointments', 'quintiles', 'ethnic_categories') | indent(8) }},
        {{ learning_disability_group('appointments') | indent(8) }} as learning_disability
    from appointments
    cross join run
    left join attendance_codes on appointments.attendance_code = attendance_codes.attendance_code
    left join ethnic_categories on appointments.ethnic_category_code = ethnic_categories.ethnic_category_code
    left join quintiles on appointments.lsoa_code = quintiles.lsoa_code
    left join journeys
        on appointments.lsoa_code = journeys.lsoa_code
        and appointments.site_code = journeys.site_code
    where appointments.appointment_date <= run.run_date
),

counted as (
    select
        site_code,
        specialty_code,
        {% for year in years %}
        deprivation_{{ year }},
        grouping(deprivation_{{ year }}) as without_deprivation_{{ year }},
        {% endfor %}
        {% for dimension in dimensions %}
        {{ dimension }},
        grouping({{ dimension }}) as without_{{ dimension }},
        {% endfor %}
        {% for count, condition in counts.items() %}
        cast(count(case when {{ condition }} then 1 end) as bigint) as {{ count }},
        {% endfor %}
        month
    from coded
    -- sqlfluff does not read grouping sets in this dialect.
    group by grouping sets ( -- noqa: PRS
        {% for dimension in standardised %}
        (site_code, month, {{ dimension }}, age_band, sex),
        {% endfor %}
        {% for dimension in dimensions %}
        (site_code, specialty_code, month, {{ dimension }}),
        {% endfor %}
        {% for year in years %}
        (site_code, specialty_code, month, deprivation_{{ year }}),
        (site_code, specialty_code, month, deprivation_{{ year }}, ethnic_group_2021),
        {% endfor %}
        (site_code, specialty_code, month)
    )
)

select
    site_code,
    specialty_code,
    case
        {% for dimension in standardised %}
        when without_{{ dimension }} = 0 and without_age_band = 0 then '{{ dimension }}_by_age_and_sex'
        {% endfor %}
        {% for year in years %}
        when without_deprivation_{{ year }} = 0 and without_ethnic_group_2021 = 0
            then 'deprivation_{{ year }}_by_ethnic_group_2021'
        when without_deprivation_{{ year }} = 0 then 'deprivation_{{ year }}'
        {% endfor %}
        {% for dimension in dimensions %}
        when without_{{ dimension }} = 0 then '{{ dimension }}'
        {% endfor %}
        else 'all'
    end as dimension_code,
    case
        {% for dimension in standardised %}
        when without_{{ dimension }} = 0 and without_age_band = 0
            then concat({{ dimension }}, ':', age_band, ':', sex)
        {% endfor %}
        {% for year in years %}
        when without_deprivation_{{ year }} = 0 and without_ethnic_group_2021 = 0
            then concat(deprivation_{{ year }}, ':', ethnic_group_2021)
        when without_deprivation_{{ year }} = 0 then deprivation_{{ year }}
        {% endfor %}
        {% for dimension in dimensions %}
        when without_{{ dimension }} = 0 then {{ dimension }}
        {% endfor %}
        else 'all'
    end as group_code,
    {% for count in counts %}
    {{ count }},
    {% endfor %}
    month

from counted

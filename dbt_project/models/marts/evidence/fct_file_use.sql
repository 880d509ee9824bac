-- The rows of the current versions, by file and by what they are about; not by what became of them, so
-- that a name that waits for the steward is counted under its site. Rows that are persons are counted for the
-- trust alone: of a ward they would be so many of its staff.
{% set trust = "'" ~ var('trust_code') ~ "'" %}
{#- Of each model: level and identifier of the organisation that a row is about, its site, its period. -#}
{% set abouts = {
    'stg_reference__site_register': ('site', 'site_code', 'site_code', none),
    'stg_reference__ward_register': ('ward', 'ward_id', 'site_code', none),
    'stg_reference__ward_alias': ('ward', 'ward_id', 'site_code', none),
    'stg_reference__ods_organisation': ('provider', 'org_code', none, none),
    'stg_reference__ods_trust_successor': ('trust', trust, none, none),
    'stg_reference__indicator_definition': ('trust', trust, none, none),
    'stg_reference__cost_centre_ward': ('trust', trust, none, none),
    'stg_indicators__workforce': ('trust', trust, none, 'month'),
    'stg_indicators__ae_attendances': ('provider', 'org_code', none, 'month'),
    'stg_indicators__sickness_absence': ('provider', 'org_code', none, 'month'),
    'stg_indicators__rtt': ('provider', 'org_code', none, 'month'),
    'stg_surveys__pulse_survey': ('site', 'site_code', 'site_code', 'quarter'),
    'stg_surveys__staff_survey_detail': ('national', "'England'", none, 'survey_year'),
    'stg_surveys__staff_survey': (
        "case when unit_level = 'trust' then 'trust' else 'site' end", 'site_code',
        "case when unit_level <> 'trust' then site_code end", 'survey_year'
    ),
    'stg_programmes__programme': ('trust', trust, none, none),
    'stg_inequalities__outpatient_appointment': (
        'site', 'site_code', 'site_code', "cast(date_trunc('month', appointment_date) as date)"
    ),
    'stg_inequalities__ward_stay': (
        'site', 'site_code', 'site_code', "cast(date_trunc('month', start_date) as date)"
    ),
    'stg_inequalities__waiting_list': ('site', 'site_code', 'site_code', 'snapshot_date'),
    'stg_reference__dataset': ('trust', trust, none, none),
    'stg_surveys__survey_unit_ward': ('ward', 'ward_id', 'site_code', none),
    'stg_surveys__survey_question_map': ('trust', trust, none, none),
    'stg_programmes__cohort': ('trust', trust, none, none),
    'stg_programmes__session': ('trust', trust, none, none),
    'stg_programmes__participant': ('trust', trust, none, none),
    'stg_programmes__nomination': ('trust', trust, none, none),
    'stg_programmes__booking': ('trust', trust, none, none),
    'stg_programmes__attendance': ('trust', trust, none, none),
    'stg_programmes__system_team': ('trust', trust, none, none),
    'stg_programmes__engagement_event': ('ward', 'ward_id', none, none),
    'stg_programmes__engagement_issue': ('ward', 'ward_id', none, none),
    'stg_programmes__workforce_equality': ('trust', trust, none, none),
    'stg_improvement__project': ('trust', trust, none, 'snapshot_date'),
    'stg_improvement__project_measure': ('trust', trust, none, none),
    'stg_improvement__measure_value': ('trust', trust, none, none),
    'stg_improvement__pdsa_cycle': ('trust', trust, none, none),
    'stg_improvement__benefit': ('trust', trust, none, none),
    'stg_improvement__intervention': ('ward', 'ward_id', none, none),
    'stg_improvement__analyst_note': ('ward', 'ward_id', none, 'month'),
    'stg_improvement__data_engagement': ('ward', 'ward_id', none, none),
    'stg_evidence__waiver': ('trust', trust, none, none),
    'stg_evidence__publication_approval': ('trust', trust, none, none),
    'stg_indicators__staff_in_post': ('trust', trust, none, 'month'),
    'stg_indicators__rare_event': ('trust', trust, none, none),
    'stg_indicators__infection': ('trust', trust, none, none),
    'stg_reference__spc_baseline': ('org_level', 'org_id', none, none),
    'stg_reference__imd': ('trust', trust, none, 'vintage_date'),
    'stg_reference__lsoa_lookup': ('trust', trust, none, none),
    'stg_reference__lsoa_change': ('trust', trust, none, none),
    'stg_reference__population': ('trust', trust, none, 'vintage_date'),
    'stg_reference__ethnicity_population': ('trust', trust, none, 'vintage_date'),
    'stg_reference__travel_time': ('site', 'site_code', 'site_code', none),
} %}
{#- Of each model that names wards: the day of use, the period, and the provider where not all are the trust's. -#}
{% set census_month = "cast(date_trunc('month', census_date) as date)" %}
{% set named_wards = {
    'stg_indicators__ward_indicator': ('month', 'month', none),
    'stg_programmes__ward_enrolment': ('enrolled_date', none, none),
    'stg_indicators__bed_days': (census_month, census_month, none),
    'stg_indicators__safer_staffing': ('month', 'month', none),
    'stg_indicators__incident_summary': ('month', 'month', none),
    'stg_indicators__fft_submission': ('month', 'month', none),
    'stg_indicators__ward_accreditation': ('assessed_date', none, none),
    'stg_indicators__fft_inpatient': ('month', 'month', 'trust_code'),
    'stg_reference__fft_ward_list': ('month', 'month', 'trust_code'),
} %}

with

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

used_rows as (
    {% for model, (used_from, period, provider) in named_wards.items() %}
    select
        '{{ model.split('__')[1] }}' as feed,
        delivered._file_id as file_id,
        case
            when ward_names.ward_id is not null then 'ward'
            {% if provider %}
            when delivered.{{ provider }} <> {{ trust }} then 'provider'
            {% endif %}
            else 'site'
        end as org_level,
        coalesce(
            ward_names.ward_id,
            {% if provider %}
            case when delivered.{{ provider }} <> {{ trust }} then delivered.{{ provider }} end,
            {% endif %}
            delivered.site_code
        ) as org_id,
        delivered.site_code,
        {{ period or 'cast(null as date)' }} as period_start_date
    from {{ ref(model) }} as delivered
    left join ward_names
        on ward_names.feed = '{{ model.split('__')[1] }}'
        and delivered.site_code = ward_names.site_code
        and delivered.ward_name = ward_names.ward_name
        and {{ used_from }} = ward_names.used_from

    union all

    {% endfor %}
    {% for model, (org_level, org_id, site_code, period) in abouts.items() %}
    select
        '{{ model.split('__')[1] }}' as feed,
        _file_id as file_id,
        {{ org_level if ' ' in org_level or org_level == 'org_level' else "'" ~ org_level ~ "'" }} as org_level,
        {{ org_id }} as org_id,
        {{ site_code or 'cast(null as string)' }} as site_code,
        {{ period or 'cast(null as date)' }} as period_start_date
    from {{ ref(model) }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    {{ surrogate_key(['feed', 'file_id', 'org_level', 'org_id', 'site_code', 'period_start_date']) }}
        as file_use_key,
    feed,
    file_id,
    org_level,
    org_id,
    site_code,
    period_start_date,
    cast(count(*) as bigint) as rows_used

from used_rows
group by
    feed,
    file_id,
    org_level,
    org_id,
    site_code,
    period_start_date

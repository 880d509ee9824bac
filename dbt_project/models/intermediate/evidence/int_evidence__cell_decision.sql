-- Whether a restated value is shown: by its class alone. A class with a smallest number shows none here,
-- though the cell itself may show: old and new beside each other say more than either.
{% set classes = {
    'site_register': 'none',
    'ward_register': 'none',
    'ward_alias': 'none',
    'ods_trust_successor': 'none',
    'indicator_definition': 'none',
    'ae_attendances': 'none',
    'sickness_absence': 'none',
    'rtt': 'none',
    'workforce': 'staff',
    'cost_centre_ward': 'none',
    'fft_inpatient': 'fft',
    'fft_ward_list': 'none',
    'staff_survey_detail': 'none',
    'staff_survey': 'survey',
    'programme': 'none',
    'ward_enrolment': 'none',
    'dataset': 'none',
    'survey_unit_ward': 'none',
    'survey_question_map': 'none',
    'cohort': 'none',
    'session': 'none',
    'system_team': 'none',
    'engagement_event': 'staff',
    'engagement_issue': 'none',
    'workforce_equality': 'staff',
    'project': 'none',
    'project_measure': 'none',
    'measure_value': 'patient_group',
    'pdsa_cycle': 'none',
    'benefit': 'none',
    'intervention': 'none',
    'analyst_note': 'none',
    'data_engagement': 'none',
    'waiver': 'none',
    'publication_approval': 'none',
    'bed_days': 'ward_event',
    'safer_staffing': 'ward_event',
    'incident_summary': 'ward_event',
    'staff_in_post': 'staff',
    'fft_submission': 'fft',
    'ward_accreditation': 'none',
    'spc_baseline': 'none',
    'imd': 'none',
    'lsoa_lookup': 'none',
    'lsoa_change': 'none',
    'population': 'none',
    'ethnicity_population': 'none',
    'travel_time': 'none',
} %}

with

restated_values as (
    select * from {{ ref('stg_evidence__restated_value') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

run as (
    {{ current_run() }}
),

cells as (
    select distinct
        feed,
        indicator_code,
        period
    from restated_values
),

classed as (
    select
        cells.feed,
        cells.indicator_code,
        cells.period,
        case cells.feed
            {% for feed, class in classes.items() %}
            when '{{ feed }}' then '{{ class }}'
            {% endfor %}
            when 'pulse_survey' then 'survey'
            when 'ward_indicator' then coalesce(definitions.disclosure_class, 'patient_group')
            else 'patient_group'
        end as disclosure_class
    from cells
    left join definitions
        on cells.indicator_code = definitions.indicator_code
        and cells.period >= definitions.valid_from
        and (definitions.valid_to is null or cells.period < definitions.valid_to)
)

select
    classed.feed,
    classed.indicator_code,
    classed.period,
    {{ disclosure_decision('classed.disclosure_class', 'run.audience') }} as decision,
    classed.disclosure_class as rule

from classed
cross join run

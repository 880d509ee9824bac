{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'owner': 'staff_experience',
    'description': 'No suppressed cell can be had from a shown total: the suppressed ones under it are '
        ~ 'two or more, and hold together as many people as one shown cell must.',
    'dagster': {'ref': {'name': 'fct_survey_score'}},
}) }}

{% set siblings = 'survey_code, quarter, measure_code, parent_id' %}

with

exact as (
    select * from {{ ref('int_surveys__pulse_score') }}
),

published as (
    select * from {{ ref('fct_survey_score') }}
),

cells as (
    select
        exact.survey_code,
        exact.quarter,
        exact.org_level,
        exact.org_id,
        exact.parent_id,
        exact.measure_code,
        exact.base_n,
        published.base_n is not null as is_shown
    from exact
    inner join published using (survey_code, quarter, org_level, org_id, measure_code)
),

hidden as (
    select
        {{ siblings }},
        count(*) as cell_count,
        sum(base_n) as people
    from cells
    where not is_shown
    group by {{ siblings }}
)

select
    cells.survey_code,
    cells.quarter,
    cells.org_level,
    cells.org_id,
    cells.measure_code
from cells
inner join hidden
    on cells.survey_code = hidden.survey_code
    and cells.quarter = hidden.quarter
    and cells.measure_code = hidden.measure_code
    and cells.org_id = hidden.parent_id
where cells.is_shown
    and (hidden.cell_count < 2 or hidden.people < {{ var('survey_minimum_responses') }})

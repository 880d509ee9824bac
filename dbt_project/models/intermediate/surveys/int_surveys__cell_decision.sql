-- Whether a cell is shown, decided once: units are held against their site, and sites against the trust.
with

scores as (
    select * from {{ ref('int_surveys__pulse_score') }}
),

run as (
    {{ current_run() }}
),

cells as (
    select
        scores.survey_code,
        scores.quarter,
        scores.measure_code,
        scores.org_level as tree_level,
        scores.org_id as cell_id,
        scores.parent_id,
        scores.org_level as branch,
        scores.base_n as people,
        0 as least_people,
        {{ disclosure_decision("'survey'", 'run.audience', 'scores.base_n', 'scores.org_level') }} as own_decision
    from scores
    cross join run
),

decided as (
    {{ suppressed_tree(
        'cells', ['survey_code', 'quarter', 'measure_code'], ['trust', 'site', 'unit'],
        var('survey_minimum_responses')
    ) }}
)

select
    survey_code,
    quarter,
    measure_code,
    cell_id as org_id,
    decision,
    rule

from decided

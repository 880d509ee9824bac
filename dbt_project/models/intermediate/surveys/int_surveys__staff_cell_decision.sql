-- Whether a result of the staff survey is shown, decided once. A base that the sender withheld is what its total
-- leaves, or one person where the total does not say: it is small, and its siblings must keep it.
with

scores as (
    select * from {{ ref('int_surveys__staff_score') }}
),

run as (
    {{ current_run() }}
),

told as (
    select
        survey_year,
        weighting,
        measure_code,
        parent_id,
        unit_level,
        sum(base_n) as parts_base,
        count(*) - count(base_n) as parts_withheld
    from scores
    where parent_id is not null
    group by survey_year, weighting, measure_code, parent_id, unit_level
),

cells as (
    select
        scores.survey_year,
        scores.weighting,
        scores.measure_code,
        scores.org_level as tree_level,
        scores.org_id as cell_id,
        scores.parent_id,
        scores.unit_level as branch,
        cast(
            coalesce(
                scores.base_n,
                least(
                    greatest((totals.base_n - told.parts_base) / told.parts_withheld, 1),
                    {{ var('survey_minimum_responses') - 1 }}
                ),
                1
            ) as int
        ) as people,
        0 as least_people,
        {{ disclosure_decision("'survey'", 'run.audience', 'scores.base_n', 'scores.org_level') }} as own_decision
    from scores
    cross join run
    left join told
        on scores.survey_year = told.survey_year
        and scores.weighting = told.weighting
        and scores.measure_code = told.measure_code
        and scores.parent_id = told.parent_id
        and scores.unit_level = told.unit_level
    left join scores as totals
        on scores.survey_year = totals.survey_year
        and scores.weighting = totals.weighting
        and scores.measure_code = totals.measure_code
        and scores.parent_id = totals.org_id
),

decided as (
    {{ suppressed_tree(
        'cells', ['survey_year', 'weighting', 'measure_code'], ['trust', 'site', 'unit'],
        var('survey_minimum_responses')
    ) }}
)

select
    survey_year,
    weighting,
    measure_code,
    cell_id as org_id,
    decision,
    rule

from decided

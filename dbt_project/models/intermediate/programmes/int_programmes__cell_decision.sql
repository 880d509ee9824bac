-- Whether a count of staff is shown, decided once for every mart: of a total, of the parts under it, of theirs. A cell
-- of nobody that is shown as 0 is no part of a sum that gives another away, and is decided by the audience alone.
with

cells as (
    select * from {{ ref('int_programmes__staff_cell') }}
),

run as (
    {{ current_run() }}
),

peopled as (
    select
        cells.topic,
        cells.subject_id,
        cells.decision_period,
        cells.tree_level,
        cells.cell_id,
        cells.parent_id,
        cells.branch,
        cells.people,
        cells.least_people,
        case
            when cells.is_told then 'suppressed'
            else {{ disclosure_decision("'staff'", 'run.audience', 'cells.people', 'cells.org_level') }}
        end as own_decision
    from cells
    cross join run
    where cells.people >= cells.least_people
),

decided as (
    {{ suppressed_tree(
        'peopled', ['topic', 'subject_id', 'decision_period'], ['top', 'middle', 'leaf'], var('staff_minimum_people')
    ) }}
),

empty as (
    select
        cells.topic,
        cells.subject_id,
        cells.decision_period,
        cells.cell_id,
        {{ disclosure_decision(
            "'staff'", 'run.audience', var('staff_minimum_people') | string, 'cells.org_level'
        ) }} as decision
    from cells
    cross join run
    where cells.people < cells.least_people
)

select
    topic,
    subject_id,
    decision_period,
    cell_id,
    decision,
    rule

from decided

union all

select
    topic,
    subject_id,
    decision_period,
    cell_id,
    decision,
    case when decision = 'shown' then 'none' else 'primary' end as rule

from empty

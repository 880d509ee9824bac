-- Whether a count of people trained is shown, decided once: of a programme and quarter, of a site within it, of
-- a staff group within that.
with

training as (
    select * from {{ ref('int_programmes__training') }}
),

run as (
    {{ current_run() }}
),

cells as (
    select
        training.programme_id,
        training.quarter,
        training.tree_level,
        training.cell_id,
        training.parent_id,
        training.completed_n as people,
        {{ disclosure_decision("'staff'", 'run.audience', 'training.completed_n', 'training.tree_level') }}
            as own_decision
    from training
    cross join run
),

decided as (
    {{ suppressed_tree(
        'cells', ['programme_id', 'quarter'], ['trust', 'site', 'staff_group'], var('staff_minimum_people')
    ) }}
)

select
    programme_id,
    quarter,
    cell_id,
    decision,
    rule

from decided

{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'owner': 'improvement_team',
    'description': 'No suppressed count of people trained can be had from a shown total: the suppressed ones '
        ~ 'under it are two or more, and hold together as many people as one shown cell must.',
    'dagster': {'ref': {'name': 'fct_training_summary'}},
}) }}

with

exact as (
    select * from {{ ref('int_programmes__training') }}
),

published as (
    select * from {{ ref('fct_training_summary') }}
),

cells as (
    select
        exact.programme_id,
        exact.quarter,
        exact.org_level,
        exact.org_id,
        exact.staff_group,
        exact.cell_id,
        exact.parent_id,
        exact.completed_n,
        published.completed_n is not null as is_shown
    from exact
    inner join published using (programme_id, quarter, org_level, org_id, staff_group)
),

hidden as (
    select
        programme_id,
        quarter,
        parent_id,
        count(*) as cell_count,
        sum(completed_n) as people
    from cells
    where not is_shown
    group by programme_id, quarter, parent_id
)

select
    cells.programme_id,
    cells.quarter,
    cells.org_level,
    cells.org_id,
    cells.staff_group
from cells
inner join hidden
    on cells.programme_id = hidden.programme_id
    and cells.quarter = hidden.quarter
    and cells.cell_id = hidden.parent_id
where cells.is_shown
    and (hidden.cell_count < 2 or hidden.people < {{ var('staff_minimum_people') }})

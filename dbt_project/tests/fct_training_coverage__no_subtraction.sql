{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'owner': 'improvement_team',
    'description': 'In no month can a suppressed count of people trained be had from the total of its site or of the '
        ~ 'trust: the suppressed ones under it are two or more, and hold together as many people as one shown cell '
        ~ 'must.',
    'dagster': {'ref': {'name': 'fct_training_coverage'}},
}) }}

with

exact as (
    select * from {{ ref('int_programmes__coverage') }}
),

published as (
    select * from {{ ref('fct_training_coverage') }}
),

cells as (
    select
        exact.programme_type,
        exact.month,
        exact.cell_id,
        exact.parent_id,
        exact.trained_n,
        published.trained_n is not null as is_shown
    from exact
    inner join published using (programme_type, month, org_level, org_id)
),

hidden as (
    select
        programme_type,
        month,
        parent_id,
        count(*) as cell_count,
        sum(trained_n) as people
    from cells
    where not is_shown
    group by programme_type, month, parent_id
)

select
    cells.programme_type,
    cells.month,
    cells.cell_id
from cells
inner join hidden
    on cells.programme_type = hidden.programme_type
    and cells.month = hidden.month
    and cells.cell_id = hidden.parent_id
where cells.is_shown
    and (hidden.cell_count < 2 or hidden.people < {{ var('staff_minimum_people') }})

{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'owner': 'improvement_team',
    'description': 'No suppressed count of staff can be had from a shown total: the suppressed ones of each way to '
        ~ 'split it are two or more, hold together as many people as one shown cell must, and are not all the '
        ~ 'fewest that they can be.',
    'dagster': {'ref': {'name': 'int_programmes__cell_decision'}},
}) }}

with

exact as (
    select * from {{ ref('int_programmes__staff_cell') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

cells as (
    select
        exact.topic,
        exact.subject_id,
        exact.decision_period,
        exact.cell_id,
        exact.parent_id,
        exact.branch,
        exact.people,
        exact.least_people,
        decisions.decision
    from exact
    inner join decisions using (topic, subject_id, decision_period, cell_id)
    where exact.people >= exact.least_people
),

hidden as (
    select
        topic,
        subject_id,
        decision_period,
        parent_id,
        branch,
        count(*) as cell_count,
        sum(people) as people,
        sum(least_people) as least_people
    from cells
    where decision = 'suppressed'
    group by topic, subject_id, decision_period, parent_id, branch
)

select
    cells.topic,
    cells.subject_id,
    cells.decision_period,
    cells.cell_id,
    hidden.branch
from cells
inner join hidden
    on cells.topic = hidden.topic
    and cells.subject_id = hidden.subject_id
    and cells.decision_period = hidden.decision_period
    and cells.cell_id = hidden.parent_id
where cells.decision = 'shown'
    and (
        hidden.cell_count < 2
        or hidden.people < {{ var('staff_minimum_people') }}
        or hidden.people - hidden.least_people < 2
    )

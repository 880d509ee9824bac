{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'owner': 'improvement_team',
    'description': 'No suppressed count of staff can be had from a shown total: the suppressed ones of each way to '
        ~ 'split it are two or more, hold together as many people as one shown cell must, and are not all the '
        ~ 'fewest that they can be; or nothing is shown of that way, not even who has nobody.',
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
        exact.people >= exact.least_people as has_people,
        decisions.decision
    from exact
    inner join decisions using (topic, subject_id, decision_period, cell_id)
),

hidden as (
    select
        topic,
        subject_id,
        decision_period,
        parent_id,
        branch,
        sum(case when has_people then 1 else 0 end) as cell_count,
        sum(case when has_people then people end) as people,
        sum(case when has_people then least_people end) as least_people,
        count(*) as all_hidden
    from cells
    where decision = 'suppressed'
    group by topic, subject_id, decision_period, parent_id, branch
),

branches as (
    select
        topic,
        subject_id,
        decision_period,
        parent_id,
        branch,
        count(*) as all_cells
    from cells
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
inner join branches
    on hidden.topic = branches.topic
    and hidden.subject_id = branches.subject_id
    and hidden.decision_period = branches.decision_period
    and hidden.parent_id = branches.parent_id
    and hidden.branch = branches.branch
where cells.decision = 'shown'
    and hidden.cell_count > 0
    -- The public sees no ward: then any of them may be who is told.
    and not (branches.all_cells >= 2 and branches.all_cells = hidden.all_hidden)
    and (
        hidden.cell_count < 2
        or hidden.people < {{ var('staff_minimum_people') }}
        or hidden.people - hidden.least_people < 2
    )

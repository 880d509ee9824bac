-- Whether a count of staff is shown, decided once for every mart: of a total, of the parts under it, of theirs. A cell
-- of nobody that is shown as 0 is no part of a sum that gives another away, and is decided by the audience alone. The
-- widest counts of a chain are decided first: where one had to go for another's sake, what is narrower goes too, for it
-- would say how many the wider one holds at least.
{% set group = ['topic', 'subject_id', 'decision_period'] %}
{% set steps = [1, 2, 3, 4] %}

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
        cells.chain_id,
        cells.step_no,
        case
            when cells.is_told then 'suppressed'
            else {{ disclosure_decision("'staff'", 'run.audience', 'cells.people', 'cells.org_level') }}
        end as own_decision
    from cells
    cross join run
    where cells.people >= cells.least_people
),

-- Nothing is wider than what is decided first.
wider_0 as (
    select
        chain_id,
        decision_period,
        cell_id
    from peopled
    where step_no < 1
),

{% for step in steps %}
peopled_{{ step }} as (
    select
        peopled.topic,
        peopled.subject_id,
        peopled.decision_period,
        peopled.tree_level,
        peopled.cell_id,
        peopled.parent_id,
        peopled.branch,
        peopled.people,
        peopled.least_people,
        case when wider.cell_id is not null then 'suppressed' else peopled.own_decision end as own_decision
    from peopled
    left join wider_{{ step - 1 }} as wider
        on peopled.chain_id = wider.chain_id
        and peopled.decision_period = wider.decision_period
        and peopled.cell_id = wider.cell_id
    where peopled.step_no = {{ step }}
),

decided_{{ step }} as (
    {{ suppressed_tree('peopled_' ~ step, group, ['top', 'middle', 'leaf'], var('staff_minimum_people')) }}
),

{% if not loop.last %}
wider_{{ step }} as (
    select distinct
        peopled.chain_id,
        peopled.decision_period,
        peopled.cell_id
    from peopled
    inner join decided_{{ step }} as decided
        on peopled.topic = decided.topic
        and peopled.subject_id = decided.subject_id
        and peopled.decision_period = decided.decision_period
        and peopled.cell_id = decided.cell_id
    where decided.rule = 'secondary'

    union distinct

    select
        chain_id,
        decision_period,
        cell_id
    from wider_{{ step - 1 }}
),

{% endif %}
{% endfor %}
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

{% for step in steps %}
select
    topic,
    subject_id,
    decision_period,
    cell_id,
    decision,
    rule

from decided_{{ step }}

union all

{% endfor %}
select
    topic,
    subject_id,
    decision_period,
    cell_id,
    decision,
    case when decision = 'shown' then 'none' else 'primary' end as rule

from empty

{{ config(pre_hook="{{ join_as_written() }}", post_hook="{{ join_as_estimated() }}") }}
-- Whether a count of patients is shown, decided once for every mart: by its own number, and by what subtraction would
-- tell of it. Below a total too small to be shown empty parts are hidden too. What the release before hid stays hidden,
-- and what it showed alike is known to its readers: two releases together then tell no more than one.
with

cells as (
    select * from {{ ref('int_inequalities__cell') }}
),

members as (
    select * from {{ ref('int_inequalities__cell_relation') }}
),

run as (
    {{ current_run() }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

ranges as (
    select * from {{ ref('int_inequalities__shown_range') }}
),

before as (
    select * from {{ ref('int_evidence__disclosed_before') }}
),

listed as (
    select
        numerator_count as count_code,
        priority
    from measures

    union all

    select
        denominator_count as count_code,
        priority
    from measures
),

priorities as (
    select
        count_code,
        max(priority) as priority
    from listed
    group by count_code
),

own as (
    select
        cells.cell_id,
        cells.people,
        ranges.low,
        ranges.high,
        -- Of a count without a measure nothing but the share of a group is made.
        coalesce(priorities.priority, 0) as priority,
        coalesce(cells.people between before.shown_from and before.shown_to, false) as is_known,
        before.count_code is not null and before.shown_from is null as was_hidden,
        coalesce(cells.people not between before.shown_from and before.shown_to, false) as is_changed,
        case
            -- Of deprivation by ethnicity the unknown of either is told in the tables of one alone.
            when cells.dimension_code like '%_by_%' and not groups.is_known then 'withheld'
            when {{ disclosure_decision("'patient_group'", 'run.audience', 'cells.people') }} = 'suppressed'
                then 'suppressed'
            when before.count_code is not null and before.shown_from is null then 'remembered'
            else 'rounded'
        end as own_decision
    from cells
    cross join run
    inner join groups
        on cells.dimension_code = groups.dimension_code
        and cells.group_code = groups.group_code
    left join priorities on cells.count_code = priorities.count_code
    inner join ranges on cells.cell_id = ranges.cell_id
    left join before
        on cells.org_level = before.org_level
        and cells.org_id = before.org_id
        and cells.period_type = before.period_type
        and cells.period_start_date = before.period_start_date
        and cells.dimension_code = before.dimension_code
        and cells.group_code = before.group_code
        and cells.count_code = before.count_code
),

below as (
    select distinct members.cell_id
    from members
    inner join members as totals
        on members.relation_id = totals.relation_id
        and totals.is_total
    inner join own on totals.cell_id = own.cell_id
    where not members.is_total
        and own.people between 1 and {{ var('hes_largest_suppressed') }}
),

-- Where what was shown has changed, the release before tells what the hidden ones add up to. Of them nothing need have
-- changed, so the same follows of the others.
changed_relations as (
    select distinct members.relation_id
    from members
    inner join own on members.cell_id = own.cell_id
    where own.is_changed
),

halves as (
    select
        members.relation_id,
        members.cell_id,
        members.is_total,
        own.was_hidden
    from members
    inner join changed_relations on members.relation_id = changed_relations.relation_id
    inner join own on members.cell_id = own.cell_id
),

relations as (
    select
        relation_id,
        cell_id,
        is_total
    from members

    union all

    select
        -1 - 2 * relation_id - case when was_hidden then 1 else 0 end as relation_id,
        cell_id,
        is_total
    from halves
),

suppressed as (
    {{ suppressed_relations('own', 'relations', 'below', var('hes_largest_suppressed'), values=4) }}
)

select
    cells.cell_id,
    cells.org_level,
    cells.org_id,
    cells.period_type,
    cells.period_start_date,
    cells.dimension_code,
    cells.group_code,
    cells.count_code,
    case when suppressed.cell_id is null then 'rounded' else 'suppressed' end as decision,
    coalesce(suppressed.rule, 'none') as rule,
    suppressed.round as suppression_round,
    -- What a reader can tell of it, for the next run: the number itself only where a share gives it away.
    case when suppressed.cell_id is null then ranges.low end as shown_from,
    case when suppressed.cell_id is null then ranges.high end as shown_to

from cells
inner join ranges on cells.cell_id = ranges.cell_id
left join suppressed on cells.cell_id = suppressed.cell_id

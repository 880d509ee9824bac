-- Whether a count of patients is shown, decided once for every mart: by its own number, and by what subtraction would
-- tell of it. Below a total too small to be shown empty parts are hidden too.
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
        case
            -- Of deprivation by ethnicity the unknown of either is told in the tables of one alone.
            when cells.dimension_code like '%_by_%' and not groups.is_known then 'withheld'
            else {{ disclosure_decision("'patient_group'", 'run.audience', 'cells.people') }}
        end as own_decision
    from cells
    cross join run
    inner join groups
        on cells.dimension_code = groups.dimension_code
        and cells.group_code = groups.group_code
    left join priorities on cells.count_code = priorities.count_code
    inner join ranges on cells.cell_id = ranges.cell_id
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

suppressed as (
    {{ suppressed_relations('own', 'members', 'below', var('hes_largest_suppressed'), values=4) }}
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
    suppressed.round as suppression_round

from cells
left join suppressed on cells.cell_id = suppressed.cell_id

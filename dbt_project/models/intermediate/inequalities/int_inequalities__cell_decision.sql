-- Whether a count of patients is shown, decided once for every mart: by its own number, and by what subtraction would
-- tell of it. Where all patients of an area and period are too few to be shown, no group of them is, not even an empty
-- one.
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

own as (
    select
        cells.cell_id,
        cells.people,
        {{ disclosure_decision("'patient_group'", 'run.audience', 'cells.people') }} as own_decision
    from cells
    cross join run
),

below as (
    select distinct members.cell_id
    from members
    inner join members as totals
        on members.relation_id = totals.relation_id
        and totals.is_total
    inner join own on totals.cell_id = own.cell_id
    where not members.is_total
        and own.own_decision = 'suppressed'
),

suppressed as (
    {{ suppressed_relations('own', 'members', 'below', var('hes_largest_suppressed')) }}
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

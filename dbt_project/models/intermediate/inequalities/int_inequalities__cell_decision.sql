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

measures as (
    select * from {{ ref('access_measure') }}
),

figures as (
    select * from {{ ref('int_inequalities__access_cell') }}
),

recordings as (
    select * from {{ ref('int_inequalities__recording_cell') }}
),

given_away as (
    -- A percentage with its limits, and its ratio to the comparator, may leave one numerator and denominator.
    select numerator_id as cell_id
    from figures
    where is_percentage_possible

    union

    select denominator_id as cell_id
    from figures
    where is_percentage_possible

    union

    select numerator_id as cell_id
    from recordings
    where is_percentage_possible
),

priorities as (
    select count_code, max(priority) as priority from (
        select
            numerator_count as count_code,
            priority
        from measures

        union all

        select
            denominator_count as count_code,
            priority
        from measures
    ) as listed
    group by count_code
),

own as (
    select
        cells.cell_id,
        cells.people,
        case
            when given_away.cell_id is not null or cells.people = 0 then cells.people
            else greatest(
                {{ hes_rounded('cells.people') }} - {{ var('hes_rounding') // 2 }}, {{ var('hes_largest_suppressed') + 1 }}
            )
        end as low,
        case
            when given_away.cell_id is not null or cells.people = 0 then cells.people
            else {{ hes_rounded('cells.people') }} + {{ var('hes_rounding') // 2 }}
        end as high,
        priorities.priority,
        {{ disclosure_decision("'patient_group'", 'run.audience', 'cells.people') }} as own_decision
    from cells
    cross join run
    inner join priorities on cells.count_code = priorities.count_code
    left join given_away on cells.cell_id = given_away.cell_id
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

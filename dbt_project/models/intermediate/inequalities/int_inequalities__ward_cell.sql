-- Of the admissions that a ward saw those of each group, by the numbers of their cells.
with

cells as (
    select * from {{ ref('int_inequalities__cell') }}
)

select
    parts.org_id as ward_id,
    parts.period_start_date,
    parts.dimension_code,
    parts.group_code,
    parts.cell_id as numerator_id,
    totals.cell_id as denominator_id,
    parts.people as numerator,
    totals.people as denominator,
    {{ disclosed_percentage('1', 'parts.people', 'totals.people', "'rounded'") }} is not null as is_percentage_possible

from cells as parts
inner join cells as totals
    on parts.count_code = totals.count_code
    and parts.org_id = totals.org_id
    and parts.period_start_date = totals.period_start_date
    and totals.dimension_code = 'all'
where parts.count_code = 'on_ward'
    and parts.dimension_code <> 'all'

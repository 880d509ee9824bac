-- Of the appointments that were due those of which nothing is known of a characteristic: not stated, not known, not
-- recorded, no area, an area that the index does not have.
with

cells as (
    select * from {{ ref('int_inequalities__cell') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

totals as (
    select
        cell_id,
        org_level,
        org_id,
        period_type,
        period_start_date,
        people
    from cells
    where dimension_code = 'all'
        and count_code = 'due'
        and people > 0
)

select
    totals.org_level,
    totals.org_id,
    totals.period_type,
    totals.period_start_date,
    groups.dimension_code,
    groups.group_code,
    parts.cell_id as numerator_id,
    totals.cell_id as denominator_id,
    coalesce(parts.people, 0) as numerator,
    totals.people as denominator,
    {{ disclosed_percentage('1', 'parts.people', 'totals.people', "'rounded'") }} is not null as is_percentage_possible

from totals
cross join groups
left join cells as parts
    on totals.org_level = parts.org_level
    and totals.org_id = parts.org_id
    and totals.period_type = parts.period_type
    and totals.period_start_date = parts.period_start_date
    and groups.dimension_code = parts.dimension_code
    and groups.group_code = parts.group_code
    and parts.count_code = 'due'
where not groups.is_known
    and groups.dimension_code in (
        -- Categories are told by the five groups, which have the same unknown.
        {% for dimension in patient_dimensions().split() if dimension != 'ethnic_category' %}
        '{{ dimension }}'{{ ',' if not loop.last }}
        {% endfor %}
    )

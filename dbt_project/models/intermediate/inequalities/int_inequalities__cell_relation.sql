-- Which cells are the parts of which: groups of all patients, ethnic categories of the five groups, groups crossed of
-- each of the two; sites and specialties of the trust; quarters of twelve months; counts of counts. Each relation is an
-- equation that a reader could solve. Wards do not add up to a site: one admission may have seen several.
{% set of_counts = {
    'past': [['booked', 'unoutcomed']],
    'booked': [['due', 'cancelled_by_patient', 'cancelled_by_provider']],
    'due': [['due_first', 'due_follow_up'], ['due_face_to_face', 'due_virtual']],
    'missed': [['missed_first', 'missed_follow_up'], ['missed_face_to_face', 'missed_virtual']],
    'due_medium': [['due_face_to_face', 'due_virtual']],
    'over_18_weeks': [['from_18_to_52_weeks', 'over_52_weeks']],
    'over_52_weeks': [['from_52_to_65_weeks', 'over_65_weeks']],
    'admitted': [['admitted_elective', 'admitted_emergency']],
    'left_alive': [['followed', 'not_followed']],
} %}

with

cells as (
    select * from {{ ref('int_inequalities__cell') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

dimensions as (
    select
        dimension_code,
        row_number() over (order by dimension_code) as dimension_no
    from (select distinct dimension_code from groups) as listed
),

parents as (
    select
        groups.dimension_code,
        groups.group_code,
        groups.parent_dimension_code,
        groups.parent_group_code,
        dimensions.dimension_no as relation_no
    from groups
    inner join dimensions on groups.dimension_code = dimensions.dimension_code
    where groups.parent_dimension_code is not null

    union all

    select
        groups.dimension_code,
        groups.group_code,
        groups.second_parent_dimension_code as parent_dimension_code,
        groups.second_parent_group_code as parent_group_code,
        20 + dimensions.dimension_no as relation_no
    from groups
    inner join dimensions on groups.dimension_code = dimensions.dimension_code
    where groups.second_parent_dimension_code is not null
),

parts as (
    select
        totals.cell_id as total_id,
        parents.relation_no,
        cells.cell_id
    from cells
    inner join parents
        on cells.dimension_code = parents.dimension_code
        and cells.group_code = parents.group_code
    inner join cells as totals
        on cells.org_level = totals.org_level
        and cells.org_id = totals.org_id
        and cells.period_type = totals.period_type
        and cells.period_start_date = totals.period_start_date
        and cells.count_code = totals.count_code
        and parents.parent_dimension_code = totals.dimension_code
        and parents.parent_group_code = totals.group_code

    union all

    select
        totals.cell_id as total_id,
        case when cells.org_level = 'site' then 40 else 41 end as relation_no,
        cells.cell_id
    from cells
    inner join cells as totals
        on cells.period_type = totals.period_type
        and cells.period_start_date = totals.period_start_date
        and cells.dimension_code = totals.dimension_code
        and cells.group_code = totals.group_code
        and cells.count_code = totals.count_code
    where cells.org_level <> 'trust'
        and totals.org_level = 'trust'

    union all

    select
        totals.cell_id as total_id,
        42 as relation_no,
        cells.cell_id
    from cells
    inner join cells as totals
        on cells.org_level = totals.org_level
        and cells.org_id = totals.org_id
        and cells.dimension_code = totals.dimension_code
        and cells.group_code = totals.group_code
        and cells.count_code = totals.count_code
        and cells.period_start_date >= totals.period_start_date
        and cells.period_start_date < {{ months_later('totals.period_start_date', 12) }}
    where cells.period_type = 'quarter'
        and totals.period_type = 'rolling_12_months'
    {% for total, ways in of_counts.items() %}
    {% for way in ways %}

    union all

    select
        totals.cell_id as total_id,
        43 + {{ loop.index0 }} as relation_no,
        cells.cell_id
    from cells
    inner join cells as totals
        on cells.org_level = totals.org_level
        and cells.org_id = totals.org_id
        and cells.period_type = totals.period_type
        and cells.period_start_date = totals.period_start_date
        and cells.dimension_code = totals.dimension_code
        and cells.group_code = totals.group_code
    where totals.count_code = '{{ total }}'
        and cells.count_code in ('{{ way | join("', '") }}')
    {% endfor %}
    {% endfor %}
)

select
    cast(total_id * 64 + relation_no as bigint) as relation_id,
    cell_id,
    false as is_total

from parts

union all

select distinct
    cast(total_id * 64 + relation_no as bigint) as relation_id,
    total_id as cell_id,
    true as is_total

from parts

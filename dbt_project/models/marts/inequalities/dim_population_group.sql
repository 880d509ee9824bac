with

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
)

select
    {{ surrogate_key(['dimension_code', 'group_code']) }} as population_group_key,
    dimension_code,
    group_code,
    group_name,
    cast(group_no as int) as group_no,
    imd_year,
    is_known,
    is_comparator,
    parent_dimension_code,
    parent_group_code

from groups

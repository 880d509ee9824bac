-- Every group of every dimension, with the dimensions that are two at once, and which groups each is a part of.
with

groups as (
    select * from {{ ref('population_group') }}
),

crossed as (
    {% for year in var('imd_years') %}
    select
        'deprivation_{{ year }}_by_ethnic_group_2021' as dimension_code,
        cast({{ year }} as int) as imd_year,
        concat(quintiles.group_code, ':', ethnic_groups.group_code) as group_code,
        concat(quintiles.group_name, ', ', ethnic_groups.group_name) as group_name,
        quintiles.group_no * 100 + ethnic_groups.group_no as group_no,
        quintiles.is_known and ethnic_groups.is_known as is_known,
        quintiles.is_comparator and ethnic_groups.is_comparator as is_comparator,
        quintiles.dimension_code as quintile_dimension,
        quintiles.group_code as quintile_code,
        ethnic_groups.group_code as ethnic_code
    from groups as quintiles
    cross join groups as ethnic_groups
    where quintiles.dimension_code = 'deprivation_{{ year }}'
        and ethnic_groups.dimension_code = 'ethnic_group_2021'
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    dimension_code,
    group_code,
    group_name,
    group_no,
    is_known,
    is_comparator,
    case dimension_code
        {% for year in var('imd_years') %}
        when 'deprivation_{{ year }}' then cast({{ year }} as int)
        {% endfor %}
    end as imd_year,
    case when dimension_code <> 'all' then 'all' end as parent_dimension_code,
    case when dimension_code <> 'all' then 'all' end as parent_group_code,
    case when parent_group_code is not null then 'ethnic_group_2021' end as second_parent_dimension_code,
    parent_group_code as second_parent_group_code

from groups

union all

select
    dimension_code,
    group_code,
    group_name,
    group_no,
    is_known,
    is_comparator,
    imd_year,
    quintile_dimension as parent_dimension_code,
    quintile_code as parent_group_code,
    'ethnic_group_2021' as second_parent_dimension_code,
    ethnic_code as second_parent_group_code

from crossed

-- The unknown of deprivation by ethnicity is told in the dimensions of one alone, so it is no group here.
with

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

appointments as (
    select * from {{ ref('int_inequalities__appointment_count') }}
),

met as (
    select distinct dimension_code from appointments
)

select
    {{ surrogate_key(['groups.dimension_code', 'groups.group_code']) }} as population_group_key,
    groups.dimension_code,
    groups.group_code,
    groups.group_name,
    cast(groups.group_no as int) as group_no,
    groups.imd_year,
    groups.is_known,
    groups.is_comparator,
    groups.parent_dimension_code,
    groups.parent_group_code,
    met.dimension_code is not null as has_appointments

from groups
left join met on groups.dimension_code = met.dimension_code
where groups.is_known
    or groups.dimension_code not like '%_by_%'

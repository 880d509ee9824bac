{% set precision = 'points.smallest_denominator' %}

with

points as (
    select * from {{ ref('int_inequalities__gap_point') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

decided as (
    select
        points.series_id,
        points.period,
        case when decisions.decision = 'rounded' then points.decision else 'suppressed' end as decision
    from points
    left join decisions on points.denominator_id = decisions.cell_id
)

select
    {{ surrogate_key(['points.measure_code', 'points.dimension_code', 'points.group_code', 'points.period']) }}
        as gap_point_key,
    points.measure_code,
    points.dimension_code,
    points.group_code,
    groups.imd_year,
    points.comparator_group_code,
    points.period as month,
    cast({{ disclosed(
        disclosed_precision('points.value', precision), 'decided.decision'
    ) }} as decimal(24, 12)) as difference,
    'pct' as unit,
    {{ disclosed_status("'reported'", 'decided.decision') }} as value_status,
    points.limits_status,
    cast({{ disclosed(disclosed_precision('points.mean', precision), 'decided.decision') }} as double) as centre_line,
    cast({{ disclosed(
        disclosed_precision('points.lpl', precision), 'decided.decision'
    ) }} as double) as lower_process_limit,
    cast({{ disclosed(
        disclosed_precision('points.upl', precision), 'decided.decision'
    ) }} as double) as upper_process_limit,
    {{ disclosed('points.rules_fired', 'decided.decision') }} as rules_fired,
    {{ disclosed('points.point_type', 'decided.decision') }} as point_type

from points
inner join decided
    on points.series_id = decided.series_id
    and points.period = decided.period
inner join groups
    on points.dimension_code = groups.dimension_code
    and points.group_code = groups.group_code

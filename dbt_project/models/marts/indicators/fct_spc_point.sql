with

points as (
    select * from {{ ref('int_indicators__spc_point') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

decisions as (
    select * from {{ ref('int_indicators__cell_decision') }}
),

series_decisions as (
    select * from {{ ref('int_indicators__spc_decision') }}
)

select
    {{ surrogate_key(['points.org_level', 'points.org_id', 'points.indicator_code', 'points.period']) }}
        as indicator_month_key,
    points.series_id as spc_series_key,
    points.org_level,
    points.org_id,
    points.indicator_code,
    points.period as month,
    {{ disclosed('figures.numerator') }} as numerator,
    {{ disclosed('figures.denominator') }} as denominator,
    {{ disclosed('points.value') }} as value,
    figures.unit,
    {{ disclosed_status('figures.value_status') }} as value_status,
    figures.is_provisional,
    points.target,
    points.rebase_group,
    points.bridged_months,
    {{ disclosed_status('points.limits_status', 'series_decisions.decision') }} as limits_status,
    {{ disclosed('points.mean', 'series_decisions.decision') }} as centre_line,
    {{ disclosed('points.lpl', 'series_decisions.decision') }} as lower_process_limit,
    {{ disclosed('points.upl', 'series_decisions.decision') }} as upper_process_limit,
    {{ disclosed('points.relative_to_mean', 'series_decisions.decision') }} as side_of_centre,
    {{ disclosed('points.rule_outside', 'series_decisions.decision') }} as has_point_outside,
    {{ disclosed('points.rule_trend7', 'series_decisions.decision') }} as has_trend,
    {{ disclosed('points.rule_two_in_three', 'series_decisions.decision') }} as has_two_in_three,
    {{ disclosed('points.rule_shift7', 'series_decisions.decision') }} as has_shift,
    {{ disclosed('points.rules_fired', 'series_decisions.decision') }} as rules_fired,
    {{ disclosed('points.special_cause_type', 'series_decisions.decision') }} as special_cause_type,
    {{ disclosed('points.point_type', 'series_decisions.decision') }} as point_type

from points
inner join figures
    on points.org_level = figures.org_level
    and points.org_id = figures.org_id
    and points.indicator_code = figures.indicator_code
    and points.period = figures.month
left join decisions
    on points.org_level = decisions.org_level
    and points.org_id = decisions.org_id
    and points.indicator_code = decisions.indicator_code
    and points.period = decisions.month
left join series_decisions on points.series_id = series_decisions.series_id

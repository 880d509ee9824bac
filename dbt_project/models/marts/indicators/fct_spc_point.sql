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
),

marks as (
    select * from {{ ref('int_indicators__spc_mark') }}
)

select
    {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code', 'figures.month']) }}
        as indicator_month_key,
    {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code']) }} as spc_series_key,
    figures.org_level,
    figures.org_id,
    figures.indicator_code,
    figures.month,
    {{ disclosed('figures.numerator') }} as numerator,
    {{ disclosed('figures.denominator') }} as denominator,
    {{ disclosed("case when figures.value_status = 'reported' then figures.value end") }} as value,
    figures.unit,
    {{ disclosed_status('figures.value_status') }} as value_status,
    figures.is_provisional,
    points.target,
    points.rebase_group,
    points.bridged_months,
    {{ disclosed_status("coalesce(points.limits_status, 'excluded')", 'series_decisions.decision') }} as limits_status,
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
    {{ disclosed('points.point_type', 'series_decisions.decision') }} as point_type,
    coalesce(marks.exclude_flag = 1, false) as is_excluded,
    marks.annotation

from figures
left join points
    on figures.org_level = points.org_level
    and figures.org_id = points.org_id
    and figures.indicator_code = points.indicator_code
    and figures.month = points.period
left join marks
    on figures.org_level = marks.org_level
    and figures.org_id = marks.org_id
    and figures.indicator_code = marks.indicator_code
    and figures.month = marks.month
left join decisions
    on figures.org_level = decisions.org_level
    and figures.org_id = decisions.org_id
    and figures.indicator_code = decisions.indicator_code
    and figures.month = decisions.month
left join series_decisions
    on {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code']) }}
    = series_decisions.series_id

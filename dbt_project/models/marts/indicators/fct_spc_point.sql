{% set cell = 'cells.org_level', 'cells.org_id', 'cells.indicator_code' %}
with

points as (
    select * from {{ ref('int_indicators__spc_point') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

intervals as (
    select * from {{ ref('int_indicators__event_interval') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

decisions as (
    select * from {{ ref('int_indicators__cell_decision') }}
),

series_decisions as (
    select * from {{ ref('int_indicators__spc_decision') }}
),

marks as (
    select * from {{ ref('int_indicators__spc_mark') }}
),

cells as (
    select
        figures.org_level,
        figures.org_id,
        figures.indicator_code,
        figures.month,
        figures.month as point_date,
        0 as event_no,
        figures.numerator,
        figures.denominator,
        case when figures.value_status = 'reported' then figures.value end as value,
        figures.unit,
        figures.value_status,
        figures.is_provisional,
        coalesce(definitions.chart, 'xmr') as chart,
        figures.answers
    from figures
    left join definitions
        on figures.indicator_code = definitions.indicator_code
        and figures.definition_version = definitions.definition_version
    where coalesce(definitions.chart, 'xmr') <> 'time_between'

    union all

    -- A row is an event: one that may not be shown is not told of at all.
    select
        intervals.org_level,
        intervals.org_id,
        intervals.indicator_code,
        intervals.month,
        intervals.event_date as point_date,
        intervals.event_no,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        intervals.value,
        intervals.unit,
        intervals.value_status,
        false as is_provisional,
        'time_between' as chart,
        cast(null as decimal(18, 6)) as answers
    from intervals
    inner join decisions
        on intervals.org_level = decisions.org_level
        and intervals.org_id = decisions.org_id
        and intervals.indicator_code = decisions.indicator_code
        and intervals.month = decisions.month
    where decisions.decision = 'shown'
)

select
    {{ surrogate_key(cell + ('cells.month', 'cells.event_no')) }} as spc_point_key,
    case
        when cells.event_no = 0
            then {{ surrogate_key(cell + ('cells.month',)) }}
    end as indicator_month_key,
    {{ surrogate_key(cell) }} as spc_series_key,
    cells.org_level,
    cells.org_id,
    cells.indicator_code,
    cells.chart,
    cells.month,
    cells.point_date,
    cast(cells.event_no as int) as event_no,
    {{ disclosed('cells.numerator') }} as numerator,
    {{ disclosed('cells.denominator') }} as denominator,
    {{ disclosed('cells.value') }} as value,
    cells.unit,
    {{ disclosed_status('cells.value_status') }} as value_status,
    cells.is_provisional,
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
    nullif(
        concat_ws(
            ' ',
            case
                when decisions.decision = 'shown' and cells.answers < {{ var('fft_minimum_judged') }}
                    then 'Fewer than {{ var('fft_minimum_judged') }} answers: shown, not judged.'
            end,
            marks.annotation
        ),
        ''
    ) as annotation

from cells
left join points
    on cells.org_level = points.org_level
    and cells.org_id = points.org_id
    and cells.indicator_code = points.indicator_code
    and cells.month = points.month
    and cells.event_no = points.event_no
left join marks
    on cells.org_level = marks.org_level
    and cells.org_id = marks.org_id
    and cells.indicator_code = marks.indicator_code
    and cells.month = marks.month
left join decisions
    on cells.org_level = decisions.org_level
    and cells.org_id = decisions.org_id
    and cells.indicator_code = decisions.indicator_code
    and cells.month = decisions.month
left join series_decisions on {{ surrogate_key(cell) }} = series_decisions.series_id

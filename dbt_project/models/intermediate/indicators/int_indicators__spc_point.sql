-- Process limits and signals of every series, on exact figures: of its months, or of the days between rare events. A
-- month that is not reported, or has too few answers to be judged, is a missing point; one that was left out by
-- decision stands in int_indicators__spc_mark alone. Limits that are fixed after so many points are so in the stretch
-- in which the decision's month lies; what was decided of a month holds for each event in it, new limits from the
-- first.
with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

intervals as (
    select * from {{ ref('int_indicators__event_interval') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

targets as (
    select * from {{ ref('int_indicators__target') }}
),

marks as (
    select * from {{ ref('int_indicators__spc_mark') }}
),

points_of_all as (
    -- Monthly figures of an indicator that is charted by days between events give no chart.
    select
        {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code']) }} as series_id,
        figures.org_level,
        figures.org_id,
        figures.indicator_code,
        figures.month,
        figures.month as period,
        0 as event_no,
        1 as place_in_month,
        case
            when figures.value_status = 'reported'
                and coalesce(figures.answers >= {{ var('fft_minimum_judged') }}, true)
                then figures.value
        end as value
    from figures
    left join definitions
        on figures.indicator_code = definitions.indicator_code
        and figures.definition_version = definitions.definition_version
    where coalesce(definitions.chart, 'xmr') <> 'time_between'

    union all

    select
        series_id,
        org_level,
        org_id,
        indicator_code,
        month,
        event_date as period,
        event_no,
        row_number() over (partition by series_id, month order by event_no) as place_in_month,
        value
    from intervals
),

laid_out as (
    select
        points_of_all.series_id,
        points_of_all.org_level,
        points_of_all.org_id,
        points_of_all.indicator_code,
        points_of_all.month,
        points_of_all.period,
        points_of_all.event_no,
        points_of_all.value,
        coalesce(definitions.direction, 'neutral') as improvement_direction,
        case
            when targets.target_from is null or points_of_all.period >= targets.target_from
                then targets.target
        end as target,
        case when points_of_all.place_in_month = 1 then coalesce(marks.rebase_flag, 0) else 0 end as rebase_flag,
        coalesce(marks.exclude_flag, 0) as exclude_flag,
        marks.fix_after_n_points as fixed_here,
        cast(null as boolean) as screen_outliers,
        coalesce(definitions.chart, 'xmr') as chart
    from points_of_all
    left join definitions
        on points_of_all.indicator_code = definitions.indicator_code
        and points_of_all.month >= definitions.valid_from
        and (definitions.valid_to is null or points_of_all.month < definitions.valid_to)
    left join targets
        on definitions.indicator_code = targets.indicator_code
        and definitions.definition_version = targets.definition_version
    left join marks
        on points_of_all.org_level = marks.org_level
        and points_of_all.org_id = marks.org_id
        and points_of_all.indicator_code = marks.indicator_code
        and points_of_all.month = marks.month
),

{% set columns = [
    'series_id', 'org_level', 'org_id', 'indicator_code', 'month', 'period', 'event_no', 'value',
    'improvement_direction', 'target', 'rebase_flag', 'exclude_flag', 'screen_outliers', 'chart',
] %}
stretched as (
    -- Two events may lie on one day, so points are counted; those that are left out do not count.
    select
        {{ columns | join(',\n        ') }},
        fixed_here,
        cast(sum(1 - exclude_flag) over in_order as int) as point_no,
        cast(sum(case when exclude_flag = 0 then rebase_flag else 0 end) over in_order as int) as stretch_no
    from laid_out
    window in_order as (
        partition by series_id order by period, event_no rows between unbounded preceding and current row
    )
),

points as (
    select
        {{ columns | join(',\n        ') }},
        point_no,
        max(fixed_here) over (partition by series_id, stretch_no) as fix_after_n_points
    from stretched
),

judged as (
    {{ spc_point('points', var('spc_rule_profile'), point_order='point_no') }}
)

select
    judged.series_id,
    points.org_level,
    points.org_id,
    points.indicator_code,
    points.chart,
    points.month,
    judged.period,
    points.event_no,
    judged.point_no,
    judged.value,
    judged.improvement_direction,
    judged.target,
    judged.rebase_group,
    judged.short_group_warning,
    judged.limits_status,
    judged.mean,
    judged.lpl,
    judged.upl,
    judged.relative_to_mean,
    judged.rule_outside,
    judged.rule_trend7,
    judged.rule_two_in_three,
    judged.rule_shift7,
    judged.rules_fired,
    judged.special_cause_type,
    judged.special_cause_flag,
    judged.point_type,
    judged.assurance_type,
    judged.bridged_months

from judged
inner join points
    on judged.series_id = points.series_id
    and judged.point_no = points.point_no
where points.exclude_flag = 0

-- Process limits and signals of every series, on exact figures; a month that is not reported is a missing
-- point, and one that was left out by decision stands in int_indicators__spc_mark alone. Limits that are fixed after
-- so many points are so in the stretch in which the decision's month lies.
with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

marks as (
    select * from {{ ref('int_indicators__spc_mark') }}
),

laid_out as (
    select
        {{ surrogate_key(['figures.org_level', 'figures.org_id', 'figures.indicator_code']) }} as series_id,
        figures.org_level,
        figures.org_id,
        figures.indicator_code,
        figures.month as period,
        case when figures.value_status = 'reported' then figures.value end as value,
        coalesce(definitions.direction, 'neutral') as improvement_direction,
        case
            when definitions.target_from is null or figures.month >= definitions.target_from
                then definitions.target
        end as target,
        coalesce(marks.rebase_flag, 0) as rebase_flag,
        coalesce(marks.exclude_flag, 0) as exclude_flag,
        marks.fix_after_n_points as fixed_here,
        cast(null as boolean) as screen_outliers,
        definitions.chart
    from figures
    left join definitions
        on figures.indicator_code = definitions.indicator_code
        and figures.definition_version = definitions.definition_version
    left join marks
        on figures.org_level = marks.org_level
        and figures.org_id = marks.org_id
        and figures.indicator_code = marks.indicator_code
        and figures.month = marks.month
),

stretched as (
    select
        series_id,
        org_level,
        org_id,
        indicator_code,
        period,
        value,
        improvement_direction,
        target,
        rebase_flag,
        exclude_flag,
        fixed_here,
        screen_outliers,
        chart,
        cast(
            sum(case when exclude_flag = 0 then rebase_flag else 0 end) over (
                partition by series_id order by period rows between unbounded preceding and current row
            ) as int
        ) as stretch_no
    from laid_out
),

points as (
    select
        series_id,
        org_level,
        org_id,
        indicator_code,
        period,
        value,
        improvement_direction,
        target,
        rebase_flag,
        exclude_flag,
        max(fixed_here) over (partition by series_id, stretch_no) as fix_after_n_points,
        screen_outliers,
        chart
    from stretched
),

judged as (
    {{ spc_point('points', var('spc_rule_profile')) }}
)

select
    judged.series_id,
    points.org_level,
    points.org_id,
    points.indicator_code,
    judged.period,
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
    and judged.period = points.period

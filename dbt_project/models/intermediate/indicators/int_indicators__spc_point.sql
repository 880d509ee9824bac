-- Process limits and signals of every series, on exact figures; a month that is not reported is a missing
-- point.
with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

points as (
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
        0 as rebase_flag,
        0 as exclude_flag,
        cast(null as int) as fix_after_n_points,
        cast(null as boolean) as screen_outliers,
        definitions.chart
    from figures
    left join definitions
        on figures.indicator_code = definitions.indicator_code
        and figures.definition_version = definitions.definition_version
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

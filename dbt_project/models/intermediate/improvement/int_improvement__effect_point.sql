-- For every indicator and start of a change: every ward's points around it, its limits fixed on the months before.
-- The wards that changed nothing are judged by the same rules in the same months, to be set beside those that did.
with

moves as (
    select * from {{ ref('int_improvement__expected_move') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

starts as (
    select distinct
        indicator_code,
        start_month,
        first_month
    from moves
    where indicator_code is not null
),

around as (
    select
        concat_ws('|', figures.indicator_code, figures.org_id, starts.start_month, starts.first_month) as series_id,
        figures.org_id as ward_id,
        figures.indicator_code,
        starts.start_month,
        starts.first_month,
        figures.month as period,
        case when figures.value_status = 'reported' then figures.value end as value,
        coalesce(definitions.direction, 'neutral') as improvement_direction,
        cast(null as decimal(24, 12)) as target,
        figures.definition_version,
        figures.month < starts.start_month as is_before,
        figures.month >= starts.first_month as is_after,
        definitions.chart
    from starts
    inner join figures
        on starts.indicator_code = figures.indicator_code
        and figures.org_level = 'ward'
        and figures.month >= {{ months_later('starts.start_month', -var('effect_baseline_months_most')) }}
        and figures.month < {{ months_later(
            'starts.first_month',
            var('effect_signal_months') + var('effect_sustained_months')
        ) }}
    left join definitions
        on figures.indicator_code = definitions.indicator_code
        and figures.definition_version = definitions.definition_version
),

points as (
    select
        series_id,
        ward_id,
        indicator_code,
        start_month,
        first_month,
        period,
        value,
        improvement_direction,
        target,
        definition_version,
        is_before,
        is_after,
        0 as rebase_flag,
        case when is_before or is_after then 0 else 1 end as exclude_flag,
        -- Fixed on at least one month, because a fix after none would take all that follows.
        cast(greatest(count(case when is_before then 1 end) over (partition by series_id), 1) as int)
            as fix_after_n_points,
        cast(null as boolean) as screen_outliers,
        chart
    from around
),

judged as (
    {{ spc_point('points', var('spc_rule_profile')) }}
)

select
    judged.series_id,
    points.ward_id,
    points.indicator_code,
    points.start_month,
    points.first_month,
    judged.period,
    judged.point_no,
    judged.value,
    points.definition_version,
    points.is_before,
    points.is_after,
    judged.limits_status,
    judged.rule_outside,
    judged.rule_trend7,
    judged.rule_two_in_three,
    judged.rule_shift7,
    judged.relative_to_mean,
    judged.point_type

from judged
inner join points
    on judged.series_id = points.series_id
    and judged.period = points.period

-- Process limits and signals of the months' gaps, by the method of every other chart. A month that may not be shown is
-- a missing point, so that no limit is made of it.
with

months as (
    select * from {{ ref('int_inequalities__gap_month') }}
),

points as (
    select
        {{ surrogate_key(['measure_code', 'dimension_code', 'group_code']) }} as series_id,
        month as period,
        case when decision = 'shown' then difference end as value,
        direction as improvement_direction,
        cast(null as decimal(24, 12)) as target,
        0 as rebase_flag,
        0 as exclude_flag,
        cast(null as int) as fix_after_n_points,
        cast(null as boolean) as screen_outliers,
        'xmr' as chart
    from months
),

judged as (
    {{ spc_point('points', var('spc_rule_profile')) }}
)

select
    judged.series_id,
    months.measure_code,
    months.dimension_code,
    months.group_code,
    months.comparator_group_code,
    judged.period,
    judged.point_no,
    months.denominator_id,
    months.decision,
    months.smaller_denominator,
    min(case when months.decision = 'shown' then months.smaller_denominator end) over (partition by judged.series_id)
        as smallest_denominator,
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
    judged.rules_fired,
    judged.special_cause_type,
    judged.special_cause_flag,
    judged.point_type,
    judged.assurance_type,
    judged.bridged_months

from judged
inner join months
    on judged.series_id = {{ surrogate_key(['months.measure_code', 'months.dimension_code', 'months.group_code']) }}
    and judged.period = months.month

-- What can be estimated of each programme and indicator, with how many wards; or why nothing can be.
with

windows as (
    select * from {{ ref('int_improvement__rollout_window') }}
),

units as (
    select * from {{ ref('int_improvement__rollout_unit') }}
),

counted as (
    select
        windows.series_id,
        count(case when not units.is_held then 1 end) as wards_left_out,
        count(
            case
                when units.is_held and units.group_no >= windows.first_group and units.group_no <= windows.last_group
                    then 1
            end
        ) as enrolled_wards,
        count(
            case
                when units.is_held
                    and (units.group_no is null or units.group_no > windows.last_period + windows.anticipation)
                    then 1
            end
        ) as waiting_wards,
        {{ ordered_sum('case when units.is_held then units.events end', 'units.unit_id') }}
        / nullif(count(case when units.is_held then 1 end), 0) as events_per_month,
        count(case when units.is_held and units.weight is null then 1 end) as wards_without_weight,
        min(units.first_version) as first_version,
        max(units.last_version) as last_version
    from windows
    inner join units on windows.series_id = units.series_id
    group by windows.series_id
)

select
    windows.series_id,
    windows.programme_id,
    windows.indicator_code,
    windows.variant,
    windows.base_periods,
    windows.anticipation,
    windows.is_weighted,
    windows.first_group,
    windows.last_group,
    windows.window_from,
    windows.last_period,
    cast(coalesce(counted.enrolled_wards, 0) as int) as enrolled_wards,
    cast(coalesce(counted.waiting_wards, 0) as int) as waiting_wards,
    cast(coalesce(counted.wards_left_out, 0) as int) as wards_left_out,
    case
        when windows.starts_n = 0 then 'nobody_joined'
        when windows.starts_n = 1 then 'all_at_once'
        when windows.first_group is null then 'too_few_months'
        when counted.first_version <> counted.last_version then 'definition_changed'
        when coalesce(counted.enrolled_wards, 0) < {{ var('rollout_wards_least') }} then 'too_few_enrolled'
        when counted.waiting_wards < {{ var('rollout_wards_least') }} then 'too_few_waiting'
        when counted.wards_without_weight > 0 then 'no_bed_days'
        when counted.events_per_month < {{ var('rollout_events_least') }} then 'too_few_events'
        else 'estimated'
    end as series_status

from windows
left join counted on windows.series_id = counted.series_id

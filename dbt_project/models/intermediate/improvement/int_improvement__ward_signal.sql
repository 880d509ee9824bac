-- What each ward's points say after a start: the first signal whose points all lie after it, and whether it stands.
-- A run that began before the start and goes on is no signal of the change.
with

points as (
    select * from {{ ref('int_improvement__effect_point') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

complete as (
    select
        series_id,
        period,
        point_no,
        cast({{ spc_months_between('first_month', 'period') }} + 1 as int) as months_after,
        case
            when point_type = 'special_cause_improvement' then 'improvement'
            when point_type = 'special_cause_concern' then 'concern'
            when point_type = 'special_cause_neutral_high' then 'high'
            when point_type = 'special_cause_neutral_low' then 'low'
        end as signal_type,
        rule_outside
        or sum(case when rule_two_in_three then relative_to_mean end) over three in (-3, -2, 2, 3)
        or count(case when rule_shift7 then 1 end) over seven = 7
        or count(case when rule_trend7 then 1 end) over seven = 7 as is_complete
    from points
    where is_after
    window
        three as (
            partition by series_id order by point_no
            rows between 2 preceding and current row
        ),
        seven as (
            partition by series_id order by point_no
            rows between 6 preceding and current row
        )
),

firsts as (
    select
        series_id,
        months_after,
        signal_type,
        row_number() over (partition by series_id order by months_after) as signal_no
    from complete
    where is_complete
        and signal_type is not null
        and months_after <= {{ var('effect_signal_months') }}
),

later as (
    -- The sixth month after the one in which the signal was complete; without a value there is no answer.
    select
        firsts.series_id,
        coalesce(complete.signal_type, 'none') = firsts.signal_type as is_sustained
    from firsts
    inner join points on firsts.series_id = points.series_id
    inner join complete
        on points.series_id = complete.series_id
        and points.period = complete.period
        and complete.months_after = firsts.months_after + {{ var('effect_sustained_months') }}
    where firsts.signal_no = 1
        and points.value is not null
),

series as (
    select
        series_id,
        ward_id,
        indicator_code,
        start_month,
        first_month,
        cast(count(case when is_before then value end) as int) as baseline_months,
        cast(
            count(
                case
                    when is_after
                        and {{ spc_months_between('first_month', 'period') }} < {{ var('effect_signal_months') }}
                        then value
                end
            ) as int
        ) as months_after_start,
        count(distinct definition_version) as definition_versions,
        max(limits_status) as limits_status,
        min(period) as window_from,
        max(period) as window_to,
        max(
            case
                when is_before
                    and point_type = 'special_cause_improvement'
                    and {{ spc_months_between('period', 'start_month') }} <= {{ var('effect_moved_before_months') }}
                    then 1
                else 0
            end
        ) = 1 as has_moved_before
    from points
    group by series_id, ward_id, indicator_code, start_month, first_month
),

changed as (
    -- A ward that took in another, moved or closed within the months looked at is no longer the same ward.
    select distinct series.series_id
    from series
    inner join wards on series.ward_id = wards.ward_id
    where (
        wards.change_type not in ('open', 'rename')
        and wards.valid_from > series.window_from
        and wards.valid_from <= series.window_to
    )
    or (wards.is_latest and wards.valid_to <= series.window_to)
)

select
    series.series_id,
    series.ward_id,
    series.indicator_code,
    series.start_month,
    series.first_month,
    series.baseline_months,
    series.months_after_start,
    series.window_to,
    case
        when changed.series_id is not null then 'ward_changed'
        when series.definition_versions > 1 then 'definition_changed'
        when series.baseline_months < {{ var('effect_baseline_months_least') }} then 'too_few_months_before'
        when series.limits_status <> 'ok' then 'no_limits'
        when series.months_after_start = 0 then 'nothing_after'
        when series.has_moved_before then 'moved_before'
        else 'estimated'
    end as signal_status,
    coalesce(firsts.signal_type, 'none') as signal_type,
    firsts.months_after as months_to_signal,
    later.is_sustained

from series
left join changed on series.series_id = changed.series_id
left join firsts
    on series.series_id = firsts.series_id
    and firsts.signal_no = 1
left join later on series.series_id = later.series_id

{#-
    Statistical process control (XmR charts), as the NHS teaches it in Making Data Count.

    Belongs here: the formula, from points to limits, signals, icons and words. Source: the R package
    NHSRplotthedots 0.2.2, held to its golden tables by tests/conformance/test_spc.py; docs/spc.md says what
    was compared and where we differ on purpose. Kept out: which rows, which measure, what may be seen.

    `points` is a relation with one row per `series_id` and `period`:
        value                   decimal of 12 places and at most 14 digits before them, null where missing
        improvement_direction   'increase', 'decrease' or 'neutral'
        target                  such a decimal, or null; that of the last point is judged
        rebase_flag             1 where new limits begin with this point
        exclude_flag            1 for a point that takes no part: its neighbours become adjacent
        fix_after_n_points      limits from the first so many rows of each group, or null
        screen_outliers         false: no screening; the profile making_data_count_2023 never screens
        chart                   'xmr' (also where null), 'time_between' (see spc_time_between), or
                                'run_no_signals', a line without limits and signals, for rolling and cumulative
                                measures: three in four points of a rolling mean of pure noise are signals

    Every decision is taken on exact numbers and without a division, so that a tie is a tie: as doubles the
    mean of a constant series lies beside it, and every point of it becomes a signal.
-#}

{#-
    The numbers of a profile. making_data_count_2023 is what trusts' board charts follow; nhsrplotthedots is
    the package's own choice, and the one that its golden tables hold.
-#}
{% macro spc_profile(profile, name) -%}
{%- set profiles = {
    'making_data_count_2023': {'screens': false, 'outside_counts_as_close': true, 'icon_from_points': 13},
    'nhsrplotthedots': {'screens': true, 'outside_counts_as_close': false, 'icon_from_points': 0},
} -%}
{{ profiles[profile][name] }}
{%- endmacro %}

{#- Whole months of the calendar from one date's month to another's. -#}
{% macro spc_months_between(from_date, to_date) -%}
(extract(year from {{ to_date }}) - extract(year from {{ from_date }})) * 12
+ extract(month from {{ to_date }}) - extract(month from {{ from_date }})
{%- endmacro %}

{#-
    Each point with its limits, rules and type. `strict_reference` gives the package's own answer also where
    limits are degenerate (no spread) or undefined (no range), which here give no signal and no type.

    Beyond the reference's columns: `point_no` in the series; `bridged_months`, the months without a row between
    this point and the one before; every rule that fired in `rules_fired`; `assurance_type`, the target against
    the limits of this point; and `limits_status`:
        ok              limits of at least 13 values
        provisional     of fewer: limits and signals, but by making_data_count_2023 no icon
        degenerate      no spread: the values are all one, or screening left no range above zero
        undefined       no two successive values
        run_no_signals  none wanted

    `point_order` is the column that orders the points of a series.
-#}
{% macro spc_point(
    points, profile='making_data_count_2023', strict_reference=false, point_order='period'
) -%}
{%- set screens = spc_profile(profile, 'screens') == 'True' -%}
{%- set outside_is_close = spc_profile(profile, 'outside_counts_as_close') == 'True' -%}
with

included as (
    select
        series_id,
        {{ point_order }} as point_order,
        period,
        value,
        {{ exact_units('value') }} as units,
        improvement_direction,
        target,
        cast(rebase_flag as int) as rebase_flag,
        fix_after_n_points,
        {{ 'coalesce(screen_outliers, true)' if screens else 'false' }} as is_screened,
        coalesce(chart, 'xmr') as chart
    from {{ points }}
    where cast(exclude_flag as int) = 0
),

ordered as (
    select
        series_id,
        period,
        value,
        units,
        improvement_direction,
        target,
        fix_after_n_points,
        is_screened,
        chart,
        cast(row_number() over in_order as int) as point_no,
        cast(sum(rebase_flag) over in_order as int) as rebase_group,
        lag(units) over in_order as previous_units,
        lag(period) over in_order as previous_period
    from included
    window in_order as (partition by series_id order by point_order)
),

extents as (
    -- One whole number for series and group: to part rows by text costs a third more.
    select
        series_id,
        rebase_group,
        row_number() over (order by series_id, rebase_group) as group_no,
        min(point_no) as first_no,
        cast(count(*) as int) as n_in_group,
        cast(count(units) as int) as values_in_group
    from ordered
    group by series_id, rebase_group
),

baselines as (
    -- A moving range needs a point before it in the same group, and never bridges a missing value.
    select
        ordered.series_id,
        ordered.rebase_group,
        extents.group_no,
        ordered.point_no,
        ordered.period,
        ordered.value,
        ordered.units,
        ordered.improvement_direction,
        ordered.target,
        ordered.is_screened,
        ordered.chart,
        coalesce(ordered.point_no - extents.first_no < ordered.fix_after_n_points, true) as is_baseline,
        case
            when ordered.previous_period is not null and ordered.chart <> 'time_between'
                then cast({{ spc_months_between('ordered.previous_period', 'ordered.period') }} - 1 as int)
        end as months_between,
        case when ordered.point_no > extents.first_no then ordered.units - ordered.previous_units end as step
    from ordered
    inner join extents
        on ordered.series_id = extents.series_id
        and ordered.rebase_group = extents.rebase_group
),

ranges as (
    select
        group_no,
        sum(case when is_baseline then abs(step) end) as range_sum,
        cast(count(case when is_baseline then step end) as decimal(38, 0)) as range_count
    from baselines
    group by group_no
),

spreads as (
    -- One pass of screening: a range at or above 3.267 times the average range is left out. The mean is not
    -- screened.
    select
        baselines.group_no,
        max(baselines.chart) as chart,
        max(ranges.range_count) as all_ranges,
        sum(case when baselines.is_baseline then baselines.units end) as value_sum,
        cast(count(case when baselines.is_baseline then baselines.units end) as decimal(38, 0)) as value_count,
        {%- set kept %}
            case
                when baselines.is_baseline
                    and (
                        not baselines.is_screened
                        or abs(baselines.step) * ranges.range_count * 1000 < ranges.range_sum * 3267
                    )
                    then abs(baselines.step)
            end
        {%- endset %}
        sum({{ kept }}
        ) as range_sum,
        cast(count({{ kept }}
        ) as decimal(38, 0)) as range_count
    from baselines
    inner join ranges
        on baselines.group_no = ranges.group_no
    group by baselines.group_no
),

statuses as (
    select
        spreads.group_no,
        extents.n_in_group,
        spreads.value_sum,
        nullif(spreads.value_count, 0) as value_count,
        spreads.range_sum,
        nullif(spreads.range_count, 0) as range_count,
        case
            when spreads.chart = 'run_no_signals' then 'run_no_signals'
            when spreads.all_ranges = 0 then 'undefined'
            when spreads.range_count = 0 or spreads.range_sum = 0 then 'degenerate'
            when extents.values_in_group < 13 then 'provisional'
            else 'ok'
        end as limits_status
    from spreads
    inner join extents on spreads.group_no = extents.group_no
),

limits as (
    -- The limits are mean +- 2.66 times the average range: without a division (50 * value_sum * range_count +-
    -- reach) / (50 * value_count * range_count).
    select
        group_no,
        n_in_group,
        value_sum,
        value_count,
        range_count,
        limits_status,
        {{ "limits_status <> 'run_no_signals'" if strict_reference else "limits_status in ('ok', 'provisional')" }}
            as is_judged,
        133 * range_sum * value_count as reach,
        {{ units_as_double('value_sum') }} / cast(value_count as double) as mean,
        {{ units_as_double('range_sum') }} / cast(range_count as double) as amr_used,
        {{ units_as_double('(50 * value_sum * range_count - 133 * range_sum * value_count)') }}
        / cast(50 * value_count * range_count as double) as lpl,
        {{ units_as_double('(50 * value_sum * range_count + 133 * range_sum * value_count)') }}
        / cast(50 * value_count * range_count as double) as upl
    from statuses
),

placed as (
    -- distance is that from the mean, times value_count and range_count; the limits lie at reach / 50, two
    -- thirds of the way at reach / 75.
    select
        baselines.series_id,
        baselines.rebase_group,
        baselines.group_no,
        baselines.point_no,
        baselines.period,
        baselines.value,
        case when baselines.is_baseline then baselines.value end as fix_y,
        baselines.improvement_direction,
        baselines.target,
        baselines.months_between,
        cast(sign(baselines.step) as int) as step_sign,
        cast(sign(baselines.units * limits.value_count - limits.value_sum) as int) as relative_to_mean,
        abs(baselines.units * limits.value_count - limits.value_sum) * limits.range_count * 50 > limits.reach
            as is_outside,
        abs(baselines.units * limits.value_count - limits.value_sum) * limits.range_count * 75 > limits.reach
            as is_beyond_near,
        cast(sign(
            ({{ exact_units('baselines.target') }} * limits.value_count
            - limits.value_sum) * limits.range_count * 50 - limits.reach
        ) as int) as target_to_upl,
        cast(sign(
            ({{ exact_units('baselines.target') }} * limits.value_count
            - limits.value_sum) * limits.range_count * 50 + limits.reach
        ) as int) as target_to_lpl
    from baselines
    inner join limits
        on baselines.group_no = limits.group_no
),

counted as (
    -- What the windows that end with each point hold.
    select
        series_id,
        rebase_group,
        group_no,
        point_no,
        period,
        value,
        fix_y,
        improvement_direction,
        target,
        months_between,
        step_sign,
        relative_to_mean,
        is_outside,
        is_beyond_near,
        target_to_upl,
        target_to_lpl,
        {{ 'is_beyond_near' if outside_is_close else 'is_beyond_near and not is_outside' }} as is_close,
        lead(step_sign) over in_order as next_step_sign,
        abs(sum(step_sign) over six) = 6 as ends_trend,
        abs(sum(relative_to_mean) over seven) = 7 as ends_shift,
        abs(sum(relative_to_mean) over three) = 3
        and sum(
            case when {{ 'is_beyond_near' if outside_is_close else 'is_beyond_near and not is_outside' }} then 1 end
        ) over three >= 2 as ends_two_in_three
    from placed
    window
        in_order as (partition by group_no order by point_no),
        three as (
            partition by group_no order by point_no
            rows between 2 preceding and current row
        ),
        six as (
            partition by group_no order by point_no
            rows between 5 preceding and current row
        ),
        seven as (
            partition by group_no order by point_no
            rows between 6 preceding and current row
        )
),

flagged as (
    -- Every point of a window of trend or shift is flagged; of two in three, those near the limits alone.
    select
        series_id,
        rebase_group,
        group_no,
        point_no,
        period,
        value,
        fix_y,
        improvement_direction,
        target,
        months_between,
        step_sign,
        next_step_sign,
        relative_to_mean,
        is_outside,
        is_beyond_near,
        target_to_upl,
        target_to_lpl,
        coalesce(max(case when ends_trend then 1 end) over seven_on = 1, false) as is_in_trend,
        coalesce(is_close and max(case when ends_two_in_three then 1 end) over three_on = 1, false)
            as is_in_two_in_three,
        coalesce(max(case when ends_shift then 1 end) over seven_on = 1, false) as is_in_shift,
        coalesce(max(case when ends_trend then 1 end) over seven_after = 1, false) as is_next_in_trend
    from counted
    window
        three_on as (
            partition by group_no order by point_no
            rows between current row and 2 following
        ),
        seven_on as (
            partition by group_no order by point_no
            rows between current row and 6 following
        ),
        seven_after as (
            partition by group_no order by point_no
            rows between 1 following and 7 following
        )
),

ruled as (
    -- Limits again, which are one a group, so that the windows need not carry them.
    select
        flagged.series_id,
        flagged.rebase_group,
        flagged.point_no,
        flagged.period,
        flagged.value,
        flagged.fix_y,
        flagged.improvement_direction,
        flagged.target,
        flagged.months_between,
        flagged.step_sign,
        flagged.next_step_sign,
        flagged.relative_to_mean,
        flagged.is_outside,
        flagged.is_beyond_near,
        flagged.target_to_upl,
        flagged.target_to_lpl,
        flagged.is_next_in_trend,
        limits.n_in_group,
        limits.limits_status,
        limits.is_judged,
        limits.mean,
        limits.amr_used,
        limits.lpl,
        limits.upl,
        limits.is_judged and coalesce(flagged.is_outside, false) as rule_outside,
        limits.is_judged and flagged.is_in_trend as rule_trend7,
        limits.is_judged and flagged.is_in_two_in_three as rule_two_in_three,
        limits.is_judged and flagged.is_in_shift as rule_shift7
    from flagged
    inner join limits on flagged.group_no = limits.group_no
),

typed as (
    -- The first rule that fired, and whether it points up or down. A point shared by two trends goes with
    -- the later one.
    select
        series_id,
        rebase_group,
        point_no,
        period,
        value,
        fix_y,
        improvement_direction,
        target,
        n_in_group,
        months_between,
        limits_status,
        is_judged,
        mean,
        amr_used,
        lpl,
        upl,
        relative_to_mean,
        is_outside,
        is_beyond_near,
        target_to_upl,
        target_to_lpl,
        rule_outside,
        rule_trend7,
        rule_two_in_three,
        rule_shift7,
        case
            when rule_outside and relative_to_mean = 1 then 'Above UCL'
            when rule_outside then 'Below LCL'
            when rule_trend7 and case when is_next_in_trend then next_step_sign else step_sign end = 1
                then '7 Point Trend (Increasing)'
            when rule_trend7 then '7 Point Trend (Decreasing)'
            when rule_two_in_three and relative_to_mean = 1 then '2 in 3 Above CL'
            when rule_two_in_three then '2 in 3 Below CL'
            when rule_shift7 and relative_to_mean = 1 then '7 Points Above CL'
            when rule_shift7 then '7 Points Below CL'
            when {{ 'true' if strict_reference else 'is_judged and value is not null' }} then 'Common Cause'
        end as special_cause_type
    from ruled
)

select
    series_id,
    point_no,
    period,
    value,
    improvement_direction,
    target,
    rebase_group,
    n_in_group,
    n_in_group < 13 as short_group_warning,
    limits_status,
    fix_y,
    mean,
    case when is_judged then amr_used end as amr_used,
    case when is_judged then lpl end as lpl,
    case when is_judged then upl end as upl,
    relative_to_mean,
    case when is_judged then is_outside end as outside_limits,
    case when is_judged then is_beyond_near and not is_outside end as close_to_limits,
    rule_outside,
    rule_trend7,
    rule_two_in_three,
    rule_shift7,
    concat_ws(
        ', ',
        case when rule_outside then 'outside' end,
        case when rule_trend7 then 'trend7' end,
        case when rule_two_in_three then 'two_in_three' end,
        case when rule_shift7 then 'shift7' end
    ) as rules_fired,
    special_cause_type,
    coalesce(special_cause_type <> 'Common Cause', false) as special_cause_flag,
    case
        when special_cause_type = 'Common Cause' then 'common_cause'
        when special_cause_type is null then special_cause_type
        when improvement_direction = 'neutral'
            then case when {{ spc_points_up() }} then 'special_cause_neutral_high' else 'special_cause_neutral_low' end
        when {{ spc_points_up() }} = (improvement_direction = 'increase') then 'special_cause_improvement'
        else 'special_cause_concern'
    end as point_type,
    case
        when target is null or improvement_direction = 'neutral' or not is_judged then cast(null as string)
        when target_to_upl = 1
            then case when improvement_direction = 'increase' then 'consistent_fail' else 'consistent_pass' end
        when target_to_lpl = -1
            then case when improvement_direction = 'increase' then 'consistent_pass' else 'consistent_fail' end
        else 'inconsistent'
    end as assurance_type,
    case when months_between > 0 then months_between else 0 end as bridged_months

from typed
{%- endmacro %}

{#- Whether the rule that fired first points up. -#}
{% macro spc_points_up() -%}
special_cause_type in (
    'Above UCL', '7 Point Trend (Increasing)', '2 in 3 Above CL', '7 Points Above CL'
)
{%- endmacro %}

{#-
    Each series by its last point: variation, assurance, icons, limits and counts, from the relation that
    `spc_point` made. Without `strict_reference` the last point is the last that has a value, and there are
    icons only from the profile's number of points in the last group.
-#}
{% macro spc_series(spc_points, profile='making_data_count_2023', strict_reference=false) -%}
with

spc_points as (
    select * from {{ spc_points }}
),

series as (
    select
        series_id,
        cast(count(*) as int) as n_points,
        cast(sum(case when value is null then 1 else 0 end) as int) as n_missing,
        cast(count(distinct rebase_group) as int) as n_groups,
        cast(sum(case when special_cause_flag then 1 else 0 end) as int) as n_special,
        cast(sum(bridged_months) as int) as bridged_months,
        max(case when short_group_warning then 1 else 0 end) = 1 as any_short_group,
        {% if strict_reference -%}
        max(point_no) as last_no
        {%- else -%}
        coalesce(max(case when value is not null then point_no end), max(point_no)) as last_no
        {%- endif %}
    from spc_points
    group by series_id
),

last_points as (
    select
        series.series_id,
        series.last_no,
        spc_points.rebase_group,
        spc_points.relative_to_mean,
        series.n_points,
        series.n_missing,
        series.n_groups,
        series.n_special,
        series.bridged_months,
        series.any_short_group,
        spc_points.period as last_period,
        spc_points.value as last_value,
        spc_points.improvement_direction,
        spc_points.mean,
        spc_points.lpl,
        spc_points.upl,
        spc_points.target,
        spc_points.limits_status,
        spc_points.special_cause_type,
        spc_points.rules_fired,
        spc_points.point_type,
        spc_points.assurance_type,
        {% if strict_reference -%}
        true
        {%- elif spc_profile(profile, 'icon_from_points') | int > 0 -%}
        spc_points.limits_status = 'ok'
        {%- else -%}
        spc_points.limits_status in ('ok', 'provisional')
        {%- endif %} as has_icon
    from series
    inner join spc_points
        on series.series_id = spc_points.series_id
        and series.last_no = spc_points.point_no
),

before_runs as (
    -- The last point that lies on another side of the mean than the last of all, or in another group.
    select
        last_points.series_id,
        max(spc_points.point_no) as point_no
    from last_points
    inner join spc_points
        on last_points.series_id = spc_points.series_id
        and last_points.last_no > spc_points.point_no
    where last_points.rebase_group <> spc_points.rebase_group
        or coalesce(last_points.relative_to_mean <> spc_points.relative_to_mean, true)
    group by last_points.series_id
)

select
    last_points.series_id,
    last_points.n_points,
    last_points.n_missing,
    last_points.n_groups,
    last_points.last_no,
    last_points.last_period,
    last_points.last_value,
    last_points.improvement_direction,
    last_points.mean,
    last_points.lpl,
    last_points.upl,
    last_points.target,
    last_points.limits_status,
    case when last_points.has_icon then last_points.point_type end as variation_type,
    case
        when not last_points.has_icon then cast(null as string)
        when last_points.point_type = 'common_cause' then 'common_cause'
        when last_points.point_type = 'special_cause_neutral_high' then 'neutral_high'
        when last_points.point_type = 'special_cause_neutral_low' then 'neutral_low'
        when last_points.point_type = 'special_cause_concern'
            then case when last_points.improvement_direction = 'increase' then 'concern_low' else 'concern_high' end
        when last_points.point_type = 'special_cause_improvement'
            then case when last_points.improvement_direction = 'increase' then 'improvement_high' else 'improvement_low' end
    end as variation_icon,
    case when last_points.has_icon then last_points.assurance_type end as assurance_type,
    case
        when not last_points.has_icon then cast(null as string)
        when last_points.assurance_type = 'consistent_pass' then 'pass'
        when last_points.assurance_type = 'consistent_fail' then 'fail'
        else last_points.assurance_type
    end as assurance_icon,
    last_points.special_cause_type,
    last_points.rules_fired,
    last_points.n_special,
    last_points.bridged_months,
    last_points.any_short_group,
    cast(last_points.last_no - coalesce(before_runs.point_no, 0) as int) as points_on_this_side

from last_points
left join before_runs on last_points.series_id = before_runs.series_id
{%- endmacro %}

{#-
    One plain sentence for a row of `spc_series`, named by `row`: what has changed, and whether the target is
    met. `subject` is an expression for what is measured, `unit` what lies between two points.
-#}
{% macro spc_sentence(subject, row, unit='month') -%}
concat(
    {{ subject }},
    ': ',
    case
        when {{ row }}.limits_status = 'run_no_signals'
            then 'shown as a line; no signals are looked for, because neighbouring values share most of their data.'
        when {{ row }}.limits_status = 'undefined'
            then 'there are too few values for process limits.'
        when {{ row }}.variation_type is null and {{ row }}.limits_status = 'degenerate'
            then 'the values hardly vary, so process limits would give false signals.'
        when {{ row }}.variation_type is null and {{ row }}.limits_status = 'provisional'
            then 'there are fewer than 13 values since the limits began, too few to judge.'
        when {{ row }}.variation_type is null
            then 'not judged.'
        when {{ row }}.special_cause_type = 'Common Cause'
            then 'as usual, no special cause.'
        else concat(
            case {{ row }}.special_cause_type
                when 'Above UCL' then 'far higher than usual in the last {{ unit }}'
                when 'Below LCL' then 'far lower than usual in the last {{ unit }}'
                when '7 Point Trend (Increasing)' then 'rising over at least 7 {{ unit }}s'
                when '7 Point Trend (Decreasing)' then 'falling over at least 7 {{ unit }}s'
                when '2 in 3 Above CL' then 'much higher than usual in two of the last three {{ unit }}s'
                when '2 in 3 Below CL' then 'much lower than usual in two of the last three {{ unit }}s'
                when '7 Points Above CL'
                    then concat('higher than usual for ', cast({{ row }}.points_on_this_side as string), ' {{ unit }}s')
                else concat('lower than usual for ', cast({{ row }}.points_on_this_side as string), ' {{ unit }}s')
            end,
            case {{ row }}.variation_type
                when 'special_cause_improvement' then ': improvement.'
                when 'special_cause_concern' then ': concern.'
                else '.'
            end
        )
    end,
    case {{ row }}.assurance_type
        when 'consistent_pass' then ' The target is consistently met.'
        when 'consistent_fail' then ' The target will not be met unless something changes.'
        when 'inconsistent' then ' The target is met some {{ unit }}s and not others.'
        else ''
    end
)
{%- endmacro %}

{#-
    Points for a chart of rare events, of which monthly counts give none: days from each event to the next, more
    being better. `events` has one row per event with `series_id` and `event_date`. Two on one day are 0 days
    apart, so `event_no` orders the points. `previous_date` is that of the event before.
-#}
{% macro spc_time_between(events) -%}
select
    series_id,
    event_date as period,
    previous_date,
    event_no,
    cast({{ days_between('previous_date', 'event_date') }} as decimal(24, 12)) as value,
    'increase' as improvement_direction,
    cast(null as decimal(24, 12)) as target,
    0 as rebase_flag,
    0 as exclude_flag,
    cast(null as int) as fix_after_n_points,
    cast(null as boolean) as screen_outliers,
    'time_between' as chart
from (
    select
        series_id,
        event_date,
        row_number() over in_order as event_no,
        lag(event_date) over in_order as previous_date
    from {{ events }}
    window in_order as (partition by series_id order by event_date)
) as intervals
where previous_date is not null
{%- endmacro %}

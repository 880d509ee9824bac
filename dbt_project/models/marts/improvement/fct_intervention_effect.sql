-- Only words, months and wards are shown, and of a series whose limits are not shown, none of them.
with

moves as (
    select * from {{ ref('int_improvement__expected_move') }}
),

signals as (
    select * from {{ ref('int_improvement__ward_signal') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

series_decisions as (
    select * from {{ ref('int_indicators__spc_decision') }}
),

shown as (
    select
        signals.series_id,
        signals.ward_id,
        signals.indicator_code,
        signals.start_month,
        signals.first_month,
        signals.baseline_months,
        signals.months_after_start,
        signals.signal_status,
        signals.signal_type,
        signals.months_to_signal,
        signals.is_sustained,
        {{ months_later('signals.first_month', var('effect_signal_months')) }} as window_end,
        coalesce(series_decisions.decision, 'suppressed') as decision
    from signals
    left join series_decisions
        on {{ surrogate_key(["'ward'", 'signals.ward_id', 'signals.indicator_code']) }} = series_decisions.series_id
),

took_up as (
    -- Whoever took up anything that was to move the indicator, named before or after, is nobody to compare with.
    select distinct shown.series_id
    from shown
    inner join moves
        on shown.ward_id = moves.ward_id
        and shown.indicator_code = moves.indicator_code
        and shown.window_end > moves.start_date
),

comparisons as (
    select
        shown.indicator_code,
        shown.start_month,
        shown.first_month,
        shown.signal_type,
        shown.months_to_signal
    from shown
    left join took_up on shown.series_id = took_up.series_id
    where took_up.series_id is null
        and shown.signal_status = 'estimated'
        and shown.decision = 'shown'
),

current_definitions as (
    select
        indicator_code,
        indicator_name,
        row_number() over (partition by indicator_code order by definition_version desc) as recency
    from definitions
),

judged as (
    select
        moves.intervention_id,
        moves.ward_id,
        moves.intervention_name,
        moves.indicator_code,
        moves.start_date,
        moves.start_month,
        moves.first_month,
        coalesce(wards.ward_name, moves.ward_id) as ward_name,
        current_definitions.indicator_name,
        shown.baseline_months,
        shown.months_after_start,
        shown.signal_type,
        shown.months_to_signal,
        shown.is_sustained,
        case
            when wards.ward_id is null then 'ward_unknown'
            when moves.naming_status <> 'named_before' then moves.naming_status
            when shown.series_id is null then 'no_figures'
            when shown.decision <> 'shown' then 'not_shown'
            else shown.signal_status
        end as effect_status
    from moves
    left join shown
        on moves.ward_id = shown.ward_id
        and moves.indicator_code = shown.indicator_code
        and moves.start_month = shown.start_month
        and moves.first_month = shown.first_month
    left join wards
        on moves.ward_id = wards.ward_id
        and wards.is_latest
    left join current_definitions
        on moves.indicator_code = current_definitions.indicator_code
        and current_definitions.recency = 1
),

estimated as (
    -- The same signal in as many months as the ward itself was looked at; where it had none, one to the better.
    select
        judged.intervention_id,
        judged.ward_id,
        judged.indicator_code,
        cast(count(comparisons.indicator_code) as int) as comparison_wards,
        cast(
            count(
                case
                    when comparisons.months_to_signal <= judged.months_after_start
                        and comparisons.signal_type
                        = case when judged.signal_type = 'none' then 'improvement' else judged.signal_type end
                        then 1
                end
            ) as int
        ) as comparison_wards_with_signal,
        cast(
            count(
                case
                    when comparisons.months_to_signal <= judged.months_after_start
                        and comparisons.signal_type = 'improvement'
                        then 1
                end
            ) as int
        ) as comparison_wards_improved
    from judged
    left join comparisons
        on judged.indicator_code = comparisons.indicator_code
        and judged.start_month = comparisons.start_month
        and judged.first_month = comparisons.first_month
    where judged.effect_status = 'estimated'
    group by judged.intervention_id, judged.ward_id, judged.indicator_code
)

select
    {{ surrogate_key(['judged.intervention_id', 'judged.ward_id', 'judged.indicator_code']) }}
        as intervention_effect_key,
    judged.intervention_id,
    judged.intervention_name,
    judged.ward_id,
    judged.ward_name,
    judged.indicator_code,
    judged.indicator_name,
    judged.start_date,
    judged.effect_status,
    {% set is_estimated = "judged.effect_status = 'estimated'" %}
    case when {{ is_estimated }} then judged.baseline_months end as baseline_months,
    case when {{ is_estimated }} then judged.months_after_start end as months_after_start,
    case when {{ is_estimated }} then judged.signal_type end as signal_type,
    case when {{ is_estimated }} then judged.months_to_signal end as months_to_signal,
    case when {{ is_estimated }} then judged.is_sustained end as is_sustained,
    estimated.comparison_wards,
    estimated.comparison_wards_with_signal,
    estimated.comparison_wards_improved,
    {{ effect_sentence('judged', 'estimated') }} as effect_sentence

from judged
left join estimated
    on judged.intervention_id = estimated.intervention_id
    and judged.ward_id = estimated.ward_id
    and judged.indicator_code = estimated.indicator_code

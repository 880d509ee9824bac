-- Means over ten wards and more, and words: no figure of a ward.
{% set z = level_z(0.95) %}
{# The 80 % of a design's power: Phi^-1 of 0.8. #}
{% set power_z = '0.8416212335729143' %}
with

series as (
    select * from {{ ref('int_improvement__rollout_series') }}
),

cells as (
    select * from {{ ref('int_improvement__rollout_cell') }}
),

units as (
    select * from {{ ref('int_improvement__rollout_unit') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

estimates as (
    select * from {{ ref('int_improvement__rollout_estimate') }}
),

deals as (
    select * from {{ ref('int_improvement__rollout_deal') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

waves as (
    select
        series_id,
        cast(count(distinct group_no) as int) as waves_contributing
    from cells
    where period_no >= group_no
    group by series_id
),

-- What the wards that joined had in the year before they did.
levels as (
    select
        units.series_id,
        cast(sum(figures.value) as double) / count(*) as level_before
    from units
    inner join series on units.series_id = series.series_id
    inner join figures
        on units.unit_id = figures.org_id
        and figures.org_level = 'ward'
        and figures.value_status = 'reported'
        and series.indicator_code = figures.indicator_code
        and units.group_no - series.anticipation > {{ month_number('figures.month') }}
        and units.group_no - series.anticipation - {{ var('rollout_months_before_least') }}
        <= {{ month_number('figures.month') }}
    where units.is_held
        and series.series_status = 'estimated'
        and units.group_no >= series.first_group
        and units.group_no <= series.last_group
    group by units.series_id
),

names as (
    select
        indicator_code,
        indicator_name,
        row_number() over (partition by indicator_code order by definition_version desc) as recency
    from definitions
),

judged as (
    select
        series.series_id,
        series.programme_id,
        series.indicator_code,
        names.indicator_name,
        series.variant,
        case
            when series.series_status = 'estimated' and overall.series_id is null then 'too_few_enrolled'
            else series.series_status
        end as rollout_status,
        overall.estimate,
        overall.standard_error,
        deals.p_value,
        levels.level_before,
        before_start.estimate as before_estimate,
        before_start.standard_error as before_error,
        waves.waves_contributing,
        case when overall.series_id is not null then series.enrolled_wards end as enrolled_wards,
        case when overall.series_id is not null then series.waiting_wards end as waiting_wards,
        series.wards_left_out,
        case when series.first_group is not null then {{ month_of_number('series.window_from') }} end
            as from_month_date,
        case when series.first_group is not null then {{ month_of_number('series.last_period') }} end as to_month_date
    from series
    left join names
        on series.indicator_code = names.indicator_code
        and names.recency = 1
    left join estimates as overall
        on series.series_id = overall.series_id
        and overall.place = 'overall'
    left join estimates as before_start
        on series.series_id = before_start.series_id
        and before_start.place = 'before'
    left join deals on series.series_id = deals.series_id
    left join levels on series.series_id = levels.series_id
    left join waves on series.series_id = waves.series_id
),

compared as (
    select
        programme_id,
        variant,
        cast(count(estimate) as int) as indicators_estimated
    from judged
    group by programme_id, variant
)

select
    {{ surrogate_key(['judged.programme_id', 'judged.indicator_code', 'judged.variant']) }} as rollout_effect_key,
    judged.programme_id,
    judged.indicator_code,
    judged.indicator_name,
    judged.variant,
    judged.rollout_status,
    judged.estimate,
    judged.estimate - {{ z }} * judged.standard_error as estimate_lower,
    judged.estimate + {{ z }} * judged.standard_error as estimate_upper,
    cast(case when judged.estimate is not null then 95 end as decimal(4, 1)) as confidence_pct,
    judged.p_value,
    ({{ z }} + {{ power_z }}) * judged.standard_error as smallest_detectable,
    judged.level_before,
    judged.before_estimate as trend_before,
    judged.before_estimate - {{ z }} * judged.before_error as trend_before_lower,
    judged.before_estimate + {{ z }} * judged.before_error as trend_before_upper,
    abs(judged.before_estimate) > {{ z }} * judged.before_error as is_trend_before_apart,
    judged.waves_contributing,
    judged.enrolled_wards,
    judged.waiting_wards,
    judged.wards_left_out,
    judged.from_month_date,
    judged.to_month_date,
    compared.indicators_estimated,
    {{ rollout_sentence('judged', 'compared') }} as rollout_sentence

from judged
inner join compared
    on judged.programme_id = compared.programme_id
    and judged.variant = compared.variant

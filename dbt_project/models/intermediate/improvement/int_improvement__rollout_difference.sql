-- Each ward's months less its own months before each start, in the terms of macros/rollout.sql.
with

series as (
    select * from {{ ref('int_improvement__rollout_series') }}
),

units as (
    select * from {{ ref('int_improvement__rollout_unit') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

estimated_series as (
    select
        series_id,
        indicator_code,
        base_periods,
        anticipation,
        first_group,
        last_group,
        window_from,
        last_period
    from series
    where series_status = 'estimated'
),

held_units as (
    select
        series_id,
        unit_id,
        stratum,
        group_no,
        weight
    from units
    where is_held
),

panel as (
    select
        estimated_series.series_id,
        figures.org_id as unit_id,
        cast({{ month_number('figures.month') }} as int) as period_no,
        cast(figures.value as double) as value
    from estimated_series
    inner join figures
        on estimated_series.indicator_code = figures.indicator_code
        and figures.org_level = 'ward'
        and figures.value_status = 'reported'
        and estimated_series.window_from <= {{ month_number('figures.month') }}
        and estimated_series.last_period >= {{ month_number('figures.month') }}
),

differences as (
    {{ rollout_differences('panel', 'held_units', 'estimated_series', before=var('rollout_months_before_least')) }}
)

select
    series_id,
    stratum,
    group_no,
    period_no,
    unit_id,
    weight,
    role,
    difference

from differences

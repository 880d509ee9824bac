-- Means over wards of two sites and more cells; months before the start show whether the wards differed already.
{% set z = level_z(0.95) %}
with

series as (
    select * from {{ ref('int_improvement__rollout_series') }}
),

estimates as (
    select * from {{ ref('int_improvement__rollout_estimate') }}
),

cells as (
    select * from {{ ref('int_improvement__rollout_cell') }}
),

counted as (
    select
        series_id,
        period_no - group_no as event_month_no,
        cast(sum(joined_units) as int) as enrolled_wards
    from cells
    group by series_id, period_no - group_no
)

select
    {{ surrogate_key([
        'series.programme_id', 'series.indicator_code', 'series.variant', 'counted.event_month_no',
    ]) }} as rollout_month_key,
    series.programme_id,
    series.indicator_code,
    series.variant,
    cast(counted.event_month_no as int) as months_since_start,
    estimates.estimate,
    estimates.estimate - {{ z }} * estimates.standard_error as estimate_lower,
    estimates.estimate + {{ z }} * estimates.standard_error as estimate_upper,
    cast(95 as decimal(4, 1)) as confidence_pct,
    estimates.groups_n as waves_contributing,
    counted.enrolled_wards

from counted
inner join series on counted.series_id = series.series_id
inner join estimates
    on counted.series_id = estimates.series_id
    and cast(counted.event_month_no as string) = estimates.place
where counted.enrolled_wards >= {{ var('rollout_wards_least') }}

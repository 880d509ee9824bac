-- How often waves dealt out by chance within sites give as much as the true ones; of the primary estimates alone.
with

series as (
    select * from {{ ref('int_improvement__rollout_series') }}
),

units as (
    select * from {{ ref('int_improvement__rollout_unit') }}
),

differences as (
    select * from {{ ref('int_improvement__rollout_difference') }}
),

cells as (
    select * from {{ ref('int_improvement__rollout_cell') }}
),

primary_series as (
    select
        series_id,
        anticipation
    from series
    where series_status = 'estimated' and variant = 'primary'
),

primary_units as (
    select
        units.series_id,
        units.unit_id,
        units.stratum,
        units.group_no
    from units
    inner join primary_series on units.series_id = primary_series.series_id
    where units.is_held
),

digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

numbered as (
    select ones.digit + 10 * tens.digit + 100 * hundreds.digit as deal_no
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
),

deals as (
    select deal_no
    from numbered
    where deal_no between 1 and {{ var('rollout_deals') }}
),

addends as (
    {{ rollout_addends('differences', 'cells', 'primary_units', 'primary_series') }}
),

dealt as (
    {{ rollout_p_values('addends', 'primary_units', var('rollout_deals'), var('rollout_seed'), 'deals') }}
)

select
    series_id,
    p_value

from dealt

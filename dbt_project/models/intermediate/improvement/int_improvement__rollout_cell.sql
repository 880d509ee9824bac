-- The effect by site, wave and month: wards on the programme against those of their site that still wait.
with

differences as (
    select * from {{ ref('int_improvement__rollout_difference') }}
),

cells as (
    {{ rollout_cells('differences') }}
)

select
    series_id,
    stratum,
    group_no,
    period_no,
    joined_units,
    waiting_units,
    joined_weight,
    waiting_weight,
    joined_mean,
    waiting_mean,
    effect

from cells

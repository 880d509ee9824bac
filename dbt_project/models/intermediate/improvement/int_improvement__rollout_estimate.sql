-- Means of the cells with their standard errors: of all months from the start on; of each month since it; and of what
-- already differed before it, the later six months of the year against the earlier.
{% set half = var('rollout_months_before_least') // 2 %}
with

series as (
    select * from {{ ref('int_improvement__rollout_series') }}
),

differences as (
    select * from {{ ref('int_improvement__rollout_difference') }}
),

cells as (
    select * from {{ ref('int_improvement__rollout_cell') }}
),

dated as (
    select
        cells.series_id,
        cells.stratum,
        cells.group_no,
        cells.period_no,
        cells.period_no - cells.group_no as event_month_no,
        cells.period_no - cells.group_no + series.anticipation as months_to_change
    from cells
    inner join series on cells.series_id = series.series_id
),

places as (
    select
        series_id,
        stratum,
        group_no,
        period_no,
        'overall' as place,
        1 as sign
    from dated
    where event_month_no >= 0

    union all

    select
        series_id,
        stratum,
        group_no,
        period_no,
        cast(event_month_no as string) as place,
        1 as sign
    from dated

    union all

    select
        series_id,
        stratum,
        group_no,
        period_no,
        'before' as place,
        case when months_to_change >= -{{ half }} then 1 else -1 end as sign
    from dated
    where months_to_change < 0
),

means as (
    {{ rollout_means('differences', 'cells', 'places') }}
)

select
    series_id,
    place,
    estimate,
    standard_error,
    groups_n

from means

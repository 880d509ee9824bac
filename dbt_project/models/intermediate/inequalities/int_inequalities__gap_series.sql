-- Each gap of which a month may be drawn, by its last month: the words of every other chart.
with

points as (
    select * from {{ ref('int_inequalities__gap_point') }}
),

drawn as (
    select distinct
        series_id,
        measure_code,
        dimension_code,
        group_code
    from points
    where value is not null
),

measures as (
    select * from {{ ref('access_measure') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

series as (
    {{ spc_series('points', var('spc_rule_profile')) }}
)

select
    drawn.measure_code,
    drawn.dimension_code,
    drawn.group_code,
    {{ spc_sentence("concat('Gap in ', lower(measures.measure_name), ', ', groups.group_name)", 'series') }}
        as gap_sentence

from drawn
inner join series on drawn.series_id = series.series_id
inner join measures on drawn.measure_code = measures.measure_code
inner join groups
    on drawn.dimension_code = groups.dimension_code
    and drawn.group_code = groups.group_code

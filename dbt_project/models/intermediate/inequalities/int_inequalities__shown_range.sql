-- What a reader can tell of each shown count, by its cell: what it is rounded from, less what its share with its limits
-- rules out, tried pair by pair. A share that is compared is compared to two places of a ratio, which gives its counts
-- away: they are taken as known exactly. So are those of which nothing is known.
{% set half = var('hes_rounding') // 2 %}

with

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

cells as (
    select * from {{ ref('int_inequalities__access_cell') }}
),

recordings as (
    select * from {{ ref('int_inequalities__recording_cell') }}
),

counts as (
    select * from {{ ref('int_inequalities__cell') }}
),

offsets as (
    {% for offset in range(-half, half + 1) %}
    select {{ offset }} as offset{{ ' union all' if not loop.last }}
    {% endfor %}
),

uncompared as (
    select
        figures.numerator_id,
        figures.denominator_id,
        figures.value,
        figures.value_lower,
        figures.value_upper,
        figures.denominator,
        cast({{ hes_rounded('figures.numerator') }} + numerators.offset as double) as x,
        cast({{ hes_rounded('figures.denominator') }} + denominators.offset as double) as n
    from figures
    inner join cells
        on figures.measure_code = cells.measure_code
        and figures.denominator_id = cells.denominator_id
    cross join offsets as numerators
    cross join offsets as denominators
    where figures.dimension_code = 'all'
        and cells.is_percentage_possible
),

possible as (
    select
        numerator_id,
        denominator_id,
        cast(x as bigint) as x,
        cast(n as bigint) as n
    from uncompared
    where x > {{ var('hes_largest_suppressed') }}
        and x <= n
        and {{ disclosed_precision('100 * x / n', 'denominator') }} = {{ disclosed_precision('value', 'denominator') }}
        and {{ disclosed_precision('100 * (' ~ wilson_lower('x', 'n', level_z(0.95)) ~ ')', 'denominator') }}
        = {{ disclosed_precision('value_lower', 'denominator') }}
        and {{ disclosed_precision('100 * (' ~ wilson_upper('x', 'n', level_z(0.95)) ~ ')', 'denominator') }}
        = {{ disclosed_precision('value_upper', 'denominator') }}
),

ranges as (
    select
        numerator_id as cell_id,
        min(x) as low,
        max(x) as high
    from possible
    group by numerator_id, denominator_id

    union all

    select
        denominator_id as cell_id,
        min(n) as low,
        max(n) as high
    from possible
    group by numerator_id, denominator_id

    {% for source, cell in [('cells', 'numerator'), ('cells', 'denominator'), ('recordings', 'numerator')] %}
    union all

    select
        {{ cell }}_id as cell_id,
        {{ cell }} as low,
        {{ cell }} as high
    from {{ source }}
    where is_percentage_possible
        and dimension_code <> 'all'

    {% endfor %}
    union all

    select
        cell_id,
        case
            when people = 0 then 0
            else greatest({{ hes_rounded('people') }} - {{ half }}, {{ var('hes_largest_suppressed') + 1 }})
        end as low,
        case when people = 0 then 0 else {{ hes_rounded('people') }} + {{ half }} end as high
    from counts
)

select
    cell_id,
    cast(max(low) as bigint) as low,
    cast(min(high) as bigint) as high

from ranges
group by cell_id

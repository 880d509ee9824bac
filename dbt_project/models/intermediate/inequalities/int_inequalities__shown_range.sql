-- What a reader can tell of each shown count, by its cell: what it is rounded from, or, where a share may be made
-- of it, the number itself: a percentage, its limits and a ratio to two places leave one. So a count of which a
-- share is shown is taken as known exactly.
{% set half = var('hes_rounding') // 2 %}

with

cells as (
    select * from {{ ref('int_inequalities__access_cell') }}
),

recordings as (
    select * from {{ ref('int_inequalities__recording_cell') }}
),

counts as (
    select * from {{ ref('int_inequalities__cell') }}
),

ranges as (
    {% for source, cell in [('cells', 'numerator'), ('cells', 'denominator'), ('recordings', 'numerator')] %}
    select
        {{ cell }}_id as cell_id,
        {{ cell }} as low,
        {{ cell }} as high
    from {{ source }}
    where is_percentage_possible

    union all

    {% endfor %}

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

-- What a reader can tell of each shown count, by its cell: what it is rounded from, or, where a share may be made
-- of it, the number itself: a percentage, its limits and a ratio to two places leave one. So a count of which a
-- share is shown is taken as known exactly. What a count adds up to with others tells of it too, though nothing is
-- hidden there: three passes over the relations, after which an integer solver finds no more than the suppression
-- knows. Of a count that is hidden by itself a reader is taken to know that it is from 1 to the largest hidden.
{% set half = var('hes_rounding') // 2 %}
{% set passes = 3 %}

with

cells as (
    select * from {{ ref('int_inequalities__access_cell') }}
),

recordings as (
    select * from {{ ref('int_inequalities__recording_cell') }}
),

ward_shares as (
    select * from {{ ref('int_inequalities__ward_cell') }}
),

counts as (
    select * from {{ ref('int_inequalities__cell') }}
),

ranges as (
    {% for source, cell in [
        ('cells', 'numerator'), ('cells', 'denominator'), ('recordings', 'numerator'),
        ('ward_shares', 'numerator'), ('ward_shares', 'denominator'),
    ] %}
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
),

stated as (
    select
        cell_id,
        cast(max(low) as bigint) as low,
        cast(min(high) as bigint) as high
    from ranges
    group by cell_id
),

members as (
    select * from {{ ref('int_inequalities__cell_relation') }}
),

leftovers as (
    select
        members.relation_id,
        cast(sum(case when members.is_total then counts.people else -counts.people end) as bigint) as beyond
    from members
    inner join counts on members.cell_id = counts.cell_id
    group by members.relation_id
),

known_0 as (
    select
        members.relation_id,
        members.cell_id,
        members.is_total,
        leftovers.beyond,
        case when counts.people > {{ var('hes_largest_suppressed') }} then stated.low else least(counts.people, 1) end
            as low,
        greatest(stated.high, {{ var('hes_largest_suppressed') }}) as high
    from members
    inner join leftovers on members.relation_id = leftovers.relation_id
    inner join counts on members.cell_id = counts.cell_id
    inner join stated on members.cell_id = stated.cell_id
),

{% for pass in range(1, passes + 1) %}
sums_{{ pass }} as (
    select
        relation_id,
        cast(sum(case when not is_total then low else 0 end) as bigint) as parts_low,
        cast(sum(case when not is_total then high else 0 end) as bigint) as parts_high,
        max(case when is_total then low end) as total_low,
        max(case when is_total then high end) as total_high
    from known_{{ pass - 1 }}
    group by relation_id
),

tight_{{ pass }} as (
    select
        known.cell_id,
        max(
            case
                when known.is_total then sums.parts_low + known.beyond
                else sums.total_low - known.beyond - (sums.parts_high - known.high)
            end
        ) as low,
        min(
            case
                when known.is_total then sums.parts_high + known.beyond
                else sums.total_high - known.beyond - (sums.parts_low - known.low)
            end
        ) as high
    from known_{{ pass - 1 }} as known
    inner join sums_{{ pass }} as sums on known.relation_id = sums.relation_id
    group by known.cell_id
),

known_{{ pass }} as (
    select
        known.relation_id,
        known.cell_id,
        known.is_total,
        known.beyond,
        greatest(known.low, tight.low) as low,
        least(known.high, tight.high) as high
    from known_{{ pass - 1 }} as known
    inner join tight_{{ pass }} as tight on known.cell_id = tight.cell_id
),

{% endfor %}
tightened as (
    select
        cell_id,
        max(low) as low,
        min(high) as high
    from known_{{ passes }}
    group by cell_id
)

select
    stated.cell_id,
    case
        when counts.people > {{ var('hes_largest_suppressed') }} then coalesce(tightened.low, stated.low)
        else stated.low
    end as low,
    case
        when counts.people > {{ var('hes_largest_suppressed') }} then coalesce(tightened.high, stated.high)
        else stated.high
    end as high

from stated
inner join counts on stated.cell_id = counts.cell_id
left join tightened on stated.cell_id = tightened.cell_id

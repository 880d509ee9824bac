{#-
    Health-inequality statistics of single figures: proportion, rate, mean, quantile. The standardised rates, the
    slope and the funnels stand in `inequality_standardised.sql`, `inequality_slope.sql`, `inequality_funnel.sql`.

    Each method takes the name of a relation (or a query in brackets) and gives one query; `keys` are the columns
    that name a row or group and are carried through. Golden tables: PHEindicatormethods 2.1.0, in
    `tests/conformance`; what was compared and where we differ on purpose: `docs/inequality_methods.md`.

    Confidence levels: `levels` is a list of 0.95 and 0.998, whose normal quantiles stand in `level_z`; whoever
    needs another hands {suffix, confidence, z} with SQL expressions. Limits are called lower<suffix>cl, as
    lower95_0cl.

    Two constants that SQL has no function for are relations:
    poisson_limits       observed, confidence, lower, upper: exact limits of a count; the seed
                         `poisson_exact_limit` holds 0 to 9 at both levels
    student_t_quantiles  degrees_of_freedom, confidence, t: two-sided

    What cannot be true of a row is a fault: a word, null where there is none. A row with a fault has no figure.
    Sums of doubles are made in a declared order, so that the same rows give the same bytes.
-#}

{#- Levels and constants. Normal quantiles: Phi^-1 of 0.975 and of 0.999, to the last place of a double. -#}

{% macro level_suffix(level) -%}
{{ level.suffix if level is mapping else ('%.1f' % (level * 100)).replace('.', '_') }}
{%- endmacro %}

{% macro level_confidence(level) -%}
cast({{ level.confidence if level is mapping else level }} as double)
{%- endmacro %}

{% macro level_z(level) -%}
cast({{ level.z if level is mapping else {0.95: '1.959963984540054', 0.998: '3.090232306167813'}[level] }} as double)
{%- endmacro %}

{#- Below this count a Poisson limit is the exact one, from here on Byar's: a strict test, 9.5 is exact. -#}
{% macro byar_from() -%}
10
{%- endmacro %}

{#-
    Wilson's limits of x in n, as parts of 1. The lower one is the quadratic's product of roots divided by the upper
    root: the textbook form loses its digits where x is small.
    Wilson EB (1927), J Am Stat Assoc 22:209.
-#}
{% macro wilson_root(x, n, z) -%}
2 * {{ x }} + {{ z }} * {{ z }} + {{ z }} * sqrt({{ z }} * {{ z }} + 4 * {{ x }} * (1 - {{ x }} / {{ n }}))
{%- endmacro %}

{% macro wilson_lower(x, n, z) -%}
2 * {{ x }} * {{ x }} / {{ n }} / ({{ wilson_root(x, n, z) }})
{%- endmacro %}

{% macro wilson_upper(x, n, z) -%}
({{ wilson_root(x, n, z) }}) / (2 * ({{ n }} + {{ z }} * {{ z }}))
{%- endmacro %}

{#-
    Byar's limits of a count; a lower one that would be below zero is null.
    Breslow NE, Day NE (1987), Statistical methods in cancer research II, IARC 82, p. 69.
-#}
{% macro byar_lower(events, z) -%}
{%- set root = '(1 - 1 / (9 * nullif(' ~ events ~ ', 0)) - ' ~ z ~ ' / (3 * sqrt(nullif(' ~ events ~ ', 0))))' -%}
case when {{ root }} >= 0 then {{ events }} * {{ root }} * {{ root }} * {{ root }} end
{%- endmacro %}

{% macro byar_upper(events, z) -%}
{%- set root = '(1 - 1 / (9 * (' ~ events ~ ' + 1)) + ' ~ z ~ ' / (3 * sqrt(' ~ events ~ ' + 1)))' -%}
({{ events }} + 1) * {{ root }} * {{ root }} * {{ root }}
{%- endmacro %}

{#- Limits of a count: exact below ten, Byar's from there. `exact` is the alias of a join by `poisson_joins`. -#}
{% macro poisson_lower(events, z, exact) -%}
case when {{ events }} < {{ byar_from() }} then {{ exact }}.lower else {{ byar_lower(events, z) }} end
{%- endmacro %}

{% macro poisson_upper(events, z, exact) -%}
case when {{ events }} < {{ byar_from() }} then {{ exact }}.upper else {{ byar_upper(events, z) }} end
{%- endmacro %}

{#- One join of the exact limits a level, as exact_1, exact_2, ... -#}
{% macro poisson_joins(poisson_limits, levels, observed) -%}
{% for level in levels %}
left join {{ poisson_limits }} as exact_{{ loop.index }}
    on {{ observed }} = cast(exact_{{ loop.index }}.observed as double)
    and confidence_{{ loop.index }} = cast(exact_{{ loop.index }}.confidence as double)
{% endfor %}
{%- endmacro %}

{% macro poisson_method(events) -%}
case when {{ events }} < {{ byar_from() }} then 'Exact' when {{ events }} >= {{ byar_from() }} then 'Byars' end
{%- endmacro %}

{#- The columns of each level: confidence_1, z_1, confidence_2, ... -#}
{% macro level_columns(levels) -%}
{%- for level in levels %}
    {{ level_confidence(level) }} as confidence_{{ loop.index }},
    {{ level_z(level) }} as z_{{ loop.index }}{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{#- Numerator and denominator summed by group; a row without one leaves the group without it. -#}
{% macro grouped_counts(observations, keys) -%}
select
    {{ keys | join(', ') }},
    case when count(*) = count(numerator) then {{ exact_sum('numerator') }} end as numerator,
    case when count(*) = count(denominator) then {{ exact_sum('denominator') }} end as denominator
from {{ observations }}
group by {{ keys | join(', ') }}
{%- endmacro %}

{#- Counts are whole or carry a few places: summed as decimals, in any order to the same bytes. -#}
{% macro exact_sum(count) -%}
cast(sum(cast({{ count }} as decimal(30, 9))) as double)
{%- endmacro %}

{#- Proportion: numerator of denominator, times a multiplier, with Wilson's limits. -#}

{% macro proportion_fault() -%}
case
    when denominator <= 0 then 'denominator_not_positive'
    when numerator < 0 then 'numerator_negative'
    when numerator > denominator then 'numerator_above_denominator'
end
{%- endmacro %}

{% macro proportion(observations, keys, multiplier=100, levels=[0.95, 0.998]) -%}
with

counted as (
    select
        {{ keys | join(', ') }},
        cast(numerator as double) as x,
        cast(denominator as double) as n,
        cast({{ multiplier }} as double) as multiplier,
        {{ level_columns(levels) }},
        {{ proportion_fault() }} as fault
    from {{ observations }}
),

without_faults as (
    select
        {{ keys | join(', ') }},
        x as given_x,
        n as given_n,
        multiplier,
        {%- for level in levels %}
        z_{{ loop.index }},
        {%- endfor %}
        fault,
        case when fault is null and n is not null then x end as x,
        case when fault is null and x is not null then n end as n
    from counted
)

select
    {{ keys | join(', ') }},
    given_x as x,
    given_n as n,
    x / n * multiplier as value,
    {%- for level in levels %}
    {%- set z = 'z_' ~ loop.index %}
    {{ wilson_lower('x', 'n', z) }} * multiplier as lower{{ level_suffix(level) }}cl,
    {{ wilson_upper('x', 'n', z) }} * multiplier as upper{{ level_suffix(level) }}cl,
    {%- endfor %}
    fault
from without_faults
{%- endmacro %}

{#- Rate: events by population, times a multiplier, with exact or Byar's limits. -#}

{% macro rate_fault() -%}
case
    when denominator <= 0 then 'denominator_not_positive'
    when numerator < 0 then 'numerator_negative'
end
{%- endmacro %}

{% macro rate(observations, keys, poisson_limits, multiplier=100000, levels=[0.95, 0.998]) -%}
with

counted as (
    select
        {{ keys | join(', ') }},
        cast(numerator as double) as x,
        cast(denominator as double) as n,
        cast({{ multiplier }} as double) as multiplier,
        {{ level_columns(levels) }},
        {{ rate_fault() }} as fault
    from {{ observations }}
),

without_faults as (
    select
        {{ keys | join(', ') }},
        x,
        n,
        multiplier,
        {%- for level in levels %}
        confidence_{{ loop.index }},
        z_{{ loop.index }},
        {%- endfor %}
        fault,
        case when fault is null then n end as sound_n
    from counted
)

select
    {{ keys | join(', ') }},
    x,
    n,
    x / sound_n * multiplier as value,
    {%- for level in levels %}
    {%- set z = 'z_' ~ loop.index %}
    {%- set exact = 'exact_' ~ loop.index %}
    ({{ poisson_lower('x', z, exact) }}) / sound_n * multiplier as lower{{ level_suffix(level) }}cl,
    ({{ poisson_upper('x', z, exact) }}) / sound_n * multiplier as upper{{ level_suffix(level) }}cl,
    {%- endfor %}
    {{ poisson_method('x') }} as method,
    fault
from without_faults
{{ poisson_joins(poisson_limits, levels, 'x') }}
{%- endmacro %}

{#-
    Mean of a group's values with Student's limits. A row without a value counts, so that the group has no mean:
    leaving it out would be a decision, and it is the caller's.
-#}
{% macro mean(observations, keys, student_t_quantiles, levels=[0.95, 0.998]) -%}
with

observed as (
    select
        {{ keys | join(', ') }},
        cast(value as double) as value
    from {{ observations }}
),

sums as (
    select
        {{ keys | join(', ') }},
        cast(count(*) as double) as value_count,
        case when count(*) = count(value) then {{ ordered_sum('value', 'value') }} end as value_sum
    from observed
    group by {{ keys | join(', ') }}
),

deviations as (
    select
        {%- for key in keys %}
        sums.{{ key }},
        {%- endfor %}
        sums.value_count,
        sums.value_sum,
        observed.value - sums.value_sum / sums.value_count as deviation
    from sums
    inner join observed
        on {% for key in keys %}{{ 'and ' if not loop.first }}sums.{{ key }} = observed.{{ key }} {% endfor %}
),

spread as (
    select
        {{ keys | join(', ') }},
        value_count,
        value_sum,
        sqrt({{ ordered_sum('deviation * deviation', 'deviation * deviation') }} / nullif(value_count - 1, 0)) as stdev,
        {{ level_columns(levels) }}
    from deviations
    group by {{ keys | join(', ') }}, value_count, value_sum
)

select
    {{ keys | join(', ') }},
    value_sum,
    value_count,
    stdev,
    value_sum / value_count as value,
    {%- for level in levels %}
    value_sum / value_count
    - t_{{ loop.index }}.t * stdev / sqrt(value_count) as lower{{ level_suffix(level) }}cl,
    value_sum / value_count
    + t_{{ loop.index }}.t * stdev / sqrt(value_count) as upper{{ level_suffix(level) }}cl{{ ',' if not loop.last }}
    {%- endfor %}

from spread
{% for level in levels %}
left join {{ student_t_quantiles }} as t_{{ loop.index }}
    on spread.value_count - 1 = cast(t_{{ loop.index }}.degrees_of_freedom as double)
    and spread.confidence_{{ loop.index }} = cast(t_{{ loop.index }}.confidence as double)
{% endfor %}
{%- endmacro %}

{#-
    Quantile of each area's value within its group (`partition`: columns; none for all areas together), 1 the
    lowest, or the highest where inverted; null without a value and in a group of fewer areas than quantiles.
    Published national deciles are ceil(rank x 10 / areas): take those, never this.
-#}
{% macro quantile(observations, keys, partition=[], quantiles=10, inverted=false) -%}
{%- set within = 'partition by ' ~ (partition | join(', ')) if partition else '' -%}
with

valued as (
    select
        {{ keys | join(', ') }},
        value,
        cast(count(value) over ({{ within }}) as double) as areas
    from {{ observations }}
),

ranked as (
    select
        {{ keys | join(', ') }},
        value,
        areas,
        rank() over ({{ within }} order by case when value is null then 1 else 0 end, value
            {{- ' desc' if inverted }}) as value_rank
    from valued
)

select
    {{ keys | join(', ') }},
    case
        when value is not null and areas >= {{ quantiles }}
            then cast(greatest(
                1, floor({{ quantiles }} + 1 - ceil((areas + 1 - value_rank) / (areas / {{ quantiles }})))
            ) as int)
    end as quantile
from ranked
{%- endmacro %}

{#-
    Funnels: is a unit further from the average than chance makes likely, and the lines that say so. Terms, levels
    and constants as in `inequality.sql`.

    Significance: a unit is High or Low where the limits of its own figure leave the average out, at 0.001 (99.8 %)
    or else at 0.025 (95 %) on that side. The average is that of all units together; of a ratio it is 1.
-#}

{% macro funnel_ratio_fault() -%}
case
    when expected <= 0 then 'expected_not_positive'
    when observed < 0 then 'numerator_negative'
end
{%- endmacro %}

{% macro funnel_word(average) -%}
case
    when lower99_8cl > {{ average }} then 'High (0.001)'
    when lower95_0cl > {{ average }} then 'High (0.025)'
    when upper99_8cl < {{ average }} then 'Low (0.001)'
    when upper95_0cl < {{ average }} then 'Low (0.025)'
    when lower95_0cl is not null or upper95_0cl is not null then 'Not significant'
end
{%- endmacro %}

{#-
    kind            proportion, rate (observations: keys, numerator, denominator) or ratio (keys, observed, expected)
    poisson_limits  for rate and ratio, at 0.95 and 0.998
    Gives keys, value (x / n, as a part of 1), average, significance, fault.
-#}
{% macro funnel_significance(observations, keys, kind, poisson_limits=none) -%}
with

units as (
    {%- if kind == 'ratio' %}
    select
        {{ keys | join(', ') }},
        case when {{ funnel_ratio_fault() }} is null then observed end as numerator,
        case when {{ funnel_ratio_fault() }} is null then expected end as denominator,
        {{ funnel_ratio_fault() }} as given_fault
    from {{ observations }}
    {%- else %}
    {%- set fault = proportion_fault() if kind == 'proportion' else rate_fault() %}
    select
        {{ keys | join(', ') }},
        case when {{ fault }} is null then numerator end as numerator,
        case when {{ fault }} is null then denominator end as denominator,
        {{ fault }} as given_fault
    from {{ observations }}
    {%- endif %}
),

limits as (
    {%- if kind == 'proportion' %}
    {{ proportion('units', keys + ['given_fault'], multiplier=1) }}
    {%- else %}
    {{ rate('units', keys + ['given_fault'], poisson_limits, multiplier=1) }}
    {%- endif %}
),

average as (
    {%- if kind == 'ratio' %}
    select cast(1 as double) as average
    {%- else %}
    {#- A unit that lacks either part counts in neither. #}
    select
        {{ exact_sum('case when denominator is not null then numerator end') }}
        / nullif({{ exact_sum('case when numerator is not null then denominator end') }}, 0) as average
    from units
    {%- endif %}
)

select
    {%- for key in keys %}
    limits.{{ key }},
    {%- endfor %}
    limits.value,
    average.average,
    {{ funnel_word('average.average') }} as significance,
    limits.given_fault as fault
from limits
cross join average
{%- endmacro %}

{#-
    The lines of a proportion funnel at each denominator of `positions` (column n): where Wilson's limits would just
    touch the average.
-#}
{% macro funnel_proportion_limits(positions, average, multiplier=100) -%}
with

points as (
    select
        cast(n as double) as n,
        cast({{ average }} as double) as average
    from {{ positions }}
)

select
    n,
    {%- for name, level in [('2s', 0.95), ('3s', 0.998)] %}
    {%- set z = level_z(level) %}
    {%- set zz = '(' ~ z ~ ' * ' ~ z ~ ')' %}
    {%- set a = '(average * (n / ' ~ zz ~ ' + 1))' %}
    {%- set c = '(1 / ' ~ zz ~ ' + 1 / n)' %}
    {%- set b = 'average * (n * (average * (n / ' ~ zz ~ ' + 2) - 1) + ' ~ zz ~ ' * (average - 1))' %}
    {%- set root = 'sqrt(greatest(0, ' ~ a ~ ' * ' ~ a ~ ' - ' ~ c ~ ' * ' ~ b ~ '))' %}
    greatest(0, least(1, ({{ a }} - {{ root }}) / {{ c }} / n)) * {{ multiplier }} as lower_{{ name }}_limit,
    greatest(0, least(1, ({{ a }} + {{ root }}) / {{ c }} / n)) * {{ multiplier }} as upper_{{ name }}_limit,
    {%- endfor %}
    average * {{ multiplier }} as baseline
from points
{%- endmacro %}

{#-
    The lines of a rate or ratio funnel at each count of `expected_events` (columns events, lower_2s, upper_2s,
    lower_3s, upper_3s: how many expected events would just make so many significant), as expected events or, of a
    rate, population, and as the figure there. average 1 and multiplier 100 are a ratio's.
-#}
{% macro funnel_poisson_limits(expected_events, average, multiplier=100) -%}
with

points as (
    select
        cast(events as double) as events,
        cast({{ average }} as double) as average,
        {%- for line in ['lower_2s', 'upper_2s', 'lower_3s', 'upper_3s'] %}
        cast({{ line }} as double) as {{ line }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ expected_events }}
)

select
    events,
    {%- for line in ['lower_2s', 'upper_2s', 'lower_3s', 'upper_3s'] %}
    {{ line }} / average as {{ line }}_denominator,
    events * average / {{ line }} * {{ multiplier }} as {{ line }}_limit,
    {%- endfor %}
    average * {{ multiplier }} as baseline
from points
{%- endmacro %}

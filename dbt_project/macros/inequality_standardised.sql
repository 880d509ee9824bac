{#-
    Rates standardised for age: directly (DSR), indirectly (ISR rate and ratio). Terms, levels and constants as in
    `inequality.sql`.

    A missing age band changes the standard, and nothing in the figure shows it. So the bands that a group must
    have are asked for, and what is missing is said beside the figure.
-#}

{#-
    Directly standardised rate, with Dobson's limits:
        value = sum(w x / n) / sum(w)             w standard population, x events, n population of an age band
        variance = sum(x (w / n)^2) / sum(w)^2
        limit = value + sqrt(variance / O) (Byar's limit of O - O)          O = sum(x), 10 or more
    Dobson AJ et al (1991), Statistics in Medicine 10:457. Under ten events there is a count and no rate.

    observations    keys, ageband, numerator, denominator, stdpop; a missing numerator is none
    standard        ageband, stdpop: the bands that make the standard whole
    repeat_events   observations have eventfreq and individuals in place of numerator: so many people with so many
                    events each, whose events are not independent: variance = sum(f^2 individuals (w / n)^2) / ...

    Gives total_count, total_pop, value, limits, variance (of the rate per person), bands_missing and
    bands_not_standard (the bands by name, null or empty where all is well), fault.
-#}

{% macro dsr_fault(repeat_events=false) -%}
case
    when ageband is null then 'age_band_missing'
    when denominator is null then 'denominator_missing'
    when denominator <= 0 then 'denominator_not_positive'
    when stdpop is null then 'standard_missing'
    when stdpop < 0 then 'standard_negative'
    {%- if repeat_events %}
    when eventfreq is null or eventfreq <= 0 then 'frequency_not_positive'
    when individuals < 0 then 'numerator_negative'
    {%- else %}
    when numerator < 0 then 'numerator_negative'
    {%- endif %}
end
{%- endmacro %}

{% macro dsr(observations, keys, standard, multiplier=100000, levels=[0.95, 0.998], repeat_events=false) -%}
{%- set key_list = keys | join(', ') -%}
with

observed as (
    select
        {{ key_list }},
        ageband,
        cast(denominator as double) as n,
        cast(stdpop as double) as w,
        {%- if repeat_events %}
        cast(eventfreq as double) as frequency,
        coalesce(cast(individuals as double), 0) as individuals,
        {%- else %}
        cast(1 as double) as frequency,
        coalesce(cast(numerator as double), 0) as individuals,
        {%- endif %}
        {{ dsr_fault(repeat_events) }} as fault
    from {{ observations }}
),

bands as (
    select
        {{ key_list }},
        ageband,
        max(n) as n,
        max(w) as w,
        {{ exact_sum('frequency * individuals') }} as events,
        {{ exact_sum('frequency * frequency * individuals') }} as weighted_events,
        case
            when min(fault) is not null then min(fault)
            when min(n) <> max(n) or min(w) <> max(w) then 'band_differs_within_itself'
        end as fault
    from observed
    group by {{ key_list }}, ageband
),

expected as (
    select
        {%- for key in keys %}
        wanted.{{ key }},
        {%- endfor %}
        standard.ageband,
        cast(standard.stdpop as double) as w
    from (select distinct {{ key_list }} from bands) as wanted
    cross join {{ standard }} as standard
),

completeness as (
    select
        {%- for key in keys %}
        expected.{{ key }},
        {%- endfor %}
        {{ listed('case when bands.ageband is null then expected.ageband end') }} as bands_missing,
        {{ listed('case when bands.w <> expected.w then expected.ageband end') }} as bands_not_standard
    from expected
    left join bands
        on expected.ageband = bands.ageband
        {%- for key in keys %}
        and expected.{{ key }} = bands.{{ key }}
        {%- endfor %}
    group by {% for key in keys %}expected.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
),

totals as (
    select
        {{ key_list }},
        {{ exact_sum('events') }} as total_count,
        {{ exact_sum('n') }} as total_pop,
        {{ exact_sum('w') }} as total_w,
        {{ ordered_sum('w * events / nullif(n, 0)', 'ageband') }} as weighted_rate,
        {{ ordered_sum('weighted_events * (w / nullif(n, 0)) * (w / nullif(n, 0))', 'ageband') }} as weighted_variance,
        min(fault) as fault
    from bands
    group by {{ key_list }}
),

rates as (
    select
        {%- for key in keys %}
        totals.{{ key }},
        {%- endfor %}
        totals.total_count,
        totals.total_pop,
        totals.weighted_rate / nullif(totals.total_w, 0) as rate,
        totals.weighted_variance / nullif(totals.total_w * totals.total_w, 0) as variance,
        totals.fault is null and totals.total_count >= {{ byar_from() }} as has_rate,
        completeness.bands_missing,
        completeness.bands_not_standard,
        totals.fault,
        cast({{ multiplier }} as double) as multiplier,
        {{ level_columns(levels) }}
    from totals
    left join completeness
        on {% for key in keys %}{{ 'and ' if not loop.first }}totals.{{ key }} = completeness.{{ key }} {% endfor %}
)

select
    {{ key_list }},
    total_count,
    total_pop,
    variance,
    case when has_rate then rate * multiplier end as value,
    {%- for level in levels %}
    {%- set z = 'z_' ~ loop.index %}
    {%- for end, limit in [('lower', byar_lower('total_count', z)), ('upper', byar_upper('total_count', z))] %}
    case
        when has_rate
            then (rate + sqrt(variance / total_count) * ({{ limit }} - total_count)) * multiplier
    end as {{ end }}{{ level_suffix(level) }}cl,
    {%- endfor %}
    {%- endfor %}
    bands_missing,
    bands_not_standard,
    fault
from rates
{%- endmacro %}

{#-
    Indirectly standardised: observed over expected events, with exact or Byar's limits of the observed.
        expected = sum(n x reference events / reference population)
        ratio = observed / expected x factor;  rate = the same x the reference's own crude rate

    observations    keys, ageband, numerator, denominator, ref_numerator, ref_denominator; a missing numerator is
                    none, a missing denominator expects none and is said in bands_without_population
    factor          100 for a ratio; 'ref_rate' for a rate per `multiplier`

    Nothing is expected where there is no population: value and limits are null then. A group without all bands of
    the others has no figure: its expected events, and its reference rate, would be of another standard.
-#}

{% macro isr_fault() -%}
case
    when ageband is null then 'age_band_missing'
    when numerator < 0 then 'numerator_negative'
    when denominator < 0 then 'denominator_negative'
    when ref_numerator < 0 then 'reference_numerator_negative'
    when ref_denominator is null then 'reference_denominator_missing'
    when ref_denominator <= 0 then 'reference_denominator_not_positive'
end
{%- endmacro %}

{% macro isr(observations, keys, poisson_limits, factor=100, multiplier=100000, levels=[0.95, 0.998]) -%}
{%- set key_list = keys | join(', ') -%}
with

bands as (
    select
        {{ key_list }},
        ageband,
        cast(numerator as double) as x,
        cast(denominator as double) as n,
        coalesce(cast(ref_numerator as double), 0) as ref_x,
        cast(ref_denominator as double) as ref_n,
        {{ isr_fault() }} as fault
    from {{ observations }}
),

expected_bands as (
    select
        {%- for key in keys %}
        wanted.{{ key }},
        {%- endfor %}
        every_band.ageband
    from (select distinct {{ key_list }} from bands) as wanted
    cross join (select distinct ageband from bands) as every_band
),

completeness as (
    select
        {%- for key in keys %}
        expected_bands.{{ key }},
        {%- endfor %}
        {{ listed('case when bands.ageband is null then expected_bands.ageband end') }} as bands_missing,
        {{ listed('case when bands.ageband is not null and bands.n is null then bands.ageband end') }}
            as bands_without_population,
        count(case when bands.ageband is null then 1 end) as missing
    from expected_bands
    left join bands
        on expected_bands.ageband = bands.ageband
        {%- for key in keys %}
        and expected_bands.{{ key }} = bands.{{ key }}
        {%- endfor %}
    group by {% for key in keys %}expected_bands.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
),

totals as (
    select
        {{ key_list }},
        coalesce({{ exact_sum('x') }}, 0) as observed,
        {{ ordered_sum('coalesce(n, 0) * ref_x / nullif(ref_n, 0)', 'ageband') }} as expected,
        {{ exact_sum('ref_x') }} / nullif({{ exact_sum('ref_n') }}, 0) as reference,
        min(fault) as fault
    from bands
    group by {{ key_list }}
),

ratios as (
    select
        {%- for key in keys %}
        totals.{{ key }},
        {%- endfor %}
        totals.observed,
        totals.expected,
        totals.reference * cast({{ multiplier }} as double) as ref_rate,
        case when totals.fault is null and completeness.missing = 0 and totals.expected > 0 then totals.expected end
            as sound_expected,
        completeness.bands_missing,
        completeness.bands_without_population,
        totals.fault,
        {{ level_columns(levels) }}
    from totals
    left join completeness
        on {% for key in keys %}{{ 'and ' if not loop.first }}totals.{{ key }} = completeness.{{ key }} {% endfor %}
)

select
    {{ key_list }},
    ratios.observed,
    expected,
    ref_rate,
    ratios.observed / sound_expected * {{ factor }} as value,
    {%- for level in levels %}
    {%- set z = 'z_' ~ loop.index %}
    {%- set exact = 'exact_' ~ loop.index %}
    ({{ poisson_lower('ratios.observed', z, exact) }})
    / sound_expected * {{ factor }} as lower{{ level_suffix(level) }}cl,
    ({{ poisson_upper('ratios.observed', z, exact) }})
    / sound_expected * {{ factor }} as upper{{ level_suffix(level) }}cl,
    {%- endfor %}
    {{ poisson_method('ratios.observed') }} as method,
    bands_missing,
    bands_without_population,
    fault
from ratios
{{ poisson_joins(poisson_limits, levels, 'ratios.observed') }}
{%- endmacro %}

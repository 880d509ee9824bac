{#-
    Slope and relative index of inequality (SII, RII) over quantiles of deprivation, 1 the most deprived, with limits
    in closed form: no random numbers, so the same rows give the same figures. Levels as in `inequality.sql`.

    The reference draws 100,000 values a quantile from a normal distribution (of the value, of its log for a rate,
    of its logit for a proportion), fits a line to each draw and takes order statistics. Here the distribution of
    the fit is worked out:
    - fitted on the drawn scale (value_type 0, or transform): the slope is a sum of normals, so normal itself;
    - fitted on the natural scale to values drawn on another: the first four cumulants of each quantile's value, by
      the trapezium rule, give those of the fit, and the Cornish-Fisher expansion its quantile;
    - the ratio of the line's two ends lies below r where (least deprived end) - r (most deprived end) is below
      zero: Fieller's theorem, with the same expansion put in for the normal quantile.
    Fisher RA, Cornish EA (1960), Technometrics 2:209. Fieller EC (1954), J R Stat Soc B 16:175.

    observations    keys, quantile (whole), population, count (may be null), value, lower_cl and upper_cl (95 %
                    limits of value) or se; se is on the scale that is drawn on, as in the reference
    value_type      0 other, 1 rate, 2 proportion; a column or a number
    transform       fit on the log (rate) or logit (proportion) scale; a column or true, false
    multiplier      negative where a high figure is bad: SII is then positive and RII above 1 where the most
                    deprived fare worse
    quantiles       how many a group must have; none: as many as its highest says

    Gives n_quantiles, value_type, transform, multiplier, sii, rii, intercept, limits, slope (on the fitted scale),
    fault (of a row), state: quantile_missing, quantile_twice, quantiles_out_of_range (no figures),
    line_crosses_zero (no RII). A limit of the RII that would lie beyond zero is null.
-#}

{#- The scale that values are drawn on, and back. -#}
{% macro sii_scaled(value, value_type) -%}
case {{ value_type }}
    when 0 then {{ value }}
    when 1 then case when {{ value }} > 0 then ln({{ value }}) end
    when 2 then case when {{ value }} > 0 and {{ value }} < 1 then ln({{ value }} / (1 - {{ value }})) end
end
{%- endmacro %}

{% macro sii_unscaled(value, value_type) -%}
case {{ value_type }}
    when 0 then {{ value }}
    when 1 then exp({{ value }})
    when 2 then 1 / (1 + exp(-({{ value }})))
end
{%- endmacro %}

{% macro sii_fault(value_type='value_type', transform='transform', multiplier='multiplier') -%}
case
    when quantile is null or quantile < 1 then 'quantile_no_number'
    when population is null or population <= 0 then 'population_not_positive'
    when count <= 0 then 'count_not_positive'
    when {{ value_type }} is null or {{ value_type }} not in (0, 1, 2) then 'value_type_unknown'
    when {{ multiplier }} is null or {{ multiplier }} = 0 then 'multiplier_zero'
    when {{ transform }} and {{ value_type }} = 0 then 'nothing_to_transform'
    when value is null then 'value_missing'
    when {{ value_type }} = 2 and (value < 0 or value > 1) then 'value_no_proportion'
    when {{ value_type }} = 1 and value < 0 then 'value_negative'
    when se is not null and {{ transform }} then 'se_with_transform'
    when se < 0 then 'se_negative'
    when se is null and (lower_cl is null or upper_cl is null) then 'limits_missing'
    when se is null and lower_cl > upper_cl then 'limits_crossed'
    when se is null and {{ value_type }} = 2 and (lower_cl < 0 or upper_cl > 1) then 'limit_no_proportion'
    when {{ value_type }} in (1, 2) and (value <= 0 or (se is null and lower_cl <= 0)) then 'no_log_of_zero'
    when {{ value_type }} = 2 and (value >= 1 or (se is null and upper_cl >= 1)) then 'no_log_of_zero'
end
{%- endmacro %}

{#- The cumulant of (least deprived end) - r (most deprived end), from the columns ends_<power>_<j> of `fits`. -#}
{% macro sii_end_cumulant(power, r) -%}
{%- set binomial = {1: [1, 1], 2: [1, 2, 1], 3: [1, 3, 3, 1], 4: [1, 4, 6, 4, 1]}[power] -%}
{%- for times in binomial %}
{%- set j = loop.index0 %}
{{- ' + ' if not loop.first }}{{ times }} * ends_{{ power }}_{{ j }}{% for _ in range(j) %} * (-{{ r }}){% endfor %}
{%- endfor -%}
{%- endmacro %}

{#- Mean, standard deviation, skewness and kurtosis of that difference, as columns. -#}
{% macro sii_shape(r) -%}
        {{ sii_end_cumulant(1, r) }} as fit_mean,
        sqrt({{ sii_end_cumulant(2, r) }}) as fit_sd,
        {{ sii_end_cumulant(3, r) }} as fit_cumulant_3,
        {{ sii_end_cumulant(4, r) }} as fit_cumulant_4
{%- endmacro %}

{#- What stands in for the normal quantile z where the fit is skewed. -#}
{% macro sii_cornish_fisher() -%}
z + (z * z - 1) * coalesce(fit_cumulant_3 / nullif(fit_sd * fit_sd * fit_sd, 0), 0) / 6
            + (z * z * z - 3 * z) * coalesce(fit_cumulant_4 / nullif(fit_sd * fit_sd * fit_sd * fit_sd, 0), 0) / 24
            - (2 * z * z * z - 5 * z) * coalesce(
                fit_cumulant_3 * fit_cumulant_3 / nullif(fit_sd * fit_sd * fit_sd * fit_sd * fit_sd * fit_sd, 0), 0
            ) / 36
{%- endmacro %}

{#- The ratio of the ends at `score` standard deviations; null where the most deprived end may be zero. -#}
{% macro sii_fieller() -%}
case
            when ends_1_1 > 0 and ends_1_1 * ends_1_1 > score * score * ends_2_2
                then (
                    ends_1_0 * ends_1_1 - score * score * ends_2_1
                    + score * sqrt(greatest(
                        0,
                        ends_1_1 * ends_1_1 * ends_2_0 + ends_1_0 * ends_1_0 * ends_2_2
                        - 2 * ends_1_0 * ends_1_1 * ends_2_1
                        + score * score * (ends_2_1 * ends_2_1 - ends_2_2 * ends_2_0)
                    ))
                ) / (ends_1_1 * ends_1_1 - score * score * ends_2_2)
        end
{%- endmacro %}

{% macro sii(
    observations,
    keys,
    value_type='value_type',
    transform='transform',
    multiplier='multiplier',
    quantiles=none,
    levels=[0.95, 0.998]
) -%}
{%- set key_list = keys | join(', ') -%}
{#-
    The trapezium rule at every 0.75 of a standard deviation from -6.75 to 6.75: its error for a smooth function of a
    normal is exp(-2 pi^2 / 0.75^2), 6e-16, and what lies beyond 6.75 is 1e-11. 1 / sqrt(2 pi) is 0.3989...
-#}
{%- set nodes = range(-9, 10) -%}
with

given as (
    select
        {{ key_list }},
        cast(quantile as int) as quantile,
        cast(population as double) as population,
        cast(value as double) as value,
        {{ value_type }} as value_type,
        {{ transform }} as is_transformed,
        cast({{ multiplier }} as double) as multiplier,
        cast(lower_cl as double) as lower_cl,
        cast(upper_cl as double) as upper_cl,
        cast(se as double) as se,
        {{ sii_fault(value_type, transform, multiplier) }} as fault
    from {{ observations }}
),

grouped as (
    select
        {{ key_list }},
        max(value_type) as value_type,
        max(case when is_transformed then 1 else 0 end) = 1 as is_transformed,
        max(multiplier) as multiplier,
        cast(count(distinct quantile) as int) as n_quantiles,
        {{ exact_sum('population') }} as population,
        min(fault) as fault,
        case
            when min(fault) is not null then cast(null as string)
            when count(distinct quantile) < count(*) then 'quantile_twice'
            when min(quantile) < 1 or count(distinct quantile) < max(quantile) then 'quantile_missing'
            {%- if quantiles is not none %}
            when max(quantile) > {{ quantiles }} then 'quantiles_out_of_range'
            when max(quantile) < {{ quantiles }} then 'quantile_missing'
            {%- endif %}
            when max(quantile) not between 5 and 100 then 'quantiles_out_of_range'
            when min(value_type) <> max(value_type) or min(multiplier) <> max(multiplier)
                or min(case when is_transformed then 1 else 0 end) <> max(case when is_transformed then 1 else 0 end)
                then 'settings_differ_within_group'
        end as state
    from given
    group by {{ key_list }}
),

sound as (
    select
        {%- for key in keys %}
        given.{{ key }},
        {%- endfor %}
        given.quantile,
        given.value,
        grouped.value_type,
        grouped.is_transformed,
        given.population / grouped.population as share,
        (
            sum(given.population) over (
                partition by {% for key in keys %}given.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
                order by given.quantile rows between unbounded preceding and current row
            ) - given.population / 2
        ) / grouped.population - 0.5 as position,
        {{ sii_scaled('given.value', 'grouped.value_type') }} as drawn_mean,
        coalesce(
            given.se,
            ({{ sii_scaled('given.upper_cl', 'grouped.value_type') }}
            - {{ sii_scaled('given.lower_cl', 'grouped.value_type') }}) / (2 * {{ level_z(0.95) }})
        ) as drawn_sd
    from given
    inner join grouped
        on {% for key in keys %}{{ 'and ' if not loop.first }}given.{{ key }} = grouped.{{ key }} {% endfor %}
    where grouped.fault is null and grouped.state is null
),

dispersions as (
    select
        {{ key_list }},
        {{ ordered_sum('share * position * position', 'quantile') }} as dispersion
    from sound
    group by {{ key_list }}
),

{#- What a draw gives at each node, as a distance from the middle draw: only where the fit is on another scale. -#}
draws as (
    select
        {{ key_list }},
        quantile,
        {%- for node in nodes %}
        {{ sii_unscaled('drawn_mean + drawn_sd * ' ~ node * 0.75, 'value_type') }}
        - {{ sii_unscaled('drawn_mean', 'value_type') }} as distance_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sound
    where not is_transformed and value_type <> 0
),

draw_moments as (
    select
        {{ key_list }},
        quantile,
        {%- for power in [1, 2, 3, 4] %}
        {%- for node in nodes %}
        {%- set weight = 0.75 * 0.3989422804014327 * 2.718281828459045 ** (-node * node * 0.28125) %}
        {{ '+ ' if not loop.first }}{{ weight }}{{ (' * distance_' ~ loop.index) * power }}
        {%- endfor %} as moment_{{ power }}{{ ',' if not loop.last }}
        {%- endfor %}
    from draws
),

{#- Cumulants of what is fitted, and each quantile's part in the two ends of the line. -#}
cumulants as (
    select
        {%- for key in keys %}
        sound.{{ key }},
        {%- endfor %}
        sound.quantile,
        sound.share,
        sound.share * sound.position / dispersions.dispersion as slope_part,
        case when sound.is_transformed then sound.drawn_mean else sound.value end as fitted,
        case
            when draw_moments.moment_1 is not null
                then {{ sii_unscaled('sound.drawn_mean', 'sound.value_type') }} + draw_moments.moment_1
            else sound.drawn_mean
        end as cumulant_1,
        coalesce(
            draw_moments.moment_2 - draw_moments.moment_1 * draw_moments.moment_1,
            sound.drawn_sd * sound.drawn_sd
        ) as cumulant_2,
        coalesce(
            draw_moments.moment_3 - 3 * draw_moments.moment_1 * draw_moments.moment_2
            + 2 * draw_moments.moment_1 * draw_moments.moment_1 * draw_moments.moment_1,
            0
        ) as cumulant_3,
        coalesce(
            draw_moments.moment_4 - 4 * draw_moments.moment_1 * draw_moments.moment_3
            - 3 * draw_moments.moment_2 * draw_moments.moment_2
            + 12 * draw_moments.moment_1 * draw_moments.moment_1 * draw_moments.moment_2
            - 6 * draw_moments.moment_1 * draw_moments.moment_1 * draw_moments.moment_1 * draw_moments.moment_1,
            0
        ) as cumulant_4
    from sound
    inner join dispersions
        on {% for key in keys %}{{ 'and ' if not loop.first }}sound.{{ key }} = dispersions.{{ key }} {% endfor %}
    left join draw_moments
        on sound.quantile = draw_moments.quantile
        {%- for key in keys %}
        and sound.{{ key }} = draw_moments.{{ key }}
        {%- endfor %}
),

{#- ends_<power>_<j>: cumulants of the line's least deprived end, j times mixed with the most deprived one. -#}
fits as (
    select
        {{ key_list }},
        {{ ordered_sum('share * fitted', 'quantile') }} as middle,
        {{ ordered_sum('slope_part * fitted', 'quantile') }} as slope,
        {%- for power in [1, 2, 3, 4] %}
        {%- for j in range(power + 1) %}
        {%- set summand = ['cumulant_' ~ power]
            + ['(share + slope_part / 2)'] * (power - j) + ['(share - slope_part / 2)'] * j %}
        {{ ordered_sum(summand | join(' * '), 'quantile') }} as ends_{{ power }}_{{ j }}
            {{- ',' if not (power == 4 and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from cumulants
    group by {{ key_list }}
),

{#- The two ends of each level's interval. -#}
ends as (
    select
        level_number,
        side,
        side * cast(level_z as double) as z
    from (
        values
        {%- for level in levels %}
        ({{ loop.index }}, -1, {{ level_z(level) }}),
        ({{ loop.index }}, 1, {{ level_z(level) }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as sides (level_number, side, level_z)
),

slope_shape as (
    select
        fits.*,
        ends.level_number,
        ends.side,
        ends.z,
        {{ sii_shape(1) }}
    from fits
    cross join ends
),

slope_limits as (
    select
        *,
        z as score,
        fit_mean + fit_sd * ({{ sii_cornish_fisher() }}) as difference,
        slope + z * fit_sd as slope_limit
    from slope_shape
),

{#- The ratio's limits: Fieller's at the normal quantile, then twice at that of the fit at the last ratio. -#}
{%- set carried = ['middle', 'slope', 'slope_limit', 'difference', 'level_number', 'side', 'z'] %}
{%- for power in [1, 2, 3, 4] %}
{%- for j in range(power + 1) %}
{%- do carried.append('ends_' ~ power ~ '_' ~ j) %}
{%- endfor %}
{%- endfor %}

ratio_0 as (
    select
        {{ key_list }},
        {{ carried | join(', ') }},
        {{ sii_fieller() }} as ratio
    from slope_limits
),
{% for round in [1, 2] %}
shape_{{ round }} as (
    select
        {{ key_list }},
        {{ carried | join(', ') }},
        {{ sii_shape('ratio') }}
    from ratio_{{ round - 1 }}
),

score_{{ round }} as (
    select
        *,
        {{ sii_cornish_fisher() }} as score
    from shape_{{ round }}
),

ratio_{{ round }} as (
    select
        {{ key_list }},
        {{ carried | join(', ') }},
        {{ sii_fieller() }} as ratio
    from score_{{ round }}
),
{% endfor %}
{#- On a transformed scale the slope alone varies, about the line's middle. -#}
scaled as (
    select
        {%- for key in keys %}
        grouped.{{ key }},
        {%- endfor %}
        grouped.is_transformed,
        fits.level_number,
        fits.side,
        fits.slope,
        fits.difference,
        fits.ratio,
        {%- for end, sign in [('most', '-'), ('least', '+')] %}
        case
            when grouped.is_transformed
                then {{ sii_unscaled('fits.middle ' ~ sign ~ ' fits.slope / 2', 'grouped.value_type') }}
            else fits.middle {{ sign }} fits.slope / 2
        end as {{ end }}_deprived,
        case
            when grouped.is_transformed
                then {{ sii_unscaled('fits.middle ' ~ sign ~ ' fits.slope_limit / 2', 'grouped.value_type') }}
        end as {{ end }}_deprived_limit{{ ',' if loop.first }}
        {%- endfor %}
    from grouped
    inner join ratio_2 as fits
        on {% for key in keys %}{{ 'and ' if not loop.first }}grouped.{{ key }} = fits.{{ key }} {% endfor %}
),

limits as (
    select
        {{ key_list }},
        slope,
        most_deprived,
        least_deprived,
        level_number,
        side,
        case when is_transformed then least_deprived_limit - most_deprived_limit else difference end as difference,
        case
            when is_transformed then least_deprived_limit / most_deprived_limit
            when ratio > 0 then ratio
        end as ratio
    from scaled
),

wide as (
    select
        {{ key_list }},
        max(slope) as slope,
        max(most_deprived) as most_deprived,
        max(least_deprived) as least_deprived,
        {%- for level in levels %}
        {%- set number = loop.index %}
        {%- set last_level = loop.last %}
        {%- for end, side in [('lower', -1), ('upper', 1)] %}
        max(case when level_number = {{ number }} and side = {{ side }} then difference end)
            as difference_{{ end }}_{{ number }},
        max(case when level_number = {{ number }} and side = {{ side }} then ratio end)
            as ratio_{{ end }}_{{ number }}{{ ',' if not (last_level and loop.last) }}
        {%- endfor %}
        {%- endfor %}
    from limits
    group by {{ key_list }}
),

lines as (
    select
        {%- for key in keys %}
        grouped.{{ key }},
        {%- endfor %}
        grouped.value_type,
        grouped.is_transformed,
        grouped.multiplier,
        grouped.n_quantiles,
        grouped.fault,
        grouped.state,
        {%- for level in levels %}
        {%- set number = loop.index %}
        {%- for column in ['difference_lower_', 'difference_upper_', 'ratio_lower_', 'ratio_upper_'] %}
        wide.{{ column }}{{ number }},
        {%- endfor %}
        {%- endfor %}
        wide.slope,
        wide.most_deprived,
        wide.least_deprived
    from grouped
    left join wide
        on {% for key in keys %}{{ 'and ' if not loop.first }}grouped.{{ key }} = wide.{{ key }} {% endfor %}
)
{% set has_ratio = 'most_deprived > 0 and least_deprived > 0' %}
select
    {{ key_list }},
    value_type,
    is_transformed as transform,
    multiplier,
    n_quantiles,
    slope,
    (least_deprived - most_deprived) * multiplier as sii,
    case
        when {{ has_ratio }} and multiplier < 0 then most_deprived / least_deprived
        when {{ has_ratio }} then least_deprived / most_deprived
    end as rii,
    case when is_transformed then most_deprived * abs(multiplier) else most_deprived end as intercept,
    {%- for level in levels %}
    {%- set i = loop.index %}
    {%- set suffix = level_suffix(level) %}
    {%- for end, turned in [('lower', 'upper'), ('upper', 'lower')] %}
    case when multiplier < 0 then difference_{{ turned }}_{{ i }} else difference_{{ end }}_{{ i }} end * multiplier
        as sii_{{ end }}{{ suffix }}cl,
    case
        when {{ has_ratio }} and multiplier < 0 then 1 / nullif(ratio_{{ turned }}_{{ i }}, 0)
        when {{ has_ratio }} then ratio_{{ end }}_{{ i }}
    end as rii_{{ end }}{{ suffix }}cl,
    {%- endfor %}
    {%- endfor %}
    fault,
    case when most_deprived <= 0 or least_deprived <= 0 then 'line_crosses_zero' else state end as state
from lines
{%- endmacro %}

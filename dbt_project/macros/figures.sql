{#-
    numerator x multiplier / denominator, exact until the one division; null where the denominator is null
    or zero. Sum numerators and denominators first: a rate is never averaged. Twelve places, because SPC
    needs them (six lose 5e-4 of a rate near 0.0004). The numerator is widened first: as decimal(18, 6) times
    decimal(12, 4) DuckDB overflows from a product of 1e8 on, which is a million in a percentage.
-#}
{% macro ratio(numerator, denominator, multiplier) -%}
cast(cast({{ numerator }} as decimal(28, 6)) * {{ multiplier }} / nullif({{ denominator }}, 0) as decimal(24, 12))
{%- endmacro %}

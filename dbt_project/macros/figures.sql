{#-
    numerator x multiplier / denominator, exact until the one division; null where the denominator is null
    or zero. Sum numerators and denominators first: a rate is never averaged. Twelve places, because SPC
    needs them (six lose 5e-4 of a rate near 0.0004).
-#}
{% macro ratio(numerator, denominator, multiplier) -%}
cast({{ numerator }} * {{ multiplier }} / nullif({{ denominator }}, 0) as decimal(24, 12))
{%- endmacro %}

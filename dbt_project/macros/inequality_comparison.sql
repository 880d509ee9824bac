{#-
    Two proportions beside each other, in percentage points and as a ratio, with limits. The parts are independent
    groups; appointments of one person are counted as if they were of several, so limits are too narrow where few
    people have many.

    Difference: Newcombe RG (1998), Statistics in Medicine 17:873, method 10, from Wilson's limits of each.
    Ratio: Katz D et al (1978), Biometrics 34:469, on the log scale; null where either count is none.

    Arguments are expressions: p, lower, upper as percentages; x, n counts; z a normal quantile.
-#}
{% macro difference_lower(p, lower, other_p, other_upper) -%}
{{ p }} - {{ other_p }}
- sqrt(({{ p }} - {{ lower }}) * ({{ p }} - {{ lower }})
    + ({{ other_upper }} - {{ other_p }}) * ({{ other_upper }} - {{ other_p }}))
{%- endmacro %}

{% macro difference_upper(p, upper, other_p, other_lower) -%}
{{ p }} - {{ other_p }}
+ sqrt(({{ upper }} - {{ p }}) * ({{ upper }} - {{ p }})
    + ({{ other_p }} - {{ other_lower }}) * ({{ other_p }} - {{ other_lower }}))
{%- endmacro %}

{#- `side` is -1 or 1. -#}
{% macro ratio_limit(x, n, other_x, other_n, z, side) -%}
case
    when {{ x }} > 0 and {{ other_x }} > 0
        then exp(
            ln(({{ x }} / {{ n }}) / ({{ other_x }} / {{ other_n }}))
            + {{ side }} * {{ z }} * sqrt(greatest(
                0, 1 / {{ x }} - 1 / {{ n }} + 1 / {{ other_x }} - 1 / {{ other_n }}
            ))
        )
end
{%- endmacro %}

{#-
    One deterministic column out of the columns of a key, for tools that join on a single one. The
    separator keeps ('a', 'bc') and ('ab', 'c') apart.
-#}
{% macro surrogate_key(columns) -%}
md5(concat_ws('|'
    {%- for column in columns %}, coalesce(cast({{ column }} as string), ''){% endfor -%}
))
{%- endmacro %}

{#- Schemas are named by layer or domain alone, exactly as in the published database. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
{{ custom_schema_name or target.schema }}
{%- endmacro %}

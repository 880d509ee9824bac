{#- The financial year of a date, April to March, as '2024-25'. -#}
{% macro financial_year(day) -%}
{%- set first_year -%}
(extract(year from {{ day }}) - case when extract(month from {{ day }}) < 4 then 1 else 0 end)
{%- endset -%}
concat(cast({{ first_year }} as string), '-', lpad(cast(({{ first_year }} + 1) % 100 as string), 2, '0'))
{%- endmacro %}

{#- The financial year of a date, April to March, as '2024-25'. -#}
{% macro financial_year(day) -%}
{%- set first_year -%}
(extract(year from {{ day }}) - case when extract(month from {{ day }}) < 4 then 1 else 0 end)
{%- endset -%}
concat(cast({{ first_year }} as string), '-', lpad(cast(({{ first_year }} + 1) % 100 as string), 2, '0'))
{%- endmacro %}

{#- The last day of a period of access: of a quarter, or of the twelve months that begin with the date. -#}
{% macro access_period_end(period_type, period_start_date) -%}
case
    when {{ period_type }} = 'snapshot' then {{ period_start_date }}
    when {{ period_type }} = 'quarter' then {{ days_later(months_later(period_start_date, 3), -1) }}
    else {{ days_later(months_later(period_start_date, 12), -1) }}
end
{%- endmacro %}

{#- The months since year 0 of a date, a whole number, for adding and comparing. -#}
{% macro month_number(day) -%}
(extract(year from {{ day }}) * 12 + extract(month from {{ day }}))
{%- endmacro %}

{#- The first day of a month given by that number. -#}
{% macro month_of_number(number) -%}
{{ months_later("cast('2000-01-01' as date)", 'cast(' ~ number ~ ' - 24001 as int)') }}
{%- endmacro %}

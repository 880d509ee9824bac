{#-
    The only place where DuckDB and Spark differ. Each macro takes SQL expressions and gives one.
    `default__` is DuckDB.
-#}

{#-
    Text as ward names are compared by: trimmed, case-folded, every run of spaces (no-break ones too) as
    one.
-#}
{% macro match_text(text) -%}
{{ return(adapter.dispatch('match_text', 'qls')(text)) }}
{%- endmacro %}

{% macro default__match_text(text) -%}
lower(trim(regexp_replace({{ text }}, '[\s\x{00A0}]+', ' ', 'g')))
{%- endmacro %}

{% macro spark__match_text(text) -%}
lower(trim(regexp_replace({{ text }}, '[\\s\\x{00A0}]+', ' ')))
{%- endmacro %}

{#- How alike two texts are, from 0 to 1. -#}
{% macro similarity(left_text, right_text) -%}
{{ return(adapter.dispatch('similarity', 'qls')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__similarity(left_text, right_text) -%}
jaro_winkler_similarity({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro spark__similarity(left_text, right_text) -%}
1 - levenshtein({{ left_text }}, {{ right_text }})
/ greatest(length({{ left_text }}), length({{ right_text }}))
{%- endmacro %}

{#- Whole days from one date to a later one. -#}
{% macro days_between(from_date, to_date) -%}
{{ return(adapter.dispatch('days_between', 'qls')(from_date, to_date)) }}
{%- endmacro %}

{% macro default__days_between(from_date, to_date) -%}
date_diff('day', {{ from_date }}, {{ to_date }})
{%- endmacro %}

{% macro spark__days_between(from_date, to_date) -%}
datediff({{ to_date }}, {{ from_date }})
{%- endmacro %}

{#- A date some months later (a whole number, as an expression). -#}
{% macro months_later(from_date, months) -%}
{{ return(adapter.dispatch('months_later', 'qls')(from_date, months)) }}
{%- endmacro %}

{% macro default__months_later(from_date, months) -%}
cast({{ from_date }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__months_later(from_date, months) -%}
add_months({{ from_date }}, {{ months }})
{%- endmacro %}

{#- A date some days later (a whole number, as an expression). -#}
{% macro days_later(from_date, days) -%}
{{ return(adapter.dispatch('days_later', 'qls')(from_date, days)) }}
{%- endmacro %}

{% macro default__days_later(from_date, days) -%}
cast({{ from_date }} + cast({{ days }} as int) as date)
{%- endmacro %}

{% macro spark__days_later(from_date, days) -%}
date_add({{ from_date }}, {{ days }})
{%- endmacro %}

{#-
    A sum of doubles in the order of another expression: a plain one takes the rows as threads bring them, and its
    last digits differ from run to run.
-#}
{% macro ordered_sum(summand, order) -%}
{{ return(adapter.dispatch('ordered_sum', 'qls')(summand, order)) }}
{%- endmacro %}

{% macro default__ordered_sum(summand, order) -%}
sum({{ summand }} order by {{ order }})
{%- endmacro %}

{% macro spark__ordered_sum(summand, order) -%}
aggregate(
    array_sort(collect_list(named_struct('position', {{ order }}, 'summand', {{ summand }}))),
    cast(0 as double),
    (total, item) -> total + item.summand
)
{%- endmacro %}

{#- The texts of a group in one, in order, with commas; empty or null where there are none. -#}
{% macro listed(text) -%}
{{ return(adapter.dispatch('listed', 'qls')(text)) }}
{%- endmacro %}

{% macro default__listed(text) -%}
string_agg({{ text }}, ', ' order by {{ text }})
{%- endmacro %}

{% macro spark__listed(text) -%}
concat_ws(', ', sort_array(collect_list({{ text }})))
{%- endmacro %}

{#-
    A decimal of twelve places as one that can be added and multiplied without loss. Spark gives up places of
    a product to hold its digits, so there it counts in millionths of millionths, in whole numbers, which have
    none to give up; DuckDB gives up none, and would take six times as long for the division.
-#}
{% macro exact_units(value) -%}
{{ return(adapter.dispatch('exact_units', 'qls')(value)) }}
{%- endmacro %}

{% macro default__exact_units(value) -%}
cast({{ value }} as decimal(38, 12))
{%- endmacro %}

{% macro spark__exact_units(value) -%}
cast(cast({{ value }} as decimal(38, 12)) * 1000000000000 as decimal(38, 0))
{%- endmacro %}

{#- The double of what was made of `exact_units` by sums and by products with whole numbers. -#}
{% macro units_as_double(units) -%}
{{ return(adapter.dispatch('units_as_double', 'qls')(units)) }}
{%- endmacro %}

{% macro default__units_as_double(units) -%}
cast({{ units }} as double)
{%- endmacro %}

{% macro spark__units_as_double(units) -%}
cast({{ units }} as double) / 1e12
{%- endmacro %}

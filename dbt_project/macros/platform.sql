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

{#-
    The texts of a group in one, in their own order or in that of another expression, with commas between; empty or null
    where there are none.
-#}
{% macro listed(text, between=', ', order=none) -%}
{{ return(adapter.dispatch('listed', 'qls')(text, between, order)) }}
{%- endmacro %}

{% macro default__listed(text, between, order) -%}
string_agg({{ text }}, '{{ between }}' order by {{ order or text }})
{%- endmacro %}

{% macro spark__listed(text, between, order) -%}
concat_ws(
    '{{ between }}',
    transform(
        array_sort(collect_list(named_struct('position', {{ order or text }}, 'text', {{ text }}))),
        item -> item.text
    )
)
{%- endmacro %}

{#- A row for each word of three letters or more of a text, in small letters. -#}
{% macro each_word(text) -%}
{{ return(adapter.dispatch('each_word', 'qls')(text)) }}
{%- endmacro %}

{% macro default__each_word(text) -%}
unnest(regexp_extract_all(lower({{ text }}), '[a-z0-9]{3,}'))
{%- endmacro %}

{% macro spark__each_word(text) -%}
explode(regexp_extract_all(lower({{ text }}), '([a-z0-9]{3,})', 1))
{%- endmacro %}

{#-
    The table function by which a reader searches the cards of the learning library, stored in the database: no
    extension is needed. Cards with more of the words come first; a rare word weighs more than a common one; the
    beginning of a word finds it, and so does a long one with a single slip.
-#}
{% macro create_search_library() -%}
{{ return(adapter.dispatch('create_search_library', 'qls')()) }}
{%- endmacro %}

{% macro default__create_search_library() -%}
create or replace macro {{ this.schema }}.search_library(words) as table
with
asked as (
    select distinct {{ word_stem('spoken_word') }} as word
    from (select {{ each_word('words') }} as spoken_word)
),
commonness as (
    select word, ln(1 + (select count(*) from {{ this.schema }}.rpt_learning_library) / count(*)) as rarity
    from {{ this.schema }}.rpt_learning_word
    group by word
),
hits as (
    select
        known.intervention_id,
        asked.word,
        max(
            known.word_weight * commonness.rarity
            * case when known.word = asked.word then 1 when starts_with(known.word, asked.word) then 0.8 else 0.5 end
        ) as hit
    from asked
    inner join {{ this.schema }}.rpt_learning_word as known
        on starts_with(known.word, asked.word)
        or (length(asked.word) >= 5 and damerau_levenshtein(known.word, asked.word) = 1)
    inner join commonness on known.word = commonness.word
    group by known.intervention_id, asked.word
),
found as (
    select intervention_id, cast(count(*) as int) as words_found, round(sum(hit), 3) as score
    from hits
    group by intervention_id
)
select found.words_found, found.score, cards.*
from found
inner join {{ this.schema }}.rpt_learning_library as cards using (intervention_id)
order by found.words_found desc, found.score desc, found.intervention_id
{%- endmacro %}

{#- Spark's readers search in the tool in which they read. -#}
{% macro spark__create_search_library() -%}
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

{#-
    Statements about a model whose rounds build one on another: DuckDB's guess at how many rows come out of them overflows
    by the third, and from then on it made its hash tables of the large side of a join, which took twice the time. Between
    the two the right side of a join is the one that is held, as written.
-#}
{% macro join_as_written() -%}
{{ return(adapter.dispatch('join_as_written', 'qls')()) }}
{%- endmacro %}

{% macro default__join_as_written() -%}
set disabled_optimizers = 'build_side_probe_side'
{%- endmacro %}

{% macro spark__join_as_written() -%}
{%- endmacro %}

{% macro join_as_estimated() -%}
{{ return(adapter.dispatch('join_as_estimated', 'qls')()) }}
{%- endmacro %}

{% macro default__join_as_estimated() -%}
reset disabled_optimizers
{%- endmacro %}

{% macro spark__join_as_estimated() -%}
{%- endmacro %}

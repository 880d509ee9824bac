{#-
    Words as they are searched by.

    Belongs here: what makes two forms of an English word one. Kept out: where words are found and how they are cut
    out of a text (platform.sql).
-#}

{#- A word without its commonest endings: falls, falling and fall are one. Cruder than Porter's stemmer, and enough. -#}
{% macro word_stem(word) -%}
case
    when {{ word }} like '%ies' and length({{ word }}) > 4
        then concat(substr({{ word }}, 1, length({{ word }}) - 3), 'y')
    when {{ word }} like '%ing' and length({{ word }}) > 6 then substr({{ word }}, 1, length({{ word }}) - 3)
    when {{ word }} like '%s' and {{ word }} not like '%ss' and length({{ word }}) > 3
        then substr({{ word }}, 1, length({{ word }}) - 1)
    else {{ word }}
end
{%- endmacro %}

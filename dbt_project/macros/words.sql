{#-
    Words as they are searched by, and as they stand within a sentence.

    Belongs here: what makes two forms of an English word one, and a capital a small letter. Kept out: where words are found and how they are cut
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

{#- A text that began a sentence, within one: its first letter small, unless it begins with an abbreviation. -#}
{% macro within_sentence(text) -%}
case
    when substr({{ text }}, 2, 1) = lower(substr({{ text }}, 2, 1))
        then concat(lower(substr({{ text }}, 1, 1)), substr({{ text }}, 2))
    else {{ text }}
end
{%- endmacro %}

-- The words of the cards, for searching: what stands in a name weighs more than what stands in a text.
with

cards as (
    select * from {{ ref('rpt_learning_library') }}
),

spoken as (
    {% for column, weight in [
        ('intervention_name', 4), ('problem_text', 3), ('summary_text', 3), ('indicators_expected', 2),
        ('begun_on', 1), ('adopted_by', 1),
    ] %}
    select
        intervention_id,
        {{ each_word(column) }} as spoken_word,
        {{ weight }} as weight
    from cards
    where {{ column }} is not null
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    intervention_id,
    {{ word_stem('spoken_word') }} as word,
    cast(max(weight) as int) as word_weight

from spoken
group by intervention_id, {{ word_stem('spoken_word') }}

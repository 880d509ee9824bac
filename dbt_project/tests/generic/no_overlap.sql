{#- No two rows of the same columns hold on the same day (valid_from to valid_to, half-open). -#}
{% test no_overlap(model, columns) %}
{{ config(meta={
    'severity': 'warning',
    'dimension': 'consistency',
    'description': 'No two rows of the same ' ~ columns | join(', ') ~ ' hold on the same day.',
}) }}

select followed.*
from (
    select
        *,
        lead(valid_from) over (partition by {{ columns | join(', ') }} order by valid_from) as next_valid_from
    from {{ model }}
) as followed
where next_valid_from is not null
    and (valid_to is null or valid_to > next_valid_from)

{% endtest %}

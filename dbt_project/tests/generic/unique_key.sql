{#- No two rows have the same key (nulls count as alike). -#}
{% test unique_key(model, columns) %}
{{ config(meta={
    'severity': 'critical',
    'dimension': 'uniqueness',
    'description': 'No two rows have the same key: ' ~ columns | join(', ') ~ '.',
}) }}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}

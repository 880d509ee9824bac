{#- None of the columns is ever null: one test a model, as each costs dbt 40 milliseconds. -#}
{% test never_null(model, columns) %}
{{ config(meta={
    'severity': 'critical',
    'dimension': 'completeness',
    'description': 'None of these columns is ever null: ' ~ columns | join(', ') ~ '.',
}) }}

select *
from {{ model }}
where {{ columns | join(' is null or ') }} is null

{% endtest %}

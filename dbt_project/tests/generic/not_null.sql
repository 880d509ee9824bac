{#- The column is never null. -#}
{% test not_null(model, column_name) %}
{{ config(meta={
    'severity': 'critical',
    'dimension': 'completeness',
    'description': 'The column ' ~ column_name ~ ' is never null.',
}) }}

select *
from {{ model }}
where {{ column_name }} is null

{% endtest %}

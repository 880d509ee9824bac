{#- The column is null or one of the values. -#}
{% test one_of(model, column_name, values) %}
{{ config(meta={
    'severity': 'critical',
    'dimension': 'validity',
    'description': 'The column ' ~ column_name ~ ' is one of: ' ~ values | join(', ') ~ '.',
}) }}

select *
from {{ model }}
where {{ column_name }} not in ('{{ values | join("', '") }}')

{% endtest %}

{#- The column is null or stands in a column of another model. -#}
{% test relates_to(model, column_name, to, field) %}
{{ config(meta={
    'severity': 'critical',
    'dimension': 'consistency',
    'description': 'The column ' ~ column_name ~ ' stands in the model it relates to.',
}) }}

with

children as (
    select * from {{ model }}
),

parents as (
    select distinct {{ field }} as parent_value
    from {{ to }}
)

select children.*
from children
left join parents on children.{{ column_name }} = parents.parent_value
where parents.parent_value is null
    and children.{{ column_name }} is not null

{% endtest %}

{#- The condition is true of every row, or unknown. Its meta names rule, severity, dimension, description. -#}
{% test holds(model, condition) %}

select *
from {{ model }}
where not ({{ condition }})

{% endtest %}

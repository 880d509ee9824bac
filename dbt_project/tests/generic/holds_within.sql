{#-
    The condition, of sums and counts, is true or unknown of every group of rows that are alike in the columns. Its
    meta names rule, severity, dimension, description.
-#}
{% test holds_within(model, columns, condition) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having not ({{ condition }})

{% endtest %}

-- Every exact count that a mart may show, one a row. Only complete periods: of the others nothing is shown.
{% set topics = ['outpatient', 'waiting', 'inpatient', 'ward'] %}
{% set models = {
    'outpatient': 'int_inequalities__access_count',
    'waiting': 'int_inequalities__waiting_count',
    'inpatient': 'int_inequalities__inpatient_count',
    'ward': 'int_inequalities__ward_count',
} %}
{% set of_topic = namespace(first=0) %}

with

{% for topic in topics %}
{{ topic }} as (
    select
        row_number() over (
            order by org_level, org_id, period_type, period_start_date, dimension_code, group_code
        ) as row_no,
        org_level,
        org_id,
        period_type,
        period_start_date,
        dimension_code,
        {% for count in access_counts(topic).split() %}
        {{ count }},
        {% endfor %}
        group_code
    from {{ ref(models[topic]) }}
    where is_complete
){{ ',' if not loop.last }}

{% endfor %}

{% for topic in topics %}
{% set is_last_topic = loop.last %}
{% for count in access_counts(topic).split() %}
select
    cast(row_no * 64 + {{ of_topic.first + loop.index0 }} as bigint) as cell_id,
    org_level,
    org_id,
    period_type,
    period_start_date,
    dimension_code,
    group_code,
    '{{ count }}' as count_code,
    {{ count }} as people

from {{ topic }}
{% if not (loop.last and is_last_topic) %}

union all

{% endif %}
{% endfor %}
{% set of_topic.first = of_topic.first + access_counts(topic).split() | length %}
{% endfor %}

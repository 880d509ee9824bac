-- Every exact count that a mart may show, one a row. Only complete periods: of the others nothing is shown.
{% set counts = access_counts().split() %}

with

figures as (
    select * from {{ ref('int_inequalities__access_count') }}
),

numbered as (
    select
        row_number() over (
            order by org_level, org_id, period_type, period_start_date, dimension_code, group_code
        ) as row_no,
        org_level,
        org_id,
        period_type,
        period_start_date,
        dimension_code,
        {% for count in counts %}
        {{ count }},
        {% endfor %}
        group_code
    from figures
    where is_complete
)

{% for count in counts %}
select
    cast(row_no * {{ counts | length }} + {{ loop.index0 }} as bigint) as cell_id,
    org_level,
    org_id,
    period_type,
    period_start_date,
    dimension_code,
    group_code,
    '{{ count }}' as count_code,
    {{ count }} as people

from numbered
{% if not loop.last %}

union all

{% endif %}
{% endfor %}

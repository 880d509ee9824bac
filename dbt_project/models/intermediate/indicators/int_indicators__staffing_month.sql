-- A ward that stands twice in a month, under two divisions or two names, counts once where both rows say the
-- same. Where they differ nobody can tell parts from versions: its hours are left empty, and its month is
-- lacking.
{% set figures = [
    'day_registered_planned_hours', 'day_registered_actual_hours',
    'day_unregistered_planned_hours', 'day_unregistered_actual_hours',
    'night_registered_planned_hours', 'night_registered_actual_hours',
    'night_unregistered_planned_hours', 'night_unregistered_actual_hours',
    'patient_count_midnight', 'missing_census_count',
] %}

with

returned as (
    select * from {{ ref('stg_indicators__safer_staffing') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

identified as (
    select
        ward_names.ward_id,
        returned.site_code,
        {% for figure in figures %}
        returned.{{ figure }},
        {% endfor %}
        concat_ws(
            '|',
            {% for figure in figures %}
            coalesce(cast(returned.{{ figure }} as string), ''){{ ',' if not loop.last }}
            {% endfor %}
        ) as all_figures,
        returned.month
    from returned
    inner join ward_names
        on ward_names.feed = 'safer_staffing'
        and returned.site_code = ward_names.site_code
        and returned.ward_name = ward_names.ward_name
        and returned.month = ward_names.used_from
    where ward_names.ward_id is not null
)

select
    ward_id,
    month,
    max(site_code) as site_code,
    {% for figure in figures %}
    case when count(distinct all_figures) = 1 then max({{ figure }}) end as {{ figure }},
    {% endfor %}
    cast(count(*) as int) as rows_delivered,
    count(distinct all_figures) = 1 as is_one_meaning

from identified
group by ward_id, month

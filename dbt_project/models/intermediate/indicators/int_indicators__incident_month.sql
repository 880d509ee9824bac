-- The summary lists what happened. A ward with a census and without a row had nothing of it, in a month that
-- its site delivered, and only where every name of that site and month is known: else the nameless rows may
-- be its own.
{% set counted = {
    'falls': "incident_type = 'fall'",
    'falls_with_harm': "incident_type = 'fall' and harm_level <> 'none'",
    'pressure_ulcers': "incident_type in ('pressure_ulcer_category_2', 'pressure_ulcer_category_3', "
        ~ "'pressure_ulcer_category_4', 'pressure_ulcer_unstageable')",
    'medication_incidents': "incident_type = 'medication'",
} %}

with

incidents as (
    select * from {{ ref('stg_indicators__incident_summary') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

bed_day_months as (
    select * from {{ ref('int_indicators__bed_day_month') }}
),

identified as (
    select
        ward_names.ward_id,
        incidents.site_code,
        incidents.month,
        incidents.incident_type,
        incidents.harm_level,
        incidents.incident_count
    from incidents
    inner join ward_names
        on ward_names.feed = 'incident_summary'
        and incidents.site_code = ward_names.site_code
        and incidents.ward_name = ward_names.ward_name
        and incidents.month = ward_names.used_from
),

site_months as (
    select
        site_code,
        month,
        count(ward_id) = count(*) as is_every_name_known
    from identified
    group by site_code, month
),

summed as (
    select
        {% for name, condition in counted.items() %}
        cast(sum(case when {{ condition }} then incident_count else 0 end) as bigint) as {{ name }},
        {% endfor %}
        ward_id,
        month
    from identified
    where ward_id is not null
    group by ward_id, month
)

select
    bed_day_months.ward_id,
    bed_day_months.month,
    {% for name in counted %}
    case
        when summed.ward_id is not null then summed.{{ name }}
        when site_months.is_every_name_known then 0
    end as {{ name }},
    {% endfor %}
    bed_day_months.site_code

from bed_day_months
inner join site_months
    on bed_day_months.site_code = site_months.site_code
    and bed_day_months.month = site_months.month
left join summed
    on bed_day_months.ward_id = summed.ward_id
    and bed_day_months.month = summed.month

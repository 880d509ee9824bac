-- The register row that holds at the end of the month, else the last that held in it: a rename, a move or
-- a closure within a month shows once. Months are those of which any feed of wards tells something.
{% set by_month = {
    'ward_indicator': 'month',
    'bed_days': 'census_date',
    'safer_staffing': 'month',
    'fft_submission': 'month',
    'infection': 'specimen_date',
    'rare_event': 'event_date',
    'workforce': 'month',
} %}

with

register as (
    select * from {{ ref('int_reference__ward_validity') }}
),

{% for feed in by_month %}
{{ feed }} as (
    select * from {{ ref('stg_indicators__' ~ feed) }}
),

{% endfor %}
months as (
    {% for feed, day in by_month.items() %}
    select cast(date_trunc('month', {{ day }}) as date) as month
    from {{ feed }}
    {% if not loop.last %}

    union distinct

    {% endif %}
    {% endfor %}
),

held as (
    select
        months.month,
        register.ward_id,
        register.ward_name,
        register.site_code,
        register.ward_type,
        row_number() over (
            partition by months.month, register.ward_id
            order by register.valid_from desc
        ) as recency
    from months
    inner join register
        on {{ months_later('months.month', 1) }} > register.valid_from
        and (register.valid_to is null or months.month < register.valid_to)
)

select
    ward_id,
    month,
    ward_name,
    site_code,
    ward_type

from held
where recency = 1

-- Rare events with the indicator whose days between are charted, of definitions that chart them so. A name without a
-- ward leaves the event with its site, a code that means no site leaves it with the trust: to drop it would make
-- two intervals one long one.
{% set of_type = {
    'NEVER_EVENT_DAYS_BETWEEN': 'never_event',
    'FALL_SEVERE_DAYS_BETWEEN': 'fall_severe_harm',
    'PRESSURE_ULCER_4_DAYS_BETWEEN': 'pressure_ulcer_category_4',
    'CARDIAC_ARREST_DAYS_BETWEEN': 'cardiac_arrest',
    'MEDICATION_SEVERE_DAYS_BETWEEN': 'medication_severe_harm',
} %}
{% set of_organism = {'CDIFF_DAYS_BETWEEN': 'c_difficile', 'MRSA_DAYS_BETWEEN': 'mrsa'} %}

with

rare_events as (
    select * from {{ ref('stg_indicators__rare_event') }}
),

infections as (
    select * from {{ ref('stg_indicators__infection') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

happened as (
    select
        case event_type
            {% for indicator, event_type in of_type.items() %}
            when '{{ event_type }}' then '{{ indicator }}'
            {% endfor %}
        end as indicator_code,
        'rare_event' as source_feed,
        site_code,
        ward_name,
        event_date
    from rare_events

    union all

    select
        case organism
            {% for indicator, organism in of_organism.items() %}
            when '{{ organism }}' then '{{ indicator }}'
            {% endfor %}
        end as indicator_code,
        'infection' as source_feed,
        site_code,
        ward_name,
        specimen_date as event_date
    from infections
    where onset_class in ('hoha', 'coha')
),

dated as (
    select
        indicator_code,
        source_feed,
        site_code,
        ward_name,
        event_date,
        cast(date_trunc('month', event_date) as date) as month
    from happened
)

select
    dated.indicator_code,
    dated.source_feed,
    ward_names.ward_id,
    ward_names.meant_site_code as site_code,
    dated.event_date,
    dated.month

from dated
inner join definitions
    on dated.indicator_code = definitions.indicator_code
    and dated.month >= definitions.valid_from
    and (definitions.valid_to is null or dated.month < definitions.valid_to)
    and definitions.chart = 'time_between'
left join ward_names
    on dated.source_feed = ward_names.feed
    and dated.site_code = ward_names.site_code
    and dated.ward_name = ward_names.ward_name
    and dated.month = ward_names.used_from

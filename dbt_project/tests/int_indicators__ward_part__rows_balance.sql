{{ config(meta={
    'severity': 'critical',
    'dimension': 'consistency',
    'owner': 'analytics',
    'description': 'Every delivered row is a part of the figures once, or waits under a name that nothing '
        ~ 'explains, or a feed of the ward stands in its place.',
    'dagster': {'ref': {'name': 'int_indicators__ward_part'}},
}) }}

with

delivered as (
    select count(*) as rows_delivered from {{ ref('stg_indicators__ward_indicator') }}
),

parts as (
    select count(*) as rows_used
    from {{ ref('int_indicators__ward_part') }}
    where source_feed = 'ward_indicator'
),

waiting as (
    select coalesce(sum(row_count), 0) as rows_waiting
    from {{ ref('int_reference__ward_name') }}
    where feed = 'ward_indicator'
        and ward_id is null
),

replaced as (
    select count(*) as rows_replaced
    from {{ ref('stg_indicators__ward_indicator') }} as delivered
    inner join {{ ref('int_reference__ward_name') }} as ward_names
        on ward_names.feed = 'ward_indicator'
        and delivered.site_code = ward_names.site_code
        and delivered.ward_name = ward_names.ward_name
        and delivered.month = ward_names.used_from
    inner join {{ ref('int_indicators__feed_part') }} as feed_parts
        on ward_names.ward_id = feed_parts.ward_id
        and delivered.indicator_code = feed_parts.indicator_code
        and delivered.month = feed_parts.month
        and feed_parts.is_whole
)

select
    delivered.rows_delivered,
    parts.rows_used,
    waiting.rows_waiting,
    replaced.rows_replaced
from delivered
cross join parts
cross join waiting
cross join replaced
where delivered.rows_delivered <> parts.rows_used + waiting.rows_waiting + replaced.rows_replaced

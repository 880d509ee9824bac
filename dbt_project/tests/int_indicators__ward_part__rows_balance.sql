{{ config(meta={
    'severity': 'critical',
    'dimension': 'consistency',
    'owner': 'analytics',
    'description': 'Every delivered row is a part of the figures once, or waits under a name that nothing '
        ~ 'explains.',
    'dagster': {'ref': {'name': 'int_indicators__ward_part'}},
}) }}

with

delivered as (
    select count(*) as rows_delivered from {{ ref('stg_indicators__ward_indicator') }}
),

parts as (
    select count(*) as rows_used from {{ ref('int_indicators__ward_part') }}
),

waiting as (
    select coalesce(sum(row_count), 0) as rows_waiting
    from {{ ref('int_reference__ward_name') }}
    where feed = 'ward_indicator'
        and ward_id is null
)

select
    delivered.rows_delivered,
    parts.rows_used,
    waiting.rows_waiting
from delivered
cross join parts
cross join waiting
where delivered.rows_delivered <> parts.rows_used + waiting.rows_waiting

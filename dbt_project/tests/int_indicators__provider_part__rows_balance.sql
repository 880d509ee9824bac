{{ config(meta={
    'severity': 'critical',
    'dimension': 'completeness',
    'owner': 'analytics',
    'description': 'Every provider-month of the A&E files is in the figures once for every indicator of its '
        ~ 'layout.',
    'dagster': {'ref': {'name': 'int_indicators__provider_part'}},
}) }}

with

delivered as (
    select
        org_code,
        month
    from {{ ref('stg_indicators__ae_attendances') }}
),

parts as (
    select
        org_code,
        month,
        count(*) as indicator_count,
        count(distinct indicator_code) as distinct_indicator_count,
        count(definition_version) as defined_count
    from {{ ref('int_indicators__provider_part') }}
    group by org_code, month
)

select
    delivered.org_code,
    delivered.month,
    parts.indicator_count,
    parts.distinct_indicator_count,
    parts.defined_count
from delivered
left join parts
    on delivered.org_code = parts.org_code
    and delivered.month = parts.month
where parts.indicator_count is null
    or parts.indicator_count <> parts.distinct_indicator_count
    or parts.indicator_count <> parts.defined_count

{{ config(meta={
    'severity': 'critical',
    'dimension': 'completeness',
    'owner': 'analytics',
    'description': 'Every provider-month of a national file is in the figures once for every indicator of its '
        ~ 'feed and layout.',
    'dagster': {'ref': {'name': 'int_indicators__provider_part'}},
}) }}

with

delivered as (
    select
        'AE' as figure_group,
        org_code,
        month
    from {{ ref('stg_indicators__ae_attendances') }}

    union all

    select
        'SICKNESS' as figure_group,
        org_code,
        month
    from {{ ref('stg_indicators__sickness_absence') }}
    where org_type is null
        or {{ match_text('org_type') }} not in (
            {% for org_type in var('sickness_other_org_types') %}
            '{{ org_type }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

    union all

    select distinct
        'RTT' as figure_group,
        org_code,
        month
    from {{ ref('stg_indicators__rtt') }}
    where pathway_type = 'part_2'
),

parts as (
    select
        case
            when indicator_code like 'SICKNESS%' then 'SICKNESS'
            when indicator_code like 'RTT%' then 'RTT'
            else 'AE'
        end as figure_group,
        org_code,
        month,
        count(*) as indicator_count,
        count(distinct indicator_code) as distinct_indicator_count,
        count(definition_version) as defined_count
    from {{ ref('int_indicators__provider_part') }}
    group by figure_group, org_code, month
)

select
    delivered.figure_group,
    delivered.org_code,
    delivered.month,
    parts.indicator_count,
    parts.distinct_indicator_count,
    parts.defined_count
from delivered
left join parts
    on delivered.figure_group = parts.figure_group
    and delivered.org_code = parts.org_code
    and delivered.month = parts.month
where parts.indicator_count is null
    or parts.indicator_count <> parts.distinct_indicator_count
    or parts.indicator_count <> parts.defined_count

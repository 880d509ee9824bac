{{ config(meta={
    'severity': 'warning',
    'dimension': 'accuracy',
    'owner': 'analytics',
    'description': 'A value lies between the smallest and the largest '
        ~ 'that its definition holds for plausible.',
    'dagster': {'ref': {'name': 'fct_indicator_month'}},
}) }}

with

figures as (
    select * from {{ ref('fct_indicator_month') }}
),

indicators as (
    select * from {{ ref('dim_indicator') }}
)

select
    figures.org_level,
    figures.org_id,
    figures.indicator_code,
    figures.month
from figures
inner join indicators using (indicator_key)
where figures.value < indicators.min_value
    or figures.value > indicators.max_value

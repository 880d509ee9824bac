{{ config(meta={
    'severity': 'warning',
    'dimension': 'accuracy',
    'owner': 'analytics',
    'description': 'Where the numerator is a part of the denominator it is not the larger of the two.',
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
where indicators.is_proportion
    and figures.numerator > figures.denominator

-- Every indicator that was expected to move on a ward; an intervention that names none, or none that is known, keeps
-- one row without. The part of a month in which the change begins is neither before nor after.
with

interventions as (
    select * from {{ ref('stg_improvement__intervention') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

indicators as (
    select distinct indicator_code
    from figures
    where org_level = 'ward'
),

dated as (
    select
        intervention_id,
        ward_id,
        intervention_name,
        start_date,
        cast(date_trunc('month', start_date) as date) as start_month,
        expected_indicators,
        expected_named_date
    from interventions
)

select
    dated.intervention_id,
    dated.ward_id,
    dated.intervention_name,
    indicators.indicator_code,
    dated.start_date,
    dated.start_month,
    case
        when dated.start_date = dated.start_month then dated.start_month
        else {{ months_later('dated.start_month', 1) }}
    end as first_month,
    case
        when dated.expected_indicators is null then 'none_named'
        when dated.expected_named_date is null or dated.expected_named_date > dated.start_date then 'named_after_start'
        when indicators.indicator_code is null then 'indicator_unknown'
        else 'named_before'
    end as naming_status

from dated
left join indicators
    on position(
        concat('|', indicators.indicator_code, '|') in concat('|', replace(dated.expected_indicators, ' ', ''), '|')
    ) > 0

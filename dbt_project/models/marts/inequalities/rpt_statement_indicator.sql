{% set share_x, share_n = 'latest.numerator', 'latest.denominator' %}

with

indicators as (
    select * from {{ ref('statement_indicator') }}
),

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

latest as (
    select
        measure_code,
        period_type,
        period_start_date,
        numerator_id,
        denominator_id,
        numerator,
        denominator,
        value
    from (
        select
            measure_code,
            period_type,
            period_start_date,
            numerator_id,
            denominator_id,
            numerator,
            denominator,
            value,
            row_number() over (partition by measure_code order by period_start_date desc) as recency
        from figures
        where org_level = 'trust'
            and dimension_code = 'all'
            and period_type in ('rolling_12_months', 'snapshot')
    ) as ranked
    where recency = 1
),

decided as (
    select
        latest.measure_code,
        numerators.decision as numerator_decision,
        denominators.decision as denominator_decision,
        case
            when numerators.decision = 'rounded' and denominators.decision = 'rounded'
                then {{ disclosed_together([[share_x, share_n, "'rounded'"]]) }}
            else 'suppressed'
        end as decision
    from latest
    left join decisions as numerators on latest.numerator_id = numerators.cell_id
    left join decisions as denominators on latest.denominator_id = denominators.cell_id
)

select
    {{ surrogate_key(['indicators.statement_area', 'indicators.statement_indicator_name']) }}
        as statement_indicator_key,
    indicators.statement_area,
    indicators.statement_indicator_name,
    indicators.computation_status,
    indicators.measure_code,
    latest.period_start_date,
    {{ access_period_end('latest.period_type', 'latest.period_start_date') }} as period_end_date,
    cast({{ disclosed_count(share_x, 'decided.numerator_decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count(share_n, 'decided.denominator_decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed(disclosed_precision('latest.value', share_n), 'decided.decision') }} as decimal(24, 12)) as value,
    case when indicators.computation_status = 'computed' then 'pct' end as unit,
    case
        when indicators.computation_status <> 'computed' then 'not_applicable'
        when latest.measure_code is null then 'missing'
        else {{ disclosed_status("'reported'", "case decided.decision when 'shown' then 'shown' end") }}
    end as value_status

from indicators
left join latest on indicators.measure_code = latest.measure_code
left join decided on indicators.measure_code = decided.measure_code

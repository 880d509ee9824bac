{% set share_x, share_n = 'rates.numerator', 'rates.denominator' %}

with

rates as (
    select * from {{ ref('int_inequalities__standardised') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

decided as (
    select
        rates.figure_id,
        numerators.decision as numerator_decision,
        denominators.decision as denominator_decision,
        case
            when numerators.decision = 'rounded' and denominators.decision = 'rounded' then 'rounded'
            else 'suppressed'
        end as share_decision,
        case
            when numerators.decision = 'rounded' and denominators.decision = 'rounded'
                and rates.standard_status = 'reported'
                then {{ disclosed_together([[share_x, share_n, "'rounded'"]]) }}
            else 'suppressed'
        end as decision
    from rates
    left join decisions as numerators on rates.numerator_id = numerators.cell_id
    left join decisions as denominators on rates.denominator_id = denominators.cell_id
)

select
    {{ surrogate_key([
        'rates.org_level', 'rates.org_id', 'rates.dimension_code', 'rates.group_code', 'rates.period_type',
        'rates.period_start_date',
    ]) }} as standardised_rate_key,
    rates.org_level,
    rates.org_id,
    'MISSED_PCT' as measure_code,
    rates.dimension_code,
    rates.group_code,
    groups.imd_year,
    rates.period_type,
    rates.period_start_date,
    {{ access_period_end('rates.period_type', 'rates.period_start_date') }} as period_end_date,
    cast({{ disclosed_count(share_x, 'decided.numerator_decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count(share_n, 'decided.denominator_decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed_percentage(
        'rates.crude', share_x, share_n, 'decided.share_decision'
    ) }} as decimal(24, 12)) as crude_pct,
    cast({{ disclosed(
        disclosed_precision('rates.standardised', share_n), 'decided.decision'
    ) }} as decimal(24, 12)) as standardised_pct,
    cast({{ disclosed(
        disclosed_precision('rates.standardised_lower', share_n), 'decided.decision'
    ) }} as decimal(24, 12)) as standardised_pct_lower,
    cast({{ disclosed(
        disclosed_precision('rates.standardised_upper', share_n), 'decided.decision'
    ) }} as decimal(24, 12)) as standardised_pct_upper,
    cast(95 as decimal(4, 1)) as confidence_pct,
    case
        when decided.share_decision = 'suppressed' then 'suppressed'
        when rates.standard_status <> 'reported' then rates.standard_status
        else {{ disclosed_status("'reported'", "case decided.decision when 'shown' then 'shown' end") }}
    end as standard_status

from rates
inner join decided on rates.figure_id = decided.figure_id
inner join groups
    on rates.dimension_code = groups.dimension_code
    and rates.group_code = groups.group_code

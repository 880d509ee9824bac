{% set share_x, share_n = 'shares.numerator', 'shares.denominator' %}

with

shares as (
    select * from {{ ref('int_inequalities__ward_cell') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

decided as (
    select
        shares.numerator_id,
        numerators.decision as numerator_decision,
        denominators.decision as denominator_decision,
        case
            when numerators.decision = 'rounded' and denominators.decision = 'rounded' and shares.is_percentage_possible
                then 'rounded'
            else 'suppressed'
        end as share_decision
    from shares
    inner join decisions as numerators on shares.numerator_id = numerators.cell_id
    inner join decisions as denominators on shares.denominator_id = denominators.cell_id
)

select
    {{ surrogate_key(['shares.ward_id', 'shares.dimension_code', 'shares.group_code']) }} as ward_patient_group_key,
    shares.ward_id,
    shares.dimension_code,
    shares.group_code,
    shares.period_start_date,
    {{ access_period_end("'rolling_12_months'", 'shares.period_start_date') }} as period_end_date,
    cast({{ disclosed_count(share_x, 'decided.numerator_decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count(share_n, 'decided.denominator_decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed_percentage(
        '100.0 * shares.numerator / shares.denominator', share_x, share_n, 'decided.share_decision'
    ) }} as decimal(24, 12)) as value,
    'pct' as unit,
    {{ disclosed_status("'reported'", 'decided.share_decision') }} as value_status

from shares
inner join decided on shares.numerator_id = decided.numerator_id

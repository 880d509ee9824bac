{% set size = 'slopes.smallest_denominator' %}

with

slopes as (
    select * from {{ ref('int_inequalities__slope') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

decided as (
    -- Of five shares, each decided for itself; and below a suppressed whole nothing is told.
    select
        slopes.slope_id,
        slopes.measure_code,
        slopes.imd_year,
        case
            when slopes.slope_status = 'reported' and decisions.decision = 'rounded' then 'shown'
            else 'suppressed'
        end as decision
    from slopes
    left join decisions on slopes.slope_id = decisions.cell_id
)

select
    {{ surrogate_key([
        'slopes.org_level', 'slopes.org_id', 'slopes.measure_code', 'slopes.imd_year', 'slopes.period_type',
        'slopes.period_start_date',
    ]) }} as inequality_slope_key,
    slopes.org_level,
    slopes.org_id,
    slopes.measure_code,
    slopes.imd_year,
    slopes.imd_year = {{ var('imd_headline_year') }} as is_headline,
    slopes.period_type,
    slopes.period_start_date,
    {{ access_period_end('slopes.period_type', 'slopes.period_start_date') }} as period_end_date,
    cast({{ disclosed(disclosed_precision('slopes.sii', size), 'decided.decision') }} as decimal(24, 12)) as sii,
    cast({{ disclosed(
        disclosed_precision('slopes.sii_lower', size), 'decided.decision'
    ) }} as decimal(24, 12)) as sii_lower,
    cast({{ disclosed(
        disclosed_precision('slopes.sii_upper', size), 'decided.decision'
    ) }} as decimal(24, 12)) as sii_upper,
    cast({{ disclosed('round(slopes.rii, 2)', 'decided.decision') }} as decimal(24, 12)) as rii,
    cast({{ disclosed('round(slopes.rii_lower, 2)', 'decided.decision') }} as decimal(24, 12)) as rii_lower,
    cast({{ disclosed('round(slopes.rii_upper, 2)', 'decided.decision') }} as decimal(24, 12)) as rii_upper,
    cast(95 as decimal(4, 1)) as confidence_pct,
    case
        when measures.direction = 'neutral' then 'positive_is_more_for_most_deprived'
        else 'positive_is_worse_for_most_deprived'
    end as orientation,
    case
        when slopes.slope_status <> 'reported' then slopes.slope_status
        else {{ disclosed_status('slopes.slope_status', 'decided.decision') }}
    end as slope_status

from slopes
inner join decided
    on slopes.slope_id = decided.slope_id
    and slopes.measure_code = decided.measure_code
    and slopes.imd_year = decided.imd_year
inner join measures on slopes.measure_code = measures.measure_code

-- Slope and relative index of inequality over the national quintiles of each index, on the logit scale, so oriented
-- that a positive slope and a ratio above 1 mean worse for the most deprived; of a measure of which nobody can say
-- which way is better, more of it. What has no slope says why.
with

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

decisions as (
    select * from {{ ref('int_inequalities__figure_decision') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

years as (
    {% for year in var('imd_years') %}
    select cast({{ year }} as int) as imd_year
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

wholes as (
    select
        figures.denominator_id as slope_id,
        figures.measure_code,
        figures.org_level,
        figures.org_id,
        figures.period_type,
        figures.period_start_date,
        years.imd_year
    from figures
    cross join years
    where figures.dimension_code = 'all'
        and figures.denominator > 0
),

quintiles as (
    select
        wholes.slope_id,
        wholes.measure_code,
        wholes.imd_year,
        cast(figures.group_code as int) as quantile,
        figures.denominator as population,
        figures.numerator as count,
        figures.value / 100 as value,
        figures.value_lower / 100 as lower_cl,
        figures.value_upper / 100 as upper_cl,
        cast(null as double) as se,
        case measures.direction when 'increase' then 100 else -100 end as multiplier,
        decisions.share_decision
    from wholes
    inner join figures
        on wholes.measure_code = figures.measure_code
        and wholes.org_level = figures.org_level
        and wholes.org_id = figures.org_id
        and wholes.period_type = figures.period_type
        and wholes.period_start_date = figures.period_start_date
        and concat('deprivation_', cast(wholes.imd_year as string)) = figures.dimension_code
    inner join decisions
        on figures.measure_code = decisions.measure_code
        and figures.denominator_id = decisions.denominator_id
    inner join measures on wholes.measure_code = measures.measure_code
    where figures.group_code in ('1', '2', '3', '4', '5')
        and figures.denominator > 0
),

slopes as (
    {{ sii('quintiles', ['slope_id', 'measure_code', 'imd_year'], value_type=2, transform='true', quantiles=5) }}
),

shown as (
    select
        slope_id,
        measure_code,
        imd_year,
        count(*) as quintiles_found,
        min(population) as smallest_denominator,
        case
            when count(*) = sum(case when share_decision = 'rounded' then 1 else 0 end) then 'shown'
            else 'suppressed'
        end as decision
    from quintiles
    group by slope_id, measure_code, imd_year
)

select
    wholes.slope_id,
    wholes.measure_code,
    wholes.org_level,
    wholes.org_id,
    wholes.period_type,
    wholes.period_start_date,
    wholes.imd_year,
    coalesce(shown.quintiles_found, 0) as quintiles_found,
    shown.smallest_denominator,
    coalesce(shown.decision, 'suppressed') as decision,
    slopes.sii,
    slopes.sii_lower95_0cl as sii_lower,
    slopes.sii_upper95_0cl as sii_upper,
    slopes.rii,
    slopes.rii_lower95_0cl as rii_lower,
    slopes.rii_upper95_0cl as rii_upper,
    case
        when coalesce(shown.quintiles_found, 0) < 5 then 'quantile_missing'
        when shown.decision = 'suppressed' then 'suppressed'
        else coalesce(slopes.fault, slopes.state, 'reported')
    end as slope_status

from wholes
left join slopes
    on wholes.slope_id = slopes.slope_id
    and wholes.measure_code = slopes.measure_code
    and wholes.imd_year = slopes.imd_year
left join shown
    on wholes.slope_id = shown.slope_id
    and wholes.measure_code = shown.measure_code
    and wholes.imd_year = shown.imd_year

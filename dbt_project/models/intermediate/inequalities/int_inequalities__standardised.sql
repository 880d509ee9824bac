-- Share of missed appointments standardised for age and sex, of the trust and its sites over twelve months: what it
-- would be if each group had the ages and sexes of all appointments that the trust has held. That standard is one
-- for all periods and areas. A group without appointments in one of its parts has no figure: it would be of another
-- standard.
with

appointments as (
    select * from {{ ref('int_inequalities__appointment_count') }}
),

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

strata as (
    select
        site_code,
        month,
        replace(dimension_code, '_by_age_and_sex', '') as dimension_code,
        split_part(group_code, ':', 1) as group_code,
        concat(split_part(group_code, ':', 2), ' ', split_part(group_code, ':', 3)) as ageband,
        due,
        missed
    from appointments
    where dimension_code like '%_by_age_and_sex'
        and split_part(group_code, ':', 2) <> 'not_known'
        and split_part(group_code, ':', 3) <> 'not_known'
),

standard as (
    select
        ageband,
        cast(sum(due) as bigint) as stdpop
    from strata
    where dimension_code = 'ethnic_group_2021'
    group by ageband
    having sum(due) > 0
),

observations as (
    select
        figures.denominator_id as figure_id,
        strata.ageband,
        cast(sum(strata.missed) as bigint) as numerator,
        cast(sum(strata.due) as bigint) as denominator,
        max(standard.stdpop) as stdpop
    from figures
    inner join strata
        on figures.dimension_code = strata.dimension_code
        and figures.group_code = strata.group_code
        and (figures.org_level = 'trust' or figures.org_id = strata.site_code)
        and figures.period_start_date <= strata.month
        and strata.month < {{ months_later('figures.period_start_date', 12) }}
    inner join standard on strata.ageband = standard.ageband
    where figures.measure_code = 'MISSED_PCT'
        and figures.period_type = 'rolling_12_months'
        and figures.org_level in ('trust', 'site')
    group by figures.denominator_id, strata.ageband
    having sum(strata.due) > 0
),

rates as (
    {{ dsr('observations', ['figure_id'], 'standard', multiplier=100) }}
)

select
    figures.denominator_id as figure_id,
    figures.org_level,
    figures.org_id,
    figures.period_type,
    figures.period_start_date,
    figures.dimension_code,
    figures.group_code,
    figures.numerator_id,
    figures.denominator_id,
    figures.numerator,
    figures.denominator,
    figures.value as crude,
    rates.value as standardised,
    rates.lower95_0cl as standardised_lower,
    rates.upper95_0cl as standardised_upper,
    case
        when rates.figure_id is null or coalesce(rates.bands_missing, '') <> '' then 'band_missing'
        when rates.fault is not null then rates.fault
        when rates.total_count < {{ byar_from() }} then 'too_few_events'
        else 'reported'
    end as standard_status

from figures
left join rates on figures.denominator_id = rates.figure_id
where figures.measure_code = 'MISSED_PCT'
    and figures.period_type = 'rolling_12_months'
    and figures.org_level in ('trust', 'site')
    and figures.dimension_code in (
        {% for year in var('imd_years') %}
        'deprivation_{{ year }}',
        {% endfor %}
        'ethnic_group_2021'
    )

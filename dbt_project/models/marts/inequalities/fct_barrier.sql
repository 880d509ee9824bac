{% set share_x, share_n = 'barriers.numerator', 'barriers.denominator' %}
{% set missed_x, missed_n = 'missed.numerator', 'missed.denominator' %}

with

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

figure_decisions as (
    select * from {{ ref('int_inequalities__figure_decision') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

compared as (
    select
        figures.measure_code,
        figures.denominator_id,
        figure_decisions.share_decision,
        figure_decisions.comparison_decision,
        case
            when figures.difference_lower > 0 then 'higher'
            when figures.difference_upper < 0 then 'lower'
            when figures.difference is not null then 'similar'
        end as comparison
    from figures
    inner join figure_decisions
        on figures.measure_code = figure_decisions.measure_code
        and figures.denominator_id = figure_decisions.denominator_id
),

barriers as (
    select
        figures.measure_code,
        figures.org_level,
        figures.org_id,
        figures.dimension_code,
        figures.group_code,
        figures.period_type,
        figures.period_start_date,
        figures.numerator_id,
        figures.denominator_id,
        figures.numerator,
        figures.denominator,
        figures.value
    from figures
    inner join measures on figures.measure_code = measures.measure_code
    where measures.is_barrier
),

missed as (
    select
        measure_code,
        org_level,
        org_id,
        dimension_code,
        group_code,
        period_type,
        period_start_date,
        denominator_id,
        numerator,
        denominator,
        value
    from figures
    where measure_code = 'MISSED_PCT'
)

select
    {{ surrogate_key([
        'barriers.org_level', 'barriers.org_id', 'barriers.measure_code', 'barriers.dimension_code',
        'barriers.group_code', 'barriers.period_type', 'barriers.period_start_date',
    ]) }} as barrier_key,
    barriers.org_level,
    barriers.org_id,
    barriers.measure_code,
    barriers.dimension_code,
    barriers.group_code,
    groups.imd_year,
    barriers.period_type,
    barriers.period_start_date,
    {{ access_period_end('barriers.period_type', 'barriers.period_start_date') }} as period_end_date,
    cast({{ disclosed_count(share_x, 'numerators.decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count(share_n, 'denominators.decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed_percentage(
        'barriers.value', share_x, share_n, 'compared.share_decision'
    ) }} as decimal(24, 12)) as value,
    'pct' as unit,
    case
        when barriers.denominator = 0 then 'not_applicable'
        else {{ disclosed_status("'reported'", 'compared.share_decision') }}
    end as value_status,
    {{ disclosed('compared.comparison', 'compared.comparison_decision') }} as comparison,
    cast({{ disclosed_percentage(
        'missed.value', missed_x, missed_n, 'missed_compared.share_decision'
    ) }} as decimal(24, 12)) as missed_pct,
    {{ disclosed('missed_compared.comparison', 'missed_compared.comparison_decision') }} as missed_comparison

from barriers
inner join compared
    on barriers.measure_code = compared.measure_code
    and barriers.denominator_id = compared.denominator_id
inner join groups
    on barriers.dimension_code = groups.dimension_code
    and barriers.group_code = groups.group_code
left join decisions as numerators on barriers.numerator_id = numerators.cell_id
left join decisions as denominators on barriers.denominator_id = denominators.cell_id
left join missed
    on barriers.org_level = missed.org_level
    and barriers.org_id = missed.org_id
    and barriers.dimension_code = missed.dimension_code
    and barriers.group_code = missed.group_code
    and barriers.period_type = missed.period_type
    and barriers.period_start_date = missed.period_start_date
left join compared as missed_compared
    on missed.measure_code = missed_compared.measure_code
    and missed.denominator_id = missed_compared.denominator_id
where barriers.dimension_code not like '%_by_%'
    or groups.is_known

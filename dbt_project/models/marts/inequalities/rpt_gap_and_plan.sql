{% set smaller = 'least(gaps.denominator, gaps.comparator_denominator)' %}

with

comparisons as (
    select * from {{ ref('int_inequalities__gap') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

projects as (
    select * from {{ ref('stg_improvement__project') }}
),

terms as (
    select * from {{ ref('population_group_term') }}
),

series as (
    select * from {{ ref('int_inequalities__gap_series') }}
),

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

figure_decisions as (
    select * from {{ ref('int_inequalities__figure_decision') }}
),

gaps as (
    select
        measure_code,
        dimension_code,
        group_code,
        period_type,
        period_start_date,
        numerator_id,
        denominator_id,
        numerator,
        denominator,
        comparator_denominator,
        value,
        difference,
        excess,
        comparison_decision
    from comparisons
    where is_gap
        and comparison_decision = 'shown'
),

compared as (
    select max(comparisons_made) as comparisons_made from comparisons
),

newest as (
    select max(snapshot_date) as snapshot_date from projects
),

latest_projects as (
    select
        projects.project_id,
        projects.project_name,
        projects.project_status,
        projects.start_date,
        projects.is_shareable,
        lower(concat(coalesce(projects.population_group, ''), ' ', coalesce(projects.target_group, ''))) as named
    from projects
    inner join newest on projects.snapshot_date = newest.snapshot_date
    where coalesce(projects.population_group, projects.target_group) is not null
        and projects.project_status in ('idea', 'active', 'paused', 'completed')
),

named as (
    select distinct
        latest_projects.project_id,
        latest_projects.project_name,
        latest_projects.project_status,
        latest_projects.start_date,
        latest_projects.is_shareable,
        case terms.dimension_code
            when 'deprivation' then 'deprivation_{{ var("imd_headline_year") }}'
            else terms.dimension_code
        end as dimension_code,
        terms.group_code
    from latest_projects
    left join terms on latest_projects.named like concat('%', terms.term, '%')
),

paired as (
    select
        gaps.measure_code,
        coalesce(gaps.dimension_code, named.dimension_code) as dimension_code,
        coalesce(gaps.group_code, named.group_code) as group_code,
        gaps.denominator_id,
        named.project_id,
        named.project_name,
        named.project_status,
        named.start_date,
        named.is_shareable,
        case
            when gaps.measure_code is not null and named.project_id is not null then 'gap_with_project'
            when gaps.measure_code is not null then 'gap_without_project'
            else 'project_without_gap'
        end as plan_status
    from gaps
    full outer join named
        on gaps.dimension_code = named.dimension_code
        and gaps.group_code = named.group_code
),

before as (
    select
        paired.measure_code,
        paired.denominator_id,
        paired.project_id,
        figures.difference,
        least(figures.denominator, figures.comparator_denominator) as smaller_denominator,
        figure_decisions.comparison_decision,
        row_number() over (
            partition by paired.measure_code, paired.denominator_id, paired.project_id
            order by figures.period_start_date desc
        ) as recency
    from paired
    inner join gaps
        on paired.measure_code = gaps.measure_code
        and paired.denominator_id = gaps.denominator_id
    inner join figures
        on gaps.measure_code = figures.measure_code
        and gaps.dimension_code = figures.dimension_code
        and gaps.group_code = figures.group_code
        and gaps.period_type = figures.period_type
        and figures.org_level = 'trust'
    inner join figure_decisions
        on figures.measure_code = figure_decisions.measure_code
        and figures.denominator_id = figure_decisions.denominator_id
    where {{ access_period_end('figures.period_type', 'figures.period_start_date') }} < paired.start_date
)

select
    {{ surrogate_key(['paired.measure_code', 'paired.dimension_code', 'paired.group_code', 'paired.project_id']) }}
        as gap_and_plan_key,
    paired.plan_status,
    paired.measure_code,
    measures.measure_name,
    paired.dimension_code,
    paired.group_code,
    groups.group_name,
    groups.imd_year,
    gaps.period_start_date,
    {{ access_period_end('gaps.period_type', 'gaps.period_start_date') }} as period_end_date,
    cast({{ disclosed_count('gaps.numerator', 'numerators.decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count('gaps.denominator', 'denominators.decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed(
        disclosed_precision('gaps.value', 'gaps.denominator'), 'gaps.comparison_decision'
    ) }} as decimal(24, 12)) as value,
    'pct' as unit,
    case
        when paired.measure_code is null then 'not_applicable'
        else {{ disclosed_status("'reported'", 'gaps.comparison_decision') }}
    end as value_status,
    cast({{ disclosed(
        disclosed_precision('gaps.difference', smaller), 'gaps.comparison_decision'
    ) }} as decimal(24, 12)) as difference,
    cast({{ disclosed(
        disclosed_precision('before.difference', 'before.smaller_denominator'), 'before.comparison_decision'
    ) }} as decimal(24, 12)) as difference_at_start,
    {{ disclosed('series.gap_sentence', 'gaps.comparison_decision') }} as gap_sentence,
    cast({{ disclosed_count('gaps.excess', 'denominators.decision') }} as bigint) as excess_n,
    cast(99.8 as decimal(4, 1)) as confidence_pct,
    compared.comparisons_made,
    paired.project_id,
    case when paired.is_shareable then paired.project_name end as project_name,
    paired.project_status,
    paired.start_date

from paired
cross join compared
left join gaps
    on paired.measure_code = gaps.measure_code
    and paired.denominator_id = gaps.denominator_id
left join decisions as numerators on gaps.numerator_id = numerators.cell_id
left join decisions as denominators on gaps.denominator_id = denominators.cell_id
left join before
    on paired.measure_code = before.measure_code
    and paired.denominator_id = before.denominator_id
    and paired.project_id = before.project_id
    and before.recency = 1
left join series
    on paired.measure_code = series.measure_code
    and paired.dimension_code = series.dimension_code
    and paired.group_code = series.group_code
left join measures on paired.measure_code = measures.measure_code
left join groups
    on paired.dimension_code = groups.dimension_code
    and paired.group_code = groups.group_code

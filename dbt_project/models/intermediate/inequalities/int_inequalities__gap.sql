-- Gaps of the trust over the latest twelve months, and on the latest copy of the waiting list: groups that are known,
-- under the headline index, against their comparator, in the direction that is worse. Whether a gap stands at 99.8 % is
-- judged on exact figures.
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

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

compared as (
    select
        figures.measure_code,
        figures.org_level,
        figures.org_id,
        figures.period_type,
        figures.period_start_date,
        figures.dimension_code,
        figures.group_code,
        figures.comparator_group_code,
        figures.numerator_id,
        figures.denominator_id,
        figures.numerator,
        figures.denominator,
        figures.comparator_denominator,
        figures.value,
        figures.comparator_value,
        figures.difference,
        decisions.comparison_decision,
        case measures.direction when 'increase' then -figures.excess else figures.excess end as excess,
        case measures.direction
            when 'increase' then figures.difference_upper_998 < 0
            else figures.difference_lower_998 > 0
        end as is_gap,
        max(figures.period_start_date) over (partition by figures.measure_code) as latest
    from figures
    inner join decisions
        on figures.measure_code = decisions.measure_code
        and figures.denominator_id = decisions.denominator_id
    inner join measures on figures.measure_code = measures.measure_code
    inner join groups
        on figures.dimension_code = groups.dimension_code
        and figures.group_code = groups.group_code
    where figures.org_level = 'trust'
        and figures.period_type in ('rolling_12_months', 'snapshot')
        and figures.comparator_group_code is not null
        and groups.is_known
        and measures.direction <> 'neutral'
        and coalesce(groups.imd_year, {{ var('imd_headline_year') }}) = {{ var('imd_headline_year') }}
)

select
    measure_code,
    org_level,
    org_id,
    period_type,
    period_start_date,
    dimension_code,
    group_code,
    comparator_group_code,
    numerator_id,
    denominator_id,
    numerator,
    denominator,
    comparator_denominator,
    value,
    comparator_value,
    difference,
    -- Whole patients, so that a small excess is hidden like a small count.
    cast(round(greatest(excess, 0), 0) as bigint) as excess,
    comparison_decision,
    is_gap,
    cast(sum(case when comparison_decision = 'shown' then 1 else 0 end) over () as int) as comparisons_made

from compared
where period_start_date = latest

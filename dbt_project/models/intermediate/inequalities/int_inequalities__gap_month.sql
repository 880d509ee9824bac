-- Each month's gap of the trust between a group and its comparator, for measures of appointments, under the index that
-- reports lead with. Exact. A month counts where every site sent appointments, both groups are large enough, and the
-- gap of the quarter is shown: nothing of a quarter that is hidden is told by its months.
with

counts as (
    select * from {{ ref('int_inequalities__appointment_count') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

figure_decisions as (
    select * from {{ ref('int_inequalities__figure_decision') }}
),

sites as (
    select count(distinct site_code) as all_sites from counts
),

site_months as (
    select
        counts.month,
        count(distinct counts.site_code) = max(sites.all_sites) as is_complete
    from counts
    cross join sites
    where counts.dimension_code = 'all'
    group by counts.month
),

of_groups as (
    select
        counts.month,
        counts.dimension_code,
        counts.group_code,
        {% for count in access_counts('outpatient').split() %}
        cast(sum(counts.{{ count }}) as bigint) as {{ count }},
        {% endfor %}
        groups.is_comparator
    from counts
    inner join groups
        on counts.dimension_code = groups.dimension_code
        and counts.group_code = groups.group_code
    where groups.is_known
        and counts.dimension_code not like '%_by_%'
        and coalesce(groups.imd_year, {{ var('imd_headline_year') }}) = {{ var('imd_headline_year') }}
    group by counts.month, counts.dimension_code, counts.group_code, groups.is_comparator
),

listed as (
    {% for count in access_counts('outpatient').split() %}
    select
        month,
        dimension_code,
        group_code,
        is_comparator,
        '{{ count }}' as count_code,
        {{ count }} as people
    from of_groups
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

shares as (
    select
        measures.measure_code,
        measures.direction,
        denominators.month,
        denominators.dimension_code,
        denominators.group_code,
        denominators.is_comparator,
        numerators.people as numerator,
        denominators.people as denominator,
        100 * cast(numerators.people as double) / nullif(denominators.people, 0) as share_pct
    from measures
    inner join listed as numerators on measures.numerator_count = numerators.count_code
    inner join listed as denominators
        on measures.denominator_count = denominators.count_code
        and numerators.month = denominators.month
        and numerators.dimension_code = denominators.dimension_code
        and numerators.group_code = denominators.group_code
    where measures.direction <> 'neutral'
),

quarters as (
    select
        figures.measure_code,
        figures.period_start_date as quarter,
        figures.dimension_code,
        figures.group_code,
        figures.denominator_id,
        figure_decisions.comparison_decision
    from figures
    inner join figure_decisions
        on figures.measure_code = figure_decisions.measure_code
        and figures.denominator_id = figure_decisions.denominator_id
    where figures.org_level = 'trust'
        and figures.period_type = 'quarter'
)

select
    groups_of.measure_code,
    groups_of.direction,
    groups_of.month,
    groups_of.dimension_code,
    groups_of.group_code,
    comparators.group_code as comparator_group_code,
    quarters.denominator_id,
    least(groups_of.denominator, comparators.denominator) as smaller_denominator,
    cast(groups_of.share_pct - comparators.share_pct as decimal(24, 12)) as difference,
    case
        when site_months.is_complete
            and groups_of.denominator >= {{ var('gap_month_minimum_denominator') }}
            and comparators.denominator >= {{ var('gap_month_minimum_denominator') }}
            and coalesce(quarters.comparison_decision, 'suppressed') = 'shown'
            then {{ disclosed_together([
                ['groups_of.numerator', 'groups_of.denominator', "'rounded'"],
                ['comparators.numerator', 'comparators.denominator', "'rounded'"],
            ]) }}
        else 'suppressed'
    end as decision

from shares as groups_of
inner join shares as comparators
    on groups_of.measure_code = comparators.measure_code
    and groups_of.month = comparators.month
    and groups_of.dimension_code = comparators.dimension_code
    and comparators.is_comparator
inner join site_months on groups_of.month = site_months.month
left join quarters
    on groups_of.measure_code = quarters.measure_code
    and cast(date_trunc('quarter', groups_of.month) as date) = quarters.quarter
    and groups_of.dimension_code = quarters.dimension_code
    and groups_of.group_code = quarters.group_code
where not groups_of.is_comparator

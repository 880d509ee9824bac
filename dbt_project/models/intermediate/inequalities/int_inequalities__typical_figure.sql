-- What is typical of each group: the median wait of the pathways on a copy of the waiting list, the mean and the median
-- days in hospital of those who left alive within twelve months. Exact, with limits at 95 %: of a median by the ranks
-- that hold it (Campbell and Gardner 1988), of a mean by Student's t. Of so few that nothing is shown nothing is
-- computed; from there on, a hundred, the expansion of t in the degrees of freedom (Abramowitz and Stegun 26.7.5) is
-- exact to 1e-8.
{% set z = level_z(0.95) %}
{% set place = ['org_level', 'org_id', 'period_type', 'period_start_date', 'dimension_code', 'group_code'] %}

with

pathways as (
    select * from {{ ref('int_inequalities__waiting_pathway') }}
),

admissions as (
    select * from {{ ref('int_inequalities__admission') }}
),

cells as (
    select * from {{ ref('int_inequalities__cell') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

-- How many of each site and group had each amount: of few amounts, so that windows and levels add up few rows.
observed as (
    {% for dimension in ['all'] + patient_dimensions().split() %}
    {% set group_code = "'all'" if dimension == 'all' else dimension %}
    {% if dimension != 'learning_disability' %}
    select
        site_code,
        'waiting' as count_code,
        snapshot_date as observed_date,
        '{{ dimension }}' as dimension_code,
        {{ group_code }} as group_code,
        weeks_waited as amount,
        count(*) as people
    from pathways
    group by site_code, snapshot_date, weeks_waited{{ '' if dimension == 'all' else ', ' ~ dimension }}

    union all

    {% endif %}
    select
        site_code,
        'left_alive' as count_code,
        cast(date_trunc('month', discharge_date) as date) as observed_date,
        '{{ dimension }}' as dimension_code,
        {{ group_code }} as group_code,
        days_in_hospital as amount,
        count(*) as people
    from admissions
    where has_left_alive
    group by
        site_code, cast(date_trunc('month', discharge_date) as date), days_in_hospital
        {{- '' if dimension == 'all' else ', ' ~ dimension }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

of_levels as (
    {% for level, org_id in [('trust', "'" ~ var('trust_code') ~ "'"), ('site', 'site_code')] %}
    select
        '{{ level }}' as org_level,
        {{ org_id }} as org_id,
        count_code,
        observed_date,
        dimension_code,
        group_code,
        cast(amount as bigint) as amount,
        cast(sum(people) as bigint) as people
    from observed
    group by
        {{ '' if level == 'trust' else 'site_code, ' }}count_code, observed_date, dimension_code, group_code, amount
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

placed as (
    select
        cells.cell_id,
        of_levels.amount,
        cast(sum(of_levels.people) as bigint) as people
    from of_levels
    inner join cells
        on of_levels.count_code = cells.count_code
        {% for column in place if column not in ['period_type', 'period_start_date'] %}
        and of_levels.{{ column }} = cells.{{ column }}
        {% endfor %}
        and of_levels.observed_date >= cells.period_start_date
        and of_levels.observed_date <= {{ access_period_end('cells.period_type', 'cells.period_start_date') }}
    where cells.people >= {{ var('percentage_minimum_denominator') }}
    group by cells.cell_id, of_levels.amount
),

ranked as (
    select
        cell_id,
        amount,
        people,
        sum(people) over (partition by cell_id) as all_people,
        sum(people) over (partition by cell_id order by amount rows unbounded preceding) as last_rank
    from placed
),

medians as (
    select
        -- The mean of the two in the middle where the number is even.
        {% for name, rank in [
            ('low_middle', 'floor((all_people + 1) / 2.0)'),
            ('high_middle', 'floor((all_people + 2) / 2.0)'),
            ('median_lower', 'round(all_people / 2.0 - ' ~ z ~ ' * sqrt(all_people) / 2, 0)'),
            ('median_upper', 'round(1 + all_people / 2.0 + ' ~ z ~ ' * sqrt(all_people) / 2, 0)'),
        ] %}
        cast(max(
            case when last_rank >= {{ rank }} and last_rank - people < {{ rank }} then amount end
        ) as double) as {{ name }},
        {% endfor %}
        cell_id
    from ranked
    group by cell_id
),

-- Sums of whole numbers, so that no order of rows changes a digit.
sums as (
    select
        cell_id,
        cast(sum(people) as double) as people,
        cast(sum(people * amount) as double) as total,
        cast(sum(people * amount * amount) as double) as total_of_squares
    from placed
    group by cell_id
),

means as (
    select
        cell_id,
        total / people as mean_amount,
        sqrt((total_of_squares - total * total / people) / (people - 1) / people) as standard_error,
        {{ z }} as z,
        people - 1 as freedom
    from sums
),

spread as (
    select
        cell_id,
        mean_amount,
        standard_error * (
            z
            + (power(z, 3) + z) / (4 * freedom)
            + (5 * power(z, 5) + 16 * power(z, 3) + 3 * z) / (96 * power(freedom, 2))
            + (3 * power(z, 7) + 19 * power(z, 5) + 17 * power(z, 3) - 15 * z) / (384 * power(freedom, 3))
        ) as half_width
    from means
)

select
    measures.measure_code,
    cells.cell_id as denominator_id,
    {% for column in place %}
    cells.{{ column }},
    {% endfor %}
    cells.people as denominator,
    measures.unit,
    case measures.statistic
        when 'mean' then spread.mean_amount
        else (medians.low_middle + medians.high_middle) / 2
    end as value,
    case measures.statistic when 'mean' then spread.mean_amount - spread.half_width else medians.median_lower end
        as value_lower,
    case measures.statistic when 'mean' then spread.mean_amount + spread.half_width else medians.median_upper end
        as value_upper

from measures
inner join cells on measures.denominator_count = cells.count_code
left join spread on cells.cell_id = spread.cell_id
left join medians on cells.cell_id = medians.cell_id
where measures.statistic <> 'proportion'

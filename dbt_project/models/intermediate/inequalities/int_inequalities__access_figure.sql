-- Every share with its limits, beside the comparator of its dimension and the average of its area: exact.
with

cells as (
    select * from {{ ref('int_inequalities__access_cell') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

counted as (
    select
        denominator_id as figure_id,
        measure_code,
        numerator,
        denominator
    from cells
    where denominator > 0
),

shares as (
    {{ proportion('counted', ['figure_id', 'measure_code']) }}
),

figures as (
    select
        cells.measure_code,
        cells.org_level,
        cells.org_id,
        cells.period_type,
        cells.period_start_date,
        cells.dimension_code,
        cells.group_code,
        groups.is_known,
        groups.is_comparator,
        cells.numerator_id,
        cells.denominator_id,
        cells.numerator,
        cells.denominator,
        shares.x,
        shares.n,
        shares.value,
        shares.lower95_0cl as value_lower,
        shares.upper95_0cl as value_upper,
        shares.lower99_8cl as value_lower_998,
        shares.upper99_8cl as value_upper_998
    from cells
    inner join groups
        on cells.dimension_code = groups.dimension_code
        and cells.group_code = groups.group_code
    left join shares
        on cells.denominator_id = shares.figure_id
        and cells.measure_code = shares.measure_code
),

comparators as (
    select
        measure_code,
        org_level,
        org_id,
        period_type,
        period_start_date,
        dimension_code,
        group_code,
        numerator_id,
        denominator_id,
        numerator,
        denominator,
        x,
        n,
        value,
        value_lower,
        value_upper,
        value_lower_998,
        value_upper_998
    from figures
    where is_comparator
),

averages as (
    select
        measure_code,
        org_level,
        org_id,
        period_type,
        period_start_date,
        numerator_id,
        denominator_id,
        numerator,
        denominator,
        value
    from figures
    where dimension_code = 'all'
)

select
    figures.measure_code,
    figures.org_level,
    figures.org_id,
    figures.period_type,
    figures.period_start_date,
    figures.dimension_code,
    figures.group_code,
    figures.is_comparator,
    figures.numerator_id,
    figures.denominator_id,
    figures.numerator,
    figures.denominator,
    figures.value,
    figures.value_lower,
    figures.value_upper,
    averages.numerator_id as average_numerator_id,
    averages.denominator_id as average_denominator_id,
    averages.numerator as average_numerator,
    averages.denominator as average_denominator,
    averages.value as average_value,
    comparators.group_code as comparator_group_code,
    comparators.numerator_id as comparator_numerator_id,
    comparators.denominator_id as comparator_denominator_id,
    comparators.numerator as comparator_numerator,
    comparators.denominator as comparator_denominator,
    comparators.value as comparator_value,
    figures.value - comparators.value as difference,
    {{ difference_lower('figures.value', 'figures.value_lower', 'comparators.value', 'comparators.value_upper') }}
        as difference_lower,
    {{ difference_upper('figures.value', 'figures.value_upper', 'comparators.value', 'comparators.value_lower') }}
        as difference_upper,
    {{ difference_lower(
        'figures.value', 'figures.value_lower_998', 'comparators.value', 'comparators.value_upper_998'
    ) }} as difference_lower_998,
    {{ difference_upper(
        'figures.value', 'figures.value_upper_998', 'comparators.value', 'comparators.value_lower_998'
    ) }} as difference_upper_998,
    figures.value / nullif(comparators.value, 0) as ratio,
    {% for end, side in [('lower', -1), ('upper', 1)] %}
    {{ ratio_limit('figures.x', 'figures.n', 'comparators.x', 'comparators.n', level_z(0.95), side) }}
        as ratio_{{ end }},
    {% endfor %}
    figures.x - figures.n * comparators.value / 100 as excess

from figures
left join comparators
    on figures.measure_code = comparators.measure_code
    and figures.org_level = comparators.org_level
    and figures.org_id = comparators.org_id
    and figures.period_type = comparators.period_type
    and figures.period_start_date = comparators.period_start_date
    and figures.dimension_code = comparators.dimension_code
    and figures.group_code <> comparators.group_code
left join averages
    on figures.measure_code = averages.measure_code
    and figures.org_level = averages.org_level
    and figures.org_id = averages.org_id
    and figures.period_type = averages.period_type
    and figures.period_start_date = averages.period_start_date

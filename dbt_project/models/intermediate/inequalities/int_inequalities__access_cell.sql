-- Of each measure its two counts by the number of their cells, and whether a percentage of them may be shown at all.
with

cells as (
    select * from {{ ref('int_inequalities__cell') }}
),

measures as (
    select * from {{ ref('access_measure') }}
)

select
    measures.measure_code,
    denominators.org_level,
    denominators.org_id,
    denominators.period_type,
    denominators.period_start_date,
    denominators.dimension_code,
    denominators.group_code,
    numerators.cell_id as numerator_id,
    denominators.cell_id as denominator_id,
    numerators.people as numerator,
    denominators.people as denominator,
    {{ disclosed_percentage('1', 'numerators.people', 'denominators.people', "'rounded'") }} is not null
        as is_percentage_possible

from measures
inner join cells as denominators on measures.denominator_count = denominators.count_code
inner join cells as numerators
    on measures.numerator_count = numerators.count_code
    and denominators.org_level = numerators.org_level
    and denominators.org_id = numerators.org_id
    and denominators.period_type = numerators.period_type
    and denominators.period_start_date = numerators.period_start_date
    and denominators.dimension_code = numerators.dimension_code
    and denominators.group_code = numerators.group_code

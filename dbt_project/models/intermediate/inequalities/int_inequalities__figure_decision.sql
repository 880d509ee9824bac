-- Whether a share is shown, from the decisions of its two counts; and what is made of it and the comparator's.
with

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

decided as (
    select
        figures.measure_code,
        figures.numerator_id,
        figures.denominator_id,
        figures.comparator_denominator_id,
        figures.average_denominator_id,
        case
            when numerators.decision = 'rounded' and denominators.decision = 'rounded'
                then {{ disclosed_together([['figures.numerator', 'figures.denominator', "'rounded'"]]) }}
            else 'suppressed'
        end as decision
    from figures
    left join decisions as numerators on figures.numerator_id = numerators.cell_id
    left join decisions as denominators on figures.denominator_id = denominators.cell_id
)

select
    decided.measure_code,
    decided.numerator_id,
    decided.denominator_id,
    case when decided.decision = 'shown' then 'rounded' else 'suppressed' end as share_decision,
    case when averages.decision = 'shown' then 'rounded' else 'suppressed' end as average_decision,
    case
        when decided.decision = 'shown' and comparators.decision = 'shown' then 'shown'
        else 'suppressed'
    end as comparison_decision

from decided
left join decided as comparators
    on decided.comparator_denominator_id = comparators.denominator_id
    and decided.measure_code = comparators.measure_code
left join decided as averages
    on decided.average_denominator_id = averages.denominator_id
    and decided.measure_code = averages.measure_code

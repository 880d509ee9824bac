-- The ratio and its limits are made of exact counts, and shown where the counts of both groups are.

with

counts as (
    select * from {{ ref('stg_programmes__workforce_equality') }}
),

measures as (
    select * from {{ ref('workforce_equality_measure') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

decided as (
    select
        counts.financial_year,
        counts.measure_code,
        counts.equality_group,
        counts.numerator,
        counts.denominator,
        {{ ratio('counts.numerator', 'counts.denominator', 100) }} as value,
        numerators.decision as numerator_decision,
        denominators.decision as denominator_decision,
        case
            when numerators.decision = 'shown' and denominators.decision = 'shown' then 'shown'
            else 'suppressed'
        end as share_decision
    from counts
    left join decisions as numerators
        on numerators.topic = 'equality_numerator'
        and counts.measure_code = numerators.subject_id
        and counts.financial_year = numerators.decision_period
        and counts.equality_group = numerators.cell_id
    left join decisions as denominators
        on denominators.topic = 'equality_denominator'
        and counts.measure_code = denominators.subject_id
        and counts.financial_year = denominators.decision_period
        and counts.equality_group = denominators.cell_id
),

compared as (
    select
        decided.financial_year,
        decided.measure_code,
        decided.equality_group,
        measures.comparator_equality_group,
        measures.words_before,
        measures.words_after,
        comparators.equality_group as found_comparator,
        case
            when comparators.share_decision = 'shown' then decided.share_decision
            else 'suppressed'
        end as ratio_decision,
        decided.value / nullif(comparators.value, 0) as ratio,
        {{ ratio_limit(
            'decided.numerator', 'decided.denominator', 'comparators.numerator', 'comparators.denominator',
            level_z(0.95), -1
        ) }} as ratio_lower,
        {{ ratio_limit(
            'decided.numerator', 'decided.denominator', 'comparators.numerator', 'comparators.denominator',
            level_z(0.95), 1
        ) }} as ratio_upper
    from decided
    inner join measures
        on decided.measure_code = measures.measure_code
        and decided.equality_group = measures.compared_group
    left join decided as comparators
        on decided.financial_year = comparators.financial_year
        and decided.measure_code = comparators.measure_code
        and measures.comparator_equality_group = comparators.equality_group
),

shown as (
    select
        financial_year,
        measure_code,
        equality_group,
        comparator_equality_group,
        words_before,
        words_after,
        found_comparator,
        cast({{ disclosed('round(ratio, 2)', 'ratio_decision') }} as decimal(12, 2)) as ratio,
        cast({{ disclosed('round(ratio_lower, 2)', 'ratio_decision') }} as decimal(12, 2)) as ratio_lower,
        cast({{ disclosed('round(ratio_upper, 2)', 'ratio_decision') }} as decimal(12, 2)) as ratio_upper
    from compared
)

select
    {{ surrogate_key(['decided.financial_year', 'decided.measure_code', 'decided.equality_group']) }}
        as workforce_equality_key,
    decided.financial_year,
    decided.measure_code,
    measures.measure_name,
    measures.wres_indicator_no,
    decided.equality_group,
    cast({{ disclosed('decided.numerator', 'decided.numerator_decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed('decided.denominator', 'decided.denominator_decision') }} as decimal(18, 6)) as denominator,
    {{ disclosed('decided.value', 'decided.share_decision') }} as value,
    'pct' as unit,
    {{ disclosed_status("'reported'", 'decided.share_decision') }} as value_status,
    shown.comparator_equality_group,
    cast(shown.ratio as decimal(24, 12)) as ratio,
    cast(shown.ratio_lower as decimal(24, 12)) as ratio_lower,
    cast(shown.ratio_upper as decimal(24, 12)) as ratio_upper,
    cast(95 as decimal(4, 1)) as confidence_pct,
    case
        when shown.comparator_equality_group is null then null
        when shown.found_comparator is null then 'Not compared: the counts of the other group were not delivered.'
        when shown.ratio_lower is null then 'Not compared: a count behind it is not shown, to protect people.'
        else concat(
                'In ', decided.financial_year, ' ', shown.words_before, ' ', shown.ratio, ' ', shown.words_after,
                ' (95 % limits ', shown.ratio_lower, ' to ', shown.ratio_upper, '): ',
                case
                    when shown.ratio_lower > 1 or shown.ratio_upper < 1 then 'more than chance alone would give.'
                    else 'no more than chance alone could give.'
                end
            )
    end as equality_sentence

from decided
inner join measures on decided.measure_code = measures.measure_code
left join shown
    on decided.financial_year = shown.financial_year
    and decided.measure_code = shown.measure_code
    and decided.equality_group = shown.equality_group

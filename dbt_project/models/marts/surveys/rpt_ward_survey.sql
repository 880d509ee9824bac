-- A ward's newest result of each question beside the trust's and its own of a year before, of what is shown.
-- A unit that covers several wards is none of them: it is told in fct_survey_score, as a unit.
with

scores as (
    select * from {{ ref('fct_survey_score') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
),

ward_scores as (
    select
        survey_code,
        quarter,
        measure_code,
        ward_id,
        org_name,
        site_code,
        base_n,
        positive_pct,
        value_status,
        row_number() over (partition by survey_code, measure_code, ward_id order by quarter desc) as recency
    from scores
    where org_level = 'unit' and ward_id is not null
),

compared as (
    select
        ward_scores.survey_code,
        ward_scores.quarter,
        ward_scores.measure_code,
        ward_scores.ward_id,
        coalesce(wards.ward_name, ward_scores.org_name) as ward_name,
        coalesce(wards.site_code, ward_scores.site_code) as site_code,
        ward_scores.base_n,
        cast(round(ward_scores.positive_pct, 1) as decimal(6, 1)) as positive_rounded,
        cast(round(trust_scores.positive_pct, 1) as decimal(6, 1)) as trust_rounded,
        cast(round(earlier.positive_pct, 1) as decimal(6, 1)) as year_before_rounded,
        ward_scores.value_status
    from ward_scores
    left join scores as trust_scores
        on ward_scores.survey_code = trust_scores.survey_code
        and ward_scores.quarter = trust_scores.quarter
        and ward_scores.measure_code = trust_scores.measure_code
        and trust_scores.org_level = 'trust'
    left join ward_scores as earlier
        on ward_scores.survey_code = earlier.survey_code
        and ward_scores.measure_code = earlier.measure_code
        and ward_scores.ward_id = earlier.ward_id
        and earlier.quarter = {{ months_later('ward_scores.quarter', -12) }}
    left join wards
        on ward_scores.ward_id = wards.ward_id
        and wards.is_latest
    where ward_scores.recency = 1
)

select
    {{ surrogate_key(['survey_code', 'ward_id', 'measure_code']) }} as ward_survey_key,
    survey_code,
    ward_id,
    ward_name,
    site_code,
    measure_code,
    quarter,
    base_n,
    positive_rounded as ward_positive_pct,
    case when positive_rounded is not null then trust_rounded end as trust_positive_pct,
    case when positive_rounded is not null then year_before_rounded end as year_before_positive_pct,
    value_status,
    concat(
        replace(measure_code, '_', ' '), ': ',
        case
            when value_status = 'suppressed'
                then 'not shown, for too few answered or others could be told from it.'
            when positive_rounded is null then 'how many agree was not delivered.'
            else concat(
                    positive_rounded, ' in 100 of the ward agree',
                    case
                        when trust_rounded is null then ''
                        when positive_rounded > trust_rounded
                            then concat(', ', positive_rounded - trust_rounded, ' more than in the trust')
                        when positive_rounded < trust_rounded
                            then concat(', ', trust_rounded - positive_rounded, ' fewer than in the trust')
                        else ', as many as in the trust'
                    end,
                    case
                        when year_before_rounded is null then '; there is nothing of a year before to hold it against.'
                        else concat('; a year before it was ', year_before_rounded, '.')
                    end
                )
        end
    ) as survey_sentence

from compared

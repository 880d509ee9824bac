-- A result that has no row of its site or of the trust beside it has nothing to be held against and is not shown. A
-- change is told where the question stayed the same, of two results that are both shown.
with

scores as (
    select * from {{ ref('int_surveys__staff_score') }}
),

decisions as (
    select * from {{ ref('int_surveys__staff_cell_decision') }}
),

questions as (
    select * from {{ ref('stg_surveys__survey_question_map') }}
),

bridges as (
    select * from {{ ref('stg_surveys__survey_unit_ward') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

covered as (
    select
        scores.survey_year,
        scores.org_id,
        cast(count(distinct bridges.ward_id) as int) as wards_covered,
        case when count(distinct bridges.ward_id) = 1 then max(bridges.ward_id) end as ward_id
    from scores
    inner join bridges
        on bridges.survey_code = 'staff'
        and scores.site_code = bridges.site_code
        and {{ match_text('scores.unit_name') }} = {{ match_text('bridges.unit_name') }}
        and scores.survey_year >= extract(year from bridges.valid_from)
        and (bridges.valid_to is null or scores.survey_year < extract(year from bridges.valid_to))
    where scores.org_level = 'unit'
    group by scores.survey_year, scores.org_id
),

mapped as (
    select
        survey_year,
        question_code,
        max(question_text) as question_text,
        max(previous_question_code) as previous_question_code,
        max(case when is_comparable then 1 else 0 end) = 1 as is_comparable
    from questions
    where survey_code = 'staff'
    group by survey_year, question_code
),

compared as (
    select
        scores.survey_year,
        scores.weighting,
        scores.measure_type,
        scores.measure_code,
        scores.org_level,
        scores.org_id,
        scores.unit_level,
        scores.unit_name,
        scores.site_code,
        mapped.question_text,
        scores.base_n,
        scores.score,
        scores.positive_pct,
        scores.value_status,
        decisions.decision,
        case
            when coalesce(decisions.decision, 'suppressed') <> 'shown' then 'not_shown'
            when scores.measure_type = 'question' and not coalesce(mapped.is_comparable, false) then 'not_comparable'
            when earlier.org_id is null then 'no_year_before'
            when coalesce(earlier_decisions.decision, 'suppressed') <> 'shown' then 'not_shown'
            else 'compared'
        end as change_status,
        scores.score - earlier.score as score_change,
        scores.positive_pct - earlier.positive_pct as positive_change
    from scores
    left join mapped
        on scores.survey_year = mapped.survey_year
        and scores.measure_code = mapped.question_code
    left join scores as earlier
        on scores.survey_year - 1 = earlier.survey_year
        and scores.weighting = earlier.weighting
        and scores.org_id = earlier.org_id
        and earlier.measure_code = coalesce(mapped.previous_question_code, scores.measure_code)
    left join decisions
        on scores.survey_year = decisions.survey_year
        and scores.weighting = decisions.weighting
        and scores.measure_code = decisions.measure_code
        and scores.org_id = decisions.org_id
    left join decisions as earlier_decisions
        on earlier.survey_year = earlier_decisions.survey_year
        and earlier.weighting = earlier_decisions.weighting
        and earlier.measure_code = earlier_decisions.measure_code
        and earlier.org_id = earlier_decisions.org_id
)

{% set of_change = "case when compared.change_status = 'compared' then 'shown' end" %}
select
    {{ surrogate_key([
        'compared.survey_year', 'compared.weighting', 'compared.org_id', 'compared.measure_code',
    ]) }} as staff_survey_score_key,
    compared.survey_year,
    compared.weighting,
    compared.org_level,
    compared.org_id,
    compared.unit_level,
    compared.unit_name,
    compared.site_code,
    covered.ward_id,
    wards.ward_name,
    covered.wards_covered,
    coalesce(covered.wards_covered > 1, false) as is_shared_by_wards,
    compared.measure_type as survey_measure_type,
    compared.measure_code,
    compared.question_text,
    {{ disclosed('compared.base_n', 'compared.decision') }} as base_n,
    {{ disclosed('compared.score', 'compared.decision') }} as staff_survey_score,
    cast({{ disclosed('compared.positive_pct', 'compared.decision') }} as decimal(24, 12)) as positive_pct,
    {{ disclosed_status('compared.value_status', 'compared.decision') }} as value_status,
    compared.change_status,
    cast({{ disclosed('compared.score_change', of_change) }} as decimal(9, 6)) as score_change,
    cast({{ disclosed('compared.positive_change', of_change) }} as decimal(24, 12)) as positive_change_pct

from compared
left join covered
    on compared.survey_year = covered.survey_year
    and compared.org_id = covered.org_id
left join wards
    on covered.ward_id = wards.ward_id
    and wards.is_latest

-- Exact figures: never published. Each result of the yearly staff survey as the survey's own units give it, with the
-- total that it is a part of; units of another level (a division, a directorate) are another way to split their site.
with

results as (
    select * from {{ ref('stg_surveys__staff_survey') }}
),

placed as (
    select
        cast(extract(year from survey_year) as int) as survey_year,
        weighting,
        measure_type,
        measure_code,
        case when unit_level in ('trust', 'site') then unit_level else 'unit' end as org_level,
        case unit_level
            when 'trust' then '{{ var("trust_code") }}'
            when 'site' then site_code
            else concat(site_code, ':', unit_level, ':', {{ match_text('unit_name') }})
        end as org_id,
        case unit_level
            when 'trust' then cast(null as string)
            when 'site' then '{{ var("trust_code") }}'
            else site_code
        end as parent_id,
        unit_level,
        unit_name,
        case when unit_level <> 'trust' then site_code end as site_code,
        base_n,
        score,
        positive_pct,
        case
            when score_status = 'reported' or positive_pct_status = 'reported' then 'reported'
            when score_status = 'not_applicable' then positive_pct_status
            else score_status
        end as value_status
    from results
)

select
    survey_year,
    weighting,
    measure_type,
    measure_code,
    org_level,
    org_id,
    parent_id,
    unit_level,
    unit_name,
    site_code,
    base_n,
    score,
    positive_pct,
    value_status

from placed

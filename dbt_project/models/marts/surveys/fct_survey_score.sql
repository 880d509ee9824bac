with

scores as (
    select * from {{ ref('int_surveys__pulse_score') }}
),

decisions as (
    select * from {{ ref('int_surveys__cell_decision') }}
),

sites as (
    select * from {{ ref('int_reference__site_validity') }}
)

select
    {{ surrogate_key([
        'scores.survey_code', 'scores.quarter', 'scores.org_level', 'scores.org_id', 'scores.measure_code',
    ]) }} as survey_score_key,
    scores.survey_code,
    scores.quarter,
    scores.org_level,
    scores.org_id,
    case scores.org_level
        when 'unit' then scores.unit_name
        when 'site' then coalesce(sites.site_name, scores.org_id)
        else '{{ var("trust_name") | replace("'", "''") }}'
    end as org_name,
    scores.site_code,
    scores.ward_id,
    scores.measure_code,
    {{ disclosed('scores.base_n') }} as base_n,
    {{ disclosed('scores.positive_n') }} as positive_n,
    {{ disclosed(ratio('scores.positive_n', 'scores.base_n', 100)) }} as positive_pct,
    {{ disclosed_status('scores.value_status') }} as value_status

from scores
left join decisions using (survey_code, quarter, measure_code, org_id)
left join sites
    on scores.org_level = 'site'
    and scores.org_id = sites.site_code
    and scores.quarter >= sites.valid_from
    and (sites.valid_to is null or scores.quarter < sites.valid_to)

-- Exact figures: never published. Site and trust are sums of their units.
with

answers as (
    select * from {{ ref('stg_surveys__pulse_survey') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

units as (
    select
        answers.quarter,
        answers.site_code,
        answers.unit_name,
        concat(answers.site_code, ':', ward_names.match_text) as unit_id,
        ward_names.ward_id,
        answers.question_code,
        answers.base_n,
        answers.positive_n
    from answers
    inner join ward_names
        on ward_names.feed = 'pulse_survey'
        and answers.site_code = ward_names.site_code
        and answers.unit_name = ward_names.ward_name
        and answers.quarter = ward_names.used_from
),

levelled as (
    {% for org_level, org_id, parent_id in [
        ('unit', 'unit_id', 'site_code'),
        ('site', 'site_code', "'" ~ var('trust_code') ~ "'"),
        ('trust', "'" ~ var('trust_code') ~ "'", 'cast(null as string)'),
    ] %}
    select
        '{{ org_level }}' as org_level,
        {{ org_id }} as org_id,
        {{ parent_id }} as parent_id,
        {{ 'unit_name' if org_level == 'unit' else 'cast(null as string)' }} as unit_name,
        {{ 'ward_id' if org_level == 'unit' else 'cast(null as string)' }} as ward_id,
        {{ 'cast(null as string)' if org_level == 'trust' else 'site_code' }} as site_code,
        quarter,
        question_code,
        base_n,
        positive_n
    from units
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    'pulse' as survey_code,
    quarter,
    org_level,
    org_id,
    parent_id,
    site_code,
    max(unit_name) as unit_name,
    max(ward_id) as ward_id,
    question_code as measure_code,
    cast(sum(base_n) as int) as base_n,
    case when count(*) = count(positive_n) then cast(sum(positive_n) as int) end as positive_n,
    case
        when count(*) = count(positive_n) then 'reported'
        when count(*) = 1 then 'missing'
        else 'incomplete'
    end as value_status

from levelled
group by
    quarter,
    org_level,
    org_id,
    parent_id,
    site_code,
    question_code

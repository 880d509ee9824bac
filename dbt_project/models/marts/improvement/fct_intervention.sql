-- Free text only where the team lets it be shared.
with

interventions as (
    select * from {{ ref('stg_improvement__intervention') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

adopted as (
    select
        intervention_id,
        spread_from as ward_id,
        cast(count(*) as int) as adopted_next_wards,
        {{ listed('ward_id') }} as adopted_next_by
    from interventions
    where spread_from is not null
    group by intervention_id, spread_from
)

select
    {{ surrogate_key(['interventions.intervention_id', 'interventions.ward_id']) }} as intervention_key,
    interventions.intervention_id,
    interventions.intervention_name,
    interventions.ward_id,
    coalesce(wards.ward_name, interventions.ward_id) as ward_name,
    wards.ward_id is not null as is_ward_known,
    wards.site_code,
    interventions.project_id,
    case when interventions.is_shareable then interventions.problem_text end as problem_text,
    case when interventions.is_shareable then interventions.summary_text end as summary_text,
    interventions.is_shareable,
    interventions.start_date,
    interventions.end_date,
    interventions.expected_indicators,
    interventions.expected_named_date,
    coalesce(interventions.expected_named_date <= interventions.start_date, false)
    and interventions.expected_indicators is not null as is_named_beforehand,
    interventions.spread_from as adopted_from_ward_id,
    adopted.adopted_next_by,
    coalesce(adopted.adopted_next_wards, 0) as adopted_next_wards,
    interventions.contact_role

from interventions
left join wards
    on interventions.ward_id = wards.ward_id
    and wards.is_latest
left join adopted
    on interventions.intervention_id = adopted.intervention_id
    and interventions.ward_id = adopted.ward_id

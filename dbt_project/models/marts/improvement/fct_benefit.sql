-- What the projects say of themselves stays beside what somebody outside them validated, and is never added to it.
with

benefits as (
    select * from {{ ref('stg_improvement__benefit') }}
),

projects as (
    select distinct project_id
    from {{ ref('stg_improvement__project') }}
)

select
    benefits.benefit_id,
    benefits.project_id,
    benefits.benefit_type,
    benefits.benefit_name,
    benefits.unit as benefit_unit,
    benefits.planned_value,
    benefits.realised_value,
    case
        when benefits.validated_by_role is not null and benefits.validated_date is not null
            then benefits.validated_value
    end as validated_value,
    benefits.validated_by_role,
    benefits.validated_date,
    benefits.cost_gbp,
    case
        when projects.project_id is null then 'project_unknown'
        when benefits.validated_value is not null
            and benefits.validated_by_role is not null
            and benefits.validated_date is not null
            then 'validated'
        when benefits.validated_value is not null then 'validated_by_nobody'
        when benefits.realised_value is not null then 'realised'
        else 'planned'
    end as benefit_status

from benefits
left join projects on benefits.project_id = projects.project_id

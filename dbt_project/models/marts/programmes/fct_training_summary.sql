with

training as (
    select * from {{ ref('int_programmes__training') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
)

select
    {{ surrogate_key([
        'training.programme_id', 'training.quarter', 'training.org_level', 'training.org_id', 'training.staff_group',
    ]) }} as training_summary_key,
    training.programme_id,
    programmes.programme_name,
    training.quarter,
    training.org_level,
    training.org_id,
    case when training.org_level = 'site' then training.org_id end as site_code,
    training.staff_group,
    {{ disclosed('training.completed_n') }} as completed_n,
    {{ disclosed_status("'reported'") }} as value_status

from training
left join decisions
    on decisions.topic = 'training'
    and training.programme_id = decisions.subject_id
    and cast(training.quarter as string) = decisions.decision_period
    and training.cell_id = decisions.cell_id
left join programmes using (programme_id)

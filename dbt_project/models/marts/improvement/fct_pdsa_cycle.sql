with

cycles as (
    select * from {{ ref('stg_improvement__pdsa_cycle') }}
),

projects as (
    select distinct project_id
    from {{ ref('stg_improvement__project') }}
)

select
    {{ surrogate_key(['cycles.project_id', 'cycles.cycle_no']) }} as pdsa_cycle_key,
    cycles.project_id,
    cycles.cycle_no,
    cycles.start_date,
    cycles.end_date,
    case when cycles.is_shareable then cycles.plan_text end as plan_text,
    case when cycles.is_shareable then cycles.learning_text end as learning_text,
    cycles.is_shareable,
    cycles.decision as cycle_decision,
    case
        when projects.project_id is null then 'project_unknown'
        when cycles.end_date is null then 'running'
        when cycles.decision is null then 'ended_undecided'
        else 'decided'
    end as cycle_status

from cycles
left join projects on cycles.project_id = projects.project_id

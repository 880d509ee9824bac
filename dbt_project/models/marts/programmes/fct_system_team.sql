-- Problem and outcome only where the row says that they may be shared.
with

teams as (
    select * from {{ ref('stg_programmes__system_team') }}
),

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
)

select
    {{ surrogate_key(['teams.cohort_id', 'teams.team_no']) }} as system_team_key,
    teams.cohort_id,
    cohorts.programme_id,
    cohorts.cohort_no,
    teams.team_no,
    teams.team_name,
    teams.population_group,
    teams.sro_role,
    teams.coach_role,
    teams.team_size,
    teams.team_status,
    teams.project_id,
    teams.is_shareable,
    case when teams.is_shareable then teams.problem_text end as problem_text,
    case when teams.is_shareable then teams.outcome_text end as outcome_text

from teams
left join cohorts using (cohort_id)

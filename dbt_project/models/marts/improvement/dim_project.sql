with

projects as (
    select * from {{ ref('int_improvement__project') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

-- The problems that it answers: issues that a ward's staff raised, and the problem of a team of the system programme.
issues as (
    select
        project_id,
        {{ listed('issue_id') }} as issues_linked
    from {{ ref('stg_programmes__engagement_issue') }}
    where project_id is not null
    group by project_id
),

teams as (
    select
        project_id,
        min({{ surrogate_key(['cohort_id', 'team_no']) }}) as system_team_key
    from {{ ref('stg_programmes__system_team') }}
    where project_id is not null
    group by project_id
)

select
    projects.project_id,
    projects.project_name,
    projects.aim_text,
    projects.strategic_aims,
    projects.project_status,
    projects.progress_score,
    projects.progress_score_date,
    projects.progress_score_age_days,
    projects.is_score_stale,
    projects.target_group,
    projects.population_group,
    projects.site_code,
    projects.ward_id,
    wards.ward_name,
    projects.programme_id,
    projects.cohort_id,
    issues.issues_linked,
    teams.system_team_key,
    projects.start_date,
    projects.end_date,
    projects.lead_role,
    projects.coach_role,
    projects.is_shareable,
    projects.measures as measures_listed,
    projects.cycles as cycles_listed,
    projects.first_listed_date,
    projects.last_listed_date,
    projects.is_identifier_reused,
    concat_ws(
        ' ',
        case
            when projects.is_identifier_reused
                then 'The identifier was used before for another project; measures and cycles may be of either.'
        end,
        case
            when projects.measures = 0 and projects.project_status in ('active', 'paused', 'completed')
                then 'No measure is listed, so nothing can be said of what followed.'
        end,
        case
            when projects.is_score_stale
                then concat('The progress score is ', projects.progress_score_age_days, ' days old.')
        end
    ) as attention_note

from projects
left join wards
    on projects.ward_id = wards.ward_id
    and wards.is_latest
left join issues on projects.project_id = issues.project_id
left join teams on projects.project_id = teams.project_id

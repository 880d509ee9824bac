-- Projects that run: approved, active or paused. What is not there counts as old: a project of which nothing is dated
-- is stalled.
with

projects as (
    select * from {{ ref('int_improvement__project') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

judged as (
    select
        project_id,
        project_status = 'paused'
        or coalesce(days_since_activity > {{ var('project_stalled_days') }}, true) as is_stalled,
        measures = 0 as is_without_measure,
        measures > 0
        and coalesce(days_since_value > {{ var('project_no_data_days') }}, true) as is_without_recent_value
    from projects
    where project_status in ('approved', 'active', 'paused')
)

select
    projects.project_id,
    projects.project_name,
    projects.coach_role,
    projects.lead_role,
    projects.site_code,
    projects.ward_id,
    wards.ward_name,
    projects.project_status,
    projects.progress_score,
    projects.progress_score_age_days,
    projects.is_score_stale,
    projects.last_change_date,
    projects.last_value_date,
    projects.days_since_value,
    judged.is_stalled,
    judged.is_without_measure,
    judged.is_without_recent_value,
    case
        when judged.is_stalled or judged.is_without_measure or judged.is_without_recent_value or projects.is_score_stale
            then concat_ws(
                    ' ',
                    case
                        when projects.project_status = 'paused' then 'Paused.'
                        when projects.last_change_date is null then 'Nothing of it is dated.'
                        when judged.is_stalled
                            then concat('Nothing new for ', projects.days_since_activity, ' days.')
                    end,
                    case when judged.is_without_measure then 'No measure.' end,
                    case
                        when judged.is_without_recent_value and projects.days_since_value is null
                            then 'A measure without any value.'
                        when judged.is_without_recent_value
                            then concat('No value for ', projects.days_since_value, ' days.')
                    end,
                    case
                        when projects.is_score_stale
                            then concat('Score is ', projects.progress_score_age_days, ' days old.')
                    end
                )
        else 'On the way: nothing is missing.'
    end as attention_note

from projects
inner join judged on projects.project_id = judged.project_id
left join wards
    on projects.ward_id = wards.ward_id
    and wards.is_latest

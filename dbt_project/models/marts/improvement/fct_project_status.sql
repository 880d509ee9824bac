with

weeks as (
    select * from {{ ref('int_improvement__project_week') }}
)

select
    {{ surrogate_key(['project_id', 'snapshot_date']) }} as project_status_key,
    project_id,
    snapshot_date,
    project_status,
    previous_status,
    coalesce(project_status <> previous_status, false) as is_status_changed,
    is_identifier_reused,
    progress_score,
    progress_score_date,
    progress_score_age_days,
    coalesce(progress_score_age_days > {{ var('progress_score_stale_days') }}, false) as is_score_stale

from weeks

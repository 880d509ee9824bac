with

current_rows as (
    {{ current_version('project') }}
)

select
    snapshot_date,
    project_id,
    project_name,
    aim_text,
    strategic_aims,
    case
        when project_status in ('new', 'proposed') then 'idea'
        when project_status in ('in progress', 'live') then 'active'
        when project_status = 'on hold' then 'paused'
        when project_status in ('complete', 'done') then 'completed'
        when project_status in ('abandoned', 'cancelled') then 'stopped'
        else project_status
    end as project_status,
    progress_score,
    progress_score_date,
    target_group,
    population_group,
    site_code,
    ward_id,
    programme_id,
    cohort_id,
    start_date,
    end_date,
    lead_role,
    coach_role,
    is_shareable,
    _file_id,
    _row_number

from current_rows

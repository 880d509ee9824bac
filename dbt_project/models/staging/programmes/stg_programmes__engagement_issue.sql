with

current_rows as (
    {{ current_version('engagement_issue') }}
)

select
    issue_id,
    event_id,
    ward_id,
    raised_date,
    issue_text,
    theme,
    category,
    owner_role,
    is_permission_needed,
    is_resource_needed,
    issue_status,
    resolved_by,
    closed_date,
    project_id,
    is_shareable,
    _file_id,
    _row_number

from current_rows

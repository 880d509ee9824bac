with

current_rows as (
    {{ current_version('nomination') }}
)

select
    nomination_id,
    participant_id,
    programme_id,
    ward_id,
    nominated_date,
    nominated_by_role,
    nomination_status,
    cohort_id,
    project_id,
    _file_id,
    _row_number

from current_rows

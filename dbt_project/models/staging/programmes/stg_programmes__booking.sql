with

current_rows as (
    {{ current_version('booking') }}
)

select
    cohort_id,
    participant_id,
    booked_date,
    booking_status,
    team_no,
    project_id,
    certificate_date,
    _file_id,
    _row_number

from current_rows

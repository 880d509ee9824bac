with

current_rows as (
    {{ current_version('attendance') }}
)

select
    session_id,
    participant_id,
    cohort_id,
    case
        when attendance_status in ('y', 'yes', '1', '✓') then 'attended'
        when attendance_status in ('n', 'no', '0', 'dna', 'did not attend') then 'did_not_attend'
        else attendance_status
    end as attendance_status,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('session') }}
)

select
    session_id,
    cohort_id,
    session_no,
    session_date,
    curriculum,
    site_code,
    places,
    session_status,
    _file_id,
    _row_number

from current_rows

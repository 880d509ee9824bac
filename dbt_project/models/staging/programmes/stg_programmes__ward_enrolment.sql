with

current_rows as (
    {{ current_version('ward_enrolment') }}
)

select
    programme_id,
    site_code,
    ward_name,
    wave_no,
    enrolled_date,
    diagnostic_date,
    engagement_date,
    nomination_date,
    training_date,
    action_date,
    status,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('pulse_survey') }}
)

select
    quarter,
    site_code,
    unit_name,
    question_code,
    base_n,
    positive_n,
    _file_id,
    _row_number

from current_rows

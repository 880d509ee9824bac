with

current_rows as (
    {{ current_version('survey_unit_ward') }}
)

select
    survey_code,
    site_code,
    unit_name,
    ward_id,
    valid_from,
    valid_to,
    _file_id,
    _row_number

from current_rows

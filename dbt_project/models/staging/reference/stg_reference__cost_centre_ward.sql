with

current_rows as (
    {{ current_version('cost_centre_ward') }}
)

select
    cost_centre_id,
    ward_id,
    valid_from,
    valid_to,
    approved_by,
    _file_id,
    _row_number

from current_rows

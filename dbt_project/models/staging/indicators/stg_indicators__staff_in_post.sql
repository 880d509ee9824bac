with

current_rows as (
    {{ current_version('staff_in_post') }}
)

select
    cost_centre,
    staff_group,
    band_group,
    month,
    headcount,
    staff_fte,
    _file_id,
    _row_number

from current_rows

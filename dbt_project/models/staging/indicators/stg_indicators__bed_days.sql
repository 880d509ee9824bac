with

current_rows as (
    {{ current_version('bed_days') }}
)

select
    site_code,
    ward_name,
    census_date,
    midnight_count,
    available_beds,
    _file_id,
    _row_number

from current_rows

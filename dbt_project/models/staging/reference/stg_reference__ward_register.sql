with

current_rows as (
    {{ current_version('ward_register') }}
)

select
    ward_id,
    ward_name,
    site_code,
    specialty_code,
    division,
    ward_type,
    beds,
    valid_from,
    valid_to,
    predecessor_ward_id,
    change_type,
    _file_id,
    _row_number

from current_rows

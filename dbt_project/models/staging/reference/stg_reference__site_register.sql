with

current_rows as (
    {{ current_version('site_register') }}
)

select
    site_code,
    site_name,
    valid_from,
    valid_to,
    predecessor_code,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('lsoa_change') }}
)

select
    lsoa11_code,
    lsoa21_code,
    change_code,
    lsoa11_name,
    lsoa21_name,
    ltla_code,
    ltla_name,
    _file_id,
    _row_number

from current_rows

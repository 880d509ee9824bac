with

current_rows as (
    {{ current_version('lsoa_lookup') }}
)

select
    lsoa_code,
    lsoa_vintage,
    lsoa_name,
    electoral_ward_code,
    electoral_ward_name,
    ltla_code,
    ltla_name,
    sub_icb_code,
    sub_icb_ods_code,
    sub_icb_name,
    icb_code,
    icb_ods_code,
    icb_name,
    _file_id,
    _row_number

from current_rows

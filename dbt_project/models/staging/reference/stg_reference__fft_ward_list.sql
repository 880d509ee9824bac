with

current_rows as (
    {{ current_version('fft_ward_list') }}
)

select
    month,
    icb_code,
    trust_code,
    trust_name,
    site_code,
    site_name,
    ward_name,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('ward_indicator') }}
)

select
    site_code,
    ward_name,
    indicator_code,
    month,
    numerator,
    denominator,
    value,
    value_status,
    is_provisional,
    _file_id,
    _row_number

from current_rows

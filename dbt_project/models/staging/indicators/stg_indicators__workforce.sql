with

current_rows as (
    {{ current_version('workforce') }}
)

select
    measure,
    division,
    cost_centre_id,
    cost_centre_name,
    month,
    numerator,
    denominator,
    value_share,
    value_share_status,
    _file_id,
    _row_number

from current_rows

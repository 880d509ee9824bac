with

current_rows as (
    {{ current_version('measure_value') }}
)

select
    measure_id,
    value_date,
    numerator,
    denominator,
    value,
    _file_id,
    _row_number

from current_rows

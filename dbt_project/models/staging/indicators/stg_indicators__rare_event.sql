with

current_rows as (
    {{ current_version('rare_event') }}
)

select
    event_id,
    site_code,
    ward_name,
    event_type,
    event_date,
    reported_date,
    _file_id,
    _row_number

from current_rows

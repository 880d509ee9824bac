with

current_rows as (
    {{ current_version('travel_time') }}
)

select
    lsoa_code,
    lsoa_vintage,
    site_code,
    replace(travel_mode, ' ', '_') as travel_mode,
    travel_minutes,
    travel_minutes_status,
    distance_km,
    _file_id,
    _row_number

from current_rows

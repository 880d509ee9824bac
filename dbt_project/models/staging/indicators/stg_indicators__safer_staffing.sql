with

current_rows as (
    {{ current_version('safer_staffing') }}
)

select
    site_code,
    ward_name,
    division,
    month,
    day_registered_planned_hours,
    day_registered_actual_hours,
    day_unregistered_planned_hours,
    day_unregistered_actual_hours,
    night_registered_planned_hours,
    night_registered_actual_hours,
    night_unregistered_planned_hours,
    night_unregistered_actual_hours,
    patient_count_midnight,
    missing_census_count,
    _file_id,
    _row_number

from current_rows

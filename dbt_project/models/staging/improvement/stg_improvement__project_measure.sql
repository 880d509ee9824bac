with

current_rows as (
    {{ current_version('project_measure') }}
)

select
    measure_id,
    project_id,
    measure_name,
    measure_type,
    indicator_code,
    unit,
    direction,
    baseline_value,
    target_value,
    _file_id,
    _row_number

from current_rows

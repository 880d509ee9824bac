with

current_rows as (
    {{ current_version('benefit') }}
)

select
    benefit_id,
    project_id,
    benefit_type,
    benefit_name,
    unit,
    planned_value,
    realised_value,
    validated_value,
    validated_by_role,
    validated_date,
    cost_gbp,
    _file_id,
    _row_number

from current_rows

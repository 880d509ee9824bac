with

current_rows as (
    {{ current_version('intervention') }}
)

select
    intervention_id,
    ward_id,
    intervention_name,
    project_id,
    problem_text,
    summary_text,
    start_date,
    end_date,
    expected_indicators,
    expected_named_date,
    spread_from,
    contact_role,
    is_shareable,
    _file_id,
    _row_number

from current_rows

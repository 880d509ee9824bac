with

current_rows as (
    {{ current_version('system_team') }}
)

select
    cohort_id,
    team_no,
    team_name,
    problem_text,
    population_group,
    sro_role,
    coach_role,
    team_size,
    team_status,
    project_id,
    outcome_text,
    is_shareable,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('pdsa_cycle') }}
)

select
    project_id,
    cycle_no,
    start_date,
    end_date,
    plan_text,
    learning_text,
    decision,
    is_shareable,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('waiver') }}
)

select
    rule_id,
    check_scope,
    granted_date,
    until_date,
    reason_text,
    asked_by_role,
    approved_by_role,
    _file_id,
    _row_number

from current_rows

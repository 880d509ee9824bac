with

current_rows as (
    {{ current_version('spc_baseline') }}
)

select
    org_level,
    org_id,
    indicator_code,
    month,
    kind,
    value,
    reason,
    author,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('publication_approval') }}
)

select
    audience,
    granted_date,
    until_date,
    reason_text,
    approved_by_role,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('analyst_note') }}
)

select
    ward_id,
    indicator_code,
    month,
    note_text,
    author_role,
    review_date,
    is_shareable,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('ward_alias') }}
)

select
    feed,
    site_code,
    alias_text,
    ward_id,
    valid_from,
    valid_to,
    approved_by,
    _file_id,
    _row_number

from current_rows

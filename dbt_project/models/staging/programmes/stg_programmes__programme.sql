with

current_rows as (
    {{ current_version('programme') }}
)

select
    programme_id,
    programme_name,
    programme_type,
    start_date,
    end_date,
    lead_role,
    funder,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('ods_trust_successor') }}
)

select
    trust_code,
    successor_trust_code,
    succession_date,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('data_engagement') }}
)

select
    contact_id,
    ward_id,
    contact_date,
    topic,
    dataset_id,
    contact_outcome,
    _file_id,
    _row_number

from current_rows

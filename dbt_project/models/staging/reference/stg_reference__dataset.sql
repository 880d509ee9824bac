with

current_rows as (
    {{ current_version('dataset') }}
)

select
    dataset_id,
    dataset_name,
    question_answered,
    coverage,
    lag_days,
    owner_role,
    how_to_ask,
    limits,
    feed,
    _file_id,
    _row_number

from current_rows

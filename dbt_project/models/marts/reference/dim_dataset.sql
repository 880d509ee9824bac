with

datasets as (
    select * from {{ ref('stg_reference__dataset') }}
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
    feed as source_feed

from datasets

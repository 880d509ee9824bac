-- The columns as the newest run that published any describes them.
with

published as (
    select * from {{ source('ledger', 'published_column') }}
),

runs as (
    select distinct
        run_id,
        run_no
    from {{ source('ledger', 'run') }}
),

numbered as (
    select
        published.domain,
        published.mart_name,
        published.column_name,
        published.column_no,
        published.data_type,
        published.description,
        published.is_key,
        published.disclosure,
        published.mart_description,
        published.mart_grain,
        published.mart_owner,
        dense_rank() over (order by runs.run_no desc) as run_recency,
        row_number() over (
            partition by runs.run_no, published.mart_name, published.column_name
            order by published.column_no
        ) as repeat_no
    from published
    inner join runs using (run_id)
)

select
    {{ surrogate_key(['mart_name', 'column_name']) }} as column_key,
    domain,
    mart_name,
    column_name,
    column_no,
    data_type,
    description,
    is_key,
    disclosure,
    mart_description,
    mart_grain,
    mart_owner

from numbered
where run_recency = 1
    and repeat_no = 1

with

rejections as (
    select * from {{ source('ledger', 'rejection') }}
),

files as (
    select * from {{ source('ledger', 'file') }}
)

select
    {{ surrogate_key(['rejections.file_id', 'rejections.rule_id', 'rejections.column_name']) }}
        as rejection_key,
    rejections.file_id,
    files.feed,
    files.file_name,
    rejections.run_id,
    rejections.rule_id,
    rejections.column_name,
    rejections.action as row_action,
    rejections.row_count as rows_affected,
    rejections.sample_rows,
    rejections.message

from rejections
left join files using (file_id)

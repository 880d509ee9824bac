{{ config(meta={
    'severity': 'critical',
    'dimension': 'consistency',
    'owner': 'analytics',
    'description': 'No more rows of a file are used than were accepted of it.',
    'dagster': {'ref': {'name': 'fct_file_use'}},
}) }}

with

used as (
    select
        file_id,
        sum(rows_used) as rows_used
    from {{ ref('fct_file_use') }}
    group by file_id
),

files as (
    select * from {{ ref('fct_file') }}
)

select
    used.file_id,
    used.rows_used,
    files.rows_accepted
from used
left join files using (file_id)
where files.rows_accepted is null
    or used.rows_used > files.rows_accepted

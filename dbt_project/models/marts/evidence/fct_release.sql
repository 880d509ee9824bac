with

releases as (
    select * from {{ source('ledger', 'release') }}
)

select
    {{ surrogate_key(['release_id', 'event', 'event_no']) }} as release_event_key,
    release_id,
    event as release_event,
    event_no as release_event_no,
    event_at,
    run_id,
    run_date,
    audience,
    code_version,
    input_fingerprint,
    mart_count as marts_published,
    row_count as rows_published,
    is_demonstration,
    detail

from releases

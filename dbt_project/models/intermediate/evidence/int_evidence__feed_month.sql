-- When the sender last changed a file is the nearest to when it was sent: a history that is loaded at once was
-- not late.
with

feed_periods as (
    select * from {{ ref('int_evidence__feed_period') }}
),

periods as (
    select * from {{ source('ledger', 'file_period') }}
),

delivered as (
    select * from {{ source('ledger', 'file') }}
),

rejections as (
    select * from {{ source('ledger', 'rejection') }}
),

run as (
    {{ current_run() }}
),

ranked as (
    select
        periods.feed,
        periods.file_id,
        cast(date_trunc('month', periods.period) as date) as month,
        row_number() over (
            partition by periods.feed, periods.scope, periods.period
            order by periods.sequence desc, periods.file_id asc
        ) as recency
    from periods
    cross join run
    where run.as_of_sequence is null or periods.sequence <= run.as_of_sequence
),

current_files as (
    select distinct
        feed,
        file_id,
        month
    from ranked
    where recency = 1
),

refusals as (
    select
        file_id,
        cast(sum(case when rule_id like '%.duplicate_%' then row_count else 0 end) as bigint) as rows_doubled,
        cast(sum(case when rule_id like '%.duplicate_%' then 0 else row_count end) as bigint) as rows_refused
    from rejections
    where action = 'rejected'
    group by file_id
)

select
    current_files.feed,
    current_files.month,
    cast(sum(delivered.rows_accepted + delivered.rows_rejected) as bigint) as rows_read,
    cast(sum(coalesce(refusals.rows_doubled, 0)) as bigint) as rows_doubled,
    cast(sum(coalesce(refusals.rows_refused, 0)) as bigint) as rows_refused,
    count(feed_periods.due_date) as files_due,
    count(case when cast(delivered.modified_at as date) > feed_periods.due_date then 1 end) as files_late

from current_files
inner join delivered on current_files.file_id = delivered.file_id
left join refusals on current_files.file_id = refusals.file_id
left join feed_periods
    on current_files.feed = feed_periods.feed
    and feed_periods.is_by_period
    and current_files.month = feed_periods.period_start_date
group by current_files.feed, current_files.month

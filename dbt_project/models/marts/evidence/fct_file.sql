with

files as (
    select * from {{ source('ledger', 'file') }}
),

periods as (
    select * from {{ source('ledger', 'file_period') }}
),

run as (
    {{ current_run() }}
),

ranked as (
    select
        periods.file_id,
        row_number() over (
            partition by periods.feed, periods.scope, periods.period
            order by periods.sequence desc, periods.file_id asc
        ) as recency
    from periods
    cross join run
    where run.as_of_sequence is null or periods.sequence <= run.as_of_sequence
),

counted as (
    select
        file_id,
        count(*) as periods_current
    from ranked
    where recency = 1
    group by file_id
),

delivered as (
    select
        file_id,
        count(*) as periods_delivered
    from periods
    group by file_id
)

select
    files.file_id,
    files.run_id,
    files.sequence as file_sequence,
    files.feed,
    files.domain,
    files.file_name,
    files.sha256,
    files.contract_version,
    files.layout,
    files.encoding,
    files.size_bytes,
    files.modified_at,
    files.received_date,
    files.status as file_status,
    files.refused_rule,
    files.refused_where,
    files.refused_why,
    files.refused_mend,
    files.rows_read,
    files.rows_accepted,
    files.rows_rejected,
    files.rows_total,
    files.rows_blank,
    files.period_from as period_start_date,
    files.period_to as last_period_start_date,
    coalesce(delivered.periods_delivered, 0) as periods_delivered,
    coalesce(counted.periods_current, 0) as periods_current,
    files.ignored_columns

from files
left join delivered using (file_id)
left join counted using (file_id)

with

results as (
    select * from {{ source('ledger', 'check_result') }}
),

runs as (
    select distinct
        run_id,
        run_no,
        run_date
    from {{ source('ledger', 'run') }}
)

select
    {{ surrogate_key(['results.run_id', 'results.rule_id', 'results.scope']) }} as check_result_key,
    results.run_id,
    runs.run_no,
    runs.run_date,
    results.rule_id,
    results.scope as check_scope,
    results.status as check_status,
    results.rows_tested,
    results.rows_failed,
    results.sample_keys,
    results.detail,
    results.code_version

from results
left join runs using (run_id)

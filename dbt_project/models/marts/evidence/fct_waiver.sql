with

uses as (
    select * from {{ source('ledger', 'waiver_use') }}
),

runs as (
    select distinct
        run_id,
        run_no,
        run_date
    from {{ source('ledger', 'run') }}
)

select
    {{ surrogate_key(['uses.run_id', 'uses.rule_id', 'uses.scope', 'uses.granted_date']) }}
        as waiver_key,
    uses.run_id,
    runs.run_no,
    runs.run_date,
    uses.rule_id,
    uses.scope as check_scope,
    uses.granted_date,
    uses.until_date,
    uses.reason_text,
    uses.asked_by_role,
    uses.approved_by_role,
    uses.waiver_status,
    uses.why as waiver_status_reason,
    uses.file_id

from uses
left join runs using (run_id)

with

approvals as (
    select * from {{ ref('stg_evidence__publication_approval') }}
),

run as (
    {{ current_run() }}
)

select
    {{ surrogate_key(['approvals.audience', 'approvals.granted_date']) }} as publication_approval_key,
    approvals.audience,
    approvals.granted_date,
    approvals.until_date,
    approvals.reason_text,
    approvals.approved_by_role,
    approvals.granted_date <= run.run_date
    and coalesce(approvals.until_date >= run.run_date, true) as is_in_force

from approvals
cross join run

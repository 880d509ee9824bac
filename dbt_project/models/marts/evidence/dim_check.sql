-- A rule as the newest run that knew it states it.
with

rules as (
    select * from {{ source('ledger', 'rule') }}
),

runs as (
    select distinct
        run_id,
        run_no
    from {{ source('ledger', 'run') }}
),

ranked as (
    select
        rules.rule_id,
        rules.domain,
        rules.subject,
        rules.severity,
        rules.dimension,
        rules.owner,
        rules.description,
        rules.run_id,
        row_number() over (partition by rules.rule_id order by runs.run_no desc) as recency
    from rules
    inner join runs using (run_id)
)

select
    rule_id,
    domain,
    subject,
    severity,
    dimension,
    owner,
    description,
    run_id

from ranked
where recency = 1

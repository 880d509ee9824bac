-- What readers already have of each count of patients: as the newest run before this one that was published showed it,
-- to whichever audience, for who reads the trust's own releases reads the public ones too. For a run as of an earlier
-- day the newest before that day, so that it rebuilds what was shown then.
with

runs as (
    select * from {{ source('ledger', 'run') }}
),

run_ends as (
    select * from {{ source('ledger', 'run_end') }}
),

cells as (
    select * from {{ source('ledger', 'disclosed_cell') }}
),

this_run as (
    {{ current_run() }}
),

published as (
    select
        runs.run_id,
        row_number() over (order by runs.run_no desc) as recency
    from runs
    inner join run_ends on runs.run_id = run_ends.run_id
    inner join this_run on runs.run_no < this_run.run_no
    where run_ends.outcome = 'published'
        and (this_run.as_of_sequence is null or runs.run_date < this_run.run_date)
)

select
    cells.org_level,
    cells.org_id,
    cells.period_type,
    cells.period_start_date,
    cells.dimension_code,
    cells.group_code,
    cells.count_code,
    cells.shown_from,
    cells.shown_to

from cells
inner join published on cells.run_id = published.run_id
where published.recency = 1

-- A scope (a site, say) is waited for where it delivered any of the year that ends with the period. The same
-- content read again under a mended contract is no revision, nor is a feed that replaces itself whole.
with

feed_periods as (
    select * from {{ ref('int_evidence__feed_period') }}
),

files as (
    select * from {{ source('ledger', 'file') }}
),

periods as (
    select * from {{ source('ledger', 'file_period') }}
),

run as (
    {{ current_run() }}
),

received as (
    select
        periods.feed,
        periods.scope,
        periods.period,
        files.sha256,
        files.received_date
    from periods
    inner join files using (file_id)
    cross join run
    where run.as_of_sequence is null or periods.sequence <= run.as_of_sequence
),

newest_files as (
    select
        files.feed,
        max(case when files.status = 'accepted' then files.sequence else 0 end) as accepted_sequence,
        max(case when files.status = 'refused' then files.sequence else 0 end) as refused_sequence
    from files
    cross join run
    where run.as_of_sequence is null or files.sequence <= run.as_of_sequence
    group by files.feed
),

-- Of a feed that replaces itself whole, what came after a period's end answers for the period.
answering as (
    select
        feed_periods.feed,
        feed_periods.period_start_date,
        case when feed_periods.is_by_period then received.scope else '' end as scope,
        count(distinct received.sha256) as versions,
        min(received.received_date) as first_received_date,
        max(received.received_date) as last_received_date
    from feed_periods
    inner join received
        on feed_periods.feed = received.feed
        and (
            (feed_periods.is_by_period and feed_periods.period_start_date = received.period)
            or (not feed_periods.is_by_period and feed_periods.due_date is null)
            or (not feed_periods.is_by_period and feed_periods.period_end_date < received.received_date)
        )
    group by
        feed_periods.feed,
        feed_periods.period_start_date,
        case when feed_periods.is_by_period then received.scope else '' end
),

answered as (
    select
        feed_periods.feed,
        feed_periods.period_start_date,
        count(distinct answering.scope) as scopes_received,
        sum(answering.versions) - count(answering.scope) as revisions,
        min(answering.first_received_date) as first_received_date,
        max(answering.last_received_date) as last_received_date
    from feed_periods
    inner join answering
        on feed_periods.feed = answering.feed
        and coalesce(feed_periods.period_start_date, date '1900-01-01')
        = coalesce(answering.period_start_date, date '1900-01-01')
    group by feed_periods.feed, feed_periods.period_start_date
),

waited_for as (
    select
        feed_periods.feed,
        feed_periods.period_start_date,
        count(distinct received.scope) as scopes_expected
    from feed_periods
    inner join received
        on feed_periods.feed = received.feed
        and feed_periods.is_by_period
        and feed_periods.period_start_date >= received.period
        and received.period > {{ months_later('feed_periods.period_start_date', -12) }}
    group by feed_periods.feed, feed_periods.period_start_date
),

counted as (
    select
        feed_periods.feed,
        feed_periods.domain,
        feed_periods.owner,
        feed_periods.is_revisable,
        feed_periods.run_date,
        feed_periods.period_start_date,
        feed_periods.period_end_date,
        feed_periods.due_date,
        answered.first_received_date,
        answered.last_received_date,
        coalesce(answered.scopes_received, 0) as scopes_received,
        greatest(coalesce(waited_for.scopes_expected, 1), 1) as scopes_expected,
        case when feed_periods.is_by_period then coalesce(answered.revisions, 0) else 0 end as revisions,
        coalesce(newest_files.refused_sequence > newest_files.accepted_sequence, false) as is_newest_refused,
        max(case when answered.feed is not null then feed_periods.period_start_date end) over (
            partition by feed_periods.feed
        ) as last_received_period
    from feed_periods
    left join newest_files using (feed)
    left join answered
        on feed_periods.feed = answered.feed
        and coalesce(feed_periods.period_start_date, date '1900-01-01')
        = coalesce(answered.period_start_date, date '1900-01-01')
    left join waited_for
        on feed_periods.feed = waited_for.feed
        and coalesce(feed_periods.period_start_date, date '1900-01-01')
        = coalesce(waited_for.period_start_date, date '1900-01-01')
)

select
    {{ surrogate_key(['feed', 'period_start_date']) }} as feed_timeliness_key,
    feed,
    domain,
    owner,
    period_start_date,
    period_end_date,
    due_date,
    case
        when scopes_received < scopes_expected and due_date < run_date then 'late'
        when scopes_received < scopes_expected then 'not_due'
        when is_newest_refused
            and coalesce(period_start_date, date '1900-01-01')
            = coalesce(last_received_period, date '1900-01-01')
            then 'stale'
        when revisions > 0 then 'revised'
        else 'received'
    end as feed_status,
    first_received_date,
    last_received_date,
    cast(scopes_received as int) as scopes_received,
    cast(scopes_expected as int) as scopes_expected,
    cast(revisions as int) as revisions,
    is_revisable

from counted

-- A feed by period is looked for from the first period it ever delivered, one that replaces itself whole for
-- the period that ended last; a feed of which nothing was ever received is looked for under no period. A
-- period is due on a working day of the month after its end.
with

feeds as (
    select * from {{ source('ledger', 'feed') }}
),

periods as (
    select * from {{ source('ledger', 'file_period') }}
),

holidays as (
    select * from {{ ref('bank_holiday') }}
),

run as (
    {{ current_run() }}
),

digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Months to the year 2083.
months as (
    select
        hundreds.digit * 100 + tens.digit * 10 + ones.digit as month_no,
        {{ months_later("date '2000-01-01'", 'hundreds.digit * 100 + tens.digit * 10 + ones.digit') }}
            as month
    from digits as hundreds
    cross join digits as tens
    cross join digits as ones
),

contracts as (
    select
        feeds.feed,
        feeds.domain,
        feeds.owner,
        feeds.is_revisable,
        feeds.delivery in ('period', 'window') and feeds.period_months is not null as is_by_period,
        feeds.period_months,
        feeds.due_working_day,
        feeds.months_without,
        run.run_date
    from feeds
    inner join run using (run_id)
),

firsts as (
    select
        periods.feed,
        min(periods.period) as first_period
    from periods
    cross join run
    where run.as_of_sequence is null or periods.sequence <= run.as_of_sequence
    group by periods.feed
),

ended as (
    select
        contracts.feed,
        contracts.is_by_period,
        contracts.due_working_day,
        contracts.run_date,
        months.month as period_start_date,
        {{ months_later('months.month', 'contracts.period_months') }} as next_period_start_date,
        row_number() over (partition by contracts.feed order by months.month desc) as recency
    from contracts
    inner join firsts using (feed)
    inner join months on contracts.run_date >= months.month
    left join months as first_months on firsts.first_period = first_months.month
    where (contracts.is_by_period or contracts.due_working_day is not null)
        and {{ months_later('months.month', 'contracts.period_months') }} <= contracts.run_date
        and (not contracts.is_by_period or months.month >= firsts.first_period)
        -- Quarters are the calendar's, or those that the feed's first period begins.
        and (months.month_no - coalesce(case when contracts.is_by_period then first_months.month_no end, 0))
        % contracts.period_months = 0
        and not concat('|', coalesce(contracts.months_without, ''), '|')
        like concat('%|', cast(cast(extract(month from months.month) as int) as string), '|%')
),

expected as (
    select
        feed,
        due_working_day,
        period_start_date,
        next_period_start_date
    from ended
    where is_by_period or recency = 1
),

-- Counted for the months after a period alone: each day of a month has its number among the working days.
due_months as (
    select distinct next_period_start_date as month
    from expected
    where due_working_day is not null
),

days as (
    select
        due_months.month,
        {{ days_later('due_months.month', 'hundreds.digit * 100 + tens.digit * 10 + ones.digit') }} as day_date
    from due_months
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones
    -- National figures of staff come four months after their month.
    where hundreds.digit < 2
),

working_days as (
    select
        days.month,
        days.day_date,
        row_number() over (partition by days.month order by days.day_date) as working_day_no
    from days
    left join holidays on days.day_date = holidays.holiday_date
    -- The first day of 1900 was a Monday.
    where {{ days_between("date '1900-01-01'", 'days.day_date') }} % 7 < 5
        and holidays.holiday_date is null
)

select
    contracts.feed,
    contracts.domain,
    contracts.owner,
    contracts.is_revisable,
    contracts.is_by_period,
    contracts.run_date,
    expected.period_start_date,
    {{ days_later('expected.next_period_start_date', -1) }} as period_end_date,
    working_days.day_date as due_date

from contracts
left join expected using (feed)
left join working_days
    on expected.next_period_start_date = working_days.month
    and expected.due_working_day = working_days.working_day_no

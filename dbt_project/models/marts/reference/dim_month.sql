-- Every month from the first to the last for which a feed gives a figure, so that a gap in a series shows
-- as one.
with

ward_indicators as (
    select * from {{ ref('stg_indicators__ward_indicator') }}
),

ae_attendances as (
    select * from {{ ref('stg_indicators__ae_attendances') }}
),

sickness_absence as (
    select * from {{ ref('stg_indicators__sickness_absence') }}
),

waiting_times as (
    select * from {{ ref('stg_indicators__rtt') }}
),

pulse_survey as (
    select * from {{ ref('stg_surveys__pulse_survey') }}
),

rare_events as (
    select * from {{ ref('stg_indicators__rare_event') }}
),

infections as (
    select * from {{ ref('stg_indicators__infection') }}
),

digits as (
    {% for digit in range(10) %}
    select {{ digit }} as digit
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

present as (
    select month from ward_indicators

    union all

    select month from ae_attendances

    union all

    select month from sickness_absence

    union all

    select month from waiting_times

    union all

    select quarter as month from pulse_survey

    union all

    select cast(date_trunc('month', event_date) as date) as month from rare_events

    union all

    select cast(date_trunc('month', specimen_date) as date) as month from infections
),

span as (
    select
        min(month) as first_month,
        max(month) as last_month
    from present
),

offsets as (
    select hundreds.digit * 100 + tens.digit * 10 + ones.digit as months_after
    from digits as hundreds
    cross join digits as tens
    cross join digits as ones
),

months as (
    select
        {{ months_later('span.first_month', 'offsets.months_after') }} as month,
        span.last_month
    from span
    cross join offsets
    where span.first_month is not null
),

counted as (
    select
        month,
        cast({{ months_later('month', 1) }} - interval '1' day as date) as month_end_date,
        cast(extract(year from month) as int) as calendar_year,
        cast(extract(month from month) as int) as calendar_month_no
    from months
    where month <= last_month
)

select
    month,
    month_end_date,
    concat(
        case calendar_month_no
            {% for name in [
                'January', 'February', 'March', 'April', 'May', 'June',
                'July', 'August', 'September', 'October', 'November', 'December',
            ] %}
            when {{ loop.index }} then '{{ name }}'
            {% endfor %}
        end,
        ' ',
        cast(calendar_year as string)
    ) as month_name,
    calendar_year,
    calendar_month_no,
    cast(date_trunc('quarter', month) as date) as quarter,
    {{ financial_year('month') }} as financial_year,
    cast((calendar_month_no + 8) % 12 + 1 as int) as financial_month_no,
    cast(extract(day from month_end_date) as int) as days_in_month

from counted

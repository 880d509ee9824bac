-- A day that no file names is missing, not empty: a month says how many of its days are there. Days are those
-- on which the register holds the ward; one that stands twice on a day makes its month incomplete too.
with

census as (
    select * from {{ ref('stg_indicators__bed_days') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

register as (
    select * from {{ ref('int_reference__ward_validity') }}
),

identified as (
    select
        ward_names.ward_id,
        ward_names.used_from as month,
        census.site_code,
        census.census_date,
        census.midnight_count,
        census.available_beds
    from census
    inner join ward_names
        on ward_names.feed = 'bed_days'
        and census.site_code = ward_names.site_code
        and census.ward_name = ward_names.ward_name
        and cast(date_trunc('month', census.census_date) as date) = ward_names.used_from
    where ward_names.ward_id is not null
),

summed as (
    select
        ward_id,
        month,
        max(site_code) as site_code,
        cast(sum(midnight_count) as bigint) as occupied_bed_days,
        case
            when count(available_beds) = count(*) then cast(sum(available_beds) as bigint)
        end as available_bed_days,
        count(*) as row_count,
        count(distinct census_date) as days_reported
    from identified
    group by ward_id, month
),

spans as (
    select
        summed.ward_id,
        summed.month,
        greatest(register.valid_from, summed.month) as open_from,
        least(
            coalesce(register.valid_to, {{ months_later('summed.month', 1) }}),
            {{ months_later('summed.month', 1) }}
        ) as open_to
    from summed
    inner join register
        on summed.ward_id = register.ward_id
        and {{ months_later('summed.month', 1) }} > register.valid_from
        and (register.valid_to is null or summed.month < register.valid_to)
),

opened as (
    select
        ward_id,
        month,
        sum({{ days_between('open_from', 'open_to') }}) as days_open
    from spans
    group by ward_id, month
)

select
    summed.ward_id,
    summed.month,
    coalesce(ward_months.site_code, summed.site_code) as site_code,
    summed.occupied_bed_days,
    summed.available_bed_days,
    cast(summed.days_reported as int) as days_reported,
    cast(opened.days_open as int) as days_open,
    coalesce(summed.days_reported = opened.days_open, false)
    and summed.row_count = summed.days_reported as is_complete

from summed
left join opened
    on summed.ward_id = opened.ward_id
    and summed.month = opened.month
left join ward_months
    on summed.ward_id = ward_months.ward_id
    and summed.month = ward_months.month

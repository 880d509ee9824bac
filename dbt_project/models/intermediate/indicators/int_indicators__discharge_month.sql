-- Patients who left the hospital alive, by the last ward of each and the month of leaving: how many, their days in
-- hospital on all wards, and how many of them left after 21 days and over, or before noon. The name of the ward is read
-- as of the month in which the patient came to it.
with

admissions as (
    select * from {{ ref('int_inequalities__admission') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
)

select
    ward_names.ward_id,
    cast(date_trunc('month', admissions.discharge_date) as date) as month,
    max(admissions.site_code) as site_code,
    cast(count(*) as bigint) as discharges,
    cast(sum(admissions.days_in_hospital) as bigint) as days_in_hospital,
    cast(sum(case when admissions.days_in_hospital >= 21 then 1 else 0 end) as bigint) as stayed_21_days,
    cast(sum(case when admissions.is_before_noon then 1 else 0 end) as bigint) as before_noon

from admissions
inner join ward_names
    on ward_names.feed = 'ward_stay'
    and admissions.site_code = ward_names.site_code
    and admissions.last_ward_name = ward_names.ward_name
    and cast(date_trunc('month', admissions.last_ward_from) as date) = ward_names.used_from
where admissions.has_left_alive
    and ward_names.ward_id is not null
group by ward_names.ward_id, cast(date_trunc('month', admissions.discharge_date) as date)

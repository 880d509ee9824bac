-- What was enrolled outside the plan (another wave, another site) stands beside it, planned as none.
with

enrolments as (
    select * from {{ ref('int_programmes__ward_enrolments') }}
),

plan as (
    select * from {{ ref('int_programmes__wave_plan') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

enrolled as (
    select
        programme_id,
        wave_no,
        site_code,
        count(case when status <> 'withdrawn' then 1 end) as wards_enrolled,
        count(case when status <> 'withdrawn' then engagement_date end) as wards_engaged,
        count(case when status = 'withdrawn' then 1 end) as wards_withdrawn
    from enrolments
    group by programme_id, wave_no, site_code
),

waves as (
    select
        programme_id,
        wave_no,
        site_code
    from plan

    union distinct

    select
        programme_id,
        wave_no,
        site_code
    from enrolled
)

select
    {{ surrogate_key(['waves.programme_id', 'waves.wave_no', 'waves.site_code']) }} as wave_key,
    waves.programme_id,
    programmes.programme_name,
    waves.wave_no,
    waves.site_code,
    plan.planned_start_date,
    cast(coalesce(plan.wards_planned, 0) as int) as wards_planned,
    cast(coalesce(enrolled.wards_enrolled, 0) as int) as wards_enrolled,
    cast(coalesce(enrolled.wards_engaged, 0) as int) as wards_engaged,
    cast(coalesce(enrolled.wards_withdrawn, 0) as int) as wards_withdrawn,
    cast(coalesce(enrolled.wards_enrolled, 0) - coalesce(plan.wards_planned, 0) as int) as wards_ahead_of_plan

from waves
left join plan using (programme_id, wave_no, site_code)
left join enrolled using (programme_id, wave_no, site_code)
left join programmes using (programme_id)

with

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

sessions as (
    select * from {{ ref('stg_programmes__session') }}
),

counted as (
    select
        cohort_id,
        count(case when session_status <> 'cancelled' then 1 end) as sessions_planned,
        count(case when session_status = 'held' then 1 end) as sessions_held,
        count(case when session_status = 'cancelled' then 1 end) as sessions_cancelled
    from sessions
    group by cohort_id
)

select
    cohorts.cohort_id,
    cohorts.programme_id,
    programmes.programme_name,
    programmes.programme_type,
    cohorts.cohort_name,
    cohorts.cohort_no,
    cohorts.start_date,
    cohorts.end_date,
    cohorts.site_code,
    cohorts.planned_places,
    cast(coalesce(counted.sessions_planned, 0) as int) as sessions_planned,
    cast(coalesce(counted.sessions_held, 0) as int) as sessions_held,
    cast(coalesce(counted.sessions_cancelled, 0) as int) as sessions_cancelled,
    cohorts.funder,
    cohorts.funding_status,
    cohorts.funding_end_date,
    cohorts.cost_gbp

from cohorts
left join programmes using (programme_id)
left join counted using (cohort_id)

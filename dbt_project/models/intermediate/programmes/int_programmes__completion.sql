-- Who completed which cohort: person by person, so never published. One person under two references counts
-- once, under the reference that counts; the post is that of the cohort's first day, else the latest.
with

registers as (
    select * from {{ ref('stg_programmes__attendance') }}
),

sessions as (
    select * from {{ ref('stg_programmes__session') }}
),

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
),

posts as (
    select * from {{ ref('stg_programmes__participant') }}
),

same_persons as (
    select
        participant_id,
        max(same_person_as) as same_person_as
    from posts
    where same_person_as is not null
    group by participant_id
),

days as (
    select
        cohort_id,
        count(*) as session_days
    from sessions
    where session_status <> 'cancelled'
    group by cohort_id
),

attended as (
    select
        coalesce(same_persons.same_person_as, registers.participant_id) as participant_id,
        sessions.cohort_id,
        count(distinct case when registers.attendance_status = 'attended' then sessions.session_id end)
            as attended_days
    from registers
    inner join sessions
        on registers.session_id = sessions.session_id
        and sessions.session_status <> 'cancelled'
    left join same_persons using (participant_id)
    group by coalesce(same_persons.same_person_as, registers.participant_id), sessions.cohort_id
),

ranked_posts as (
    select
        attended.participant_id,
        attended.cohort_id,
        posts.sector,
        posts.site_code,
        posts.staff_group,
        row_number() over (
            partition by attended.participant_id, attended.cohort_id
            order by
                case
                    when posts.valid_from <= cohorts.start_date
                        and (posts.valid_to is null or cohorts.start_date < posts.valid_to)
                        then 0
                    else 1
                end,
                posts.valid_from desc
        ) as post_rank
    from attended
    inner join cohorts using (cohort_id)
    inner join posts using (participant_id)
)

select
    attended.participant_id,
    attended.cohort_id,
    cohorts.programme_id,
    coalesce(cohorts.end_date, cohorts.start_date) as completed_date,
    cast(date_trunc('quarter', coalesce(cohorts.end_date, cohorts.start_date)) as date) as quarter,
    case
        when ranked_posts.sector <> 'trust' then 'outside'
        else coalesce(ranked_posts.site_code, 'not_known')
    end as org_id,
    case
        when ranked_posts.sector <> 'trust' then 'outside'
        else coalesce(ranked_posts.staff_group, 'not_known')
    end as staff_group,
    cast(days.session_days as int) as session_days,
    cast(attended.attended_days as int) as attended_days,
    attended.attended_days * 100 >= days.session_days * {{ var('training_attendance_minimum_pct') }}
        as is_completed

from attended
inner join cohorts using (cohort_id)
inner join days using (cohort_id)
left join ranked_posts
    on attended.participant_id = ranked_posts.participant_id
    and attended.cohort_id = ranked_posts.cohort_id
    and ranked_posts.post_rank = 1

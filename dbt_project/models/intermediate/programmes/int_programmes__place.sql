-- Who has, had or took a place on which cohort: person by person, so never published. A place stands here if it was
-- booked or if a register names the person; one person under two references has one. The post is that of the cohort's
-- first day, else the latest.
with

bookings as (
    select * from {{ ref('stg_programmes__booking') }}
),

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

posts as (
    select * from {{ ref('stg_programmes__participant') }}
),

completions as (
    select * from {{ ref('int_programmes__completion') }}
),

file_periods as (
    select * from {{ source('ledger', 'file_period') }}
),

run as (
    {{ current_run() }}
),

same_persons as (
    select
        participant_id,
        max(same_person_as) as same_person_as
    from posts
    where same_person_as is not null
    group by participant_id
),

-- Booked outweighs waiting, and waiting what was given back, where two references of a person have a place each.
ranked_bookings as (
    select
        coalesce(same_persons.same_person_as, bookings.participant_id) as participant_id,
        bookings.cohort_id,
        bookings.booking_status,
        bookings.certificate_date,
        bookings.project_id,
        row_number() over (
            partition by coalesce(same_persons.same_person_as, bookings.participant_id), bookings.cohort_id
            order by
                case bookings.booking_status when 'booked' then 0 when 'waiting' then 1 else 2 end,
                bookings.booked_date,
                bookings.participant_id
        ) as booking_rank
    from bookings
    left join same_persons using (participant_id)
),

seats as (
    select
        participant_id,
        cohort_id
    from ranked_bookings

    union distinct

    select
        participant_id,
        cohort_id
    from completions
),

ranked_posts as (
    select
        seats.participant_id,
        seats.cohort_id,
        posts.sector,
        posts.site_code,
        posts.staff_group,
        row_number() over (
            partition by seats.participant_id, seats.cohort_id
            order by
                case
                    when posts.valid_from <= cohorts.start_date
                        and (posts.valid_to is null or cohorts.start_date < posts.valid_to)
                        then 0
                    else 1
                end,
                posts.valid_from desc
        ) as post_rank
    from seats
    inner join cohorts using (cohort_id)
    inner join posts using (participant_id)
),

-- Files that delivered a register of the cohort; the second one and later ones corrected it.
registers as (
    select
        file_periods.scope as cohort_id,
        count(distinct file_periods.file_id) as register_versions
    from file_periods
    cross join run
    where file_periods.feed = 'attendance'
        and (run.as_of_sequence is null or file_periods.sequence <= run.as_of_sequence)
    group by file_periods.scope
)

select
    seats.participant_id,
    seats.cohort_id,
    cohorts.programme_id,
    programmes.programme_type,
    {{ financial_year('cohorts.start_date') }} as financial_year,
    coalesce(ranked_posts.sector, 'not_known') as sector,
    case when ranked_posts.sector = 'trust' then coalesce(ranked_posts.site_code, 'not_known') end as site_code,
    case when ranked_posts.sector = 'trust' then coalesce(ranked_posts.staff_group, 'not_known') end as staff_group,
    ranked_bookings.booking_status,
    ranked_bookings.certificate_date,
    ranked_bookings.project_id,
    coalesce(completions.attended_days, 0) as attended_days,
    coalesce(completions.is_completed, false) as is_completed,
    cast(coalesce(registers.register_versions, 0) as int) as register_versions

from seats
inner join cohorts using (cohort_id)
left join programmes on cohorts.programme_id = programmes.programme_id
left join ranked_bookings
    on seats.participant_id = ranked_bookings.participant_id
    and seats.cohort_id = ranked_bookings.cohort_id
    and ranked_bookings.booking_rank = 1
left join completions
    on seats.participant_id = completions.participant_id
    and seats.cohort_id = completions.cohort_id
left join ranked_posts
    on seats.participant_id = ranked_posts.participant_id
    and seats.cohort_id = ranked_posts.cohort_id
    and ranked_posts.post_rank = 1
left join registers on seats.cohort_id = registers.cohort_id

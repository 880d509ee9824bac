-- Teams as the places of their cohort name them; teams of the system programme have a register of their own.
with

bookings as (
    select * from {{ ref('stg_programmes__booking') }}
),

places as (
    select * from {{ ref('int_programmes__place') }}
),

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

projects as (
    select * from {{ ref('int_improvement__project') }}
),

teams as (
    select
        bookings.cohort_id,
        bookings.team_no,
        cast(count(distinct places.site_code) as int) as sites_in_team,
        cast(count(distinct bookings.project_id) as int) as projects_named,
        min(bookings.project_id) as project_id
    from bookings
    left join places
        on bookings.cohort_id = places.cohort_id
        and bookings.participant_id = places.participant_id
    where bookings.team_no is not null and bookings.booking_status = 'booked'
    group by bookings.cohort_id, bookings.team_no
)

select
    {{ surrogate_key(['teams.cohort_id', 'teams.team_no']) }} as course_team_key,
    teams.cohort_id,
    cohorts.programme_id,
    programmes.programme_name,
    cohorts.cohort_name,
    cohorts.end_date,
    teams.team_no,
    teams.sites_in_team,
    teams.projects_named,
    teams.project_id,
    projects.project_name,
    projects.project_status,
    projects.progress_score,
    cast(coalesce(projects.measures, 0) as int) as measures_listed,
    cast(coalesce(projects.cycles, 0) as int) as cycles_listed,
    projects.last_change_date,
    concat(
        'Team ', teams.team_no, ' of ', programmes.programme_name, ', ', cohorts.cohort_name, ', sites: ',
        teams.sites_in_team, '. ',
        case
            when teams.project_id is null then 'No project is named.'
            when projects.project_id is null then concat('Project ', teams.project_id, ' stands in no register.')
            else concat(
                    projects.project_name, ': ', replace(projects.project_status, '_', ' '),
                    ', measures: ', projects.measures, ', cycles: ', projects.cycles,
                    case
                        when projects.progress_score is null then '.'
                        else concat(', progress ', projects.progress_score, ' of 5.')
                    end
                )
        end
    ) as team_sentence

from teams
inner join cohorts using (cohort_id)
inner join programmes
    on cohorts.programme_id = programmes.programme_id
    and programmes.programme_type = 'wrapped_improvement'
left join projects using (project_id)

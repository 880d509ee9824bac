-- A project belongs to a cohort if its register, a place or a system team says so; one that two cohorts name stands
-- with both. Only what somebody outside the project validated, with role and day, counts as a benefit.
with

cohorts as (
    select * from {{ ref('stg_programmes__cohort') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

cells as (
    select * from {{ ref('int_programmes__staff_cell') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

teams as (
    select * from {{ ref('stg_programmes__system_team') }}
),

bookings as (
    select * from {{ ref('stg_programmes__booking') }}
),

enrolments as (
    select * from {{ ref('int_programmes__ward_enrolments') }}
),

projects as (
    select * from {{ ref('int_improvement__project') }}
),

benefits as (
    select * from {{ ref('stg_improvement__benefit') }}
),

run as (
    {{ current_run() }}
),

named_projects as (
    select
        cohort_id,
        project_id
    from projects
    where cohort_id is not null

    union distinct

    select
        cohort_id,
        project_id
    from bookings
    where booking_status = 'booked'

    union distinct

    select
        cohort_id,
        project_id
    from teams
),

validated as (
    select
        project_id,
        sum(case when unit = 'GBP' then validated_value end) as validated_gbp,
        sum(case when unit = 'hours' then validated_value end) as validated_hours
    from benefits
    where validated_by_role is not null and validated_date is not null
    group by project_id
),

projects_by_cohort as (
    select
        named_projects.cohort_id,
        count(*) as projects_listed,
        count(case when projects.project_status = 'completed' then 1 end) as projects_completed,
        sum(validated.validated_gbp) as validated_gbp,
        sum(validated.validated_hours) as validated_hours
    from named_projects
    inner join projects using (project_id)
    left join validated using (project_id)
    group by named_projects.cohort_id
),

teams_by_cohort as (
    select
        cohort_id,
        count(*) as teams_listed,
        count(outcome_text) as teams_with_outcome,
        {{ listed('case when is_shareable then problem_text end') }} as problems_text,
        {{ listed('case when is_shareable then outcome_text end') }} as outcomes_text
    from teams
    group by cohort_id
),

wards_by_wave as (
    select
        programme_id,
        wave_no,
        count(case when status <> 'withdrawn' then engagement_date end) as wards_engaged
    from enrolments
    group by programme_id, wave_no
),

gathered as (
    select
        cohorts.cohort_id,
        cohorts.programme_id,
        programmes.programme_name,
        programmes.programme_type,
        cohorts.cohort_name,
        cohorts.start_date,
        cohorts.end_date,
        cohorts.planned_places,
        cohorts.cost_gbp,
        cast(cells.people as int) as completed_n,
        cohorts.cost_gbp / nullif(cells.people, 0) as cost_per_completion_gbp,
        coalesce(teams_by_cohort.teams_listed, 0) as teams_listed,
        coalesce(teams_by_cohort.teams_with_outcome, 0) as teams_with_outcome,
        teams_by_cohort.problems_text,
        teams_by_cohort.outcomes_text,
        coalesce(wards_by_wave.wards_engaged, 0) as wards_engaged,
        coalesce(projects_by_cohort.projects_listed, 0) as projects_listed,
        coalesce(projects_by_cohort.projects_completed, 0) as projects_completed,
        coalesce(projects_by_cohort.validated_gbp, 0) as validated_gbp,
        coalesce(projects_by_cohort.validated_hours, 0) as validated_hours,
        cohorts.funder,
        cohorts.funding_status,
        cohorts.funding_end_date,
        cast({{ days_between('run.run_date', 'cohorts.funding_end_date') }} as int) as funding_left_days,
        case
            when cells.people is null then 'not_applicable'
            else decisions.decision
        end as decision
    from cohorts
    cross join run
    left join programmes using (programme_id)
    left join cells
        on cells.topic = 'training'
        and cells.branch = 'cohort'
        and cells.cell_id = concat('cohort:', cohorts.cohort_id)
    left join decisions
        on cells.topic = decisions.topic
        and cells.subject_id = decisions.subject_id
        and cells.decision_period = decisions.decision_period
        and cells.cell_id = decisions.cell_id
    left join teams_by_cohort on cohorts.cohort_id = teams_by_cohort.cohort_id
    left join projects_by_cohort on cohorts.cohort_id = projects_by_cohort.cohort_id
    left join wards_by_wave
        on programmes.programme_type = 'sixty_wards'
        and cohorts.programme_id = wards_by_wave.programme_id
        and cohorts.cohort_no = wards_by_wave.wave_no
),

protected as (
    select
        cohort_id,
        programme_id,
        programme_name,
        programme_type,
        cohort_name,
        start_date,
        end_date,
        planned_places,
        cost_gbp,
        {{ disclosed('completed_n', 'decision') }} as completed_n,
        cast({{ disclosed('cost_per_completion_gbp', 'decision') }} as decimal(12, 2)) as cost_per_completion_gbp,
        case
            when decision = 'not_applicable' then 'not_applicable'
            else {{ disclosed_status("'reported'", 'decision') }}
        end as value_status,
        cast(teams_listed as int) as teams_listed,
        cast(teams_with_outcome as int) as teams_with_outcome,
        problems_text,
        outcomes_text,
        cast(wards_engaged as int) as wards_engaged,
        cast(projects_listed as int) as projects_listed,
        cast(projects_completed as int) as projects_completed,
        cast(validated_gbp as decimal(14, 2)) as validated_gbp,
        cast(validated_hours as decimal(14, 2)) as validated_hours,
        funder,
        funding_status,
        funding_end_date,
        funding_left_days
    from gathered
)

select
    cohort_id,
    programme_id,
    programme_name,
    programme_type,
    cohort_name,
    start_date,
    end_date,
    planned_places,
    cost_gbp,
    completed_n,
    cost_per_completion_gbp,
    value_status,
    teams_listed,
    teams_with_outcome,
    problems_text,
    outcomes_text,
    wards_engaged,
    projects_listed,
    projects_completed,
    validated_gbp,
    validated_hours,
    funder,
    funding_status,
    funding_end_date,
    funding_left_days,
    concat_ws(
        ' ',
        concat(
            coalesce(programme_name, programme_id), ', ', cohort_name, ', ',
            case
                when cost_gbp is null then 'is without a stated cost;'
                else concat('cost ', cast(cost_gbp as bigint), ' pounds;')
            end
        ),
        case value_status
            when 'reported' then concat(completed_n, ' people completed it;')
            when 'suppressed' then 'how many completed it is not shown, because they or others beside them are few;'
            else 'no register tells who completed it;'
        end,
        case
            when teams_listed > 0
                then concat(teams_with_outcome, ' of ', teams_listed, ' problems have an outcome written down;')
        end,
        case when wards_engaged > 0 then concat('wards engaged: ', wards_engaged, ';') end,
        concat('projects that came of it: ', projects_listed, ', completed: ', projects_completed, ';'),
        case
            when validated_gbp > 0
                then concat('validated benefits: ', cast(validated_gbp as bigint), ' pounds;')
            else 'no benefit in pounds is validated;'
        end,
        case
            when funding_end_date is null then concat('its money is ', funding_status, ', without a stated end.')
            when funding_left_days < 0
                then concat('its money ended on ', cast(funding_end_date as string), '.')
            else concat('its money is ', funding_status, ' and ends on ', cast(funding_end_date as string), '.')
        end
    ) as case_sentence

from protected

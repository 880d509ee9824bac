-- Each project as its last copy has it, and what is dated of it up to the run's date.
with

copies as (
    select * from {{ ref('stg_improvement__project') }}
),

weeks as (
    select * from {{ ref('int_improvement__project_week') }}
),

measures as (
    select * from {{ ref('int_improvement__measure') }}
),

cycles as (
    select * from {{ ref('stg_improvement__pdsa_cycle') }}
),

run as (
    {{ current_run() }}
),

spans as (
    select
        project_id,
        min(snapshot_date) as first_listed_date,
        max(snapshot_date) as last_listed_date
    from copies
    group by project_id
),

uses as (
    select
        project_id,
        max(use_no) as last_use_no
    from weeks
    group by project_id
),

measured as (
    select
        project_id,
        count(*) as measures,
        max(last_value_date) as last_value_date
    from measures
    group by project_id
),

tested as (
    select
        cycles.project_id,
        count(*) as cycles,
        max(
            case
                when cycles.end_date <= run.run_date then cycles.end_date
                when cycles.start_date <= run.run_date then cycles.start_date
            end
        ) as last_cycle_date
    from cycles
    cross join run
    group by cycles.project_id
),

dated as (
    select
        copies.project_id,
        copies.project_name,
        case when copies.is_shareable then copies.aim_text end as aim_text,
        copies.strategic_aims,
        copies.project_status,
        copies.progress_score,
        copies.progress_score_date,
        cast({{ days_between('copies.progress_score_date', 'run.run_date') }} as int) as progress_score_age_days,
        copies.target_group,
        copies.population_group,
        copies.site_code,
        copies.ward_id,
        copies.programme_id,
        copies.cohort_id,
        copies.start_date,
        copies.end_date,
        copies.lead_role,
        copies.coach_role,
        copies.is_shareable,
        spans.first_listed_date,
        spans.last_listed_date,
        uses.last_use_no > 0 as is_identifier_reused,
        cast(coalesce(measured.measures, 0) as int) as measures,
        cast(coalesce(tested.cycles, 0) as int) as cycles,
        measured.last_value_date,
        tested.last_cycle_date,
        nullif(
            greatest(
                coalesce(copies.progress_score_date, cast('1900-01-01' as date)),
                coalesce(measured.last_value_date, cast('1900-01-01' as date)),
                coalesce(tested.last_cycle_date, cast('1900-01-01' as date))
            ),
            cast('1900-01-01' as date)
        ) as last_change_date,
        run.run_date
    from copies
    inner join spans
        on copies.project_id = spans.project_id
        and copies.snapshot_date = spans.last_listed_date
    inner join uses on copies.project_id = uses.project_id
    cross join run
    left join measured on copies.project_id = measured.project_id
    left join tested on copies.project_id = tested.project_id
)

select
    project_id,
    project_name,
    aim_text,
    strategic_aims,
    project_status,
    progress_score,
    progress_score_date,
    progress_score_age_days,
    coalesce(progress_score_age_days > {{ var('progress_score_stale_days') }}, false) as is_score_stale,
    target_group,
    population_group,
    site_code,
    ward_id,
    programme_id,
    cohort_id,
    start_date,
    end_date,
    lead_role,
    coach_role,
    is_shareable,
    first_listed_date,
    last_listed_date,
    is_identifier_reused,
    measures,
    cycles,
    last_value_date,
    last_change_date,
    cast({{ days_between('last_value_date', 'run_date') }} as int) as days_since_value,
    cast({{ days_between('last_change_date', 'run_date') }} as int) as days_since_activity

from dated

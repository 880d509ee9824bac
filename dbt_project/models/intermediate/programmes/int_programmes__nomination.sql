-- Exact figures: never published. Each nomination counts on the ward that nominated; every ward of the register
-- stands there for every programme to which anybody was ever nominated, also with nobody. What a person went on to
-- is that person's cohort of the nomination, under whichever reference. `has_project`: one of them led to a project
-- that the register lists.
with

nominations as (
    select * from {{ ref('stg_programmes__nomination') }}
),

posts as (
    select * from {{ ref('stg_programmes__participant') }}
),

completions as (
    select * from {{ ref('int_programmes__completion') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

projects as (
    select distinct project_id
    from {{ ref('stg_improvement__project') }}
),

same_persons as (
    select
        participant_id,
        max(same_person_as) as same_person_as
    from posts
    where same_person_as is not null
    group by participant_id
),

followed as (
    select
        nominations.programme_id,
        nominations.ward_id,
        coalesce(same_persons.same_person_as, nominations.participant_id) as participant_id,
        nominations.nomination_status,
        completions.is_completed,
        nominations.project_id,
        projects.project_id is not null as is_project_listed
    from nominations
    left join same_persons using (participant_id)
    left join completions
        on coalesce(same_persons.same_person_as, nominations.participant_id) = completions.participant_id
        and nominations.cohort_id = completions.cohort_id
    left join projects on nominations.project_id = projects.project_id
),

counted as (
    select
        programme_id,
        ward_id,
        count(distinct participant_id) as nominated_n,
        count(distinct case when nomination_status in ('nominated', 'waiting') then participant_id end) as waiting_n,
        count(distinct case when nomination_status = 'booked' then participant_id end) as booked_n,
        count(distinct case when is_completed then participant_id end) as completed_n,
        count(distinct case when project_id is not null then participant_id end) as with_project_n,
        max(case when is_project_listed then 1 else 0 end) as listed_projects
    from followed
    group by programme_id, ward_id
),

programmes as (
    select distinct programme_id
    from nominations
),

latest_wards as (
    select
        ward_id,
        ward_name,
        site_code,
        valid_to
    from wards
    where is_latest
),

leaves as (
    select
        programmes.programme_id,
        'ward' as org_level,
        latest_wards.ward_id as org_id,
        latest_wards.ward_name,
        latest_wards.site_code,
        latest_wards.valid_to,
        counted.nominated_n,
        counted.waiting_n,
        counted.booked_n,
        counted.completed_n,
        counted.with_project_n,
        counted.listed_projects
    from latest_wards
    cross join programmes
    left join counted
        on programmes.programme_id = counted.programme_id
        and latest_wards.ward_id = counted.ward_id

    union all

    -- A nomination of no ward, or of one that the register does not have.
    select
        counted.programme_id,
        'not_on_a_ward' as org_level,
        '{{ var('trust_code') }}' as org_id,
        cast(null as string) as ward_name,
        cast(null as string) as site_code,
        cast(null as date) as valid_to,
        sum(counted.nominated_n) as nominated_n,
        sum(counted.waiting_n) as waiting_n,
        sum(counted.booked_n) as booked_n,
        sum(counted.completed_n) as completed_n,
        sum(counted.with_project_n) as with_project_n,
        max(counted.listed_projects) as listed_projects
    from counted
    left join latest_wards using (ward_id)
    where latest_wards.ward_id is null
    group by counted.programme_id
),

levelled as (
    select
        programme_id,
        org_level,
        org_id,
        ward_name,
        site_code,
        valid_to,
        'middle' as tree_level,
        concat(org_level, ':', org_id) as cell_id,
        'all' as parent_id,
        nominated_n,
        waiting_n,
        booked_n,
        completed_n,
        with_project_n,
        listed_projects
    from leaves

    union all

    select
        programme_id,
        'trust' as org_level,
        '{{ var('trust_code') }}' as org_id,
        cast(null as string) as ward_name,
        cast(null as string) as site_code,
        cast(null as date) as valid_to,
        'top' as tree_level,
        'all' as cell_id,
        cast(null as string) as parent_id,
        sum(nominated_n) as nominated_n,
        sum(waiting_n) as waiting_n,
        sum(booked_n) as booked_n,
        sum(completed_n) as completed_n,
        sum(with_project_n) as with_project_n,
        max(listed_projects) as listed_projects
    from leaves
    group by programme_id
)

select
    programme_id,
    org_level,
    org_id,
    ward_name,
    site_code,
    valid_to,
    tree_level,
    cell_id,
    parent_id,
    cast(coalesce(nominated_n, 0) as int) as nominated_n,
    cast(coalesce(waiting_n, 0) as int) as waiting_n,
    cast(coalesce(booked_n, 0) as int) as booked_n,
    cast(coalesce(completed_n, 0) as int) as completed_n,
    cast(coalesce(with_project_n, 0) as int) as with_project_n,
    coalesce(listed_projects = 1, false) as has_project

from levelled

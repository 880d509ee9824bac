-- Exact figures: never published. Every staff group at every site stands there, also with nobody: a cell that
-- is only there when somebody is in it would tell that somebody is.
with

completions as (
    select * from {{ ref('int_programmes__completion') }}
),

counted as (
    select
        programme_id,
        quarter,
        org_id,
        staff_group,
        count(distinct case when is_completed then participant_id end) as completed_n
    from completions
    group by programme_id, quarter, org_id, staff_group
),

quarters as (
    select distinct
        programme_id,
        quarter
    from completions
    where is_completed
),

posts as (
    select distinct
        org_id,
        staff_group
    from completions
    where org_id not in ('outside', 'not_known') and staff_group <> 'not_known'
),

-- Whether people from outside the trust go to a programme is no secret: their row stands there where they may.
places as (
    select distinct
        quarters.programme_id,
        posts.org_id,
        posts.staff_group
    from quarters
    cross join posts

    union distinct

    select distinct
        programme_id,
        org_id,
        staff_group
    from completions
),

leaves as (
    select
        quarters.programme_id,
        quarters.quarter,
        places.org_id,
        places.staff_group,
        coalesce(counted.completed_n, 0) as completed_n
    from quarters
    inner join places using (programme_id)
    left join counted
        on quarters.programme_id = counted.programme_id
        and quarters.quarter = counted.quarter
        and places.org_id = counted.org_id
        and places.staff_group = counted.staff_group
),

levelled as (
    {% for tree_level, cell_id, parent_id, org_id, staff_group in [
        ('trust', "'all'", 'cast(null as string)', "'" ~ var('trust_code') ~ "'", "'all'"),
        ('site', 'org_id', "'all'", 'org_id', "'all'"),
        ('staff_group', "concat(org_id, ':', staff_group)", 'org_id', 'org_id', 'staff_group'),
    ] %}
    select
        programme_id,
        quarter,
        '{{ tree_level }}' as tree_level,
        {{ cell_id }} as cell_id,
        {{ parent_id }} as parent_id,
        {{ org_id }} as org_id,
        {{ staff_group }} as staff_group,
        completed_n
    from leaves
    where '{{ tree_level }}' <> 'staff_group' or org_id <> 'outside'
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    programme_id,
    quarter,
    tree_level,
    cell_id,
    parent_id,
    case
        when tree_level = 'trust' then 'trust'
        when org_id in ('outside', 'not_known') then org_id
        else 'site'
    end as org_level,
    org_id,
    staff_group,
    cast(sum(completed_n) as int) as completed_n

from levelled
group by
    programme_id,
    quarter,
    tree_level,
    cell_id,
    parent_id,
    org_id,
    staff_group

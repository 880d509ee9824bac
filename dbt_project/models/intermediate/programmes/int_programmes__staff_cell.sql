-- Every count of staff that a mart of programmes shows or hides, as a cell of a tree: what it is about (`topic`, of
-- which programme, in which period), of which total it is a part, in which way that total is split (`branch`).
-- `least_people` is the fewest that a hidden cell can hold: 1 where nobody is shown as 0. `is_told` says that
-- the cell less one that is shown beside it would leave from one to four people.
{% set few = "between 1 and " ~ (var('staff_minimum_people') - 1) %}

with

training as (
    select * from {{ ref('int_programmes__training') }}
),

completions as (
    select * from {{ ref('int_programmes__completion') }}
),

coverage as (
    select * from {{ ref('int_programmes__coverage') }}
),

nominations as (
    select * from {{ ref('int_programmes__nomination') }}
),

places as (
    select * from {{ ref('int_programmes__place_count') }}
),

cohorts as (
    select
        programme_id,
        quarter,
        cohort_id,
        count(distinct case when is_completed then participant_id end) as completed_n
    from completions
    group by programme_id, quarter, cohort_id
),

-- Of each place the stages that it went through before, so that one less the other is a cell as well.
place_steps as (
    select
        later.financial_year,
        later.place_stage,
        later.cell_id,
        max(case when earlier.places_n - later.places_n {{ few }} then 1 else 0 end) as told_by_earlier
    from places as later
    inner join places as earlier
        on later.financial_year = earlier.financial_year
        and later.cell_id = earlier.cell_id
        and later.stage_no > earlier.stage_no
        and earlier.place_stage <> 'waiting'
    group by later.financial_year, later.place_stage, later.cell_id
)

select
    'training' as topic,
    programme_id as subject_id,
    cast(quarter as string) as decision_period,
    case tree_level when 'trust' then 'top' when 'site' then 'middle' else 'leaf' end as tree_level,
    tree_level as org_level,
    cell_id,
    parent_id,
    tree_level as branch,
    completed_n as people,
    0 as least_people,
    false as is_told
from training

union all

select
    'training' as topic,
    programme_id as subject_id,
    cast(quarter as string) as decision_period,
    'middle' as tree_level,
    'trust' as org_level,
    concat('cohort:', cohort_id) as cell_id,
    'all' as parent_id,
    'cohort' as branch,
    completed_n as people,
    0 as least_people,
    false as is_told
from cohorts

union all

{# Where a figure stands for months, one decision holds for all of them: by the month with the fewest. #}
{% for topic, subject_id, people in [
    ('trained', 'programme_type', 'trained_n'), ('headcount', "'all'", 'headcount')
] %}
select
    '{{ topic }}' as topic,
    {{ subject_id }} as subject_id,
    decision_period,
    tree_level,
    org_level,
    cell_id,
    parent_id,
    org_level as branch,
    min({{ people }}) as people,
    0 as least_people,
    false as is_told
from coverage
where {{ people }} is not null
group by {{ 'programme_type, ' if topic == 'trained' }}decision_period, tree_level, org_level, cell_id, parent_id

union all

{% endfor %}
{% for topic, told_by in {
    'nominated': [],
    'waiting': ['nominated_n - waiting_n', 'nominated_n - waiting_n - booked_n'],
    'booked': ['nominated_n - booked_n'],
    'completed': ['nominated_n - completed_n', 'booked_n - completed_n'],
    'with_project': ['nominated_n - with_project_n', 'booked_n - with_project_n', 'completed_n - with_project_n'],
}.items() %}
select
    'nomination_{{ topic }}' as topic,
    programme_id as subject_id,
    'all' as decision_period,
    tree_level,
    org_level,
    cell_id,
    parent_id,
    'ward' as branch,
    {{ topic }}_n as people,
    1 as least_people,
    {% for difference in told_by -%}
    {{ 'or ' if not loop.first }}{{ difference }} {{ few }}
    {% else -%}
    false
    {% endfor -%}
    as is_told
from nominations

union all

{% endfor %}
select
    concat('place_', places.place_stage) as topic,
    'all' as subject_id,
    places.financial_year as decision_period,
    places.tree_level,
    case places.split_by when 'staff_group' then 'staff_group' when 'site' then 'site' else 'trust' end as org_level,
    places.cell_id,
    places.parent_id,
    places.split_by as branch,
    places.places_n as people,
    0 as least_people,
    coalesce(place_steps.told_by_earlier = 1, false) as is_told
from places
left join place_steps
    on places.financial_year = place_steps.financial_year
    and places.place_stage = place_steps.place_stage
    and places.cell_id = place_steps.cell_id

union all

select distinct
    'place_headcount' as topic,
    'all' as subject_id,
    financial_year as decision_period,
    case tree_level when 'middle' then 'top' else 'middle' end as tree_level,
    case split_by when 'staff_group' then 'staff_group' when 'site' then 'site' else 'trust' end as org_level,
    cell_id,
    case when tree_level = 'leaf' then parent_id end as parent_id,
    split_by as branch,
    headcount as people,
    0 as least_people,
    false as is_told
from places
where headcount is not null

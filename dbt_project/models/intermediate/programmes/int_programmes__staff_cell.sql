-- Every count of staff that a mart of programmes shows or hides, as a cell of a tree: what it is about (`topic`, of
-- which programme, in which period), of which total it is a part, in which way that total is split (`branch`).
-- `least_people` is the fewest that a hidden cell can hold: 1 where nobody is shown as 0. `is_told` says that
-- the cell less one that is shown beside it would leave from one to four people. Cells of one `chain_id` and cell are
-- parts of each other, the widest at `step_no` 1 (of the nominated some are booked, of these some complete): a narrow
-- one that is shown says how many the wider one holds at least.
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

equality as (
    select * from {{ ref('stg_programmes__workforce_equality') }}
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

nomination_steps as (
    {% for topic, step_no, told_by in [
        ('nominated', 1, ['false']),
        ('waiting', 2, ['nominated_n - waiting_n ' ~ few, 'nominated_n - waiting_n - booked_n ' ~ few]),
        ('booked', 2, ['nominated_n - booked_n ' ~ few]),
        ('completed', 3, ['nominated_n - completed_n ' ~ few, 'booked_n - completed_n ' ~ few]),
        ('with_project', 3, [
            'nominated_n - with_project_n ' ~ few,
            'booked_n - with_project_n ' ~ few,
            'completed_n - with_project_n ' ~ few,
        ]),
    ] %}
    select
        'nomination_{{ topic }}' as topic,
        programme_id,
        tree_level,
        org_level,
        cell_id,
        parent_id,
        {{ topic }}_n as people,
        {{ told_by | join(' or ') }} as is_told,
        {{ step_no }} as step_no
    from nominations
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

-- Completed matters most, certified least: where a step between stages is small, the other one goes.
place_steps as (
    select
        financial_year,
        cell_id,
        max(case when place_stage = 'booked' then places_n end) as booked_n,
        max(case when place_stage = 'attended' then places_n end) as attended_n,
        max(case when place_stage = 'completed' then places_n end) as completed_n,
        max(case when place_stage = 'certified' then places_n end) as certified_n
    from places
    group by financial_year, cell_id
),

-- Whoever did courses of several types counts once in all. Where all less the types that are large enough to show
-- leaves the others hardly any room below five each, it would tell them, so no type of the cell is shown.
type_months as (
    select
        decision_period,
        cell_id,
        month,
        max(case when programme_type = 'all' then trained_n end) as all_n,
        sum(
            case
                when programme_type <> 'all' and trained_n >= {{ var('staff_minimum_people') }} then trained_n
                else 0
            end
        ) as large_n,
        count(
            case when programme_type <> 'all' and trained_n < {{ var('staff_minimum_people') }} then 1 end
        ) as small_types
    from coverage
    group by decision_period, cell_id, month
),

told_types as (
    select distinct
        decision_period,
        cell_id
    from type_months
    where small_types > 0
        and all_n - large_n > {{ var('staff_minimum_people') - 1 }} * (small_types - 1) + 2
),

-- All heads together stand elsewhere too, so the groups' heads are parts of them; of whom something happened to no
-- mart tells the sum.
equality_cells as (
    select
        'equality_denominator' as topic,
        measure_code,
        financial_year,
        'top' as tree_level,
        'all' as cell_id,
        cast(null as string) as parent_id,
        cast(sum(denominator) as int) as people,
        false as is_told,
        1 as step_no
    from equality
    group by measure_code, financial_year

    union all

    select
        'equality_denominator' as topic,
        measure_code,
        financial_year,
        'middle' as tree_level,
        equality_group as cell_id,
        'all' as parent_id,
        denominator as people,
        false as is_told,
        1 as step_no
    from equality

    union all

    select
        'equality_numerator' as topic,
        measure_code,
        financial_year,
        'top' as tree_level,
        equality_group as cell_id,
        cast(null as string) as parent_id,
        numerator as people,
        denominator - numerator {{ few }} as is_told,
        2 as step_no
    from equality
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
    false as is_told,
    'training' as chain_id,
    1 as step_no
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
    false as is_told,
    'training' as chain_id,
    1 as step_no
from cohorts

union all

-- Where a figure stands for months, one decision holds for all of them: by the month with the fewest.
select
    'trained' as topic,
    coverage.programme_type as subject_id,
    coverage.decision_period,
    coverage.tree_level,
    coverage.org_level,
    coverage.cell_id,
    coverage.parent_id,
    coverage.org_level as branch,
    min(coverage.trained_n) as people,
    0 as least_people,
    coverage.programme_type <> 'all' and told_types.cell_id is not null as is_told,
    'trained' as chain_id,
    case when coverage.programme_type = 'all' then 1 else 2 end as step_no
from coverage
left join told_types
    on coverage.decision_period = told_types.decision_period
    and coverage.cell_id = told_types.cell_id
group by
    coverage.programme_type,
    coverage.decision_period,
    coverage.tree_level,
    coverage.org_level,
    coverage.cell_id,
    coverage.parent_id,
    told_types.cell_id

union all

select
    'headcount' as topic,
    'all' as subject_id,
    decision_period,
    tree_level,
    org_level,
    cell_id,
    parent_id,
    org_level as branch,
    min(headcount) as people,
    0 as least_people,
    false as is_told,
    'headcount' as chain_id,
    1 as step_no
from coverage
where programme_type = 'all' and headcount is not null
group by decision_period, tree_level, org_level, cell_id, parent_id

union all

select
    topic,
    programme_id as subject_id,
    'all' as decision_period,
    tree_level,
    org_level,
    cell_id,
    parent_id,
    'ward' as branch,
    people,
    1 as least_people,
    is_told,
    concat('nomination:', programme_id) as chain_id,
    step_no
from nomination_steps

union all

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
    case places.place_stage
        when 'completed' then place_steps.booked_n - place_steps.completed_n {{ few }}
        when 'attended'
            then place_steps.booked_n - place_steps.attended_n {{ few }}
                or place_steps.attended_n - place_steps.completed_n {{ few }}
        when 'certified'
            then place_steps.booked_n - place_steps.certified_n {{ few }}
                or place_steps.attended_n - place_steps.certified_n {{ few }}
                or abs(place_steps.completed_n - place_steps.certified_n) {{ few }}
        else false
    end as is_told,
    case places.place_stage when 'waiting' then 'place_waiting' else 'place' end as chain_id,
    case places.place_stage when 'attended' then 2 when 'completed' then 3 when 'certified' then 4 else 1 end as step_no
from places
inner join place_steps
    on places.financial_year = place_steps.financial_year
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
    false as is_told,
    'place_headcount' as chain_id,
    1 as step_no
from places
where headcount is not null

union all

select
    topic,
    measure_code as subject_id,
    financial_year as decision_period,
    tree_level,
    'trust' as org_level,
    cell_id,
    parent_id,
    'equality_group' as branch,
    people,
    0 as least_people,
    is_told,
    concat('equality:', measure_code) as chain_id,
    step_no
from equality_cells

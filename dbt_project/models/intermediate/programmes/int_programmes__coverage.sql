-- Exact figures: never published. Who completed a course of a type by the month's last day, and holds a post here on
-- that day, counts on the ward of that post; every ward of the month stands there, also with nobody. Sites and the
-- trust are the sum of their wards; people whose post is of no ward stand apart. Of wards there is one figure, of all
-- types together: by type nine in ten wards have fewer than five, and the others would tell them from the whole.
-- `decision_period` is what is decided at once: a financial year, anew from the month in which a ward opens, closes
-- or moves.
with

completions as (
    select * from {{ ref('int_programmes__completion') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

posts as (
    select * from {{ ref('stg_programmes__participant') }}
),

wards as (
    select * from {{ ref('int_reference__ward_month') }}
),

heads as (
    select * from {{ ref('int_indicators__staff_in_post_ward') }}
),

completed as (
    select
        completions.participant_id,
        programmes.programme_type,
        min(completions.completed_date) as completed_date
    from completions
    inner join programmes using (programme_id)
    where completions.is_completed
    group by completions.participant_id, programmes.programme_type

    union all

    select
        participant_id,
        'all' as programme_type,
        min(completed_date) as completed_date
    from completions
    where is_completed
    group by participant_id
),

numbered_months as (
    select
        month,
        {{ financial_year('month') }} as financial_year,
        row_number() over (order by month) as month_no
    from wards
    group by month
),

followed as (
    select
        numbered_months.month_no,
        lag(numbered_months.month_no) over ward_months as month_no_before,
        lead(numbered_months.month_no) over ward_months as month_no_after
    from wards
    inner join numbered_months using (month)
    window ward_months as (partition by wards.ward_id, wards.site_code order by numbered_months.month_no)
),

changes as (
    select month_no
    from followed
    where month_no_before is null or month_no_before <> month_no - 1

    union distinct

    select month_no + 1 as month_no
    from followed
    where month_no_after is null or month_no_after <> month_no + 1
),

months as (
    select
        numbered_months.month,
        concat(numbered_months.financial_year, ':', cast(count(changes.month_no) as string)) as decision_period
    from numbered_months
    left join changes on numbered_months.month_no >= changes.month_no
    group by numbered_months.month, numbered_months.financial_year
),

still_here as (
    select
        months.month,
        completed.programme_type,
        completed.participant_id,
        posts.ward_id,
        row_number() over (
            partition by months.month, completed.programme_type, completed.participant_id
            order by posts.valid_from desc
        ) as post_rank
    from completed
    inner join months on completed.completed_date < {{ months_later('months.month', 1) }}
    inner join posts
        on completed.participant_id = posts.participant_id
        and posts.sector = 'trust'
        and {{ months_later('months.month', 1) }} > posts.valid_from
        and (posts.valid_to is null or {{ months_later('months.month', 1) }} <= posts.valid_to)
),

trained as (
    select
        still_here.month,
        still_here.programme_type,
        wards.ward_id,
        count(*) as trained_n
    from still_here
    left join wards
        on still_here.ward_id = wards.ward_id
        and still_here.month = wards.month
    where still_here.post_rank = 1
    group by still_here.month, still_here.programme_type, wards.ward_id
),

programme_types as (
    select distinct programme_type
    from completed
),

ward_heads as (
    select
        month,
        ward_id,
        sum(headcount) as headcount
    from heads
    where ward_id is not null
    group by month, ward_id
),

leaves as (
    select
        programme_types.programme_type,
        wards.month,
        wards.ward_id,
        wards.site_code,
        coalesce(trained.trained_n, 0) as trained_n,
        ward_heads.headcount
    from wards
    cross join programme_types
    left join trained
        on wards.month = trained.month
        and wards.ward_id = trained.ward_id
        and programme_types.programme_type = trained.programme_type
    left join ward_heads
        on wards.month = ward_heads.month
        and wards.ward_id = ward_heads.ward_id
),

levelled as (
    {% for org_level, tree_level, cell_id, parent_id, org_id, site_code in [
        ('trust', 'top', "'all'", 'cast(null as string)', "'" ~ var('trust_code') ~ "'", 'cast(null as string)'),
        ('site', 'middle', 'site_code', "'all'", 'site_code', 'site_code'),
        ('ward', 'leaf', "concat(site_code, ':', ward_id)", 'site_code', 'ward_id', 'site_code'),
    ] %}
    select
        programme_type,
        month,
        '{{ org_level }}' as org_level,
        {{ org_id }} as org_id,
        {{ site_code }} as site_code,
        '{{ tree_level }}' as tree_level,
        {{ cell_id }} as cell_id,
        {{ parent_id }} as parent_id,
        trained_n,
        headcount,
        1 as wards_counted
    from leaves
    {% if org_level == 'ward' %}
    where programme_type = 'all'
    {% endif %}

    union all

    {% endfor %}
    select
        programme_types.programme_type,
        months.month,
        'not_on_a_ward' as org_level,
        '{{ var('trust_code') }}' as org_id,
        cast(null as string) as site_code,
        'top' as tree_level,
        'not_on_a_ward' as cell_id,
        cast(null as string) as parent_id,
        coalesce(trained.trained_n, 0) as trained_n,
        cast(null as int) as headcount,
        0 as wards_counted
    from months
    cross join programme_types
    left join trained
        on months.month = trained.month
        and programme_types.programme_type = trained.programme_type
        and trained.ward_id is null
)

select
    levelled.programme_type,
    levelled.month,
    months.decision_period,
    levelled.org_level,
    levelled.org_id,
    levelled.site_code,
    levelled.tree_level,
    levelled.cell_id,
    levelled.parent_id,
    cast(sum(levelled.trained_n) as int) as trained_n,
    cast(sum(levelled.headcount) as int) as headcount,
    case
        when levelled.org_level = 'not_on_a_ward' then 'not_applicable'
        when count(levelled.headcount) = 0 then 'missing'
        when count(levelled.headcount) < sum(levelled.wards_counted) then 'incomplete'
        else 'reported'
    end as headcount_status

from levelled
inner join months using (month)
group by
    levelled.programme_type,
    levelled.month,
    months.decision_period,
    levelled.org_level,
    levelled.org_id,
    levelled.site_code,
    levelled.tree_level,
    levelled.cell_id,
    levelled.parent_id

-- Exact figures: never published. Places of a financial year's cohorts by how far they were taken up, of everybody,
-- of each sector, and within the trust of each site and of each staff group: two ways to split the trust that are
-- never crossed. Every group that is known stands in every year, also with nobody. Heads are those of the last month
-- of the year of which payroll told any; only the trust's own can be counted.
with

places as (
    select * from {{ ref('int_programmes__place') }}
),

heads as (
    select * from {{ ref('int_indicators__staff_in_post_ward') }}
),

wards as (
    select * from {{ ref('int_reference__ward_month') }}
),

staged as (
    {% for stage, condition in [
        ('waiting', "booking_status = 'waiting'"),
        ('booked', "booking_status = 'booked'"),
        ('attended', 'attended_days > 0'),
        ('completed', 'is_completed'),
        ('certified', 'certificate_date is not null'),
    ] %}
    select
        financial_year,
        sector,
        site_code,
        staff_group,
        '{{ stage }}' as place_stage,
        {{ loop.index }} as stage_no,
        case when {{ condition }} then 1 else 0 end as is_counted
    from places
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

split as (
    {% for split_by, split_group, condition in [
        ('all', "'all'", 'true'),
        ('sector', 'sector', 'true'),
        ('site', 'site_code', "sector = 'trust'"),
        ('staff_group', 'staff_group', "sector = 'trust'"),
    ] %}
    select
        financial_year,
        place_stage,
        stage_no,
        '{{ split_by }}' as split_by,
        {{ split_group }} as split_group,
        is_counted
    from staged
    where {{ condition }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

counted as (
    select
        financial_year,
        place_stage,
        split_by,
        split_group,
        sum(is_counted) as places_n
    from split
    group by financial_year, place_stage, split_by, split_group
),

last_months as (
    select
        {{ financial_year('month') }} as financial_year,
        max(month) as headcount_month
    from heads
    group by {{ financial_year('month') }}
),

year_heads as (
    select
        last_months.financial_year,
        wards.site_code,
        heads.staff_group,
        heads.headcount
    from last_months
    inner join heads on last_months.headcount_month = heads.month
    left join wards
        on heads.ward_id = wards.ward_id
        and heads.month = wards.month
),

split_heads as (
    {% for split_by, split_group in [
        ('sector', "'trust'"), ('site', 'site_code'), ('staff_group', 'staff_group'),
    ] %}
    select
        financial_year,
        '{{ split_by }}' as split_by,
        {{ split_group }} as split_group,
        sum(headcount) as headcount
    from year_heads
    where {{ split_group }} is not null
    group by financial_year{{ '' if split_by == 'sector' else ', ' ~ split_group }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

groups as (
    select distinct
        split_by,
        split_group
    from split

    union distinct

    select distinct
        split_by,
        split_group
    from split_heads
),

stages as (
    select distinct
        financial_year,
        place_stage,
        stage_no
    from staged
)

select
    stages.financial_year,
    stages.place_stage,
    stages.stage_no,
    groups.split_by,
    groups.split_group,
    case groups.split_by when 'all' then 'top' when 'sector' then 'middle' else 'leaf' end as tree_level,
    concat(groups.split_by, ':', groups.split_group) as cell_id,
    case groups.split_by when 'all' then cast(null as string) when 'sector' then 'all:all' else 'sector:trust' end
        as parent_id,
    cast(coalesce(counted.places_n, 0) as int) as places_n,
    cast(split_heads.headcount as int) as headcount

from stages
cross join groups
left join counted
    on stages.financial_year = counted.financial_year
    and stages.place_stage = counted.place_stage
    and groups.split_by = counted.split_by
    and groups.split_group = counted.split_group
left join split_heads
    on stages.financial_year = split_heads.financial_year
    and groups.split_by = split_heads.split_by
    and groups.split_group = split_heads.split_group

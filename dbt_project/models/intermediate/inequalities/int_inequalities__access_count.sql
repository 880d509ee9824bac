-- Exact counts of each area, group and period: the quarter, and the twelve months that end with it. A specialty is told
-- over twelve months alone, and so are ethnic categories, learning disability and, for the trust, deprivation by
-- ethnicity: in a quarter most of their cells would be small. `months_covered` are the months in which every site sent
-- appointments (of a site: that site).
{% set counts = access_counts().split() %}

with

appointments as (
    select * from {{ ref('int_inequalities__appointment_count') }}
),

placed as (
    {% for level, org_id in [
        ('trust', "'" ~ var('trust_code') ~ "'"), ('site', 'site_code'), ('specialty', 'specialty_code')
    ] %}
    select
        '{{ level }}' as org_level,
        {{ org_id }} as org_id,
        dimension_code,
        group_code,
        {% for count in counts %}
        cast(sum({{ count }}) as bigint) as {{ count }},
        {% endfor %}
        cast(date_trunc('quarter', month) as date) as quarter
    from appointments
    where dimension_code not like '%_by_{{ 'age_and_sex' if level == 'trust' else '%' }}'
    group by {{ '' if level == 'trust' else org_id ~ ', ' }}dimension_code, group_code, date_trunc('quarter', month)
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

quarters as (
    select distinct quarter from placed
),

spans as (
    select
        'quarter' as period_type,
        quarter as last_quarter,
        quarter as period_start_date,
        {{ months_later('quarter', 3) }} as next_start_date,
        3 as months_expected
    from quarters

    union all

    select
        'rolling_12_months' as period_type,
        quarter as last_quarter,
        {{ months_later('quarter', -9) }} as period_start_date,
        {{ months_later('quarter', 3) }} as next_start_date,
        12 as months_expected
    from quarters
),

site_months as (
    select distinct
        site_code,
        month
    from appointments
    where dimension_code = 'all'
),

sites as (
    select distinct site_code from site_months
),

covered_by_site as (
    select
        spans.period_type,
        spans.last_quarter,
        sites.site_code,
        cast(count(site_months.month) as int) as months_covered
    from spans
    cross join sites
    left join site_months
        on sites.site_code = site_months.site_code
        and spans.period_start_date <= site_months.month
        and spans.next_start_date > site_months.month
    group by spans.period_type, spans.last_quarter, sites.site_code
),

covered as (
    select
        period_type,
        last_quarter,
        cast(null as string) as site_code,
        min(months_covered) as months_covered
    from covered_by_site
    group by period_type, last_quarter

    union all

    select
        period_type,
        last_quarter,
        site_code,
        months_covered
    from covered_by_site
),

summed as (
    select
        placed.org_level,
        placed.org_id,
        spans.period_type,
        spans.last_quarter,
        spans.period_start_date,
        spans.next_start_date,
        spans.months_expected,
        placed.dimension_code,
        {% for count in counts %}
        cast(sum(placed.{{ count }}) as bigint) as {{ count }},
        {% endfor %}
        placed.group_code
    from placed
    inner join spans
        on placed.quarter >= spans.period_start_date
        and placed.quarter < spans.next_start_date
    where spans.period_type = 'rolling_12_months'
        or (
            placed.org_level <> 'specialty'
            and placed.dimension_code not in ('ethnic_category', 'learning_disability')
            and placed.dimension_code not like '%_by_%'
        )
    group by
        placed.org_level, placed.org_id, spans.period_type, spans.last_quarter, spans.period_start_date,
        spans.next_start_date, spans.months_expected, placed.dimension_code, placed.group_code
)

select
    summed.org_level,
    summed.org_id,
    summed.period_type,
    summed.period_start_date,
    summed.dimension_code,
    summed.group_code,
    covered.months_covered,
    {% for count in counts %}
    summed.{{ count }},
    {% endfor %}
    covered.months_covered = summed.months_expected as is_complete

from summed
left join covered
    on summed.period_type = covered.period_type
    and summed.last_quarter = covered.last_quarter
    and case when summed.org_level = 'site' then summed.org_id else '' end = coalesce(covered.site_code, '')

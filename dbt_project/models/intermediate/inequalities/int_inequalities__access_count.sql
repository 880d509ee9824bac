-- Exact counts of each area, group and period: the quarter, and the twelve months that end with it. A specialty is told
-- over twelve months alone, and so are ethnic categories, learning disability and, for the trust, deprivation by
-- ethnicity: in a quarter most of their cells would be small. `months_covered` are the months in which every site sent
-- appointments (of a site: that site).
{% set counts = access_counts('outpatient').split() %}

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

site_months as (
    select distinct
        site_code,
        month
    from appointments
    where dimension_code = 'all'
),

covered as (
    {{ covered_periods('site_months', ['quarter', 'rolling_12_months']) | indent(4) }}
),

summed as (
    select
        placed.org_level,
        placed.org_id,
        covered.period_type,
        covered.period_start_date,
        placed.dimension_code,
        {% for count in counts %}
        cast(sum(placed.{{ count }}) as bigint) as {{ count }},
        {% endfor %}
        placed.group_code
    from placed
    inner join covered
        on placed.quarter >= covered.period_start_date
        and placed.quarter < covered.next_start_date
        and covered.site_code is null
    where covered.period_type = 'rolling_12_months'
        or (
            placed.org_level <> 'specialty'
            and placed.dimension_code not in ('ethnic_category', 'learning_disability')
            and placed.dimension_code not like '%_by_%'
        )
    group by
        placed.org_level, placed.org_id, covered.period_type, covered.period_start_date, placed.dimension_code,
        placed.group_code
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
    covered.is_complete

from summed
left join covered
    on summed.period_type = covered.period_type
    and summed.period_start_date = covered.period_start_date
    and case when summed.org_level = 'site' then summed.org_id else '' end = coalesce(covered.site_code, '')

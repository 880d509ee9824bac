-- Exact counts of who waits on each copy of the waiting list, by area and group. Persons end here. A copy is complete
-- where every site that is on any copy is on it.
{% set counts = {
    'waiting': 'true',
    'over_18_weeks': 'weeks_waited >= 18',
    'from_18_to_52_weeks': 'weeks_waited >= 18 and weeks_waited < 52',
    'over_52_weeks': 'weeks_waited >= 52',
    'from_52_to_65_weeks': 'weeks_waited >= 52 and weeks_waited < 65',
    'over_65_weeks': 'weeks_waited >= 65',
} %}
{# Learning disability is not on the list. #}
{% set dimensions = patient_dimensions().split() | reject('equalto', 'learning_disability') | list %}

with

coded as (
    select * from {{ ref('int_inequalities__waiting_pathway') }}
),

counted as (
    {{ counted_by_group('coded', ['site_code', 'snapshot_date'], dimensions, counts) | indent(4) }}
),

sites as (
    select count(distinct site_code) as all_sites from coded
),

copies as (
    select
        coded.snapshot_date,
        count(distinct coded.site_code) = max(sites.all_sites) as is_complete
    from coded
    cross join sites
    group by coded.snapshot_date
)

{% for level, org_id in [('trust', "'" ~ var('trust_code') ~ "'"), ('site', 'counted.site_code')] %}
select
    '{{ level }}' as org_level,
    {{ org_id }} as org_id,
    'snapshot' as period_type,
    counted.snapshot_date as period_start_date,
    counted.dimension_code,
    {% for count in counts %}
    cast(sum(counted.{{ count }}) as bigint) as {{ count }},
    {% endfor %}
    counted.group_code,
    max(case when copies.is_complete then 1 else 0 end) = 1 as is_complete

from counted
inner join copies on counted.snapshot_date = copies.snapshot_date
group by {{ 'counted.site_code, ' if level == 'site' }}counted.snapshot_date, counted.dimension_code, counted.group_code
{% if not loop.last %}

union all

{% endif %}
{% endfor %}

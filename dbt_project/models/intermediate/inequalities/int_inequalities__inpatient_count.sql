-- Exact counts of admissions and discharges by area and group, over the twelve months that end with each quarter: in
-- one quarter most groups would be small. Persons end here.
{% set counts = {
    'admitted': 'is_admission and (is_elective or is_emergency)',
    'admitted_elective': 'is_admission and is_elective',
    'admitted_emergency': 'is_admission and is_emergency',
    'left_alive': 'has_left',
    'stayed_21_days': 'has_left and days_in_hospital >= 21',
    'before_noon': 'has_left and is_before_noon',
    'followed': 'has_left and can_be_followed',
    'readmitted': 'has_left and can_be_followed and is_readmitted',
    'not_followed': 'has_left and not can_be_followed',
} %}

with

admissions as (
    select * from {{ ref('int_inequalities__admission') }}
),

happened as (
    select
        site_code,
        {% for dimension in patient_dimensions().split() %}
        {{ dimension }},
        {% endfor %}
        is_elective,
        is_emergency,
        days_in_hospital,
        is_before_noon,
        can_be_followed,
        is_readmitted,
        true as is_admission,
        false as has_left,
        cast(date_trunc('month', admission_date) as date) as month
    from admissions

    union all

    select
        site_code,
        {% for dimension in patient_dimensions().split() %}
        {{ dimension }},
        {% endfor %}
        is_elective,
        is_emergency,
        days_in_hospital,
        is_before_noon,
        can_be_followed,
        is_readmitted,
        false as is_admission,
        has_left_alive as has_left,
        cast(date_trunc('month', discharge_date) as date) as month
    from admissions
    where discharge_date is not null
),

counted as (
    {{ counted_by_group('happened', ['site_code', 'month'], patient_dimensions().split(), counts) | indent(4) }}
),

site_months as (
    select distinct
        site_code,
        month
    from happened
    where not is_admission
),

covered as (
    {{ covered_periods('site_months', ['rolling_12_months']) | indent(4) }}
)

{% for level, org_id in [('trust', "'" ~ var('trust_code') ~ "'"), ('site', 'counted.site_code')] %}
select
    '{{ level }}' as org_level,
    {{ org_id }} as org_id,
    covered.period_type,
    covered.period_start_date,
    counted.dimension_code,
    {% for count in counts %}
    cast(sum(counted.{{ count }}) as bigint) as {{ count }},
    {% endfor %}
    counted.group_code,
    max(case when covered.is_complete then 1 else 0 end) = 1 as is_complete

from counted
inner join covered
    on counted.month >= covered.period_start_date
    and counted.month < covered.next_start_date
    and {{ 'covered.site_code is null' if level == 'trust' else 'counted.site_code = covered.site_code' }}
group by
    {{ 'counted.site_code, ' if level == 'site' }}covered.period_type, covered.period_start_date,
    counted.dimension_code, counted.group_code
{% if not loop.last %}

union all

{% endif %}
{% endfor %}

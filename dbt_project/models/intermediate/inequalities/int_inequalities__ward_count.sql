-- Exact counts of the admissions that each ward saw, by group, over the latest complete twelve months. An admission
-- counts once on each ward on which a stay of it began in them. A group of which a ward had nobody is a row too: below
-- a total too small to be shown, nobody is hidden too. Persons end here.
{% set dimensions = ward_dimensions().split() %}

with

stays as (
    select * from {{ ref('stg_inequalities__ward_stay') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

admissions as (
    select * from {{ ref('int_inequalities__admission') }}
),

inpatient_counts as (
    select * from {{ ref('int_inequalities__inpatient_count') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

newest as (
    select max(period_start_date) as period_start_date
    from inpatient_counts
    where org_level = 'trust' and period_type = 'rolling_12_months' and is_complete
),

on_wards as (
    select distinct
        ward_names.ward_id,
        newest.period_start_date,
        stays.spell_id
    from stays
    inner join newest
        on stays.start_date >= newest.period_start_date
        and stays.start_date < {{ months_later('newest.period_start_date', 12) }}
    inner join ward_names
        on ward_names.feed = 'ward_stay'
        and stays.site_code = ward_names.site_code
        and stays.ward_name = ward_names.ward_name
        and cast(date_trunc('month', stays.start_date) as date) = ward_names.used_from
    where ward_names.ward_id is not null
),

patients as (
    select
        on_wards.ward_id,
        on_wards.period_start_date,
        {% for dimension in dimensions if dimension != 'admission_route' %}
        admissions.{{ dimension }},
        {% endfor %}
        case when admissions.is_emergency then 'emergency' else 'other' end as admission_route
    from on_wards
    inner join admissions on on_wards.spell_id = admissions.spell_id
),

counted as (
    {{ counted_by_group('patients', ['ward_id', 'period_start_date'], dimensions, {'on_ward': 'true'}) | indent(4) }}
),

wards as (
    select distinct
        ward_id,
        period_start_date,
        dimension_code
    from counted
)

select
    'ward' as org_level,
    wards.ward_id as org_id,
    'rolling_12_months' as period_type,
    wards.period_start_date,
    groups.dimension_code,
    coalesce(counted.on_ward, 0) as on_ward,
    groups.group_code,
    true as is_complete

from wards
inner join groups on wards.dimension_code = groups.dimension_code
left join counted
    on wards.ward_id = counted.ward_id
    and groups.dimension_code = counted.dimension_code
    and groups.group_code = counted.group_code

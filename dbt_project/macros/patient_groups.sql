{#-
    The groups of each patient of a feed: columns deprivation_<year>, ethnic_category, ethnic_group_2021, age_band and
    sex, with what is not known as a group of its own. `patients`, `quintiles` (int_inequalities__area_quintile, joined
    by area) and `ethnic_categories` (below, joined by category) are names of relations.
-#}
{% macro patient_groups(patients, quintiles, ethnic_categories) -%}
{% for year in var('imd_years') -%}
case
    when {{ patients }}.lsoa_code is null then 'no_area'
    else coalesce(cast({{ quintiles }}.quintile_{{ year }} as string), 'not_mapped')
end as deprivation_{{ year }},
{% endfor -%}
coalesce({{ ethnic_categories }}.ethnic_category_code, 'not_recorded') as ethnic_category,
coalesce({{ ethnic_categories }}.ethnic_group, 'not_recorded') as ethnic_group_2021,
case
    when {{ patients }}.age_years < 18 then '0-17'
    when {{ patients }}.age_years < 40 then '18-39'
    when {{ patients }}.age_years < 65 then '40-64'
    when {{ patients }}.age_years < 80 then '65-79'
    when {{ patients }}.age_years >= 80 then '80+'
    else 'not_known'
end as age_band,
case {{ patients }}.sex_code
    when '1' then 'male'
    when '2' then 'female'
    else 'not_known'
end as sex
{%- endmacro %}

{#- What is recorded of a patient's learning disability, where the feed tells of it. -#}
{% macro learning_disability_group(patients) -%}
case
    when {{ patients }}.has_learning_disability then 'recorded'
    when not {{ patients }}.has_learning_disability then 'not_recorded'
    else 'not_known'
end
{%- endmacro %}

{#- The dimensions by which every feed of patients is told; `.split()` lists them. -#}
{% macro patient_dimensions() -%}
ethnic_group_2021 ethnic_category age_band sex learning_disability
{%- for year in var('imd_years') %} deprivation_{{ year }}{% endfor %}
{%- endmacro %}

{#-
    The dimensions by which a ward's patients are told: those of its marginal table alone, deprivation under one index, for
    a ward is small and each further table hides more of the others.
-#}
{% macro ward_dimensions() -%}
admission_route age_band sex ethnic_group_2021 deprivation_{{ var('imd_headline_year') }} learning_disability interpreter
{%- endmacro %}

{#- The ethnic categories with the group of Census 2021 that each is a part of. -#}
{% macro ethnic_categories() -%}
select
    group_code as ethnic_category_code,
    parent_group_code as ethnic_group
from {{ ref('population_group') }}
where dimension_code = 'ethnic_category'
{%- endmacro %}

{#-
    Counts of `rows` by `keys` and group: of each dimension by itself, and of all. `counts` maps a name to the condition
    of what is counted.
-#}
{% macro counted_by_group(rows, keys, dimensions, counts) -%}
{% for dimension in ['all'] + dimensions -%}
select
    {% for key in keys -%}
    {{ key }},
    {% endfor -%}
    '{{ dimension }}' as dimension_code,
    {% for count, condition in counts.items() -%}
    cast(count(case when {{ condition }} then 1 end) as bigint) as {{ count }},
    {% endfor -%}
    {{ "'all'" if dimension == 'all' else dimension }} as group_code
from {{ rows }}
group by {{ keys | join(', ') }}{{ '' if dimension == 'all' else ', ' ~ dimension }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor -%}
{%- endmacro %}

{#-
    The periods that end with each quarter of `site_months` (site_code, month), and the months of them of which there is
    anything: of each site, and without a site the fewest of any. Complete is one of which every month is there.
-#}
{% macro covered_periods(site_months, period_types) -%}
with

quarters as (
    select distinct cast(date_trunc('quarter', month) as date) as quarter from {{ site_months }}
),

spans as (
    {% for period_type in period_types -%}
    {% set months = {'quarter': 3, 'rolling_12_months': 12}[period_type] -%}
    select
        '{{ period_type }}' as period_type,
        {{ months_later('quarter', 3 - months) }} as period_start_date,
        {{ months_later('quarter', 3) }} as next_start_date,
        {{ months }} as months_expected
    from quarters
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor -%}
),

sites as (
    select distinct site_code from {{ site_months }}
),

by_site as (
    select
        spans.period_type,
        spans.period_start_date,
        spans.next_start_date,
        spans.months_expected,
        sites.site_code,
        cast(count(site_months.month) as int) as months_covered
    from spans
    cross join sites
    left join {{ site_months }} as site_months
        on sites.site_code = site_months.site_code
        and spans.period_start_date <= site_months.month
        and spans.next_start_date > site_months.month
    group by spans.period_type, spans.period_start_date, spans.next_start_date, spans.months_expected, sites.site_code
)

select
    period_type,
    period_start_date,
    next_start_date,
    site_code,
    months_covered,
    months_covered = months_expected as is_complete
from by_site

union all

select
    period_type,
    period_start_date,
    next_start_date,
    cast(null as string) as site_code,
    min(months_covered) as months_covered,
    min(months_covered) = months_expected as is_complete
from by_site
group by period_type, period_start_date, next_start_date, months_expected
{%- endmacro %}

-- How many people stand behind what is told of a ward in a month, where its class has a smallest number: answers of the
-- friends and family test, and staff. How many staff there are at the least is in the denominators: a full-time day is
-- worked by somebody, and nobody works two; the most that any indicator tells counts.
{% set staff_at_least = {
    'SICKNESS_PCT': 'floor(denominator / extract(day from month_end_date))',
    'TURNOVER_12M_PCT': 'floor(denominator)',
    'APPRAISAL_PCT': 'denominator',
    'VACANCY_PCT': 'floor(denominator - numerator)',
} %}

with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

told as (
    select
        org_id as ward_id,
        site_code,
        month,
        disclosure_class,
        indicator_code,
        numerator,
        denominator,
        answers,
        cast({{ months_later('month', 1) }} - interval '1' day as date) as month_end_date
    from figures
    where org_level = 'ward'
        and disclosure_class in ('fft', 'staff')
        -- Of nothing nothing can be hidden.
        and coalesce(numerator, denominator, value) is not null
),

counted as (
    select
        ward_id,
        site_code,
        month,
        disclosure_class,
        case
            when disclosure_class = 'fft' then answers
            {% for indicator, people in staff_at_least.items() %}
            when indicator_code = '{{ indicator }}' then {{ people }}
            {% endfor %}
        end as people
    from told
)

select
    disclosure_class,
    ward_id,
    max(site_code) as site_code,
    month,
    cast(max(people) as bigint) as people

from counted
group by disclosure_class, ward_id, month

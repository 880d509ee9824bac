-- When each ward of the trust joined the sixty-ward programme, by its plan and by its engagement event: the first is
-- what was meant for it, whatever became of it. Wards that never joined stand there without a month.
with

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

enrolments as (
    select * from {{ ref('int_programmes__ward_enrolments') }}
),

plan as (
    select * from {{ ref('int_programmes__wave_plan') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

run as (
    {{ current_run() }}
),

joined as (
    select
        programmes.programme_id,
        wards.ward_id,
        wards.site_code,
        cast(date_trunc('month', coalesce(plan.planned_start_date, enrolments.enrolled_date)) as date) as planned_month,
        case
            when enrolments.engagement_date <= run.run_date
                then cast(date_trunc('month', enrolments.engagement_date) as date)
        end as engaged_month
    from programmes
    cross join run
    inner join wards on wards.is_latest
    left join enrolments
        on programmes.programme_id = enrolments.programme_id
        and wards.ward_id = enrolments.ward_id
    left join plan
        on enrolments.programme_id = plan.programme_id
        and enrolments.wave_no = plan.wave_no
        and enrolments.site_code = plan.site_code
    where programmes.programme_type = 'sixty_wards'
)

{% for dating, month in [('planned', 'planned_month'), ('engaged', 'engaged_month')] %}
select
    programme_id,
    ward_id,
    '{{ dating }}' as dating,
    site_code,
    cast({{ month_number(month) }} as int) as group_no

from joined
{% if not loop.last %}

union all

{% endif %}
{% endfor %}

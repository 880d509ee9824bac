-- A count of nobody is shown as 0; each count has its own decision, so one may be hidden and another not.
{% set stages = ['nominated', 'waiting', 'booked', 'completed', 'with_project'] %}

with

nominations as (
    select * from {{ ref('int_programmes__nomination') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
),

run as (
    {{ current_run() }}
),

staged as (
    select
        {% for stage in stages %}
        max(case when topic = 'nomination_{{ stage }}' then decision end) as {{ stage }}_decision,
        {% endfor %}
        subject_id as programme_id,
        cell_id
    from decisions
    where topic like 'nomination_%'
    group by subject_id, cell_id
)

select
    {{ surrogate_key(['nominations.programme_id', 'nominations.org_level', 'nominations.org_id']) }}
        as nomination_key,
    nominations.programme_id,
    programmes.programme_name,
    nominations.org_level,
    nominations.org_id,
    nominations.ward_name,
    nominations.site_code,
    case
        when nominations.org_level = 'ward'
            then nominations.valid_to is null or nominations.valid_to > run.run_date
    end as is_ward_open,
    {{ disclosed('nominations.nominated_n', 'staged.nominated_decision') }} as nominated_n,
    {{ disclosed('nominations.waiting_n', 'staged.waiting_decision') }} as waiting_n,
    {{ disclosed('nominations.booked_n', 'staged.booked_decision') }} as booked_n,
    {{ disclosed('nominations.completed_n', 'staged.completed_decision') }} as completed_n,
    {{ disclosed('nominations.with_project_n', 'staged.with_project_decision') }} as with_project_n,
    case when run.audience = 'internal' or nominations.org_level = 'trust' then nominations.has_project end
        as has_project,
    {{ disclosed_status("'reported'", 'staged.nominated_decision') }} as value_status

from nominations
cross join run
left join staged using (programme_id, cell_id)
left join programmes using (programme_id)

-- The text of an issue only where its row says that it may be shared; theme and category always.
with

issues as (
    select * from {{ ref('stg_programmes__engagement_issue') }}
),

events as (
    select * from {{ ref('stg_programmes__engagement_event') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

run as (
    {{ current_run() }}
)

select
    issues.issue_id,
    issues.event_id,
    events.programme_id,
    issues.ward_id,
    coalesce(wards.ward_name, issues.ward_id) as ward_name,
    wards.site_code,
    issues.raised_date,
    issues.theme as issue_theme,
    issues.category as issue_category,
    issues.owner_role,
    issues.is_permission_needed,
    issues.is_resource_needed,
    issues.issue_status,
    issues.resolved_by,
    issues.closed_date,
    coalesce(
        issues.issue_status = 'closed'
        and issues.resolved_by = 'ward_team'
        and not issues.is_permission_needed
        and not issues.is_resource_needed,
        false
    ) as is_closed_by_ward_alone,
    case
        when issues.issue_status <> 'closed'
            then cast({{ days_between('issues.raised_date', 'run.run_date') }} as int)
        else cast({{ days_between('issues.raised_date', 'issues.closed_date') }} as int)
    end as open_days,
    issues.project_id,
    issues.is_shareable,
    case when issues.is_shareable then issues.issue_text end as issue_text

from issues
cross join run
left join events using (event_id)
left join wards
    on issues.ward_id = wards.ward_id
    and issues.raised_date >= wards.valid_from
    and (wards.valid_to is null or issues.raised_date < wards.valid_to)

-- What a ward manager has to do next, and what was done of late: open issues, and those closed in the last months.
{% set overdue_days = var('issue_overdue_days') %}
with

issues as (
    select * from {{ ref('fct_engagement_issue') }}
),

projects as (
    select * from {{ ref('dim_project') }}
),

run as (
    {{ current_run() }}
),

themes as (
    select
        issue_theme,
        count(distinct ward_id) as wards_open
    from issues
    where issue_status <> 'closed'
    group by issue_theme
),

ward_shares as (
    select
        ward_id,
        cast(count(*) as int) as issues_raised,
        cast(count(case when is_closed_by_ward_alone then 1 end) as int) as issues_closed_by_ward_alone
    from issues
    group by ward_id
),

listed as (
    select
        issues.issue_id,
        issues.ward_id,
        issues.ward_name,
        issues.site_code,
        issues.issue_category,
        issues.issue_theme,
        issues.issue_status,
        issues.owner_role,
        issues.raised_date,
        issues.closed_date,
        issues.open_days,
        issues.resolved_by,
        issues.project_id,
        projects.project_name,
        projects.project_status,
        issues.issue_text,
        issues.issue_status <> 'closed'
        and issues.open_days > case issues.issue_category
            {% for category, days in overdue_days.items() %}
            when '{{ category }}' then {{ days }}
            {% endfor %}
        end as is_overdue,
        -- The ward itself has the theme open where this issue is.
        cast(
            coalesce(themes.wards_open, 0) - case when issues.issue_status <> 'closed' then 1 else 0 end as int
        ) as other_wards_with_theme,
        ward_shares.issues_raised,
        ward_shares.issues_closed_by_ward_alone
    from issues
    cross join run
    inner join ward_shares on issues.ward_id = ward_shares.ward_id
    left join themes on issues.issue_theme = themes.issue_theme
    left join projects on issues.project_id = projects.project_id
    where issues.issue_status <> 'closed'
        or issues.closed_date >= {{ days_later('run.run_date', -var('issue_recently_closed_days')) }}
)

select
    issue_id,
    ward_id,
    ward_name,
    site_code,
    issue_category,
    issue_theme,
    issue_status,
    owner_role,
    raised_date,
    closed_date,
    open_days,
    case
        when open_days <= 30 then 'up_to_30_days'
        when open_days <= 90 then 'up_to_90_days'
        when open_days <= 365 then 'up_to_a_year'
        else 'over_a_year'
    end as age_band,
    coalesce(is_overdue, false) as is_overdue,
    project_id,
    project_name,
    project_status,
    other_wards_with_theme,
    issues_raised,
    issues_closed_by_ward_alone,
    issue_text,
    concat(
        coalesce(issue_text, concat('An issue about ', lower(issue_theme))),
        case
            when issue_status = 'closed'
                then concat(
                        ': closed after ', open_days, ' days',
                        case when resolved_by is null then '' else concat(' by ', replace(resolved_by, '_', ' ')) end
                    )
            else concat(': ', replace(issue_status, '_', ' '), ' for ', open_days, ' days')
        end,
        ' (', issue_category, case when owner_role is null then '' else concat(', with ', lower(owner_role)) end, ').',
        case when coalesce(is_overdue, false) then ' It is overdue.' else '' end,
        case
            when issue_status <> 'closed' and owner_role is null then ' Nobody has it.'
            else ''
        end,
        case
            when project_name is not null
                then concat(' Taken up by project ', project_name, ' (', replace(project_status, '_', ' '), ').')
            else ''
        end,
        case
            when other_wards_with_theme = 1 then ' One other ward has the theme open.'
            when other_wards_with_theme > 1
                then concat(' ', other_wards_with_theme, ' other wards have the theme open.')
            else ''
        end
    ) as action_sentence

from listed

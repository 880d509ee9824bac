-- The wards that a series can hold. One with a month missing, or that merged, moved or closed in these months, is left
-- out whole: what is compared are the same wards before and after.
with

windows as (
    select * from {{ ref('int_improvement__rollout_window') }}
),

labels as (
    select * from {{ ref('int_improvement__rollout_ward') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

held as (
    select
        windows.series_id,
        figures.org_id as ward_id,
        count(*) as months_held,
        count(*) = windows.last_period - windows.window_from + 1 as is_complete,
        cast(sum(figures.denominator) as double) / count(*) as bed_days,
        cast(sum(figures.numerator) as double) / count(*) as events,
        min(figures.definition_version) as first_version,
        max(figures.definition_version) as last_version
    from windows
    inner join figures
        on windows.indicator_code = figures.indicator_code
        and figures.org_level = 'ward'
        and figures.value_status = 'reported'
        and windows.window_from <= {{ month_number('figures.month') }}
        and windows.last_period >= {{ month_number('figures.month') }}
    group by windows.series_id, figures.org_id, windows.last_period, windows.window_from
),

changes as (
    select
        ward_id,
        {{ month_number('valid_from') }} as change_period
    from wards
    where change_type not in ('open', 'rename')

    union all

    -- The ward that was taken in, or closed.
    select
        ward_id,
        {{ month_number('valid_to') }} as change_period
    from wards
    where is_latest and valid_to is not null
),

changed as (
    select distinct
        windows.series_id,
        changes.ward_id
    from windows
    inner join changes
        on windows.window_from < changes.change_period
        and windows.last_period >= changes.change_period
)

select
    windows.series_id,
    held.ward_id as unit_id,
    labels.site_code as stratum,
    labels.group_no,
    case when windows.is_weighted then held.bed_days else 1 end as weight,
    held.events,
    held.first_version,
    held.last_version,
    held.is_complete and changed.ward_id is null as is_held

from windows
inner join held on windows.series_id = held.series_id
inner join labels
    on windows.programme_id = labels.programme_id
    and windows.dating = labels.dating
    and held.ward_id = labels.ward_id
left join changed
    on windows.series_id = changed.series_id
    and held.ward_id = changed.ward_id

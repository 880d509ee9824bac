{% set subject = "concat(named.indicator_name, ', ', named.org_name)" %}
with

series as (
    select * from {{ ref('int_indicators__spc_series') }}
),

points as (
    select * from {{ ref('int_indicators__spc_point') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

decisions as (
    select * from {{ ref('int_indicators__cell_decision') }}
),

series_decisions as (
    select * from {{ ref('int_indicators__spc_decision') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

sites as (
    select * from {{ ref('int_reference__site_validity') }}
),

named as (
    -- Names as they are in the month of the last point.
    select
        points.series_id,
        points.org_level,
        points.org_id,
        points.indicator_code,
        points.chart,
        points.month,
        case points.org_level
            when 'ward' then coalesce(ward_months.ward_name, points.org_id)
            when 'site' then coalesce(sites.site_name, points.org_id)
            when 'trust' then '{{ var("trust_name") | replace("'", "''") }}'
            else figures.provider_name
        end as org_name,
        coalesce(definitions.indicator_name, points.indicator_code) as indicator_name
    from points
    inner join series
        on points.series_id = series.series_id
        and points.point_no = series.last_no
    left join figures
        on points.org_level = figures.org_level
        and points.org_id = figures.org_id
        and points.indicator_code = figures.indicator_code
        and points.month = figures.month
    left join definitions
        on points.indicator_code = definitions.indicator_code
        and points.month >= definitions.valid_from
        and (definitions.valid_to is null or points.month < definitions.valid_to)
    left join ward_months
        on points.org_level = 'ward'
        and points.org_id = ward_months.ward_id
        and points.month = ward_months.month
    left join sites
        on points.org_level = 'site'
        and points.org_id = sites.site_code
        and points.month >= sites.valid_from
        and (sites.valid_to is null or points.month < sites.valid_to)
)

select
    series.series_id as spc_series_key,
    named.org_level,
    named.org_id,
    named.org_name,
    named.indicator_code,
    named.chart,
    '{{ var("spc_rule_profile") }}' as rule_profile,
    series.last_period as last_point_date,
    {{ disclosed('series.last_value') }} as last_value,
    series.target,
    {{ disclosed_status('series.limits_status', 'series_decisions.decision') }} as limits_status,
    {{ disclosed('series.mean', 'series_decisions.decision') }} as centre_line,
    {{ disclosed('series.lpl', 'series_decisions.decision') }} as lower_process_limit,
    {{ disclosed('series.upl', 'series_decisions.decision') }} as upper_process_limit,
    {{ disclosed('series.variation_type', 'series_decisions.decision') }} as variation_type,
    {{ disclosed('series.variation_icon', 'series_decisions.decision') }} as variation_icon,
    {{ disclosed('series.assurance_type', 'series_decisions.decision') }} as assurance_type,
    {{ disclosed('series.special_cause_type', 'series_decisions.decision') }} as special_cause_type,
    {{ disclosed('series.rules_fired', 'series_decisions.decision') }} as rules_fired,
    series.n_points as months_charted,
    series.n_missing as months_without_value,
    series.bridged_months,
    {{ disclosed('series.n_special', 'series_decisions.decision') }} as special_cause_months,
    case
        when series_decisions.decision = 'shown' and named.chart = 'time_between'
            then concat(
                    {{ spc_sentence(subject, 'series', 'interval') }},
                    ' The last was on ',
                    cast(series.last_period as string),
                    '.'
                )
        when series_decisions.decision = 'shown'
            then {{ spc_sentence(subject, 'series') }}
        else concat(named.indicator_name, ', ', named.org_name, ': not shown, to protect people.')
    end as sentence

from series
inner join named on series.series_id = named.series_id
left join decisions
    on named.org_level = decisions.org_level
    and named.org_id = decisions.org_id
    and named.indicator_code = decisions.indicator_code
    and named.month = decisions.month
left join series_decisions on series.series_id = series_decisions.series_id
-- Of rare events that may not be shown a row would tell that there were some.
where named.chart <> 'time_between' or series_decisions.decision = 'shown'

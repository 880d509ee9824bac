-- What share of what an indicator's month is made of fails in each of the six dimensions, in per cent: of its
-- wards, of the rows of the files that are current for it, of these files. Null where it cannot be told, as of rare
-- events how many wards there should be.
{% set shares = {
    'accuracy': ('parts.parts_wrong', 'parts.parts_recomputed'),
    'completeness': ('trust.wards_applicable - trust.wards_reporting', 'trust.wards_applicable'),
    'uniqueness': ('files.rows_doubled', 'files.rows_read'),
    'consistency': ('names.rows_waiting', 'names.rows_named'),
    'timeliness': ('files.files_late', 'files.files_due'),
    'validity': ('files.rows_refused', 'files.rows_read'),
} %}

with

ward_parts as (
    select * from {{ ref('int_indicators__ward_part') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

events as (
    select * from {{ ref('int_indicators__event') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

file_months as (
    select * from {{ ref('int_evidence__feed_month') }}
),

sources as (
    select
        indicator_code,
        month,
        source_feed
    from ward_parts

    union distinct

    select
        indicator_code,
        month,
        source_feed
    from events
),

rated as (
    select distinct
        indicator_code,
        month
    from sources
),

parts as (
    select
        indicator_code,
        month,
        count(case when numerator is not null and denominator <> 0 then delivered_value end) as parts_recomputed,
        count(
            case
                when denominator <> 0
                    and abs(delivered_value - {{ ratio('numerator', 'denominator', 'multiplier') }})
                    > {{ var('recomputed_tolerance') }}
                    then 1
            end
        ) as parts_wrong
    from ward_parts
    group by indicator_code, month
),

trust as (
    select
        indicator_code,
        month,
        wards_reporting,
        wards_applicable
    from figures
    where org_level = 'trust'
),

files as (
    select
        sources.indicator_code,
        sources.month,
        cast(sum(file_months.rows_read) as bigint) as rows_read,
        cast(sum(file_months.rows_doubled) as bigint) as rows_doubled,
        cast(sum(file_months.rows_refused) as bigint) as rows_refused,
        cast(sum(file_months.files_due) as bigint) as files_due,
        cast(sum(file_months.files_late) as bigint) as files_late
    from sources
    inner join file_months
        on sources.source_feed = file_months.feed
        and sources.month = file_months.month
    group by sources.indicator_code, sources.month
),

names as (
    select
        sources.indicator_code,
        sources.month,
        cast(sum(ward_names.row_count) as bigint) as rows_named,
        cast(sum(case when ward_names.ward_id is null then ward_names.row_count else 0 end) as bigint)
            as rows_waiting
    from sources
    inner join ward_names
        on sources.source_feed = ward_names.feed
        and sources.month = ward_names.used_from
    group by sources.indicator_code, sources.month
),

failed as (
    select
        rated.indicator_code,
        {% for dimension, (wrong, all) in shares.items() %}
        cast(
            cast(100 * ({{ wrong }}) as decimal(18, 6)) / nullif({{ all }}, 0) as decimal(9, 4)
        ) as {{ dimension }}_failed_pct,
        {% endfor %}
        rated.month
    from rated
    left join trust
        on rated.indicator_code = trust.indicator_code
        and rated.month = trust.month
    left join parts
        on rated.indicator_code = parts.indicator_code
        and rated.month = parts.month
    left join files
        on rated.indicator_code = files.indicator_code
        and rated.month = files.month
    left join names
        on rated.indicator_code = names.indicator_code
        and rated.month = names.month
),

counted as (
    select
        indicator_code,
        month,
        {% for dimension in shares %}
        {{ dimension }}_failed_pct,
        {% endfor %}
        0
        {% for dimension in shares %}
        + case when {{ dimension }}_failed_pct is not null then 1 else 0 end
        {% endfor %}
            as dimensions_judged,
        0
        {% for dimension in shares %}
        + case when {{ dimension }}_failed_pct > {{ var('quality_tolerance_pct') }} then 1 else 0 end
        {% endfor %}
            as dimensions_failed,
        concat_ws(
            ', ',
            {% for dimension in shares %}
            case when {{ dimension }}_failed_pct > {{ var('quality_tolerance_pct') }} then '{{ dimension }}' end,
            {% endfor %}
            cast(null as string)
        ) as failing
    from failed
)

select
    indicator_code,
    month,
    {% for dimension in shares %}
    {{ dimension }}_failed_pct,
    {% endfor %}
    cast(dimensions_judged as int) as dimensions_judged,
    cast(dimensions_failed as int) as dimensions_failed,
    nullif(failing, '') as failing_dimensions,
    case
        when dimensions_failed = 0 and dimensions_judged >= {{ var('quality_minimum_dimensions') }} then 'good'
        when dimensions_judged < {{ var('quality_minimum_dimensions') }} then 'not_judged'
        when dimensions_failed = 1 then 'fair'
        else 'poor'
    end as data_quality_rating

from counted

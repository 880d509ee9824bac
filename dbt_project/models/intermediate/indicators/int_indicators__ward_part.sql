-- A row whose name is unexplained waits in evidence.fct_unmatched_name and enters no figure. Where a feed of
-- the ward gives an indicator's ward-month whole, it stands in place of what ward_indicator reports of it;
-- where it does not, the reported row stands.
with

delivered as (
    select * from {{ ref('stg_indicators__ward_indicator') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

feed_parts as (
    select * from {{ ref('int_indicators__feed_part') }}
),

identified as (
    select
        ward_names.ward_id,
        delivered.site_code,
        delivered.indicator_code,
        delivered.month,
        -- A plain count may stand in the value alone, and is divided by nothing.
        case
            when definitions.unit = 'count' then coalesce(delivered.numerator, delivered.value)
            else delivered.numerator
        end as numerator,
        case when definitions.unit = 'count' then null else delivered.denominator end as denominator,
        delivered.value as delivered_value,
        coalesce(
            delivered.value_status,
            case when delivered.value is null then 'missing' else 'reported' end
        ) as delivered_status,
        coalesce(delivered.is_provisional, false) as is_provisional,
        definitions.definition_version,
        definitions.unit,
        definitions.multiplier,
        definitions.disclosure_class
    from delivered
    inner join ward_names
        on ward_names.feed = 'ward_indicator'
        and delivered.site_code = ward_names.site_code
        and delivered.ward_name = ward_names.ward_name
        and delivered.month = ward_names.used_from
    left join definitions
        on delivered.indicator_code = definitions.indicator_code
        and delivered.month >= definitions.valid_from
        and (definitions.valid_to is null or delivered.month < definitions.valid_to)
    where ward_names.ward_id is not null
),

judged as (
    select
        ward_id,
        site_code,
        indicator_code,
        month,
        numerator,
        denominator,
        delivered_value,
        delivered_status,
        numerator is not null and (denominator is not null or coalesce(unit, '') = 'count') as has_parts,
        is_provisional,
        definition_version,
        unit,
        multiplier,
        disclosure_class
    from identified
),

reported as (
    select
        ward_id,
        indicator_code,
        month,
        max(case when is_provisional then 1 else 0 end) = 1 as is_provisional
    from judged
    group by ward_id, indicator_code, month
),

from_returns as (
    select
        judged.ward_id,
        judged.site_code,
        judged.indicator_code,
        judged.month,
        judged.numerator,
        judged.denominator,
        judged.delivered_value,
        judged.delivered_status,
        judged.has_parts,
        judged.is_provisional,
        judged.definition_version,
        judged.unit,
        judged.multiplier,
        judged.disclosure_class,
        'ward_indicator' as source_feed
    from judged
    left join feed_parts
        on judged.ward_id = feed_parts.ward_id
        and judged.indicator_code = feed_parts.indicator_code
        and judged.month = feed_parts.month
        and feed_parts.is_whole
    where feed_parts.ward_id is null
),

from_feeds as (
    select
        feed_parts.ward_id,
        feed_parts.site_code,
        feed_parts.indicator_code,
        feed_parts.month,
        feed_parts.numerator,
        feed_parts.denominator,
        cast(null as decimal(24, 12)) as delivered_value,
        case when feed_parts.is_whole then 'reported' else 'missing' end as delivered_status,
        feed_parts.is_whole as has_parts,
        coalesce(reported.is_provisional, false) as is_provisional,
        definitions.definition_version,
        definitions.unit,
        definitions.multiplier,
        definitions.disclosure_class,
        feed_parts.source_feed
    from feed_parts
    left join reported
        on feed_parts.ward_id = reported.ward_id
        and feed_parts.indicator_code = reported.indicator_code
        and feed_parts.month = reported.month
    left join definitions
        on feed_parts.indicator_code = definitions.indicator_code
        and feed_parts.month >= definitions.valid_from
        and (definitions.valid_to is null or feed_parts.month < definitions.valid_to)
    where feed_parts.is_whole or reported.ward_id is null
),

{% set columns = [
    'ward_id', 'site_code', 'indicator_code', 'month', 'numerator', 'denominator', 'delivered_value',
    'delivered_status', 'has_parts', 'is_provisional', 'definition_version', 'unit', 'multiplier',
    'disclosure_class', 'source_feed',
] %}
together as (
    select
        {{ columns | join(',\n        ') }}
    from from_returns

    union all

    select
        {{ columns | join(',\n        ') }}
    from from_feeds
)

select
    ward_id,
    site_code,
    indicator_code,
    month,
    case when delivered_status in ('suppressed_at_source', 'not_applicable') then null else numerator end
        as numerator,
    case when delivered_status in ('suppressed_at_source', 'not_applicable') then null else denominator end
        as denominator,
    delivered_value,
    case
        when delivered_status in ('suppressed_at_source', 'not_applicable') then delivered_status
        when has_parts or delivered_value is not null then 'reported'
        else 'missing'
    end as part_status,
    case
        when delivered_status = 'not_applicable' then false
        when delivered_status = 'suppressed_at_source' then true
        else not has_parts
    end as is_part_lacking,
    is_provisional,
    definition_version,
    unit,
    multiplier,
    disclosure_class,
    source_feed

from together

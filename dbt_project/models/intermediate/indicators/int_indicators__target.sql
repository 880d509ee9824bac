-- The target of each version of a definition, where it is one of its figures' kind. A percentage to be lowered may have
-- a target below one, so its definition cannot tell 0.045 that means 4.5: its figures do. A target of which they are
-- ten times as much on average, and to whose hundredfold they are near, is held against nothing.
with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

typical as (
    select
        indicator_code,
        definition_version,
        avg(cast(value as double)) as typical_value
    from figures
    where value_status = 'reported'
    group by indicator_code, definition_version
),

compared as (
    select
        definitions.indicator_code,
        definitions.definition_version,
        definitions.target,
        definitions.target_from,
        coalesce(
            definitions.unit = 'pct'
            and definitions.target > 0
            and definitions.target <= 1
            and typical.typical_value >= 10 * definitions.target
            and typical.typical_value between 100 * definitions.target / 5 and 100 * definitions.target * 5,
            false
        ) as is_like_a_share
    from definitions
    left join typical
        on definitions.indicator_code = typical.indicator_code
        and definitions.definition_version = typical.definition_version
)

select
    indicator_code,
    definition_version,
    case when not is_like_a_share then target end as target,
    target_from,
    is_like_a_share

from compared

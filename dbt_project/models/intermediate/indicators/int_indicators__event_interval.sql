-- Days from each event to the next, at each level. Where an event that has no place at this level lies between the
-- two, it may belong to the series: the interval is incomplete, and no point.
{% set levels = {'ward': 'ward_id', 'site': 'site_code', 'trust': "'" ~ var('trust_code') ~ "'"} %}

with

events as (
    select * from {{ ref('int_indicators__event') }}
),

definitions as (
    select * from {{ ref('int_indicators__definition') }}
),

levelled as (
    {% for org_level, org_id in levels.items() %}
    select
        '{{ org_level }}' as org_level,
        {{ org_id }} as org_id,
        site_code,
        indicator_code,
        event_date
    from events
    where {{ org_id }} is not null
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

keyed as (
    select
        {{ surrogate_key(['org_level', 'org_id', 'indicator_code']) }} as series_id,
        org_level,
        org_id,
        site_code,
        indicator_code,
        event_date
    from levelled
),

places as (
    select distinct
        series_id,
        org_level,
        org_id,
        site_code,
        indicator_code
    from keyed
),

series as (
    select distinct
        series_id,
        org_level,
        org_id,
        indicator_code
    from places
),

intervals as (
    {{ spc_time_between('keyed') }}
),

unplaced as (
    {% for org_level in ['ward', 'site'] %}
    select
        '{{ org_level }}' as org_level,
        site_code,
        indicator_code,
        event_date
    from events
    where {{ levels[org_level] }} is null
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

doubted as (
    select distinct
        intervals.series_id,
        intervals.event_no
    from intervals
    inner join places on intervals.series_id = places.series_id
    inner join unplaced
        on places.org_level = unplaced.org_level
        and places.indicator_code = unplaced.indicator_code
        and (places.site_code = unplaced.site_code or unplaced.site_code is null)
        and intervals.previous_date < unplaced.event_date
        and intervals.period > unplaced.event_date
),

placed as (
    select
        series.series_id,
        series.org_level,
        series.org_id,
        series.indicator_code,
        cast(intervals.event_no as int) as event_no,
        intervals.period as event_date,
        cast(date_trunc('month', intervals.period) as date) as month,
        case when doubted.series_id is null then intervals.value end as value,
        case when doubted.series_id is null then 'reported' else 'incomplete' end as value_status
    from intervals
    inner join series on intervals.series_id = series.series_id
    left join doubted
        on intervals.series_id = doubted.series_id
        and intervals.event_no = doubted.event_no
)

select
    placed.series_id,
    placed.org_level,
    placed.org_id,
    placed.indicator_code,
    placed.event_no,
    placed.event_date,
    placed.month,
    placed.value,
    placed.value_status,
    definitions.unit,
    definitions.disclosure_class

from placed
inner join definitions
    on placed.indicator_code = definitions.indicator_code
    and placed.month >= definitions.valid_from
    and (definitions.valid_to is null or placed.month < definitions.valid_to)

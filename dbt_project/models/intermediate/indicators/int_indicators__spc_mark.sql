-- What somebody decided of a series: where new limits begin, after how many points they are fixed, which month is
-- left out, and why. `has_point` says whether the series has that month (or an event in it) at all. Most months have no
-- rare event: there new limits begin with the first one from the decision's month on.
{% set kinds = ['rebase', 'fix_after_n', 'exclude', 'note'] %}

with

decided as (
    select * from {{ ref('stg_reference__spc_baseline') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

intervals as (
    select * from {{ ref('int_indicators__event_interval') }}
),

charted as (
    select
        org_level,
        org_id,
        indicator_code,
        month
    from figures

    union distinct

    select
        org_level,
        org_id,
        indicator_code,
        month
    from intervals
),

dated as (
    select
        decided.org_level,
        decided.org_id,
        decided.indicator_code,
        decided.kind,
        decided.value,
        decided.reason,
        coalesce(min(intervals.month), decided.month) as month
    from decided
    left join intervals
        on decided.kind = 'rebase'
        and decided.org_level = intervals.org_level
        and decided.org_id = intervals.org_id
        and decided.indicator_code = intervals.indicator_code
        and decided.month <= intervals.month
    group by
        decided.org_level,
        decided.org_id,
        decided.indicator_code,
        decided.kind,
        decided.value,
        decided.reason,
        decided.month
),

marked as (
    select
        org_level,
        org_id,
        indicator_code,
        month,
        {% for kind in kinds %}
        max(case when kind = '{{ kind }}' then reason end) as {{ kind }}_reason,
        {% endfor %}
        max(case when kind = 'rebase' then 1 else 0 end) as rebase_flag,
        max(case when kind = 'exclude' then 1 else 0 end) as exclude_flag,
        cast(max(case when kind = 'fix_after_n' then value end) as int) as fix_after_n_points
    from dated
    group by org_level, org_id, indicator_code, month
)

select
    {{ surrogate_key(['marked.org_level', 'marked.org_id', 'marked.indicator_code']) }} as series_id,
    marked.org_level,
    marked.org_id,
    marked.indicator_code,
    marked.month,
    marked.rebase_flag,
    marked.exclude_flag,
    marked.fix_after_n_points,
    concat_ws(
        ' ',
        case when marked.rebase_reason is not null then concat('New limits from here: ', marked.rebase_reason) end,
        case
            when marked.fix_after_n_reason is not null
                then concat('Limits fixed after ', marked.fix_after_n_points, ' points: ', marked.fix_after_n_reason)
        end,
        case when marked.exclude_reason is not null then concat('Left out: ', marked.exclude_reason) end,
        marked.note_reason
    ) as annotation,
    charted.month is not null as has_point

from marked
left join charted
    on marked.org_level = charted.org_level
    and marked.org_id = charted.org_id
    and marked.indicator_code = charted.indicator_code
    and marked.month = charted.month

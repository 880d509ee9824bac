-- The months in which each programme and indicator can be looked at. Variants change one thing each against the primary
-- one. After the last wards have joined nobody is left to wait: their own wave is never estimated.
{% set before = var('rollout_months_before_least') %}
{% set after = var('rollout_months_after_least') %}
{% set variants = [
    ('primary', 'planned', before, 0, false),
    ('month_before', 'planned', 1, 0, false),
    ('engagement_date', 'engaged', before, 0, false),
    ('anticipation', 'planned', before, 3, false),
    ('bed_day_weighted', 'planned', before, 0, true),
] %}
with

labels as (
    select * from {{ ref('int_improvement__rollout_ward') }}
),

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

variants as (
    {% for variant, dating, base_periods, anticipation, is_weighted in variants %}
    select
        '{{ variant }}' as variant,
        '{{ dating }}' as dating,
        {{ base_periods }} as base_periods,
        {{ anticipation }} as anticipation,
        {{ is_weighted | lower }} as is_weighted
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

spans as (
    select
        indicator_code,
        min(cast({{ month_number('month') }} as int)) as first_period,
        max(cast({{ month_number('month') }} as int)) as newest_period
    from figures
    where org_level = 'ward' and value_status = 'reported'
    group by indicator_code
),

starts as (
    select
        programme_id,
        dating,
        max(group_no) as last_start,
        count(distinct group_no) as starts_n
    from labels
    group by programme_id, dating
),

periods as (
    select
        starts.programme_id,
        spans.indicator_code,
        variants.variant,
        variants.dating,
        variants.base_periods,
        variants.anticipation,
        variants.is_weighted,
        starts.starts_n,
        spans.first_period + {{ before }} + variants.anticipation as earliest_group,
        least(starts.last_start - 1 - variants.anticipation, spans.newest_period) as last_period
    from starts
    cross join spans
    inner join variants on starts.dating = variants.dating
),

groups as (
    select
        periods.programme_id,
        periods.indicator_code,
        periods.variant,
        min(labels.group_no) as first_group,
        max(labels.group_no) as last_group
    from periods
    inner join labels
        on periods.programme_id = labels.programme_id
        and periods.dating = labels.dating
        and periods.earliest_group <= labels.group_no
        and periods.last_period + 1 - {{ after }} >= labels.group_no
    group by periods.programme_id, periods.indicator_code, periods.variant
)

select
    {{ surrogate_key(['periods.programme_id', 'periods.indicator_code', 'periods.variant']) }} as series_id,
    periods.programme_id,
    periods.indicator_code,
    periods.variant,
    periods.dating,
    periods.base_periods,
    periods.anticipation,
    periods.is_weighted,
    periods.starts_n,
    groups.first_group,
    groups.last_group,
    groups.first_group - {{ before }} - periods.anticipation as window_from,
    periods.last_period

from periods
left join groups
    on periods.programme_id = groups.programme_id
    and periods.indicator_code = groups.indicator_code
    and periods.variant = groups.variant

-- Wards on which an intervention has not been tried, beside those like them on which it has: same specialty, about as
-- many beds, and where both are known about the same figures, theirs of the year before they began.
{% set near = var('library_likeness_pct') %}
with

interventions as (
    select * from {{ ref('fct_intervention') }}
),

effects as (
    select * from {{ ref('fct_intervention_effect') }}
),

figures as (
    select * from {{ ref('fct_indicator_month') }}
),

wards as (
    select * from {{ ref('dim_ward') }}
),

newest as (
    select
        indicator_code,
        {{ months_later('max(month)', 1) }} as next_month
    from figures
    where org_level = 'ward' and value_status = 'reported'
    group by indicator_code
),

open_wards as (
    select
        ward_id,
        ward_name,
        site_code,
        specialty_code,
        beds
    from wards
    where is_latest and valid_to is null
),

-- Each ward and indicator up to a month: the start of the change where it was tried, else the newest.
ends as (
    select distinct
        effects.intervention_id,
        effects.ward_id,
        effects.indicator_code,
        cast(date_trunc('month', effects.start_date) as date) as end_month,
        true as is_tried
    from effects
    where effects.indicator_code is not null

    union all

    select distinct
        effects.intervention_id,
        open_wards.ward_id,
        effects.indicator_code,
        newest.next_month as end_month,
        false as is_tried
    from effects
    inner join newest on effects.indicator_code = newest.indicator_code
    cross join open_wards
    left join interventions
        on effects.intervention_id = interventions.intervention_id
        and open_wards.ward_id = interventions.ward_id
    where interventions.ward_id is null
),

levels as (
    select
        ends.intervention_id,
        ends.ward_id,
        ends.indicator_code,
        ends.is_tried,
        cast(sum(figures.numerator) as double) / nullif(cast(sum(figures.denominator) as double), 0) as year_level
    from ends
    inner join figures
        on ends.ward_id = figures.org_id
        and figures.org_level = 'ward'
        and figures.value_status = 'reported'
        and ends.indicator_code = figures.indicator_code
        and ends.end_month > figures.month
        and figures.month >= {{ months_later('ends.end_month', -12) }}
    group by ends.intervention_id, ends.ward_id, ends.indicator_code, ends.is_tried
),

level_pairs as (
    select
        here.intervention_id,
        here.ward_id,
        there.ward_id as tried_ward_id,
        count(*) as levels_compared,
        count(case when abs(here.year_level - there.year_level) * 100 > {{ near }} * there.year_level then 1 end)
            as levels_apart
    from levels as here
    inner join levels as there
        on here.intervention_id = there.intervention_id
        and here.indicator_code = there.indicator_code
        and not here.is_tried
        and there.is_tried
    group by here.intervention_id, here.ward_id, there.ward_id
),

judged as (
    select
        effects.intervention_id,
        effects.ward_id,
        max(case when effects.effect_status = 'estimated' then 1 else 0 end) as is_estimated,
        max(case when effects.signal_type = 'improvement' then 1 else 0 end) as is_improved
    from effects
    group by effects.intervention_id, effects.ward_id
),

pairs as (
    select
        tried.intervention_id,
        tried.intervention_name,
        open_wards.ward_id,
        open_wards.ward_name,
        open_wards.site_code,
        tried.ward_name as tried_ward_name,
        coalesce(level_pairs.levels_compared, 0) as levels_compared,
        judged.is_estimated,
        judged.is_improved
    from interventions as tried
    inner join wards as tried_wards
        on tried.ward_id = tried_wards.ward_id
        and tried_wards.is_latest
    inner join open_wards
        on tried_wards.specialty_code = open_wards.specialty_code
        and abs(open_wards.beds - tried_wards.beds) * 100 <= {{ near }} * tried_wards.beds
    left join interventions as tried_here
        on tried.intervention_id = tried_here.intervention_id
        and open_wards.ward_id = tried_here.ward_id
    left join level_pairs
        on tried.intervention_id = level_pairs.intervention_id
        and open_wards.ward_id = level_pairs.ward_id
        and tried.ward_id = level_pairs.tried_ward_id
    left join judged
        on tried.intervention_id = judged.intervention_id
        and tried.ward_id = judged.ward_id
    where tried_here.ward_id is null
        and coalesce(level_pairs.levels_apart, 0) = 0
),

matched as (
    select
        intervention_id,
        ward_id,
        max(intervention_name) as intervention_name,
        max(ward_name) as ward_name,
        max(site_code) as site_code,
        cast(count(*) as int) as wards_alike,
        {{ listed('tried_ward_name') }} as wards_alike_names,
        cast(count(case when levels_compared > 0 then 1 end) as int) as wards_alike_by_level,
        cast(coalesce(sum(is_estimated), 0) as int) as wards_alike_judged,
        cast(coalesce(sum(is_improved), 0) as int) as wards_alike_improved
    from pairs
    group by intervention_id, ward_id
)

select
    {{ surrogate_key(['intervention_id', 'ward_id']) }} as learning_match_key,
    intervention_id,
    intervention_name,
    ward_id,
    ward_name,
    site_code,
    wards_alike,
    wards_alike_names,
    wards_alike_by_level,
    wards_alike_judged,
    wards_alike_improved,
    concat(
        intervention_name, ' has not been tried on ', ward_name, '. Of its specialty and about its size ', wards_alike,
        case when wards_alike = 1 then ' ward has' else ' wards have' end, ': ', wards_alike_names, '. ',
        case
            when wards_alike_by_level = 0 then 'Their figures before it could not be compared with those of this ward. '
            else concat(
                    'The figures of ',
                    wards_alike_by_level,
                    ' before it were near those of this ward over the last year. '
                )
        end,
        case
            when wards_alike_judged = 0 then 'None could be looked at after it.'
            else concat(
                    'Of ', wards_alike_judged, ' that could be looked at, ', wards_alike_improved,
                    ' showed a signal to the better on an indicator named beforehand; what it would be here, that does',
                    ' not say.'
                )
        end
    ) as match_sentence

from matched

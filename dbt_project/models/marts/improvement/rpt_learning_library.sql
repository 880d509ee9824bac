-- A card for each intervention, by wards, never by people: it counts and repeats what the marts beside it say.
{% set looked_at = "effects.effect_status = 'estimated'" %}
with

interventions as (
    select * from {{ ref('fct_intervention') }}
),

effects as (
    select * from {{ ref('fct_intervention_effect') }}
),

benefits as (
    select * from {{ ref('fct_benefit') }}
),

placed as (
    select
        intervention_id,
        intervention_name,
        ward_id,
        ward_name,
        is_ward_known,
        start_date,
        adopted_from_ward_id,
        contact_role,
        row_number() over (partition by intervention_id order by start_date, ward_id) as ward_place
    from interventions
),

cards as (
    select
        intervention_id,
        max(case when ward_place = 1 then intervention_name end) as intervention_name,
        max(case when ward_place = 1 then contact_role end) as contact_role,
        min(start_date) as first_start_date,
        cast(count(case when is_ward_known then 1 end) as int) as wards_tried,
        cast(count(case when is_ward_known then adopted_from_ward_id end) as int) as wards_adopted,
        {{ listed('case when is_ward_known and adopted_from_ward_id is null then ward_name end') }} as begun_on,
        {{ listed('case when is_ward_known and adopted_from_ward_id is not null then ward_name end') }} as adopted_by
    from placed
    group by intervention_id
),

expected as (
    select distinct
        intervention_id,
        coalesce(indicator_name, indicator_code) as indicator_name
    from effects
),

named as (
    select
        intervention_id,
        {{ listed('indicator_name') }} as indicators_expected
    from expected
    group by intervention_id
),

-- What the first team wrote that lets its text be shared.
texts as (
    select
        intervention_id,
        problem_text,
        summary_text,
        row_number() over (partition by intervention_id order by start_date, ward_id) as text_place
    from interventions
    where problem_text is not null or summary_text is not null
),

looked_at as (
    select
        effects.intervention_id,
        effects.indicator_code,
        max(coalesce(effects.indicator_name, effects.indicator_code)) as indicator_name,
        cast(count(*) as double) as wards_estimated,
        cast(count(case when effects.signal_type = 'improvement' then 1 end) as double) as wards_improved,
        count(case when effects.signal_type = 'concern' then 1 end) as wards_worsened,
        cast(max(effects.comparison_wards) as double) as wards_beside,
        cast(sum(effects.comparison_wards_improved) as double) / nullif(sum(effects.comparison_wards), 0)
            as share_beside
    from effects
    where {{ looked_at }}
    group by effects.intervention_id, effects.indicator_code
),

-- Changes that began in different months are held against the same wards: as many as there are, not as often as they
-- were looked at.
limits as (
    select
        intervention_id,
        indicator_code,
        indicator_name,
        wards_estimated,
        wards_improved,
        wards_worsened,
        share_beside,
        wards_improved / wards_estimated as share_here,
        {{ wilson_lower('wards_improved', 'wards_estimated', level_z(0.95)) }} as share_here_lower,
        {{ wilson_upper('(share_beside * wards_beside)', 'nullif(wards_beside, 0)', level_z(0.95)) }}
            as share_beside_upper
    from looked_at
),

held_against as (
    select
        intervention_id,
        indicator_name,
        concat(
            indicator_name, ': of ', cast(wards_estimated as int), ' wards looked at, ', cast(wards_improved as int),
            ' showed a signal to the better after the start',
            case when wards_worsened > 0 then concat(', ', wards_worsened, ' to the worse') else '' end,
            case
                when share_beside is null then '; no ward was left to compare with.'
                else concat(
                        '; of wards that recorded no such change, ', cast(round(100 * share_beside) as int),
                        ' in 100 showed one to the better in the same months.'
                    )
            end
        ) as seen_sentence,
        wards_estimated,
        coalesce(
            {{ difference_lower('share_here', 'share_here_lower', 'share_beside', 'share_beside_upper') }} > 0, false
        ) as is_more_often
    from limits
),

followed as (
    select
        intervention_id,
        {{ listed('seen_sentence', ' ') }} as what_followed,
        cast(count(*) as int) as indicators_looked_at,
        cast(count(case when is_more_often then 1 end) as int) as indicators_more_often,
        cast(max(wards_estimated) as int) as most_wards_estimated
    from held_against
    group by intervention_id
),

estimated as (
    select distinct
        effects.intervention_id,
        effects.ward_id
    from effects
    where {{ looked_at }}
),

not_looked_at as (
    select
        interventions.intervention_id,
        cast(count(*) as int) as wards_not_looked_at
    from interventions
    left join estimated
        on interventions.intervention_id = estimated.intervention_id
        and interventions.ward_id = estimated.ward_id
    where estimated.ward_id is null
    group by interventions.intervention_id
),

-- A project on several wards is counted once.
projects as (
    select distinct
        intervention_id,
        project_id
    from interventions
    where project_id is not null
),

validated as (
    select
        projects.intervention_id,
        benefits.benefit_unit,
        cast(sum(benefits.validated_value) as decimal(18, 2)) as validated_value,
        cast(sum(benefits.cost_gbp) as decimal(18, 2)) as cost_gbp
    from projects
    inner join benefits
        on projects.project_id = benefits.project_id
        and benefits.benefit_status = 'validated'
    group by projects.intervention_id, benefits.benefit_unit
),

worth as (
    select
        intervention_id,
        {{ listed("concat(validated_value, ' ', benefit_unit)") }} as validated_benefits,
        cast(sum(cost_gbp) as decimal(18, 2)) as validated_cost_gbp
    from validated
    group by intervention_id
),

counted as (
    select
        intervention_id,
        cast(count(*) as int) as projects_linked
    from projects
    group by intervention_id
)

select
    cards.intervention_id,
    cards.intervention_name,
    texts.problem_text,
    texts.summary_text,
    named.indicators_expected,
    cards.first_start_date,
    cards.wards_tried,
    cards.begun_on,
    cards.wards_adopted,
    cards.adopted_by,
    coalesce(
        followed.what_followed, 'Nothing could be looked at: fct_intervention_effect says why, ward by ward.'
    ) as what_followed,
    case
        when followed.intervention_id is null then 'not_looked_at'
        when followed.most_wards_estimated < {{ var('library_wards_least') }} then 'too_few_wards'
        when followed.indicators_more_often > 0 then 'more_often_than_beside'
        else 'no_more_often_than_beside'
    end as certainty,
    concat_ws(
        ' ',
        case
            when followed.intervention_id is null
                then 'No ward has figures long enough before and after the start on an indicator named beforehand.'
            when followed.most_wards_estimated < {{ var('library_wards_least') }}
                then concat(
                        'Fewer than {{ var("library_wards_least") }} wards could be looked at on any indicator:',
                        ' what so few show, chance shows too.'
                    )
            when followed.indicators_more_often > 0
                then concat(
                        'On ', followed.indicators_more_often, ' of ', followed.indicators_looked_at,
                        ' indicators named beforehand, more of the wards that made the change showed a signal to the',
                        ' better than of those that did not, beyond what chance explains. Who takes up a change is not',
                        ' drawn by lot: what else these wards had in common may be why.'
                    )
            else concat(
                    'On none of ', followed.indicators_looked_at, ' indicators named beforehand did more of the wards',
                    ' that made the change show a signal to the better than of those that did not, beyond what chance',
                    ' explains. That is not the same as no effect: a ward has few events, and few wards are beside.'
                )
        end,
        case
            when followed.intervention_id is not null and not_looked_at.wards_not_looked_at > 0
                then concat(not_looked_at.wards_not_looked_at, ' more could not be looked at.')
        end
    ) as certainty_sentence,
    coalesce(counted.projects_linked, 0) as projects_linked,
    worth.validated_benefits,
    worth.validated_cost_gbp,
    cards.contact_role

from cards
left join named on cards.intervention_id = named.intervention_id
left join texts
    on cards.intervention_id = texts.intervention_id
    and texts.text_place = 1
left join followed on cards.intervention_id = followed.intervention_id
left join not_looked_at on cards.intervention_id = not_looked_at.intervention_id
left join counted on cards.intervention_id = counted.intervention_id
left join worth on cards.intervention_id = worth.intervention_id

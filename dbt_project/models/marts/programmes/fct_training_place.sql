with

places as (
    select * from {{ ref('int_programmes__place_count') }}
),

decisions as (
    select * from {{ ref('int_programmes__cell_decision') }}
),

decided as (
    select
        places.financial_year,
        places.split_by,
        places.split_group,
        places.place_stage,
        places.places_n,
        places.headcount,
        100 * places.places_n / nullif(cast(places.headcount as decimal(12, 1)), 0) as places_pct,
        of_places.decision as places_decision,
        case
            when places.split_by = 'all' or (places.split_by = 'sector' and places.split_group <> 'trust')
                then 'not_applicable'
            when places.headcount is null then 'missing'
            else of_heads.decision
        end as headcount_decision
    from places
    left join decisions as of_places
        on of_places.topic = concat('place_', places.place_stage)
        and places.financial_year = of_places.decision_period
        and places.cell_id = of_places.cell_id
    left join decisions as of_heads
        on of_heads.topic = 'place_headcount'
        and places.financial_year = of_heads.decision_period
        and places.cell_id = of_heads.cell_id
),

shared as (
    select
        financial_year,
        split_by,
        split_group,
        place_stage,
        places_n,
        headcount,
        places_pct,
        places_decision,
        headcount_decision,
        case when places_decision = 'shown' then headcount_decision else 'suppressed' end as share_decision
    from decided
)

select
    {{ surrogate_key(['financial_year', 'split_by', 'split_group', 'place_stage']) }} as training_place_key,
    financial_year,
    split_by,
    split_group,
    place_stage,
    {{ disclosed('places_n', 'places_decision') }} as places_n,
    {{ disclosed_status("'reported'", 'places_decision') }} as value_status,
    {{ disclosed('headcount', 'headcount_decision') }} as headcount,
    case
        when headcount_decision in ('not_applicable', 'missing') then headcount_decision
        else {{ disclosed_status("'reported'", 'headcount_decision') }}
    end as headcount_status,
    cast({{ disclosed('places_pct', 'share_decision') }} as decimal(6, 1)) as places_pct

from shared

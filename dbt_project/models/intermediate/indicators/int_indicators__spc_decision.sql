-- Centre line and limits would give a suppressed point away, so a series shows them only where all its points
-- are shown.
with

points as (
    select * from {{ ref('int_indicators__spc_point') }}
),

decisions as (
    select * from {{ ref('int_indicators__cell_decision') }}
)

select
    points.series_id,
    case
        when count(*) = sum(case when decisions.decision = 'shown' then 1 else 0 end) then 'shown'
        else 'suppressed'
    end as decision

from points
left join decisions
    on points.org_level = decisions.org_level
    and points.org_id = decisions.org_id
    and points.indicator_code = decisions.indicator_code
    and points.period = decisions.month
group by points.series_id

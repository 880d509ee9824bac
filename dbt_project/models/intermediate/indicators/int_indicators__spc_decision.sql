-- Centre line and limits would give a suppressed point away, so a series shows them only where all points that they
-- are made of are shown. Of a rare event each point counts: without a value it is an event too.
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
        when
            sum(
                case
                    when coalesce(decisions.decision, 'suppressed') <> 'shown'
                        and (points.value is not null or points.chart = 'time_between')
                        then 1
                    else 0
                end
            ) = 0
            then 'shown'
        else 'suppressed'
    end as decision

from points
left join decisions
    on points.org_level = decisions.org_level
    and points.org_id = decisions.org_id
    and points.indicator_code = decisions.indicator_code
    and points.month = decisions.month
group by points.series_id

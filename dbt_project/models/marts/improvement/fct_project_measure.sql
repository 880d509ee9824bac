with

measures as (
    select * from {{ ref('int_improvement__measure') }}
),

projects as (
    select distinct project_id
    from {{ ref('stg_improvement__project') }}
)

select
    measures.measure_id,
    measures.project_id,
    measures.measure_name,
    measures.measure_type,
    measures.indicator_code,
    measures.unit as measure_unit,
    measures.direction as improvement_direction,
    measures.baseline_value,
    measures.target_value,
    measures.values_recorded,
    measures.first_value_date,
    measures.last_value_date,
    measures.last_recorded_value,
    measures.days_since_value,
    case
        when projects.project_id is null then 'project_unknown'
        when measures.values_recorded = 0 then 'no_value'
        when measures.days_since_value > {{ var('project_no_data_days') }} then 'no_recent_value'
        else 'measured'
    end as measure_status

from measures
left join projects on measures.project_id = projects.project_id

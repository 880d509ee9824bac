with

measures as (
    select * from {{ ref('stg_improvement__project_measure') }}
),

measure_values as (
    select * from {{ ref('stg_improvement__measure_value') }}
),

run as (
    {{ current_run() }}
),

recorded as (
    select
        measure_values.measure_id,
        measure_values.value_date,
        measure_values.value,
        count(*) over (partition by measure_values.measure_id) as values_recorded,
        min(measure_values.value_date) over (partition by measure_values.measure_id) as first_value_date,
        row_number() over (
            partition by measure_values.measure_id order by measure_values.value_date desc
        ) as recency
    from measure_values
    cross join run
    where measure_values.value_date <= run.run_date
)

select
    measures.measure_id,
    measures.project_id,
    measures.measure_name,
    measures.measure_type,
    measures.indicator_code,
    measures.unit,
    measures.direction,
    measures.baseline_value,
    measures.target_value,
    cast(coalesce(recorded.values_recorded, 0) as int) as values_recorded,
    recorded.first_value_date,
    recorded.value_date as last_value_date,
    recorded.value as last_recorded_value,
    cast({{ days_between('recorded.value_date', 'run.run_date') }} as int) as days_since_value

from measures
cross join run
left join recorded
    on measures.measure_id = recorded.measure_id
    and recorded.recency = 1

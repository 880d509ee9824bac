-- Who waits on each copy of the waiting list, with the groups of each. A row is a patient's, so no mart reads it.
with

pathways as (
    select * from {{ ref('stg_inequalities__waiting_list') }}
),

ethnic_categories as (
    {{ ethnic_categories() | indent(4) }}
),

quintiles as (
    select * from {{ ref('int_inequalities__area_quintile') }}
),

run as (
    {{ current_run() }}
)

select
    pathways.pathway_id,
    pathways.snapshot_date,
    pathways.site_code,
    pathways.weeks_waited,
    {{ patient_groups('pathways', 'quintiles', 'ethnic_categories') | indent(4) }}

from pathways
cross join run
left join quintiles on pathways.lsoa_code = quintiles.lsoa_code
left join ethnic_categories on pathways.ethnic_category_code = ethnic_categories.ethnic_category_code
where pathways.snapshot_date <= run.run_date

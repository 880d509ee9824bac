with

programmes as (
    select * from {{ ref('stg_programmes__programme') }}
)

select
    programme_id,
    programme_name,
    programme_type,
    start_date,
    end_date,
    lead_role,
    funder

from programmes

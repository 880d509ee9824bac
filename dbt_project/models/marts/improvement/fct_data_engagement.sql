-- Without the words in which a ward asked: they were not written for other wards.
with

contacts as (
    select * from {{ ref('stg_improvement__data_engagement') }}
),

datasets as (
    select * from {{ ref('stg_reference__dataset') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
)

select
    contacts.contact_id,
    contacts.ward_id,
    coalesce(wards.ward_name, contacts.ward_id) as ward_name,
    wards.site_code,
    contacts.contact_date,
    contacts.dataset_id,
    datasets.dataset_name,
    contacts.contact_outcome

from contacts
left join datasets on contacts.dataset_id = datasets.dataset_id
left join wards
    on contacts.ward_id = wards.ward_id
    and wards.is_latest

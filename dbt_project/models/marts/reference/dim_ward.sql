with

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
)

select
    {{ surrogate_key(['ward_id', 'valid_from']) }} as ward_key,
    ward_id,
    ward_name,
    site_code,
    specialty_code,
    division,
    ward_type,
    beds,
    predecessor_ward_id,
    change_type,
    valid_from,
    valid_to,
    is_latest

from wards

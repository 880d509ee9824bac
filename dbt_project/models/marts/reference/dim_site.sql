with

sites as (
    select * from {{ ref('int_reference__site_validity') }}
)

select
    {{ surrogate_key(['site_code', 'valid_from']) }} as site_key,
    site_code,
    site_name,
    predecessor_code as predecessor_site_code,
    valid_from,
    valid_to,
    is_latest

from sites

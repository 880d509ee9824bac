-- A register row ends at the latest where the site's next row begins.
with

register as (
    select * from {{ ref('stg_reference__site_register') }}
),

followed as (
    select
        site_code,
        site_name,
        valid_from,
        valid_to,
        predecessor_code,
        lead(valid_from) over (partition by site_code order by valid_from) as next_valid_from
    from register
)

select
    site_code,
    site_name,
    valid_from,
    case
        when valid_to is null or next_valid_from < valid_to then next_valid_from
        else valid_to
    end as valid_to,
    predecessor_code,
    next_valid_from is null as is_latest

from followed

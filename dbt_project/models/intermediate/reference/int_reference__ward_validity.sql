-- A register row ends at the latest where the ward's next row begins: senders forget the end of a renamed
-- ward.
with

register as (
    select * from {{ ref('stg_reference__ward_register') }}
),

followed as (
    select
        ward_id,
        ward_name,
        site_code,
        specialty_code,
        division,
        ward_type,
        beds,
        valid_from,
        valid_to,
        predecessor_ward_id,
        change_type,
        lead(valid_from) over (partition by ward_id order by valid_from) as next_valid_from
    from register
)

select
    ward_id,
    ward_name,
    site_code,
    specialty_code,
    division,
    ward_type,
    beds,
    valid_from,
    case
        when valid_to is null or next_valid_from < valid_to then next_valid_from
        else valid_to
    end as valid_to,
    predecessor_ward_id,
    change_type,
    next_valid_from is null as is_latest

from followed

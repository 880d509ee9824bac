with

sites as (
    select * from {{ ref('int_reference__site_validity') }}
),

history as (
    select * from {{ ref('int_reference__site_history') }}
),

registered as (
    select distinct site_code from sites
),

together as (
    select
        site_code,
        site_name,
        predecessor_code as predecessor_site_code,
        '{{ var("trust_code") }}' as trust_code,
        '{{ var("trust_name") | replace("'", "''") }}' as trust_name,
        cast(null as string) as successor_trust_code,
        valid_from,
        valid_to,
        is_latest
    from sites

    union all

    select
        history.site_code,
        history.site_name,
        cast(null as string) as predecessor_site_code,
        history.trust_code,
        history.trust_name,
        history.successor_trust_code,
        history.valid_from,
        history.valid_to,
        registered.site_code is null as is_latest
    from history
    left join registered on history.site_code = registered.site_code
)

select
    {{ surrogate_key(['site_code', 'valid_from']) }} as site_key,
    site_code,
    site_name,
    predecessor_site_code,
    trust_code,
    trust_name,
    successor_trust_code,
    valid_from,
    valid_to,
    is_latest

from together

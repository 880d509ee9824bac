-- Which site of the register a code means: its own from the day on which it took the place of another code,
-- for before that it may have stood for another place; a predecessor's code until the register has it as a site
-- of its own. A code before two sites means neither.
with

register as (
    select * from {{ ref('int_reference__site_validity') }}
),

begun as (
    select
        site_code,
        min(valid_from) as begin_date
    from register
    group by site_code
),

succeeded as (
    select
        predecessor_code,
        min(site_code) as site_code,
        min(valid_from) as succession_date
    from register
    where predecessor_code is not null
        and predecessor_code <> site_code
    group by predecessor_code
    having count(distinct site_code) = 1
),

own as (
    select
        begun.site_code as delivered_site_code,
        begun.site_code,
        min(succeeded.succession_date) as used_from
    from begun
    left join succeeded on begun.site_code = succeeded.site_code
    group by begun.site_code
),

taken_over as (
    select
        succeeded.predecessor_code as delivered_site_code,
        succeeded.site_code,
        begun.begin_date as used_to
    from succeeded
    left join begun on succeeded.predecessor_code = begun.site_code
)

select
    delivered_site_code,
    site_code,
    used_from,
    cast(null as date) as used_to
from own

union all

select
    delivered_site_code,
    site_code,
    cast(null as date) as used_from,
    used_to
from taken_over

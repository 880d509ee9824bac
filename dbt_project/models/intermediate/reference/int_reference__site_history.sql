-- What the codes of the register, and the codes before them, meant until the register begins: a code may have
-- stood for another place. Of several lists the newest before that day speaks.
with

register as (
    select * from {{ ref('int_reference__site_validity') }}
),

delivered as (
    select * from {{ ref('stg_reference__ods_organisation') }}
),

successors as (
    select * from {{ ref('stg_reference__ods_trust_successor') }}
),

-- Trusts and sites may come as two files of one date, and a list may be sent twice.
lists as (
    select
        org_code,
        org_name,
        list_date,
        open_date,
        close_date,
        row_number() over (partition by org_code, list_date order by _file_id) as turn
    from delivered
),

codes as (
    select
        site_code,
        valid_from
    from register

    union all

    select
        predecessor_code as site_code,
        valid_from
    from register
    where predecessor_code is not null
),

begun as (
    select
        site_code,
        min(valid_from) as begin_date
    from codes
    group by site_code
),

listed as (
    select
        lists.org_code as site_code,
        lists.org_name as site_name,
        trusts.org_code as trust_code,
        trusts.org_name as trust_name,
        coalesce(lists.open_date, lists.list_date) as valid_from,
        case when lists.close_date < begun.begin_date then lists.close_date else begun.begin_date end as valid_to,
        row_number() over (
            partition by lists.org_code
            order by lists.list_date desc
        ) as recency
    from lists
    inner join begun
        on lists.org_code = begun.site_code
        and lists.list_date < begun.begin_date
    -- The list names no parent: a code given before April 2020 begins with its trust's.
    left join lists as trusts
        on lists.list_date = trusts.list_date
        and substr(lists.org_code, 1, 3) = trusts.org_code
        and trusts.turn = 1
    where lists.turn = 1
),

succeeded as (
    select
        trust_code,
        max(successor_trust_code) as successor_trust_code
    from successors
    group by trust_code
    -- A trust that was divided has no one successor.
    having count(*) = 1
)

select
    listed.site_code,
    listed.site_name,
    listed.trust_code,
    listed.trust_name,
    succeeded.successor_trust_code,
    listed.valid_from,
    listed.valid_to

from listed
left join succeeded using (trust_code)
where listed.recency = 1
    and listed.valid_from < listed.valid_to

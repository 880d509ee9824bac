-- Each vintage of the index stands on its own areas: 2019 on those of 2011, 2025 on those of 2021. The published
-- decile is taken as it is, and carried to no other area.
with

lookup as (
    select * from {{ ref('stg_reference__lsoa_lookup') }}
),

deprivation as (
    select * from {{ ref('stg_reference__imd') }}
),

changes as (
    select * from {{ ref('stg_reference__lsoa_change') }}
),

change_of as (
    select
        lsoa11_code as lsoa_code,
        '2011' as lsoa_vintage,
        max(change_code) as change_code
    from changes
    group by lsoa11_code

    union all

    select
        lsoa21_code as lsoa_code,
        '2021' as lsoa_vintage,
        max(change_code) as change_code
    from changes
    group by lsoa21_code
)

select
    lookup.lsoa_code,
    lookup.lsoa_vintage,
    lookup.lsoa_name,
    lookup.ltla_code,
    lookup.ltla_name,
    lookup.icb_code,
    lookup.icb_name,
    change_of.change_code = 'u' as is_unchanged,
    cast(extract(year from deprivation.vintage_date) as int) as imd_year,
    deprivation.imd_rank,
    deprivation.imd_decile,
    deprivation.imd_quintile

from lookup
left join deprivation
    on lookup.lsoa_code = deprivation.lsoa_code
    and lookup.lsoa_vintage = deprivation.lsoa_vintage
left join change_of
    on lookup.lsoa_code = change_of.lsoa_code
    and lookup.lsoa_vintage = change_of.lsoa_vintage

with

areas as (
    select * from {{ ref('int_reference__lsoa') }}
)

select
    {{ surrogate_key(['lsoa_code', 'lsoa_vintage']) }} as lsoa_key,
    lsoa_code,
    lsoa_vintage,
    lsoa_name,
    ltla_code,
    ltla_name,
    icb_code,
    icb_name,
    is_unchanged,
    imd_year,
    imd_rank,
    imd_decile,
    imd_quintile

from areas

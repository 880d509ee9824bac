-- Residents are those of the census or estimate that stands on the areas of the index.
with

areas as (
    select * from {{ ref('int_reference__lsoa') }}
),

estimates as (
    select * from {{ ref('stg_reference__population') }}
),

census as (
    select * from {{ ref('stg_reference__ethnicity_population') }}
),

residents as (
    select
        'population' as source_feed,
        cast(extract(year from vintage_date) as int) as population_year,
        lsoa_code,
        lsoa_vintage,
        cast(sum(population_n) as bigint) as residents
    from estimates
    group by extract(year from vintage_date), lsoa_code, lsoa_vintage

    union all

    select
        'ethnicity_population' as source_feed,
        cast(extract(year from vintage_date) as int) as population_year,
        lsoa_code,
        lsoa_vintage,
        cast(max(residents_n) as bigint) as residents
    from census
    group by extract(year from vintage_date), lsoa_code, lsoa_vintage
)

select
    {{ surrogate_key(['areas.imd_year', 'residents.source_feed', 'residents.population_year']) }}
        as core20_population_key,
    areas.imd_year,
    residents.source_feed,
    residents.population_year,
    cast(count(*) as int) as areas_counted,
    cast(sum(residents.residents) as bigint) as residents,
    cast(sum(case when areas.imd_decile <= 2 then residents.residents else 0 end) as bigint) as core20_residents,
    cast({{ ratio(
        'sum(case when areas.imd_decile <= 2 then residents.residents else 0 end)', 'sum(residents.residents)', 100
    ) }} as decimal(24, 12)) as core20_pct

from residents
inner join areas
    on residents.lsoa_code = areas.lsoa_code
    and residents.lsoa_vintage = areas.lsoa_vintage
where areas.imd_year is not null
group by areas.imd_year, residents.source_feed, residents.population_year

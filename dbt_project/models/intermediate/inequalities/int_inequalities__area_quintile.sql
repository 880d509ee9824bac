-- The quintile of each area under each index, on the index's own areas: nothing of another vintage is carried over.
-- None where an area was split, is on no list of the index, or could mean either of two.
{% set years = var('imd_years') %}

with

areas as (
    select * from {{ ref('int_reference__lsoa') }}
),

listed as (
    select
        lsoa_code,
        imd_year,
        imd_quintile,
        coalesce(is_unchanged, true) as is_unchanged,
        count(*) over (partition by lsoa_code) as vintages
    from areas
)

select
    {% for year in years %}
    -- A code on the lists of both vintages whose area changed between them could mean either.
    max(case when imd_year = {{ year }} and (is_unchanged or vintages = 1) then imd_quintile end)
        as quintile_{{ year }},
    {% endfor %}
    lsoa_code

from listed
group by lsoa_code

with

current_rows as (
    {{ current_version('population') }}
)

select
    vintage_date,
    lsoa_code,
    lsoa_vintage,
    age_band,
    sex_code,
    from_age,
    population_n,
    _file_id,
    _row_number

from current_rows

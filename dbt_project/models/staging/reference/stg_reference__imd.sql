with

current_rows as (
    {{ current_version('imd') }}
)

select
    vintage_date,
    lsoa_code,
    lsoa_vintage,
    lsoa_name,
    ltla_code,
    ltla_name,
    imd_score,
    imd_rank,
    imd_decile,
    imd_quintile,
    income_decile,
    employment_decile,
    education_decile,
    health_decile,
    crime_decile,
    housing_decile,
    environment_decile,
    income_rank,
    employment_rank,
    education_rank,
    health_rank,
    crime_rank,
    housing_rank,
    environment_rank,
    income_score,
    employment_score,
    education_score,
    health_score,
    crime_score,
    housing_score,
    environment_score,
    _file_id,
    _row_number

from current_rows

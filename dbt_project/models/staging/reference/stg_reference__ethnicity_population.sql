with

current_rows as (
    {{ current_version('ethnicity_population') }}
)

select
    vintage_date,
    lsoa_code,
    lsoa_vintage,
    ethnic_group,
    population_n,
    residents_n,
    _file_id,
    _row_number

from current_rows

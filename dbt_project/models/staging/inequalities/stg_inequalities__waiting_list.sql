with

current_rows as (
    {{ current_version('waiting_list') }}
)

select
    pathway_id,
    snapshot_date,
    person_pseudonym,
    nhs_number_status,
    site_code,
    specialty_code,
    weeks_waited,
    priority_code,
    lsoa_code,
    ethnic_category_code,
    age_years,
    sex_code,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('ward_stay') }}
)

select
    stay_id,
    spell_id,
    person_pseudonym,
    nhs_number_status,
    site_code,
    ward_name,
    specialty_code,
    admission_method_code,
    admission_date,
    start_date,
    end_date,
    discharge_date,
    discharge_time,
    discharge_destination_code,
    lsoa_code,
    ethnic_category_code,
    age_years,
    sex_code,
    is_interpreter_needed,
    has_learning_disability,
    _file_id,
    _row_number

from current_rows

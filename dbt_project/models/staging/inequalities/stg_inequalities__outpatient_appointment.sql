with

current_rows as (
    {{ current_version('outpatient_appointment') }}
)

select
    appointment_id,
    person_pseudonym,
    nhs_number_status,
    site_code,
    specialty_code,
    appointment_date,
    booked_date,
    attendance_code,
    lsoa_code,
    ethnic_category_code,
    age_years,
    sex_code,
    is_interpreter_needed,
    is_interpreter_provided,
    first_attendance_code,
    consultation_medium_code,
    has_learning_disability,
    has_reasonable_adjustment,
    _file_id,
    _row_number

from current_rows

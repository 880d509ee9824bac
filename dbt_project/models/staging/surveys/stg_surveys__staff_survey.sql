with

current_rows as (
    {{ current_version('staff_survey') }}
)

select
    survey_year,
    weighting,
    site_code,
    unit_level,
    unit_name,
    measure_type,
    measure_code,
    base_n,
    base_n_status,
    score,
    score_status,
    positive_pct,
    positive_pct_status,
    _file_id,
    _row_number

from current_rows

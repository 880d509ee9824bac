with

current_rows as (
    {{ current_version('survey_question_map') }}
)

select
    survey_code,
    survey_year,
    question_code,
    question_text,
    measure_code,
    measure_type,
    subscore_code,
    previous_question_code,
    is_comparable,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('staff_survey_detail') }}
)

select
    survey_year,
    sheet_name,
    breakdown,
    respondents,
    question_no,
    question_text,
    answer,
    answer_pct,
    answer_pct_status,
    base_n,
    base_n_status,
    _file_id,
    _row_number

from current_rows

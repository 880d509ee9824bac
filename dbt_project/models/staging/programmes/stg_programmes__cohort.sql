with

current_rows as (
    {{ current_version('cohort') }}
)

select
    cohort_id,
    programme_id,
    cohort_name,
    cohort_no,
    start_date,
    end_date,
    planned_places,
    site_code,
    funder,
    funding_status,
    funding_end_date,
    cost_gbp,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('fft_submission') }}
)

select
    site_code,
    ward_name,
    month,
    eligible_n,
    responses_n,
    very_good_n,
    good_n,
    neither_n,
    poor_n,
    very_poor_n,
    dont_know_n,
    _file_id,
    _row_number

from current_rows

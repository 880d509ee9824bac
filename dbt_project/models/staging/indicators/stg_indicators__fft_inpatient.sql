with

current_rows as (
    {{ current_version('fft_inpatient') }}
)

select
    month,
    icb_code,
    trust_code,
    trust_name,
    site_code,
    site_name,
    ward_name,
    total_responses,
    total_responses_status,
    total_eligible,
    total_eligible_status,
    positive_share,
    positive_share_status,
    negative_share,
    negative_share_status,
    very_good,
    very_good_status,
    good,
    good_status,
    neither_good_nor_poor,
    neither_good_nor_poor_status,
    poor,
    poor_status,
    very_poor,
    very_poor_status,
    dont_know,
    dont_know_status,
    first_specialty,
    second_specialty,
    _file_id,
    _row_number

from current_rows

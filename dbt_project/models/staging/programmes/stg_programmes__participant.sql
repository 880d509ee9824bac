with

current_rows as (
    {{ current_version('participant') }}
)

select
    participant_id,
    valid_from,
    valid_to,
    sector,
    site_code,
    ward_id,
    staff_group,
    band_group,
    same_person_as,
    _file_id,
    _row_number

from current_rows

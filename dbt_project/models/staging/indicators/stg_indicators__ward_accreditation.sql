with

current_rows as (
    {{ current_version('ward_accreditation') }}
)

select
    site_code,
    ward_name,
    assessed_date,
    replace(accreditation_level, ' ', '_') as accreditation_level,
    score_pct,
    reassessment_due_date,
    _file_id,
    _row_number

from current_rows

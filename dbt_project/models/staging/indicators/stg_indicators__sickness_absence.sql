with

current_rows as (
    {{ current_version('sickness_absence') }}
)

select
    month,
    region_code,
    region_name,
    ics_code,
    ics_name,
    org_code,
    org_name,
    org_type,
    fte_days_lost,
    fte_days_available,
    sickness_absence_pct,
    sickness_absence_pct_status,
    _file_id,
    _row_number

from current_rows

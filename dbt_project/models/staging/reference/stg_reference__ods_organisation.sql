with

current_rows as (
    {{ current_version('ods_organisation') }}
)

select
    org_code,
    list_date,
    org_name,
    national_grouping_code,
    health_geography_code,
    open_date,
    close_date,
    _file_id,
    _row_number

from current_rows

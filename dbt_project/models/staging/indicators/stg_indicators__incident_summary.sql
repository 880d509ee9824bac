with

current_rows as (
    {{ current_version('incident_summary') }}
)

select
    site_code,
    ward_name,
    case
        when incident_type in ('falls', 'slip, trip or fall') then 'fall'
        else replace(incident_type, ' ', '_')
    end as incident_type,
    case
        when harm_level in ('no harm', 'no physical harm') then 'none'
        when harm_level = 'death' then 'fatal'
        else replace(harm_level, ' harm', '')
    end as harm_level,
    month,
    incident_count,
    _file_id,
    _row_number

from current_rows

with

current_rows as (
    {{ current_version('engagement_event') }}
)

select
    event_id,
    programme_id,
    ward_id,
    event_date,
    facilitator_role,
    attendee_count,
    _file_id,
    _row_number

from current_rows

-- A ward is on a programme once: delivered twice (under two of its names), its earliest enrolment counts.
with

enrolments as (
    select * from {{ ref('stg_programmes__ward_enrolment') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

identified as (
    select
        enrolments.programme_id,
        ward_names.ward_id,
        enrolments.site_code,
        enrolments.ward_name as delivered_ward_name,
        enrolments.wave_no,
        enrolments.enrolled_date,
        enrolments.diagnostic_date,
        enrolments.engagement_date,
        enrolments.nomination_date,
        enrolments.training_date,
        enrolments.action_date,
        enrolments.status,
        row_number() over (
            partition by
                enrolments.programme_id,
                coalesce(ward_names.ward_id, concat(enrolments.site_code, ':', ward_names.match_text))
            order by enrolments.enrolled_date, enrolments.wave_no, enrolments.ward_name
        ) as enrolment_no,
        count(*) over (
            partition by
                enrolments.programme_id,
                coalesce(ward_names.ward_id, concat(enrolments.site_code, ':', ward_names.match_text))
        ) as enrolments_delivered
    from enrolments
    inner join ward_names
        on ward_names.feed = 'ward_enrolment'
        and enrolments.site_code = ward_names.site_code
        and enrolments.ward_name = ward_names.ward_name
        and enrolments.enrolled_date = ward_names.used_from
)

select
    programme_id,
    ward_id,
    site_code,
    delivered_ward_name,
    wave_no,
    enrolled_date,
    diagnostic_date,
    engagement_date,
    nomination_date,
    training_date,
    action_date,
    status,
    enrolments_delivered

from identified
where enrolment_no = 1

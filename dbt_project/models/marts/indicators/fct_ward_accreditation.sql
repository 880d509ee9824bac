-- Where a ward stands twice on one day, under two of its names, the lower score is told.
with

assessments as (
    select * from {{ ref('stg_indicators__ward_accreditation') }}
),

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

wards as (
    select * from {{ ref('int_reference__ward_validity') }}
),

run as (
    {{ current_run() }}
),

identified as (
    select
        ward_names.ward_id,
        ward_names.meant_site_code as site_code,
        assessments.assessed_date,
        assessments.accreditation_level,
        assessments.score_pct,
        assessments.reassessment_due_date,
        row_number() over (
            partition by ward_names.ward_id, assessments.assessed_date
            order by coalesce(assessments.score_pct, 0) asc, assessments.ward_name asc
        ) as turn
    from assessments
    inner join ward_names
        on ward_names.feed = 'ward_accreditation'
        and assessments.site_code = ward_names.site_code
        and assessments.ward_name = ward_names.ward_name
        and assessments.assessed_date = ward_names.used_from
    where ward_names.ward_id is not null
),

ranked as (
    select
        ward_id,
        site_code,
        assessed_date,
        accreditation_level,
        score_pct,
        reassessment_due_date,
        row_number() over (partition by ward_id order by assessed_date desc) as recency
    from identified
    where turn = 1
)

select
    {{ surrogate_key(['ranked.ward_id', 'ranked.assessed_date']) }} as ward_accreditation_key,
    ranked.ward_id,
    coalesce(wards.ward_name, ranked.ward_id) as ward_name,
    ranked.site_code,
    ranked.assessed_date,
    ranked.accreditation_level,
    ranked.score_pct,
    ranked.reassessment_due_date,
    ranked.recency = 1 as is_latest,
    ranked.recency = 1
    and wards.valid_to is null
    and coalesce(ranked.reassessment_due_date < run.run_date, false) as is_reassessment_overdue

from ranked
cross join run
left join wards
    on ranked.ward_id = wards.ward_id
    and wards.is_latest

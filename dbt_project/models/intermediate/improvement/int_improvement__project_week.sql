-- An identifier is used again where name and aim are both others than in the copy before: what stood under it until
-- then is another project, and a later copy's history begins there.
with

copies as (
    select * from {{ ref('stg_improvement__project') }}
),

followed as (
    select
        project_id,
        snapshot_date,
        project_status,
        lag(project_status) over in_order as previous_status,
        coalesce(
            lag(project_name) over in_order <> project_name
            and lag(aim_text) over in_order <> aim_text,
            false
        ) as is_identifier_reused,
        progress_score,
        progress_score_date
    from copies
    window in_order as (partition by project_id order by snapshot_date)
)

select
    project_id,
    snapshot_date,
    cast(sum(case when is_identifier_reused then 1 else 0 end) over (
        partition by project_id order by snapshot_date
        rows between unbounded preceding and current row
    ) as int) as use_no,
    is_identifier_reused,
    project_status,
    case when not is_identifier_reused then previous_status end as previous_status,
    progress_score,
    progress_score_date,
    cast({{ days_between('progress_score_date', 'snapshot_date') }} as int) as progress_score_age_days

from followed

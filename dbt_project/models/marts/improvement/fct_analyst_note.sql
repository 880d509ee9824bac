with

notes as (
    select * from {{ ref('stg_improvement__analyst_note') }}
),

run as (
    {{ current_run() }}
)

select
    {{ surrogate_key(['notes.ward_id', 'notes.indicator_code', 'notes.month']) }} as analyst_note_key,
    notes.ward_id,
    notes.indicator_code,
    notes.month,
    case when notes.is_shareable then notes.note_text end as note_text,
    notes.author_role,
    notes.review_date,
    coalesce(notes.review_date < run.run_date, false) as is_review_due,
    notes.is_shareable

from notes
cross join run

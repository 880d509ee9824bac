-- A suggestion is the most similar name that the site has ever had; it is shown to the steward, never
-- applied. Units of a survey need not be wards: theirs wait for nobody. A cost centre is of no site, so its
-- name is held against the wards of all. Of feeds of single events the name alone is told: when and how many
-- would tell of a patient.
{% set of_events = "feed in ('rare_event', 'infection', 'ward_stay')" %}

with

ward_names as (
    select * from {{ ref('int_reference__ward_name') }}
),

register as (
    select * from {{ ref('int_reference__ward_validity') }}
),

workforce as (
    select * from {{ ref('int_indicators__workforce_ward') }}
),

waiting as (
    select
        feed,
        site_code,
        match_text,
        match_text as likeness_text,
        min(ward_name) as unmatched_name,
        min(matched_by) as unmatched_reason,
        case when not {{ of_events }} then sum(row_count) end as rows_waiting,
        case when not {{ of_events }} then min(used_from) end as first_used_date,
        case when not {{ of_events }} then max(used_from) end as last_used_date
    from ward_names
    where ward_id is null
        and feed <> 'pulse_survey'
    group by feed, site_code, match_text

    union all

    select
        'workforce' as feed,
        cast(null as string) as site_code,
        cost_centre_id as match_text,
        min({{ match_text('cost_centre_name') }}) as likeness_text,
        concat_ws(' ', cost_centre_id, min(cost_centre_name)) as unmatched_name,
        'unmatched' as unmatched_reason,
        count(*) as rows_waiting,
        min(month) as first_used_date,
        max(month) as last_used_date
    from workforce
    where matched_by = 'unmatched'
    group by cost_centre_id
),

known_names as (
    select
        site_code,
        ward_id,
        {{ match_text('ward_name') }} as match_text,
        min(ward_name) as ward_name
    from register
    group by site_code, ward_id, {{ match_text('ward_name') }}
),

likenesses as (
    select
        waiting.feed,
        waiting.site_code,
        waiting.match_text,
        known_names.ward_id,
        known_names.ward_name,
        cast({{ similarity('waiting.likeness_text', 'known_names.match_text') }} as decimal(4, 3)) as similarity
    from waiting
    inner join known_names
        on waiting.site_code = known_names.site_code
        or waiting.site_code is null
),

ranked as (
    select
        feed,
        site_code,
        match_text,
        ward_id,
        ward_name,
        similarity,
        row_number() over (
            partition by feed, site_code, match_text
            order by similarity desc, ward_id asc, ward_name asc
        ) as likeness_no
    from likenesses
    where similarity >= {{ var('suggestion_minimum_similarity') }}
)

select
    {{ surrogate_key(['waiting.feed', 'waiting.site_code', 'waiting.match_text']) }} as unmatched_name_key,
    waiting.feed,
    waiting.site_code,
    waiting.unmatched_name,
    waiting.unmatched_reason,
    cast(waiting.rows_waiting as bigint) as rows_waiting,
    waiting.first_used_date,
    waiting.last_used_date,
    ranked.ward_id as suggested_ward_id,
    ranked.ward_name as suggested_ward_name,
    ranked.similarity as suggestion_similarity

from waiting
left join ranked
    on waiting.feed = ranked.feed
    and waiting.site_code is not distinct from ranked.site_code
    and waiting.match_text = ranked.match_text
    and ranked.likeness_no = 1

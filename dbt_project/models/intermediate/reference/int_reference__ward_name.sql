-- An alias of the feed decides before an alias of every feed, and both before the register. Within each,
-- what holds on the first day of use decides before what begins later in the same month. Two wards left:
-- nobody guesses. Days and single events are looked up by their month, as monthly figures are.
{% set by_month = {
    'bed_days': 'census_date',
    'safer_staffing': 'month',
    'incident_summary': 'month',
    'fft_submission': 'month',
    'rare_event': 'event_date',
    'infection': 'specimen_date',
    'ward_stay': 'start_date',
} %}

with

indicators as (
    select * from {{ ref('stg_indicators__ward_indicator') }}
),

enrolments as (
    select * from {{ ref('stg_programmes__ward_enrolment') }}
),

fft_inpatient as (
    select * from {{ ref('stg_indicators__fft_inpatient') }}
),

fft_ward_list as (
    select * from {{ ref('stg_reference__fft_ward_list') }}
),

pulse_survey as (
    select * from {{ ref('stg_surveys__pulse_survey') }}
),

accreditations as (
    select * from {{ ref('stg_indicators__ward_accreditation') }}
),

{% for feed in by_month %}
{% set staging = 'stg_inequalities__ward_stay' if feed == 'ward_stay' else 'stg_indicators__' ~ feed %}
{{ feed }} as (
    select * from {{ ref(staging) }}
),

{% endfor %}

aliases as (
    select * from {{ ref('stg_reference__ward_alias') }}
),

register as (
    select * from {{ ref('int_reference__ward_validity') }}
),

uses as (
    select
        'ward_indicator' as feed,
        site_code,
        ward_name,
        month as used_from,
        {{ months_later('month', 1) }} as used_to,
        count(*) as row_count
    from indicators
    group by site_code, ward_name, month

    union all

    select
        'ward_enrolment' as feed,
        site_code,
        ward_name,
        enrolled_date as used_from,
        cast(enrolled_date + interval '1' day as date) as used_to,
        count(*) as row_count
    from enrolments
    group by site_code, ward_name, enrolled_date

    union all

    select
        'ward_accreditation' as feed,
        site_code,
        ward_name,
        assessed_date as used_from,
        cast(assessed_date + interval '1' day as date) as used_to,
        count(*) as row_count
    from accreditations
    group by site_code, ward_name, assessed_date

    union all

    {% for feed, day in by_month.items() %}
    select
        '{{ feed }}' as feed,
        site_code,
        ward_name,
        cast(date_trunc('month', {{ day }}) as date) as used_from,
        {{ months_later("cast(date_trunc('month', " ~ day ~ ") as date)", 1) }} as used_to,
        count(*) as row_count
    from {{ feed }}
    group by site_code, ward_name, date_trunc('month', {{ day }})

    union all

    {% endfor %}

    -- A unit of a survey may be a ward or not: here a name without a ward waits for nobody.
    select
        'pulse_survey' as feed,
        site_code,
        unit_name as ward_name,
        quarter as used_from,
        {{ months_later('quarter', 3) }} as used_to,
        count(*) as row_count
    from pulse_survey
    group by site_code, unit_name, quarter

    union all

    -- Of what is published for every provider only the trust's own names have a ward here.
    select
        'fft_inpatient' as feed,
        site_code,
        ward_name,
        month as used_from,
        {{ months_later('month', 1) }} as used_to,
        count(*) as row_count
    from fft_inpatient
    where trust_code = '{{ var('trust_code') }}'
    group by site_code, ward_name, month

    union all

    select
        'fft_ward_list' as feed,
        site_code,
        ward_name,
        month as used_from,
        {{ months_later('month', 1) }} as used_to,
        count(*) as row_count
    from fft_ward_list
    where trust_code = '{{ var('trust_code') }}'
    group by site_code, ward_name, month
),

named_uses as (
    select
        feed,
        site_code,
        ward_name,
        {{ match_text('ward_name') }} as match_text,
        used_from,
        used_to,
        row_count
    from uses
),

explanations as (
    select
        feed,
        site_code,
        {{ match_text('alias_text') }} as match_text,
        ward_id,
        valid_from,
        valid_to,
        'alias' as matched_by,
        case when feed = '*' then 3 else 1 end as rank_on_first_day
    from aliases

    union all

    select
        '*' as feed,
        site_code,
        {{ match_text('ward_name') }} as match_text,
        ward_id,
        valid_from,
        valid_to,
        'register' as matched_by,
        5 as rank_on_first_day
    from register
),

candidates as (
    select
        named_uses.feed,
        named_uses.site_code,
        named_uses.ward_name,
        named_uses.used_from,
        explanations.ward_id,
        explanations.matched_by,
        explanations.rank_on_first_day
        + case when explanations.valid_from > named_uses.used_from then 1 else 0 end as candidate_rank
    from named_uses
    inner join explanations
        on named_uses.site_code = explanations.site_code
        and named_uses.match_text = explanations.match_text
        and explanations.feed in (named_uses.feed, '*')
        and named_uses.used_to > explanations.valid_from
        and (explanations.valid_to is null or named_uses.used_from < explanations.valid_to)
),

best as (
    select
        feed,
        site_code,
        ward_name,
        used_from,
        min(candidate_rank) as candidate_rank
    from candidates
    group by feed, site_code, ward_name, used_from
),

decided as (
    select
        candidates.feed,
        candidates.site_code,
        candidates.ward_name,
        candidates.used_from,
        min(candidates.ward_id) as ward_id,
        min(candidates.matched_by) as matched_by,
        count(distinct candidates.ward_id) as wards_meant
    from candidates
    inner join best using (feed, site_code, ward_name, used_from, candidate_rank)
    group by candidates.feed, candidates.site_code, candidates.ward_name, candidates.used_from
)

select
    named_uses.feed,
    named_uses.site_code,
    named_uses.ward_name,
    named_uses.match_text,
    named_uses.used_from,
    named_uses.used_to,
    cast(named_uses.row_count as bigint) as row_count,
    case when decided.wards_meant = 1 then decided.ward_id end as ward_id,
    case
        when decided.wards_meant = 1 then decided.matched_by
        when decided.wards_meant > 1 then 'ambiguous'
        else 'unmatched'
    end as matched_by

from named_uses
left join decided using (feed, site_code, ward_name, used_from)

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
{% set domains = {'ward_stay': 'inequalities'} %}

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
{% set model = 'stg_' ~ domains.get(feed, 'indicators') ~ '__' ~ feed %}
{{ feed }} as (
    select * from {{ ref(model) }}
),

{% endfor %}

aliases as (
    select * from {{ ref('stg_reference__ward_alias') }}
),

site_codes as (
    select * from {{ ref('int_reference__site_code') }}
),

listed as (
    select distinct delivered_site_code from site_codes
),

-- The trust, and the trusts that it alone took over.
own_trusts as (
    select '{{ var('trust_code') }}' as trust_code

    union distinct

    select trust_code
    from {{ ref('stg_reference__ods_trust_successor') }}
    group by trust_code
    having count(*) = 1 and max(successor_trust_code) = '{{ var('trust_code') }}'
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

    -- Of what is published for every provider only the trust's own names, and those of the trusts before it, have
    -- a ward here.
    select
        'fft_inpatient' as feed,
        site_code,
        ward_name,
        month as used_from,
        {{ months_later('month', 1) }} as used_to,
        count(*) as row_count
    from fft_inpatient
    where trust_code in (select own_trusts.trust_code from own_trusts)
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
    where trust_code in (select own_trusts.trust_code from own_trusts)
    group by site_code, ward_name, month
),

-- Names and what explains them meet under the site of today's register. A code that the register does not know
-- means itself; one that it knows, in a month in which it did not yet mean that site, means nothing.
named_uses as (
    select
        uses.feed,
        uses.site_code,
        uses.ward_name,
        {{ match_text('uses.ward_name') }} as match_text,
        uses.used_from,
        uses.used_to,
        uses.row_count,
        case
            when listed.delivered_site_code is null then uses.site_code
            else site_codes.site_code
        end as meant_site_code
    from uses
    left join listed
        on uses.site_code = listed.delivered_site_code
    left join site_codes
        on uses.site_code = site_codes.delivered_site_code
        and (site_codes.used_from is null or uses.used_to > site_codes.used_from)
        and (site_codes.used_to is null or uses.used_from < site_codes.used_to)
),

told as (
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

-- The steward may write the code of the day or today's.
explanations as (
    select
        told.feed,
        coalesce(taken_over.site_code, told.site_code) as site_code,
        told.match_text,
        told.ward_id,
        told.valid_from,
        told.valid_to,
        told.matched_by,
        told.rank_on_first_day
    from told
    left join site_codes as taken_over
        on told.site_code = taken_over.delivered_site_code
        and taken_over.delivered_site_code <> taken_over.site_code
        and (taken_over.used_to is null or told.valid_from < taken_over.used_to)
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
        on named_uses.meant_site_code = explanations.site_code
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
    named_uses.meant_site_code,
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

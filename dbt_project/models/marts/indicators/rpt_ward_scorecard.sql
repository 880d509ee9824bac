-- Wards that the register still holds in the newest month of all; each indicator in the newest month that the
-- ward has, days between rare events in that of the last one.
with

figures as (
    select * from {{ ref('fct_indicator_month') }}
),

summaries as (
    select * from {{ ref('fct_spc_summary') }}
),

notes as (
    select * from {{ ref('fct_analyst_note') }}
),

definitions as (
    select * from {{ ref('dim_indicator') }}
),

quality as (
    select * from {{ ref('int_indicators__quality') }}
),

ward_months as (
    select * from {{ ref('int_reference__ward_month') }}
),

run as (
    {{ current_run() }}
),

ranked as (
    select
        org_id,
        org_name,
        site_code,
        indicator_code,
        indicator_key,
        month,
        numerator,
        denominator,
        value,
        unit,
        value_status,
        is_provisional,
        row_number() over (partition by org_id, indicator_code order by month desc) as recency,
        max(month) over (partition by indicator_code) as newest_month
    from figures
    where org_level = 'ward'
),

ward_ranks as (
    select
        ward_id,
        month,
        site_code,
        max(month) over () as last_month
    from ward_months
),

open_wards as (
    select
        ward_id,
        site_code
    from ward_ranks
    where month = last_month
),

{% set columns = [
    'org_id', 'org_name', 'site_code', 'indicator_code', 'indicator_key', 'month', 'numerator', 'denominator', 'value',
    'unit', 'value_status', 'is_provisional', 'is_behind',
] %}
monthly as (
    select
        ranked.org_id,
        ranked.org_name,
        ranked.site_code,
        ranked.indicator_code,
        ranked.indicator_key,
        ranked.month,
        ranked.numerator,
        ranked.denominator,
        ranked.value,
        ranked.unit,
        ranked.value_status,
        ranked.is_provisional,
        ranked.month < ranked.newest_month as is_behind
    from ranked
    left join definitions on ranked.indicator_key = definitions.indicator_key
    where ranked.recency = 1
        and coalesce(definitions.chart, 'xmr') <> 'time_between'
),

between_events as (
    -- A ward without an event for long is not late.
    select
        summaries.org_id,
        summaries.org_name,
        open_wards.site_code,
        summaries.indicator_code,
        definitions.indicator_key,
        cast(date_trunc('month', summaries.last_point_date) as date) as month,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        summaries.last_value as value,
        definitions.unit,
        case when summaries.last_value is null then 'incomplete' else 'reported' end as value_status,
        false as is_provisional,
        false as is_behind
    from summaries
    inner join open_wards on summaries.org_id = open_wards.ward_id
    inner join definitions
        on summaries.indicator_code = definitions.indicator_code
        and date_trunc('month', summaries.last_point_date) >= definitions.valid_from
        and (definitions.valid_to is null or date_trunc('month', summaries.last_point_date) < definitions.valid_to)
    where summaries.org_level = 'ward'
        and summaries.chart = 'time_between'
),

lines as (
    select
        {{ columns | join(',\n        ') }}
    from monthly

    union all

    select
        {{ columns | join(',\n        ') }}
    from between_events
),

note_ranks as (
    select
        ward_id,
        indicator_code,
        month,
        note_text,
        author_role,
        review_date,
        is_review_due,
        row_number() over (partition by ward_id, indicator_code order by month desc) as recency
    from notes
    where note_text is not null
)

select
    {{ surrogate_key(['lines.org_id', 'lines.indicator_code']) }} as ward_scorecard_key,
    lines.org_id as ward_id,
    lines.org_name as ward_name,
    lines.site_code,
    lines.indicator_code,
    coalesce(definitions.indicator_name, lines.indicator_code) as indicator_name,
    definitions.plain_words,
    coalesce(definitions.strategic_aim, 'not_assigned') as strategic_aim,
    definitions.definition_version,
    lines.month,
    lines.numerator,
    lines.denominator,
    lines.value,
    lines.unit,
    lines.value_status,
    lines.is_provisional,
    definitions.direction,
    summaries.target,
    summaries.limits_status,
    summaries.centre_line,
    summaries.lower_process_limit,
    summaries.upper_process_limit,
    summaries.variation_type,
    summaries.variation_icon,
    summaries.assurance_type,
    case
        when summaries.last_point_date < lines.month
            then concat(
                    summaries.sentence,
                    ' The months since ',
                    cast(summaries.last_point_date as string),
                    ' have no value.'
                )
        else coalesce(
                summaries.sentence,
                concat(
                    coalesce(definitions.indicator_name, lines.indicator_code),
                    ', ',
                    lines.org_name,
                    ': not charted.'
                )
            )
    end as sentence,
    cast({{ days_between(months_later('lines.month', 1), 'run.run_date') }} + 1 as int) as days_since_month_end,
    lines.is_behind,
    quality.data_quality_rating,
    quality.failing_dimensions,
    coalesce(
        quality.data_quality_rating = 'good'
        and definitions.signed_off_date <= run.run_date
        and definitions.audit_date > {{ months_later('run.run_date', -var('kite_mark_months')) }},
        false
    ) as has_kite_mark,
    note_ranks.month as note_month_date,
    note_ranks.note_text,
    note_ranks.author_role,
    note_ranks.review_date,
    note_ranks.is_review_due

from lines
inner join open_wards on lines.org_id = open_wards.ward_id
cross join run
left join definitions on lines.indicator_key = definitions.indicator_key
left join summaries
    on summaries.org_level = 'ward'
    and lines.org_id = summaries.org_id
    and lines.indicator_code = summaries.indicator_code
left join quality
    on lines.indicator_code = quality.indicator_code
    and lines.month = quality.month
left join note_ranks
    on lines.org_id = note_ranks.ward_id
    and lines.indicator_code = note_ranks.indicator_code
    and note_ranks.recency = 1

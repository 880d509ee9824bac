-- What the newest points of all charts of an indicator say at one level, and how many signals stable charts
-- would give: a ward overview without that number reads chance as change.
{% set icons = {
    'series_improvement': "variation_type = 'special_cause_improvement'",
    'series_concern': "variation_type = 'special_cause_concern'",
    'series_neutral': "variation_type like 'special_cause_neutral%'",
    'series_common_cause': "variation_type = 'common_cause'",
    'series_consistently_passing': "assurance_type = 'consistent_pass'",
    'series_inconsistent': "assurance_type = 'inconsistent'",
    'series_consistently_falling_short': "assurance_type = 'consistent_fail'",
} %}
with

summaries as (
    select * from {{ ref('fct_spc_summary') }}
),

figures as (
    select * from {{ ref('fct_indicator_month') }}
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

ward_ranks as (
    select
        ward_id,
        month,
        max(month) over () as last_month
    from ward_months
),

open_wards as (
    select ward_id
    from ward_ranks
    where month = last_month
),

newest as (
    select
        org_level,
        indicator_code,
        max(last_point_date) as last_point_date
    from summaries
    where org_level <> 'provider'
    group by org_level, indicator_code
),

-- Only what was charted in the newest month of its indicator: a ward that closed is no signal of today. Of rare events
-- the last may be long ago, so the register says which wards are open.
current_series as (
    select
        newest.org_level,
        newest.indicator_code,
        cast(date_trunc('month', newest.last_point_date) as date) as month,
        summaries.chart,
        summaries.variation_type,
        summaries.assurance_type
    from newest
    inner join summaries
        on newest.org_level = summaries.org_level
        and newest.indicator_code = summaries.indicator_code
    left join open_wards
        on summaries.org_level = 'ward'
        and summaries.org_id = open_wards.ward_id
    where case
            when summaries.chart = 'time_between' then summaries.org_level <> 'ward' or open_wards.ward_id is not null
            else newest.last_point_date = summaries.last_point_date
        end
),

counted as (
    select
        org_level,
        indicator_code,
        month,
        max(chart) as chart,
        count(*) as series_charted,
        {% for name, condition in icons.items() %}
        count(case when {{ condition }} then 1 end) as {{ name }},
        {% endfor %}
        count(variation_type) as series_judged
    from current_series
    group by org_level, indicator_code, month
),

completeness as (
    select
        indicator_code,
        month,
        wards_reporting,
        wards_applicable
    from figures
    where org_level = 'trust'
),

said as (
    select
        counted.org_level,
        counted.indicator_code,
        counted.month,
        counted.chart,
        counted.series_charted,
        counted.series_judged,
        {% for name in icons %}
        counted.{{ name }},
        {% endfor %}
        counted.series_improvement + counted.series_concern + counted.series_neutral as series_with_signal,
        cast(
            round(
                counted.series_judged
                * case counted.chart
                    when 'time_between' then {{ var('spc_chance_signal_interval_pct')[0] }}
                    else {{ var('spc_chance_signal_pct')[0] }}
                end / 100,
                1
            ) as decimal(9, 1)
        ) as chance_signals_from,
        cast(
            round(
                counted.series_judged
                * case counted.chart
                    when 'time_between' then {{ var('spc_chance_signal_interval_pct')[1] }}
                    else {{ var('spc_chance_signal_pct')[1] }}
                end / 100,
                1
            ) as decimal(9, 1)
        ) as chance_signals_to,
        completeness.wards_reporting,
        completeness.wards_applicable
    from counted
    left join completeness
        on counted.indicator_code = completeness.indicator_code
        and counted.month = completeness.month
)

select
    {{ surrogate_key(['said.org_level', 'said.indicator_code']) }} as trust_overview_key,
    coalesce(definitions.strategic_aim, 'not_assigned') as strategic_aim,
    said.indicator_code,
    coalesce(definitions.indicator_name, said.indicator_code) as indicator_name,
    said.org_level as chart_level,
    said.month,
    cast(said.series_charted as int) as series_charted,
    cast(said.series_judged as int) as series_judged,
    {% for name in icons %}
    cast(said.{{ name }} as int) as {{ name }},
    {% endfor %}
    said.chance_signals_from,
    said.chance_signals_to,
    said.wards_reporting,
    said.wards_applicable,
    quality.data_quality_rating,
    concat(
        coalesce(definitions.indicator_name, said.indicator_code),
        case
            when said.chart = 'run_no_signals'
                then ': shown as lines; no signals are looked for.'
            when said.series_judged = 0
                then ': no chart can be judged yet.'
            else concat(
                    ': ',
                    cast(said.series_with_signal as string),
                    ' of ',
                    cast(said.series_judged as string),
                    ' charts show a signal (',
                    cast(said.series_concern as string),
                    ' of concern, ',
                    cast(said.series_improvement as string),
                    ' of improvement); chance alone would give ',
                    cast(said.chance_signals_from as string),
                    ' to ',
                    cast(said.chance_signals_to as string),
                    '.'
                )
        end
    ) as sentence

from said
left join definitions
    on said.indicator_code = definitions.indicator_code
    and said.month >= definitions.valid_from
    and (definitions.valid_to is null or said.month < definitions.valid_to)
left join quality
    on said.indicator_code = quality.indicator_code
    and said.month = quality.month

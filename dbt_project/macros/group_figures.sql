{#-
    A mart of figures by group: of the measures of some `topics`, keyed by the column `key_name`. Shares stand beside
    the comparator of their dimension and the average of their area; what is typical of a group, with its limits alone.
-#}
{% macro group_figures(topics, key_name) -%}
{% set smaller = 'least(figures.denominator, figures.comparator_denominator)' %}
{% set share_x, share_n = 'figures.numerator', 'figures.denominator' %}
{% set share_decision = 'figure_decisions.share_decision' %}
{#- Half weeks and tenths of a day: of a hundred people neither tells one. -#}
{% set typical_rounded = "case typical.unit when 'weeks' then round(typical.END * 2, 0) / 2 else round(typical.END, 1) end" %}
{% set typical_decision = "case when denominators.decision = 'rounded' and typical.denominator >= " ~ var('percentage_minimum_denominator') ~ " then 'shown' else 'suppressed' end" %}

with

figures as (
    select * from {{ ref('int_inequalities__access_figure') }}
),

decisions as (
    select * from {{ ref('int_inequalities__cell_decision') }}
),

figure_decisions as (
    select * from {{ ref('int_inequalities__figure_decision') }}
),

measures as (
    select * from {{ ref('access_measure') }}
),

groups as (
    select * from {{ ref('int_inequalities__population_group') }}
),

typical as (
    select * from {{ ref('int_inequalities__typical_figure') }}
),

compared as (
    select
        measure_code,
        denominator_id,
        case
            when difference_lower > 0 then 'higher'
            when difference_upper < 0 then 'lower'
            when difference is not null then 'similar'
        end as comparison
    from figures
)

select
    {{ surrogate_key([
        'figures.org_level', 'figures.org_id', 'figures.measure_code', 'figures.dimension_code', 'figures.group_code',
        'figures.period_type', 'figures.period_start_date',
    ]) }} as {{ key_name }},
    figures.org_level,
    figures.org_id,
    figures.measure_code,
    figures.dimension_code,
    figures.group_code,
    groups.imd_year,
    figures.period_type,
    figures.period_start_date,
    {{ access_period_end('figures.period_type', 'figures.period_start_date') }} as period_end_date,
    cast({{ disclosed_count('figures.numerator', 'numerators.decision') }} as decimal(18, 6)) as numerator,
    cast({{ disclosed_count('figures.denominator', 'denominators.decision') }} as decimal(18, 6)) as denominator,
    cast({{ disclosed_percentage('figures.value', share_x, share_n, share_decision) }} as decimal(24, 12)) as value,
    cast({{ disclosed_percentage(
        'figures.value_lower', share_x, share_n, share_decision
    ) }} as decimal(24, 12)) as value_lower,
    cast({{ disclosed_percentage(
        'figures.value_upper', share_x, share_n, share_decision
    ) }} as decimal(24, 12)) as value_upper,
    cast(95 as decimal(4, 1)) as confidence_pct,
    measures.unit,
    case
        when figures.denominator = 0 then 'not_applicable'
        else {{ disclosed_status("'reported'", 'figure_decisions.share_decision') }}
    end as value_status,
    cast({{ disclosed_percentage(
        'figures.average_value', 'figures.average_numerator', 'figures.average_denominator',
        'figure_decisions.average_decision',
    ) }} as decimal(24, 12)) as average_value,
    figures.comparator_group_code,
    cast({{ disclosed(
        disclosed_precision('figures.difference', smaller), 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as difference,
    cast({{ disclosed(
        disclosed_precision('figures.difference_lower', smaller), 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as difference_lower,
    cast({{ disclosed(
        disclosed_precision('figures.difference_upper', smaller), 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as difference_upper,
    cast({{ disclosed(
        'round(figures.ratio, 2)', 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as ratio,
    cast({{ disclosed(
        'round(figures.ratio_lower, 2)', 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as ratio_lower,
    cast({{ disclosed(
        'round(figures.ratio_upper, 2)', 'figure_decisions.comparison_decision'
    ) }} as decimal(24, 12)) as ratio_upper,
    {{ disclosed('compared.comparison', 'figure_decisions.comparison_decision') }} as comparison,
    case
        when figures.is_comparator then 'The comparator of its dimension.'
        when figures.dimension_code = 'all' then 'The average of the area.'
        when figures.denominator = 0 then 'Nothing was counted.'
        when figure_decisions.share_decision = 'suppressed'
            then 'Not shown: too few patients, or another group could be told from it.'
        when figure_decisions.comparison_decision = 'suppressed'
            then 'Not compared: the figure of the comparator is not shown.'
        else concat(
                measures.measure_name, ', ', groups.group_name, ':',
                case compared.comparison
                    when 'higher' then ' statistically higher than comparator (95 %)'
                    when 'lower' then ' statistically lower than comparator (95 %)'
                    else ' not statistically different from comparator (95 %)'
                end,
                case
                    when measures.direction = 'neutral' or compared.comparison = 'similar' then '.'
                    when (compared.comparison = 'higher') = (measures.direction = 'increase') then ', which is better.'
                    else ', which is worse.'
                end
            )
    end as sentence

from figures
inner join figure_decisions
    on figures.measure_code = figure_decisions.measure_code
    and figures.denominator_id = figure_decisions.denominator_id
left join decisions as numerators on figures.numerator_id = numerators.cell_id
left join decisions as denominators on figures.denominator_id = denominators.cell_id
inner join compared
    on figures.measure_code = compared.measure_code
    and figures.denominator_id = compared.denominator_id
inner join measures on figures.measure_code = measures.measure_code
inner join groups
    on figures.dimension_code = groups.dimension_code
    and figures.group_code = groups.group_code
where measures.topic in ('{{ topics | join("', '") }}')
    and (figures.dimension_code not like '%_by_%' or groups.is_known)

union all

select
    {{ surrogate_key([
        'typical.org_level', 'typical.org_id', 'typical.measure_code', 'typical.dimension_code', 'typical.group_code',
        'typical.period_type', 'typical.period_start_date',
    ]) }} as {{ key_name }},
    typical.org_level,
    typical.org_id,
    typical.measure_code,
    typical.dimension_code,
    typical.group_code,
    groups.imd_year,
    typical.period_type,
    typical.period_start_date,
    {{ access_period_end('typical.period_type', 'typical.period_start_date') }} as period_end_date,
    cast(null as decimal(18, 6)) as numerator,
    cast({{ disclosed_count('typical.denominator', 'denominators.decision') }} as decimal(18, 6)) as denominator,
    {% for end in ['value', 'value_lower', 'value_upper'] %}
    cast({{ disclosed(
        typical_rounded | replace('END', end), typical_decision
    ) }} as decimal(24, 12)) as {{ end }},
    {% endfor %}
    cast(95 as decimal(4, 1)) as confidence_pct,
    typical.unit,
    case
        when typical.denominator = 0 then 'not_applicable'
        else {{ disclosed_status("'reported'", typical_decision) }}
    end as value_status,
    cast(null as decimal(24, 12)) as average_value,
    cast(null as string) as comparator_group_code,
    cast(null as decimal(24, 12)) as difference,
    cast(null as decimal(24, 12)) as difference_lower,
    cast(null as decimal(24, 12)) as difference_upper,
    cast(null as decimal(24, 12)) as ratio,
    cast(null as decimal(24, 12)) as ratio_lower,
    cast(null as decimal(24, 12)) as ratio_upper,
    cast(null as string) as comparison,
    case
        when typical.denominator = 0 then 'Nothing was counted.'
        when {{ typical_decision }} = 'suppressed' then 'Not shown: too few patients, or another group could be told from it.'
        else concat(
                measures.measure_name, ', ', groups.group_name, ': ',
                cast(cast({{ typical_rounded | replace('END', 'value') }} as decimal(12, 1)) as string), ' ', typical.unit,
                '; not compared, its interval stands beside it.'
            )
    end as sentence

from typical
left join decisions as denominators on typical.denominator_id = denominators.cell_id
inner join measures on typical.measure_code = measures.measure_code
inner join groups
    on typical.dimension_code = groups.dimension_code
    and typical.group_code = groups.group_code
where measures.topic in ('{{ topics | join("', '") }}')
{%- endmacro %}

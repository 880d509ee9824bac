-- Whether a cell is shown, decided once. What is suppressed of a shown total can be had by subtraction,
-- so units are held against their site and sites against the trust: the suppressed siblings together are
-- two at least, hold as many people as one shown cell must, and leave three possible values or more for
-- each. Where they do not, the smallest other sibling goes with them (rule `secondary`). Below a
-- suppressed total two cells go as well, else the rest would add up to it.
{% set minimum = var('survey_minimum_responses') %}
{% set cell = ['survey_code', 'quarter', 'org_level', 'org_id', 'measure_code'] %}
{% set siblings = 'survey_code, quarter, measure_code, parent_id' %}

with

scores as (
    select * from {{ ref('int_surveys__pulse_score') }}
),

run as (
    {{ current_run() }}
),

cornered as (
    -- Totals whose parts are all small and nearly as large as a small one can be: they would tell each part.
    select
        survey_code,
        quarter,
        measure_code,
        parent_id
    from scores
    where parent_id is not null
    group by survey_code, quarter, measure_code, parent_id
    having max(base_n) < {{ minimum }}
        and count(*) * {{ minimum - 1 }} - sum(base_n) < 2
),

cells as (
    select
        scores.survey_code,
        scores.quarter,
        scores.org_level,
        scores.org_id,
        scores.parent_id,
        scores.measure_code,
        scores.base_n,
        case
            when cornered.parent_id is not null then 'suppressed'
            else {{ disclosure_decision("'survey'", 'run.audience', 'scores.base_n', 'scores.org_level') }}
        end as own_decision
    from scores
    cross join run
    left join cornered
        on scores.survey_code = cornered.survey_code
        and scores.quarter = cornered.quarter
        and scores.measure_code = cornered.measure_code
        and scores.org_id = cornered.parent_id
),

trust_decided as (
    select
        {{ cell | join(',\n        ') }},
        own_decision as decision,
        case when own_decision = 'suppressed' then 'primary' else 'none' end as rule
    from cells
    where org_level = 'trust'
),

{% for org_level, parent_level in [('site', 'trust'), ('unit', 'site')] %}
{{ org_level }}_ranked as (
    select
        {{ cell | join(',\n        ') }},
        parent_id,
        own_decision,
        row_number() over smallest_first as size_rank,
        sum(base_n) over smallest_first as running_base,
        sum(case when own_decision = 'suppressed' then 1 else 0 end)
            over (partition by {{ siblings }}) as primary_count,
        count(*) over (partition by {{ siblings }}) as sibling_count
    from cells
    where org_level = '{{ org_level }}'
    window smallest_first as (
        partition by {{ siblings }}
        order by own_decision desc, base_n asc, org_id asc
        rows unbounded preceding
    )
),

{{ org_level }}_cut as (
    select
        {{ siblings }},
        max(primary_count) as primary_count,
        coalesce(
            min(
                case
                    when size_rank >= 2
                        and size_rank >= primary_count
                        and running_base >= {{ minimum }}
                        and (size_rank > primary_count or size_rank * {{ minimum - 1 }} - running_base >= 2)
                        then size_rank
                end
            ),
            max(sibling_count)
        ) as last_suppressed_rank
    from {{ org_level }}_ranked
    group by {{ siblings }}
),

{{ org_level }}_decided as (
    select
        {% for column in cell %}
        ranked.{{ column }},
        {% endfor %}
        case
            when (cut.primary_count > 0 or parents.decision = 'suppressed')
                and ranked.size_rank <= cut.last_suppressed_rank
                then 'suppressed'
            else 'shown'
        end as decision,
        case
            when ranked.own_decision = 'suppressed' then 'primary'
            when (cut.primary_count > 0 or parents.decision = 'suppressed')
                and ranked.size_rank <= cut.last_suppressed_rank
                then 'secondary'
            else 'none'
        end as rule
    from {{ org_level }}_ranked as ranked
    inner join {{ org_level }}_cut as cut using ({{ siblings }})
    inner join {{ parent_level }}_decided as parents
        on ranked.survey_code = parents.survey_code
        and ranked.quarter = parents.quarter
        and ranked.measure_code = parents.measure_code
        and ranked.parent_id = parents.org_id
){% if not loop.last %},{% endif %}

{% endfor %}

{% for org_level in ['trust', 'site', 'unit'] %}
select
    {{ cell | join(',\n    ') }},
    decision,
    rule

from {{ org_level }}_decided
{% if not loop.last %}

union all

{% endif %}
{% endfor %}

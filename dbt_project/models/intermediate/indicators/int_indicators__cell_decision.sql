-- The one place where it is decided whether an indicator's cell is shown; every mart of the domain joins
-- it. Where a class has a smallest number of people, all its indicators of an organisation and month are decided
-- together, in the tree of wards, sites and trust, so that no total gives away what is not shown of a part. A rare
-- event is one person's.
{% set trees = {'fft': var('fft_minimum_responses'), 'staff': var('staff_figure_minimum_people')} %}
{% set levels = {'trust': "'" ~ var('trust_code') ~ "'", 'site': 'site_code', 'ward': 'ward_id'} %}
{% set above = {'site': 'trust', 'ward': 'site'} %}
{% set of_class = disclosure_decision('figures.disclosure_class', 'run.audience', org_level='figures.org_level') %}
{% set of_nobody = disclosure_decision('figures.disclosure_class', 'run.audience', '0', 'figures.org_level') %}

with

figures as (
    select * from {{ ref('int_indicators__level_month') }}
),

intervals as (
    select * from {{ ref('int_indicators__event_interval') }}
),

people as (
    select * from {{ ref('int_indicators__people') }}
),

run as (
    {{ current_run() }}
),

levelled as (
    -- Nobody's answers are shown as none, and hide nobody.
    {% for org_level, org_id in levels.items() %}
    select
        disclosure_class,
        month,
        '{{ org_level }}' as tree_level,
        concat('{{ org_level }}|', {{ org_id }}) as cell_id,
        {% if org_level in above %}
        concat('{{ above[org_level] }}|', {{ levels[above[org_level]] }}) as parent_id,
        {% else %}
        cast(null as string) as parent_id,
        {% endif %}
        coalesce(people, 0) as people
    from people
    where site_code is not null
        and (disclosure_class <> 'fft' or coalesce(people, 1) > 0)
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
),

summed as (
    select
        disclosure_class,
        month,
        tree_level,
        cell_id,
        parent_id,
        cast(sum(people) as bigint) as people
    from levelled
    group by disclosure_class, month, tree_level, cell_id, parent_id
),

cells as (
    select
        summed.disclosure_class,
        summed.month,
        summed.tree_level,
        summed.cell_id,
        summed.parent_id,
        'place' as branch,
        summed.people,
        case when summed.disclosure_class = 'fft' then 1 else 0 end as least_people,
        case
            {% for class, minimum in trees.items() %}
            when summed.disclosure_class = '{{ class }}' and summed.people < {{ minimum }} then 'suppressed'
            {% endfor %}
            else {{ disclosure_decision(
                'summed.disclosure_class', 'run.audience', 'summed.people', 'summed.tree_level'
            ) }}
        end as own_decision
    from summed
    cross join run
),

{% for class, minimum in trees.items() %}
cells_{{ class }} as (
    select
        disclosure_class,
        month,
        tree_level,
        cell_id,
        parent_id,
        branch,
        people,
        least_people,
        own_decision
    from cells
    where disclosure_class = '{{ class }}'
),

decided_{{ class }} as (
    {{ suppressed_tree('cells_' ~ class, ['disclosure_class', 'month'], ['trust', 'site', 'ward'], minimum) }}
),

{% endfor %}
trees as (
    {% for class in trees %}
    select '{{ class }}' as disclosure_class
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

decided as (
    {% for class in trees %}
    select
        disclosure_class,
        month,
        cell_id,
        decision,
        rule
    from decided_{{ class }}
    {% if not loop.last %}

    union all

    {% endif %}
    {% endfor %}
)

select
    figures.org_level,
    figures.org_id,
    figures.indicator_code,
    figures.month,
    case
        when trees.disclosure_class is null then {{ of_class }}
        -- A status without a figure tells of nobody.
        when coalesce(figures.numerator, figures.denominator, figures.value) is null then 'shown'
        when figures.answers = 0
            then {{ of_nobody }}
        else coalesce(decided.decision, 'suppressed')
    end as decision,
    case when decided.rule = 'secondary' then 'secondary' else figures.disclosure_class end as rule

from figures
cross join run
left join trees on figures.disclosure_class = trees.disclosure_class
left join decided
    on figures.disclosure_class = decided.disclosure_class
    and figures.month = decided.month
    and concat(figures.org_level, '|', figures.org_id) = decided.cell_id

union all

select
    events.org_level,
    events.org_id,
    events.indicator_code,
    events.month,
    {{ disclosure_decision('events.disclosure_class', 'run.audience', '1', 'events.org_level') }} as decision,
    events.disclosure_class as rule

from (
    select distinct
        org_level,
        org_id,
        indicator_code,
        month,
        disclosure_class
    from intervals
) as events
cross join run

{#-
    Secondary suppression in a tree: what is suppressed of a shown total can be had by subtraction, so siblings
    are held together. Of each total the suppressed parts are two at least, hold as many people as one shown
    cell must, and leave three possible values or more for each; where they do not, the smallest other part goes
    with them (rule `secondary`). Below a suppressed total two parts go as well, else the rest would add up to
    it. A total whose parts are all small and nearly as large as a small one can be would tell each of them, so
    it goes itself. Source: the suppression of survey units, `int_surveys__cell_decision`, for any minimum.

    `cells` is a relation with the columns of `group`, `tree_level`, `cell_id`, `parent_id`, `people` (never
    null: a cell of nobody is a cell) and `own_decision` ('shown' or 'suppressed'); `levels` names the tree's
    levels from the top. Gives one select with `group`, `cell_id`, `decision` and `rule`.
-#}
{% macro suppressed_tree(cells, group, levels, minimum) -%}
with

cornered as (
    select
        {{ group | join(',\n        ') }},
        parent_id
    from {{ cells }}
    where parent_id is not null
    group by {{ group | join(', ') }}, parent_id
    having max(people) < {{ minimum }}
        and count(*) * {{ minimum - 1 }} - sum(people) < 2
),

tree as (
    select
        {% for column in group %}
        cells.{{ column }},
        {% endfor %}
        cells.tree_level,
        cells.cell_id,
        cells.parent_id,
        cells.people,
        case when cornered.parent_id is not null then 'suppressed' else cells.own_decision end as own_decision
    from {{ cells }} as cells
    left join cornered
        on cells.cell_id = cornered.parent_id
        {% for column in group %}
        and cells.{{ column }} = cornered.{{ column }}
        {% endfor %}
),

{{ levels[0] }}_decided as (
    select
        {{ group | join(',\n        ') }},
        cell_id,
        own_decision as decision,
        case when own_decision = 'suppressed' then 'primary' else 'none' end as rule
    from tree
    where tree_level = '{{ levels[0] }}'
),

{% for level in levels[1:] %}
{{ level }}_ranked as (
    select
        {{ group | join(',\n        ') }},
        cell_id,
        parent_id,
        own_decision,
        row_number() over smallest_first as size_rank,
        sum(people) over smallest_first as running_people,
        sum(case when own_decision = 'suppressed' then 1 else 0 end)
            over (partition by {{ group | join(', ') }}, parent_id) as primary_count,
        count(*) over (partition by {{ group | join(', ') }}, parent_id) as sibling_count
    from tree
    where tree_level = '{{ level }}'
    window smallest_first as (
        partition by {{ group | join(', ') }}, parent_id
        order by own_decision desc, people asc, cell_id asc
        rows unbounded preceding
    )
),

{{ level }}_cut as (
    select
        {{ group | join(',\n        ') }},
        parent_id,
        max(primary_count) as primary_count,
        coalesce(
            min(
                case
                    when size_rank >= 2
                        and size_rank >= primary_count
                        and running_people >= {{ minimum }}
                        and (size_rank > primary_count or size_rank * {{ minimum - 1 }} - running_people >= 2)
                        then size_rank
                end
            ),
            max(sibling_count)
        ) as last_suppressed_rank
    from {{ level }}_ranked
    group by {{ group | join(', ') }}, parent_id
),

{{ level }}_decided as (
    select
        {% for column in group %}
        ranked.{{ column }},
        {% endfor %}
        ranked.cell_id,
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
    from {{ level }}_ranked as ranked
    inner join {{ level }}_cut as cut using ({{ group | join(', ') }}, parent_id)
    inner join {{ levels[loop.index0] }}_decided as parents
        on ranked.parent_id = parents.cell_id
        {% for column in group %}
        and ranked.{{ column }} = parents.{{ column }}
        {% endfor %}
){% if not loop.last %},{% endif %}

{% endfor %}

{% for level in levels %}
select
    {{ group | join(',\n    ') }},
    cell_id,
    decision,
    rule

from {{ level }}_decided
{% if not loop.last %}

union all

{% endif %}
{% endfor %}
{%- endmacro %}

{#-
    Secondary suppression in a tree: what is suppressed of a shown total can be had by subtraction, so siblings
    are held together. Of each total the suppressed parts are two at least, hold as many people as one shown
    cell must, and leave three possible values or more for each (where they hold more than small ones can, one of
    them is large, and any may be it); where they do not, the smallest other part goes with them (rule
    `secondary`). Below a suppressed total two parts go as well, else the rest would add up to it. A total whose parts
    are all small and nearly as large as a small one can be would tell each of them, so it goes itself; the number of
    its parts says how large it is, so it is no large one that any other might be.

    `cells` is a relation with the columns of `group`, `tree_level`, `cell_id`, `parent_id`, `branch`, `people`
    (never null: a cell of nobody is a cell), `least_people` (the fewest that a hidden cell of its kind can hold: 0,
    or 1 where cells of nobody are shown and so are no cells here) and `own_decision` ('shown' or 'suppressed');
    `levels` names the tree's levels from the top. One total may be split in several ways (by site, and by cohort):
    the parts of one way have one `branch`, and each way must keep its secrets. Gives one select with `group`,
    `cell_id`, `decision` and `rule`.
-#}
{% macro suppressed_tree(cells, group, levels, minimum) -%}
with

cornered as (
    select distinct
        {{ group | join(',\n        ') }},
        parent_id
    from (
        select
            {{ group | join(',\n            ') }},
            parent_id
        from {{ cells }}
        where parent_id is not null
        group by {{ group | join(', ') }}, parent_id, branch
        having max(people) < {{ minimum }}
            and (count(*) * {{ minimum - 1 }} - sum(people) < 2 or sum(people) - sum(least_people) < 2)
    ) as of_branches
),

tree as (
    select
        {% for column in group %}
        cells.{{ column }},
        {% endfor %}
        cells.tree_level,
        cells.cell_id,
        cells.parent_id,
        cells.branch,
        cells.people,
        cells.least_people,
        cornered.parent_id is not null as is_cornered,
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
        branch,
        own_decision,
        row_number() over smallest_first as size_rank,
        sum(people) over smallest_first as running_people,
        sum(least_people) over smallest_first as running_least,
        sum(case when own_decision = 'suppressed' then 1 else 0 end)
            over (partition by {{ group | join(', ') }}, parent_id, branch) as primary_count,
        sum(case when is_cornered then 1 else 0 end)
            over (partition by {{ group | join(', ') }}, parent_id, branch) as cornered_count,
        count(*) over (partition by {{ group | join(', ') }}, parent_id, branch) as sibling_count
    from tree
    where tree_level = '{{ level }}'
    window smallest_first as (
        partition by {{ group | join(', ') }}, parent_id, branch
        order by own_decision desc, people asc, cell_id asc
        rows unbounded preceding
    )
),

{{ level }}_cut as (
    select
        {{ group | join(',\n        ') }},
        parent_id,
        branch,
        max(primary_count) as primary_count,
        coalesce(
            min(
                case
                    when size_rank >= 2
                        and size_rank >= primary_count
                        and running_people >= {{ minimum }}
                        and running_people - running_least >= 2
                        and (
                            size_rank > primary_count
                            or size_rank * {{ minimum - 1 }} - running_people >= 2
                            or (cornered_count = 0 and size_rank * {{ minimum - 1 }} < running_people)
                        )
                        then size_rank
                end
            ),
            max(sibling_count)
        ) as last_suppressed_rank
    from {{ level }}_ranked
    group by {{ group | join(', ') }}, parent_id, branch
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
    inner join {{ level }}_cut as cut using ({{ group | join(', ') }}, parent_id, branch)
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

{#- The least and the most that one relation (`sums`) leaves of a cell of it (`known`). -#}
{% macro implied_low() -%}
case
    when known.is_total then sums.parts_low + known.remainder
    else sums.total_low - known.remainder - (sums.parts_high - known.high)
end
{%- endmacro %}

{% macro implied_high() -%}
case
    when known.is_total then sums.parts_high + known.remainder
    else sums.total_high - known.remainder - (sums.parts_low - known.low)
end
{%- endmacro %}

{#-
    Secondary suppression where cells are parts of several totals at once (groups, places, periods, counts of counts):
    each relation is one equation, total (or nothing) = sum of parts + what nobody shows, and together they may leave
    of no suppressed cell fewer than `values` possible numbers. What a reader knows of a shown cell is from `low` to
    `high`: what it is rounded from, or the number itself where a percentage, limit or ratio beside it gives that
    away. Of a suppressed cell he is taken to know that it is from 1 to `largest` (from 0 where zeros beside it are
    hidden too), and of one suppressed for another's sake that it is one or more.

    Round by round, of every cell that is told too much of a relation that bounds it loses its smallest shown part,
    parts of nobody last, then its total; those of the lowest `priority` first. `passes` says for each round how far
    bounds are carried: what one relation tells of a cell bounds the others in which it stands. In rounds after
    `smallest_only` a relation loses all that it shows, so that what one takes from another comes to an end.

    `cells` has cell_id, people, low, high, priority, own_decision ('suppressed', 'withheld', 'remembered' for one
    that stays hidden whatever its number, or anything else) and is_known (a reader knows it from elsewhere, hidden or
    not: it is hidden last, and what it is is no secret); `members` relation_id, cell_id, is_total; `below` the
    cell_id of cells below a suppressed total. Gives a query of the cells that are suppressed, with `rule`, and
    `round` (0: by their own number, or below a suppressed total).
-#}
{% macro suppressed_relations(
    cells,
    members,
    below,
    largest,
    values=3,
    passes=[1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1],
    smallest_only=23
) -%}
{%- set many = 1000000000 -%}
with

remainders as (
    select
        members.relation_id,
        cast(sum(case when members.is_total then cells.people else -cells.people end) as bigint) as remainder
    from {{ members }} as members
    inner join {{ cells }} as cells on members.cell_id = cells.cell_id
    group by members.relation_id
),

placed as (
    select
        members.relation_id,
        members.cell_id,
        members.is_total,
        remainders.remainder,
        cells.people,
        cells.priority,
        cells.is_known,
        cells.low,
        cells.high,
        below.cell_id is not null as is_below
    from {{ members }} as members
    inner join remainders on members.relation_id = remainders.relation_id
    inner join {{ cells }} as cells on members.cell_id = cells.cell_id
    left join {{ below }} as below on members.cell_id = below.cell_id
),

hidden_0 as (
    select
        cells.cell_id,
        case
            when cells.own_decision in ('withheld', 'remembered') then cells.own_decision
            when cells.people = 0 then 'below_suppressed'
            else 'primary'
        end as rule,
        0 as round
    from {{ cells }} as cells
    left join {{ below }} as below on cells.cell_id = below.cell_id
    where cells.own_decision in ('suppressed', 'withheld', 'remembered')
        or (below.cell_id is not null and cells.people <= {{ largest }})
),

{% for pass_count in passes %}
{% set round = loop.index %}
touched_{{ round }} as (
    select distinct members.relation_id
    from {{ members }} as members
    inner join hidden_{{ round - 1 }} as hidden on members.cell_id = hidden.cell_id
    {%- if pass_count == 1 and round > 1 %}

    {#- Elsewhere nothing has changed since a relation was looked at by itself. #}
    where hidden.round >= {{ round - (1 if passes[round - 2] == 1 else 2) }}
    {%- endif %}

),

known_{{ round }}_0 as (
    select
        placed.relation_id,
        placed.cell_id,
        placed.is_total,
        placed.remainder,
        placed.people,
        placed.priority,
        placed.is_known,
        hidden.cell_id is not null as is_hidden,
        cast(case
            when hidden.cell_id is null or placed.is_known then placed.low
            when hidden.rule in ('secondary', 'remembered') and placed.people > 0 then 1
            when hidden.rule = 'primary' and not placed.is_below then 1
            else 0
        end as bigint) as low,
        cast(case
            when hidden.cell_id is null or placed.is_known then placed.high
            when hidden.rule in ('secondary', 'remembered', 'withheld') then {{ many }}
            else {{ largest }}
        end as bigint) as high
    from placed
    inner join touched_{{ round }} as touched on placed.relation_id = touched.relation_id
    left join hidden_{{ round - 1 }} as hidden on placed.cell_id = hidden.cell_id
),

{% for pass in range(1, pass_count + 1) %}
sums_{{ round }}_{{ pass }} as (
    select
        relation_id,
        cast(sum(case when not is_total then low else 0 end) as bigint) as parts_low,
        cast(sum(case when not is_total then high else 0 end) as bigint) as parts_high,
        coalesce(max(case when is_total then low end), 0) as total_low,
        coalesce(max(case when is_total then high end), 0) as total_high
    from known_{{ round }}_{{ pass - 1 }}
    group by relation_id
),

{% if pass_count > 1 %}
implied_{{ round }}_{{ pass }} as (
    select
        known.relation_id,
        known.cell_id,
        {{ implied_low() }} as low,
        {{ implied_high() }} as high
    from known_{{ round }}_{{ pass - 1 }} as known
    inner join sums_{{ round }}_{{ pass }} as sums on known.relation_id = sums.relation_id
),

tight_{{ round }}_{{ pass }} as (
    select
        cell_id,
        max(low) as low,
        min(high) as high
    from implied_{{ round }}_{{ pass }}
    group by cell_id
),

known_{{ round }}_{{ pass }} as (
    select
        known.relation_id,
        known.cell_id,
        known.is_total,
        known.remainder,
        greatest(known.low, tight.low) as low,
        least(known.high, tight.high) as high
    from known_{{ round }}_{{ pass - 1 }} as known
    inner join tight_{{ round }}_{{ pass }} as tight on known.cell_id = tight.cell_id
),

{% endif %}
{% endfor %}
{% if pass_count == 1 %}
exposed_{{ round }} as (
    select distinct known.relation_id
    from known_{{ round }}_0 as known
    inner join sums_{{ round }}_1 as sums on known.relation_id = sums.relation_id
    where known.is_hidden
        and not known.is_known
        and least(known.high, {{ implied_high() }}) - greatest(known.low, {{ implied_low() }}) < {{ values - 1 }}
),

{% else %}
cheapest_{{ round }} as (
    select
        relation_id,
        min(
            cast(priority + case when is_known then 100 else 0 end as bigint) * {{ many }}
            + people + case when people = 0 then {{ largest }} else 0 end
        ) as cost
    from known_{{ round }}_0
    where not is_hidden
    group by relation_id
),

{#- Of each cell with too few numbers left one relation that bounds it: the one that has least to lose. -#}
bounding_{{ round }} as (
    select
        implied.relation_id,
        row_number() over (
            partition by implied.cell_id
            order by cheapest.cost asc, implied.relation_id asc
        ) as relation_rank
    from implied_{{ round }}_{{ pass_count }} as implied
    inner join known_{{ round }}_{{ pass_count }} as known
        on implied.relation_id = known.relation_id
        and implied.cell_id = known.cell_id
    inner join known_{{ round }}_0 as given
        on implied.relation_id = given.relation_id
        and implied.cell_id = given.cell_id
    inner join cheapest_{{ round }} as cheapest on implied.relation_id = cheapest.relation_id
    where given.is_hidden
        and not given.is_known
        and known.high - known.low < {{ values - 2 }}
        and ((implied.low = known.low and known.low > given.low)
            or (implied.high = known.high and known.high < given.high))
),

exposed_{{ round }} as (
    select distinct relation_id
    from bounding_{{ round }}
    where relation_rank = 1
),

{% endif %}
chosen_{{ round }} as (
    select
        known.cell_id,
        row_number() over (
            partition by known.relation_id
            order by
                known.is_known asc,
                known.priority asc,
                known.is_total asc,
                case when known.people = 0 then 1 else 0 end asc,
                known.people asc,
                known.cell_id asc
        ) as size_rank
    from known_{{ round }}_0 as known
    inner join exposed_{{ round }} as exposed on known.relation_id = exposed.relation_id
    where not known.is_hidden
),

hidden_{{ round }} as (
    select
        cell_id,
        rule,
        round
    from hidden_{{ round - 1 }}

    union all

    select distinct
        cell_id,
        'secondary' as rule,
        {{ round }} as round
    from chosen_{{ round }}
    {%- if round <= smallest_only %}

    where size_rank = 1
    {%- endif %}

){{ ',' if not loop.last }}

{% endfor %}

select
    cell_id,
    rule,
    round

from hidden_{{ passes | length }}
{%- endmacro %}

{#-
    A programme that units join in turn, as a stepped design: group-time average effects against units that have not
    joined yet, and what is made of them.

    Callaway B, Sant'Anna PHC (2021), J Econometrics 225:200, without covariates, control group "not yet treated",
    universal base period. Where the base is the mean of several periods before the start instead of the last one, the
    difference is less noisy: one period is as noisy as any other. Conformance: `tests/conformance/test_rollout.py`.

    Belongs here: the arithmetic, of any panel. Kept out: which wards, months and indicators (the models), and words.

    Relations that the macros take; periods are whole numbers, a group is the first period on the programme:
    series   series_id, base_periods, anticipation (periods before the start that may already differ), first_group and
             last_group (groups outside them make no cells; later ones still wait), last_period
    units    series_id, unit_id, stratum, group_no (null: never), weight
    panel    series_id, unit_id, period_no, value: every period of every unit that the series needs

    A unit's `difference` is its value less its own base. A cell is a stratum, group and period: the mean difference of
    the units that joined less that of those still waiting. Units are compared within their stratum only.
-#}

{#- Differences of every unit from its base before each group's start, of 12 periods before it and all after. -#}
{% macro rollout_differences(panel, units, series, before=12) -%}
with

starts as (
    select distinct
        series.series_id,
        units.group_no,
        series.base_periods,
        series.anticipation,
        series.last_period
    from {{ series }} as series
    inner join {{ units }} as units
        on series.series_id = units.series_id
        and units.group_no >= series.first_group
        and units.group_no <= series.last_group
),

bases as (
    select
        starts.series_id,
        starts.group_no,
        panel.unit_id,
        {{ ordered_sum('panel.value', 'panel.period_no') }} / starts.base_periods as base
    from starts
    inner join {{ panel }} as panel
        on starts.series_id = panel.series_id
        and panel.period_no < starts.group_no - starts.anticipation
        and panel.period_no >= starts.group_no - starts.anticipation - starts.base_periods
    group by starts.series_id, starts.group_no, panel.unit_id, starts.base_periods
    having count(panel.value) = starts.base_periods
)

select
    starts.series_id,
    units.stratum,
    starts.group_no,
    panel.period_no,
    panel.unit_id,
    cast(units.weight as double) as weight,
    units.group_no as unit_group_no,
    case
        when units.group_no = starts.group_no then 'joined'
        when units.group_no is null
            or units.group_no
            > greatest(panel.period_no, starts.group_no - starts.anticipation - 1) + starts.anticipation
            then 'waiting'
        else 'past'
    end as role,
    panel.value - bases.base as difference

from starts
inner join {{ panel }} as panel
    on starts.series_id = panel.series_id
    and panel.period_no >= starts.group_no - starts.anticipation - {{ before }}
    and panel.period_no <= starts.last_period
inner join bases
    on starts.series_id = bases.series_id
    and starts.group_no = bases.group_no
    and panel.unit_id = bases.unit_id
inner join {{ units }} as units
    on starts.series_id = units.series_id
    and panel.unit_id = units.unit_id
where panel.value is not null
{%- endmacro %}

{#- The cells: how many units, of what weight, and the effect. Cells with fewer than `fewest` of either are left out. -#}
{% macro rollout_cells(differences, fewest=2) -%}
with

sides as (
    select
        series_id,
        stratum,
        group_no,
        period_no,
        role,
        count(*) as units_n,
        {{ ordered_sum('weight', 'unit_id') }} as units_weight,
        {{ ordered_sum('weight * difference', 'unit_id') }} / {{ ordered_sum('weight', 'unit_id') }} as mean_difference
    from {{ differences }}
    where role <> 'past'
    group by series_id, stratum, group_no, period_no, role
)

select
    joined.series_id,
    joined.stratum,
    joined.group_no,
    joined.period_no,
    cast(joined.units_n as int) as joined_units,
    cast(waiting.units_n as int) as waiting_units,
    joined.units_weight as joined_weight,
    waiting.units_weight as waiting_weight,
    joined.mean_difference as joined_mean,
    waiting.mean_difference as waiting_mean,
    joined.mean_difference - waiting.mean_difference as effect

from sides as joined
inner join sides as waiting
    on joined.series_id = waiting.series_id
    and joined.stratum = waiting.stratum
    and joined.group_no = waiting.group_no
    and joined.period_no = waiting.period_no
    and waiting.role = 'waiting'
where joined.role = 'joined'
    and joined.units_n >= {{ fewest }}
    and waiting.units_n >= {{ fewest }}
{%- endmacro %}

{#-
    Means of cells, each as heavy as the units that joined, with the standard error from what each unit adds (its
    influence; units are independent of each other, periods of a unit are not). `places` is a relation of series_id,
    stratum, group_no, period_no, place, sign: which cells make which estimate; with sign -1 a cell is subtracted.
    With `small_groups` a group's spread is that of its units less one, as of a sample: with five units in a cell the
    plain form, which is the reference's, is a tenth too narrow.
-#}
{% macro rollout_means(differences, cells, places, small_groups=true) -%}
with

placed as (
    select
        cells.series_id,
        cells.stratum,
        cells.group_no,
        cells.period_no,
        places.place,
        places.sign,
        cells.effect,
        cells.joined_units,
        cells.waiting_units,
        cells.joined_weight,
        cells.waiting_weight,
        cells.joined_mean,
        cells.waiting_mean
    from {{ cells }} as cells
    inner join {{ places }} as places
        on cells.series_id = places.series_id
        and cells.stratum = places.stratum
        and cells.group_no = places.group_no
        and cells.period_no = places.period_no
),

totals as (
    select
        series_id,
        place,
        sign,
        {{ ordered_sum('joined_weight', 'stratum, group_no, period_no') }} as total_weight
    from placed
    group by series_id, place, sign
),

shares as (
    select
        placed.series_id,
        placed.stratum,
        placed.group_no,
        placed.period_no,
        placed.place,
        placed.effect,
        placed.joined_units,
        placed.waiting_units,
        placed.joined_weight,
        placed.waiting_weight,
        placed.joined_mean,
        placed.waiting_mean,
        placed.sign * placed.joined_weight / totals.total_weight as share
    from placed
    inner join totals
        on placed.series_id = totals.series_id
        and placed.place = totals.place
        and placed.sign = totals.sign
),

estimates as (
    select
        series_id,
        place,
        {{ ordered_sum('share * effect', 'stratum, group_no, period_no') }} as estimate,
        count(distinct group_no) as groups_n
    from shares
    group by series_id, place
),

influences as (
    select
        shares.series_id,
        shares.place,
        differences.unit_id,
        {%- set joined_spread = 'sqrt(shares.joined_units / (shares.joined_units - 1.0))' if small_groups else '1' %}
        {%- set waiting_spread = 'sqrt(shares.waiting_units / (shares.waiting_units - 1.0))' if small_groups else '1' %}
        {% set influence -%}
        shares.share * differences.weight * case
            when differences.role = 'joined'
                then (differences.difference - shares.joined_mean) / shares.joined_weight * {{ joined_spread }}
            else -(differences.difference - shares.waiting_mean) / shares.waiting_weight * {{ waiting_spread }}
        end
        {%- endset %}
        {{ ordered_sum(influence, 'shares.group_no, shares.period_no') }} as influence
    from shares
    inner join {{ differences }} as differences
        on shares.series_id = differences.series_id
        and shares.stratum = differences.stratum
        and shares.group_no = differences.group_no
        and shares.period_no = differences.period_no
    where differences.role <> 'past'
    group by shares.series_id, shares.place, differences.unit_id
),

spreads as (
    select
        series_id,
        place,
        sqrt({{ ordered_sum('influence * influence', 'unit_id') }}) as standard_error
    from influences
    group by series_id, place
)

select
    estimates.series_id,
    estimates.place,
    estimates.estimate,
    spreads.standard_error,
    cast(estimates.groups_n as int) as groups_n

from estimates
inner join spreads
    on estimates.series_id = spreads.series_id
    and estimates.place = spreads.place
{%- endmacro %}

{#-
    What each unit would add to the mean over all cells from the start on, had it joined with a given group: cells keep
    their numbers of units when groups are dealt out anew within a stratum, so the mean is a sum over units. Units of
    weight 1 alone. Gives series_id, unit_id, group_no (null: never), addend.
-#}
{% macro rollout_addends(differences, cells, units, series) -%}
with

after as (
    select
        series_id,
        stratum,
        group_no,
        period_no,
        joined_units,
        waiting_units,
        sum(joined_units) over (partition by series_id) as total_units
    from {{ cells }}
    where period_no >= group_no
),

dealt as (
    select distinct
        series_id,
        stratum,
        group_no
    from {{ units }}
)

select
    differences.series_id,
    differences.unit_id,
    dealt.group_no,
    {% set addend -%}
    differences.difference / after.total_units * case
        when dealt.group_no = after.group_no then 1.0
        when dealt.group_no is null or dealt.group_no > after.period_no + series.anticipation
            then -1.0 * after.joined_units / after.waiting_units
        else 0.0
    end
    {%- endset %}
    {{ ordered_sum(addend, 'after.group_no, after.period_no') }} as addend

from after
inner join {{ series }} as series on after.series_id = series.series_id
inner join {{ differences }} as differences
    on after.series_id = differences.series_id
    and after.stratum = differences.stratum
    and after.group_no = differences.group_no
    and after.period_no = differences.period_no
inner join dealt
    on after.series_id = dealt.series_id
    and after.stratum = dealt.stratum
group by differences.series_id, differences.unit_id, dealt.group_no
{%- endmacro %}

{#-
    The share of `deals` chance deals of the groups to the units that ever join, within strata, whose mean lies as far
    from none as the true one, that one counted in (two-sided). The order of a deal comes from a hash of its number, the
    `seed` and the unit, so that the same input gives the same answer.
-#}
{% macro rollout_p_values(addends, units, deals, seed, deal_numbers) -%}
with

joiners as (
    select
        series_id,
        unit_id,
        stratum,
        group_no,
        row_number() over (partition by series_id, stratum order by group_no, unit_id) as seat
    from {{ units }}
    where group_no is not null
),

shuffled as (
    select
        joiners.series_id,
        joiners.stratum,
        joiners.unit_id,
        numbers.deal_no,
        row_number() over (
            partition by joiners.series_id, joiners.stratum, numbers.deal_no
            order by md5(concat_ws('|', '{{ seed }}', numbers.deal_no, joiners.unit_id)), joiners.unit_id
        ) as seat
    from joiners
    cross join {{ deal_numbers }} as numbers
),

dealt as (
    select
        shuffled.series_id,
        shuffled.deal_no,
        {#- A sum in the order of its rows holds each deal apart: with 66 wards and 29 indicators it took over 1.7 GB. #}
        {{ units_as_double('sum(' ~ exact_units('addends.addend') ~ ')') }} as estimate
    from shuffled
    inner join joiners
        on shuffled.series_id = joiners.series_id
        and shuffled.stratum = joiners.stratum
        and shuffled.seat = joiners.seat
    inner join {{ addends }} as addends
        on shuffled.series_id = addends.series_id
        and shuffled.unit_id = addends.unit_id
        and joiners.group_no = addends.group_no
    group by shuffled.series_id, shuffled.deal_no
),

others as (
    -- Units that never join wait in every deal.
    select
        addends.series_id,
        {{ ordered_sum('addends.addend', 'addends.unit_id') }} as estimate
    from {{ addends }} as addends
    inner join {{ units }} as units
        on addends.series_id = units.series_id
        and addends.unit_id = units.unit_id
    where units.group_no is null
        and addends.group_no is null
    group by addends.series_id
),

true_deal as (
    select
        addends.series_id,
        {{ ordered_sum('addends.addend', 'addends.unit_id') }} as estimate
    from {{ addends }} as addends
    inner join joiners
        on addends.series_id = joiners.series_id
        and addends.unit_id = joiners.unit_id
        and addends.group_no = joiners.group_no
    group by addends.series_id
)

select
    true_deal.series_id,
    true_deal.estimate + coalesce(max(others.estimate), 0) as estimate,
    cast(
        (
            1 + count(
                case
                    when abs(dealt.estimate + coalesce(others.estimate, 0))
                        >= abs(true_deal.estimate + coalesce(others.estimate, 0)) - 1e-9
                        then 1
                end
            )
        ) as double
    ) / {{ deals + 1 }} as p_value

from true_deal
inner join dealt on true_deal.series_id = dealt.series_id
left join others on true_deal.series_id = others.series_id
group by true_deal.series_id, true_deal.estimate
{%- endmacro %}

"""The stepped design against csdid 0.4.3, and its own promises on rollouts in which nothing happened.

`golden/rollout` holds simulated panels and the answers of the reference; its `make.py` made them.
"""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.methods import render
from tests.conftest import PROJECT

GOLDEN = PROJECT / "tests" / "conformance" / "golden" / "rollout"


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


def estimate(
    engine: duckdb.DuckDBPyConnection, places: str, *, fewest: int = 2, before: int = 12, small_groups: bool = True
) -> None:
    """Make the tables `differences`, `cells` and `means` from `series`, `units` and `panel`."""
    differences = render("rollout.sql", "rollout_differences", "panel", "units", "series", before=before)
    engine.execute(f"create or replace table differences as {differences}")
    engine.execute(f"create or replace table cells as {render('rollout.sql', 'rollout_cells', 'differences', fewest)}")
    engine.execute(f"create or replace table places as {places}")
    means = render("rollout.sql", "rollout_means", "differences", "cells", "places", small_groups=small_groups)
    engine.execute(f"create or replace table means as {means}")


def load(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute(f"""
        create table golden as from read_csv('{GOLDEN}/panel.csv');
        create table panel as
        select "case" as series_id, unit as unit_id, period as period_no, cast(value as double) as value from golden;
        create table units as
        select distinct "case" as series_id, unit as unit_id, 'all' as stratum, nullif("group", 0) as group_no, 1 as weight
        from golden;
        create table series as
        select "case" as series_id, 1 as base_periods, max(anticipation) as anticipation, max(period) as last_period
        from golden group by all;
        -- Where nobody stays out for ever, the last to join have nobody left to be held against.
        update series set last_period = (
            select max(group_no) from units where units.series_id = series.series_id
        ) - 1 - anticipation
        where series_id not in (select series_id from units where group_no is null);
        alter table series add column first_group int default 0;
        alter table series add column last_group int;
        update series set last_group = last_period;
    """)


def test_every_cell_and_its_standard_error_is_the_references(engine: duckdb.DuckDBPyConnection) -> None:
    load(engine)
    estimate(
        engine,
        "select distinct series_id, stratum, group_no, period_no, group_no * 100 + period_no as place, 1 as sign from cells",
        fewest=1,
        before=100,
        small_groups=False,
    )
    expected, met, furthest = engine.execute(f"""
        select
            count(*),
            count(means.place),
            max(greatest(
                abs(means.estimate - golden.effect), abs(means.standard_error - golden.standard_error)
            ))
        from read_csv('{GOLDEN}/cells.csv') as golden
        left join means
            on golden."case" = means.series_id and golden."group" * 100 + golden.period = means.place
        semi join series on golden."case" = series.series_id and golden.period <= series.last_period
    """).fetchone() or (0, 0, 1)
    assert expected == met > 150
    assert furthest < 1e-6


def test_means_over_all_and_by_time_since_the_start_are_the_references(engine: duckdb.DuckDBPyConnection) -> None:
    load(engine)
    estimate(
        engine,
        """
        select series_id, stratum, group_no, period_no, 'all' as place, 1 as sign from cells where period_no >= group_no
        union all
        select series_id, stratum, group_no, period_no, cast(period_no - group_no as varchar), 1 from cells
        """,
        fewest=1,
        before=100,
    )
    expected, met, furthest = engine.execute(f"""
        select count(*), count(means.place), max(abs(means.estimate - golden.effect))
        from read_csv('{GOLDEN}/means.csv', types = {{'event': 'varchar'}}) as golden
        left join means on golden."case" = means.series_id and coalesce(golden.event, 'all') = means.place
    """).fetchone() or (0, 0, 1)
    assert expected == met > 90
    assert furthest < 1e-6


def test_a_deal_adds_up_to_the_mean_over_all_cells(engine: duckdb.DuckDBPyConnection) -> None:
    load(engine)
    places = "select series_id, stratum, group_no, period_no, 'all' as place, 1 as sign from cells where period_no >= group_no"
    estimate(engine, places, fewest=1, before=100)
    deal(engine, 99)
    furthest, least, most = engine.execute(
        "select max(abs(means.estimate - dealt.estimate)), min(p_value), max(p_value) from means join dealt on means.series_id::varchar = dealt.series_id"
    ).fetchone() or (1, 0, 0)
    assert furthest < 1e-9
    # Effects of one and more beside a spread of one: no deal of fifty units comes near.
    assert least == 0.01
    assert most <= 1


def deal(engine: duckdb.DuckDBPyConnection, deals: int) -> None:
    """Make the table `dealt`: the mean of each series and its share of chance deals."""
    engine.execute(f"create or replace table deal_numbers as select range as deal_no from range({deals})")
    addends = render("rollout.sql", "rollout_addends", "differences", "cells", "units", "series")
    engine.execute(f"create or replace table addends as {addends}")
    engine.execute("create or replace table dealt (series_id varchar, estimate double, p_value double)")
    shares = render("rollout.sql", "rollout_p_values", "addends", "units_dealt", deals, "1998", "deal_numbers")
    # A few at a time: a thousand rollouts dealt out a thousand times are sixty million rows.
    (batches,) = engine.execute("select count(*) // 50 + 1 from series").fetchone() or (1,)
    for batch in range(batches):
        engine.execute(f"""
            create or replace temp view units_dealt as
            from units semi join (
                select series_id from series order by series_id limit 50 offset {50 * batch}
            ) using (series_id)
        """)
        engine.execute(f"insert into dealt {shares}")


def simulate(engine: duckdb.DuckDBPyConnection, rollouts: int, effect: float = 0.0) -> None:
    """Rollouts of sixty wards on three sites in four waves of a quarter, six wards never, 36 months of falls.

    Each ward has a level of its own and counts vary as those of falls do (Poisson of about 4 a month by its normal
    likeness); the months share a season and each site has shocks of its own.
    """
    engine.execute("select setseed(0.42)")
    engine.execute(f"""
        create or replace table series as
        select range as series_id, 12 as base_periods, 0 as anticipation, 29 as last_period,
            0 as first_group, 27 as last_group
        from range({rollouts});
        create or replace table units as
        select
            series_id, ward as unit_id, ward % 3 as stratum, 1 as weight,
            case when ward < 60 then 21 + 3 * (ward // 15) end as group_no
        from series, (select range as ward from range(66));
        create or replace table panel as
        with
        levels as (
            select series_id, unit_id, stratum, group_no, 3 + 3 * random() as level from units
        ),
        shocks as (
            select series_id, range % 3 as stratum, range // 3 as period_no, 0.2 * (random() + random() - 1) as shock
            from series, range(108)
        )
        select
            series_id, unit_id, period_no,
            (level + shock + 0.4 * sin(period_no / 2)) * case when group_no <= period_no then 1 + {effect} else 1 end
            + sqrt(level) * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as value
        from levels join shocks using (series_id, stratum)
    """)
    estimate(
        engine,
        "select series_id, stratum, group_no, period_no, 'all' as place, 1 as sign from cells where period_no >= group_no",
    )


def test_a_planted_fall_comes_back_within_its_interval(engine: duckdb.DuckDBPyConnection) -> None:
    simulate(engine, 60, effect=-0.3)
    estimated, covered, mean = engine.execute("""
        select count(*), count(*) filter (abs(estimate + 0.3 * 4.5) <= 1.96 * standard_error), avg(estimate) from means
    """).fetchone() or (0, 0, 0)
    assert estimated == 60
    assert covered >= 52
    assert mean == pytest.approx(-0.3 * 4.5, abs=0.12)


@pytest.mark.long
def test_a_thousand_rollouts_in_which_nothing_happened(engine: duckdb.DuckDBPyConnection) -> None:
    simulate(engine, 1000)
    (covered,) = engine.execute(
        "select avg(cast(abs(estimate) <= 1.96 * standard_error as int)) from means"
    ).fetchone() or (0,)
    deal(engine, 999)
    (rejected,) = engine.execute("select avg(cast(p_value <= 0.05 as int)) from dealt").fetchone() or (1,)
    print(f"analytic 95 % intervals hold none in {covered:.1%}; {rejected:.1%} of deals reject at 5 %")
    assert covered >= 0.92
    assert 0.036 <= rejected <= 0.064

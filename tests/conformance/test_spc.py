"""SPC against NHSRplotthedots 0.2.2: golden tables on every row, and each rule broken once to see that they notice.

`golden/spc` holds the generated series; those of real attendances are read where they lie, and skipped elsewhere.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from orchestration.methods import render
from tests.conftest import PROJECT, SHARED, qls

OPEN = PROJECT / "tests" / "conformance" / "golden" / "spc"
REAL = SHARED / "golden" / "spc" / "real"
ROWS = {OPEN: (4756, 189), REAL: (20088, 567)}
REFERENCE = {"profile": "nhsrplotthedots", "strict_reference": True}
# Compared as numbers, within 1e-9 of the number itself; whatever else must be the same to the letter.
NUMBERS = {"value", "fix_y", "mean", "amr_used", "lpl", "upl", "target", "last_value"}


@pytest.fixture(params=[OPEN, REAL], ids=["open", "real"])
def golden(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    if not folder.is_dir():
        pytest.skip("the golden tables of real attendances are not here")
    return folder


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


def load(engine: duckdb.DuckDBPyConnection, folder: Path, scale: str = "1") -> None:
    """The tables `points`, `expected` and `expected_series`, with values and targets multiplied by `scale`."""
    factor = f"cast('{scale}' as decimal(20, 6))"
    engine.execute(f"""
        create or replace table points as
        select
            * replace (
                cast(value * {factor} as decimal(26, 12)) as value,
                cast(target * {factor} as decimal(26, 12)) as target
            ),
            cast(null as varchar) as chart
        from read_csv('{folder}/spc_input.csv', types = {{
            'period': 'date', 'value': 'decimal(18, 6)', 'target': 'decimal(18, 6)', 'fix_after_n_points': 'int',
            'screen_outliers': 'boolean'
        }})
    """)
    for name, file in (("expected", "spc_expected.csv"), ("expected_series", "spc_expected_series.csv")):
        engine.execute(f"create or replace table {name} as from read_csv('{folder}/{file}', all_varchar = true)")
        columns = {row[0] for row in engine.sql(f"describe {name}").fetchall()}
        for column in sorted(columns & NUMBERS):
            engine.execute(f"update {name} set {column} = cast({column} as double) * {scale}")


def answer(engine: duckdb.DuckDBPyConnection, mutation: tuple[str, str] | None = None) -> None:
    """The tables `made` and `made_series`, from the method as it is or with one thing of it replaced."""
    point_sql = render("spc.sql", "spc_point", "points", **REFERENCE)
    series_sql = render("spc.sql", "spc_series", "made", **REFERENCE)
    if mutation:
        old, new = mutation
        assert old in point_sql + series_sql, "the mutation names nothing that is there"
        point_sql, series_sql = point_sql.replace(old, new), series_sql.replace(old, new)
    engine.execute(f"create or replace table made as {point_sql}")
    engine.execute(f"create or replace table made_series as {series_sql}")


def differences(engine: duckdb.DuckDBPyConnection, relative: float = 1e-9) -> Mapping[str, int]:
    """How many rows differ in each column of the reference's two tables, and rows that one side lacks."""
    found: dict[str, int] = {}
    for expected, made, key in (
        ("expected", "made", "made.series_id = e.series_id and made.period = cast(e.period as date)"),
        ("expected_series", "made_series", "made.series_id = e.series_id"),
    ):
        columns = [row[0] for row in engine.sql(f"describe {expected}").fetchall()]
        rules = []
        for name in columns:
            mine, theirs = f"made.{name}", f"e.{name}"
            if name in NUMBERS:
                gap = f"abs(cast({mine} as double) - cast({theirs} as double)) > {relative} * abs(cast({theirs} as double))"
                rules.append(f"({mine} is null) <> ({theirs} is null) or coalesce({gap}, false)")
            else:
                rules.append(f"lower(cast({mine} as varchar)) is distinct from lower(replace({theirs}, '.svg', ''))")
        counts = engine.sql(
            f"select {', '.join(f'count(*) filter ({rule})' for rule in rules)}, "
            f"count(*) filter (made.series_id is null or e.series_id is null) "
            f"from {expected} as e full join {made} as made on {key}"
        ).fetchone()
        assert counts
        found |= {f"{expected}.{name}": count for name, count in zip([*columns, "rows"], counts, strict=True) if count}
    return found


@pytest.mark.parametrize("scale", ["1", "0.00001", "1000000"])
def test_every_row_is_the_references_own(golden: Path, engine: duckdb.DuckDBPyConnection, scale: str) -> None:
    load(engine, golden, scale)
    answer(engine)
    counts = engine.sql("select (select count(*) from expected), (select count(*) from expected_series)").fetchone()
    assert counts == ROWS[golden]
    assert not differences(engine)


def test_the_command_prints_the_references_tables(tmp_path: Path) -> None:
    points, series = tmp_path / "points.csv", tmp_path / "series.csv"
    done = qls(
        tmp_path,
        *("spc", str(OPEN / "spc_input.csv"), "--out", str(points), "--summary", str(series)),
        *("--profile", "nhsrplotthedots", "--strict-reference"),
    )
    assert done.returncode == 0, done.stdout
    for made, golden in ((points, "spc_expected.csv"), (series, "spc_expected_series.csv")):
        mine = [line.split(",") for line in made.read_text().splitlines()]
        theirs = [line.split(",") for line in (OPEN / golden).read_text().splitlines()]
        assert mine[0] == theirs[0]
        assert len(mine) == len(theirs)
        for row, other in zip(mine[1:], theirs[1:], strict=True):
            for name, cell, wanted in zip(mine[0], row, other, strict=True):
                same = cell == wanted or (
                    name in NUMBERS
                    and "" not in {cell, wanted}
                    and abs(float(cell) - float(wanted)) <= 1e-9 * abs(float(wanted))
                )
                assert same, (row[0], row[1], name, cell, wanted)


# Each rule broken once: what the golden tables did not notice, they would not hold.
MUTATIONS = {
    "an excluded point takes part": ("where cast(exclude_flag as int) = 0", "where true"),
    "points in another order": (
        "partition by series_id order by point_order)",
        "partition by series_id order by value)",
    ),
    "a rebase begins nothing": ("cast(rebase_flag as int) as rebase_flag", "0 as rebase_flag"),
    "a moving range reaches back over a rebase": (
        "ordered.point_no > extents.first_no then",
        "ordered.point_no > 1 then",
    ),
    "the fix takes one point more": (
        "ordered.point_no - extents.first_no < ordered.fix_after_n_points",
        "ordered.point_no - extents.first_no <= ordered.fix_after_n_points",
    ),
    "no fix": ("coalesce(ordered.point_no - extents.first_no < ordered.fix_after_n_points, true)", "true"),
    "no screening": ("coalesce(screen_outliers, true) as is_screened", "false as is_screened"),
    "screening always": ("coalesce(screen_outliers, true) as is_screened", "true as is_screened"),
    "screening at 3.1": ("ranges.range_sum * 3267", "ranges.range_sum * 3100"),
    "screening keeps a range at the bound": ("* 1000 < ranges", "* 1000 <= ranges"),
    "limits at 2.64": ("133 * range_sum", "132 * range_sum"),
    "limits at 3 / 1.128": ("133 * range_sum", "132.9787 * range_sum"),
    "a point on the limit is outside": (
        "limits.range_count * 50 > limits.reach",
        "limits.range_count * 50 >= limits.reach",
    ),
    "near limits at half the way": (
        "limits.range_count * 75 > limits.reach",
        "limits.range_count * 100 > limits.reach",
    ),
    "a point on the near limit is close": (
        "limits.range_count * 75 > limits.reach",
        "limits.range_count * 75 >= limits.reach",
    ),
    "trend of six": ("between 5 preceding", "between 4 preceding"),
    "trend needs six rises": ("over six) = 6", "over six) >= 5"),
    "trend flags its last points alone": (
        "max(case when ends_trend then 1 end) over seven_on",
        "max(case when ends_trend then 1 end) over three_on",
    ),
    "trend at a peak goes with the earlier": (
        "case when is_next_in_trend then next_step_sign else step_sign end",
        "step_sign",
    ),
    "shift of six": ("over seven) = 7", "over seven) >= 6"),
    "shift of eight": ("between 6 preceding", "between 7 preceding"),
    "shift flags its last points alone": (
        "max(case when ends_shift then 1 end) over seven_on",
        "max(case when ends_shift then 1 end) over three_on",
    ),
    "two in three wants all three": ("over three >= 2", "over three >= 3"),
    "two in three on either side": (
        "abs(sum(relative_to_mean) over three) = 3",
        "abs(sum(relative_to_mean) over three) >= 1",
    ),
    "two in three counts points outside": (
        "is_beyond_near and not is_outside as is_close",
        "is_beyond_near as is_close",
    ),
    "two in three flags all three": ("coalesce(is_close and max(", "coalesce(max("),
    "shift before two in three": (
        "when rule_two_in_three and relative_to_mean = 1 then '2 in 3",
        "when rule_two_in_three and not rule_shift7 and relative_to_mean = 1 then '2 in 3",
    ),
    "trend before outside": (
        "when rule_outside and relative_to_mean = 1",
        "when rule_outside and not rule_trend7 and relative_to_mean = 1",
    ),
    "shift before trend": ("when rule_trend7 and case", "when rule_trend7 and not rule_shift7 and case"),
    "short from twelve": ("n_in_group < 13", "n_in_group < 12"),
    "neutral is judged": (
        "when improvement_direction = 'neutral'\n            then case",
        "when false\n            then case",
    ),
    "direction turned": ("= (improvement_direction = 'increase')", "= (improvement_direction = 'decrease')"),
    "a target on the limit passes": ("when target_to_lpl = -1", "when target_to_lpl <= 0"),
    "a target on the limit fails": ("when target_to_upl = 1", "when target_to_upl >= 0"),
    "a neutral series has assurance": ("target is null or improvement_direction = 'neutral' or", "target is null or"),
    "icons of the first point": ("max(point_no) as last_no", "min(point_no) as last_no"),
    "icon turned": ("then 'concern_low' else 'concern_high'", "then 'concern_high' else 'concern_low'"),
    "improvement icon turned": (
        "then 'improvement_high' else 'improvement_low'",
        "then 'improvement_low' else 'improvement_high'",
    ),
    "groups counted as one": ("count(distinct rebase_group)", "min(1)"),
    "values as doubles": (
        "cast(value as decimal(38, 12)) as units",
        "cast(value as double) as units",
    ),
}


@pytest.fixture(scope="module")
def loaded() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine with the open set, loaded once for all mutations."""
    with duckdb.connect(config={"threads": 2}) as connection:
        load(connection, OPEN)
        yield connection


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_is_noticed(loaded: duckdb.DuckDBPyConnection, name: str) -> None:
    answer(loaded, MUTATIONS[name])
    assert differences(loaded), name


# What the reference does not have, each thing broken once

# By series: values from January 2024 on (null: none), what is expected of the house's profile: what the limits are worth,
# icons of variation and assurance, signals, months bridged, how long the last points lie on their side, and how many are
# two in three.
STEADY: list[object] = [50, 52] * 6
HOUSE: Mapping[str, tuple[list[object], tuple[object, ...]]] = {
    "thirteen": ([*STEADY, 50], ("ok", "common_cause", "inconsistent", 0, 0, 1, 0)),
    "twelve": (STEADY, ("provisional", None, None, 0, 0, 1, 0)),
    "thirteen, one missing": ([*STEADY, None], ("provisional", None, None, 0, 0, 1, 0)),
    "missing at the end": ([*STEADY, 50, 70, None], ("ok", "improvement_high", "inconsistent", 14, 0, 1, 0)),
    "constant": ([7] * 20, ("degenerate", None, None, 0, 0, 20, 0)),
    "no neighbours": ([7, None, 9, None, 7], ("undefined", None, None, 0, 0, 1, 0)),
    "wild ranges": ([*STEADY, 90, 12, 60, 42, *STEADY], ("ok", "common_cause", "inconsistent", 2, 0, 1, 0)),
    "beyond and near": ([*STEADY, *STEADY, 58, 51.5, 56], ("ok", "improvement_high", "inconsistent", 2, 0, 4, 2)),
    "a line": (list(range(20)), ("run_no_signals", None, None, 0, 0, 10, 0)),
    "a gap": ([*STEADY, "gap", "gap", 50], ("ok", "common_cause", "inconsistent", 0, 2, 1, 0)),
    "a gap between events": ([*STEADY, "gap", 50], ("ok", "common_cause", "inconsistent", 0, 0, 1, 0)),
}
CHARTS = {"a line": "run_no_signals", "a gap between events": "time_between"}
HOUSE_MUTATIONS = {
    "thirteen values are provisional": ("extents.values_in_group < 13", "extents.values_in_group < 14"),
    "twelve values are enough": ("extents.values_in_group < 13", "extents.values_in_group < 12"),
    "rows count as values": ("extents.values_in_group < 13", "extents.n_in_group < 13"),
    "no spread is judged": ("spreads.range_count = 0 or spreads.range_sum = 0", "spreads.range_count = -1"),
    "no range is judged": ("spreads.all_ranges = 0", "spreads.all_ranges = -1"),
    "a line is judged": ("spreads.chart = 'run_no_signals'", "spreads.chart = 'none'"),
    "an icon of few values": ("spc_points.limits_status = 'ok'", "spc_points.limits_status in ('ok', 'provisional')"),
    "a missing last month is judged": ("max(case when value is not null then point_no end)", "max(point_no)"),
    "ranges are screened": ("false as is_screened", "true as is_screened"),
    "points beyond the limit do not count": (
        "is_beyond_near as is_close",
        "is_beyond_near and not is_outside as is_close",
    ),
    "two in three without points beyond": (
        "case when is_beyond_near then 1 end",
        "case when is_beyond_near and not is_outside then 1 end",
    ),
    "gaps are not counted": ("months_between > 0 then months_between", "months_between > 9 then months_between"),
    "gaps between events are counted": ("ordered.chart <> 'time_between'", "true"),
    "a run is counted from its second point": (
        "coalesce(before_runs.point_no, 0)",
        "coalesce(before_runs.point_no + 1, 1)",
    ),
}


def house_answer(
    engine: duckdb.DuckDBPyConnection, mutation: tuple[str, str] | None = None
) -> dict[str, tuple[object, ...]]:
    """What `HOUSE` expects, as the method gives it, as it is or with one thing replaced."""
    engine.execute("""
        create or replace table points (
            series_id varchar, period date, value decimal(24, 12), improvement_direction varchar,
            target decimal(24, 12), rebase_flag int, exclude_flag int, fix_after_n_points int, screen_outliers boolean,
            chart varchar
        )
    """)
    rows = [
        (name, date(2024 + place // 12, place % 12 + 1, 1), value, "increase", 51, 0, 0, None, True, CHARTS.get(name))
        for name, (values, _) in HOUSE.items()
        for place, value in enumerate(values)
        if value != "gap"
    ]
    engine.executemany("insert into points values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    sqls = [render("spc.sql", "spc_point", "points"), render("spc.sql", "spc_series", "made")]
    if mutation:
        assert any(mutation[0] in sql for sql in sqls), "the mutation names nothing that is there"
        sqls = [sql.replace(*mutation) for sql in sqls]
    for name, sql in zip(("made", "made_series"), sqls, strict=True):
        engine.execute(f"create or replace table {name} as {sql}")
    found = engine.sql("""
        select
            series_id, limits_status, variation_icon, assurance_icon, n_special, bridged_months, points_on_this_side,
            (select count(*) from made where made.series_id = made_series.series_id and rule_two_in_three)
        from made_series
    """).fetchall()
    return {name: tuple(rest) for name, *rest in found}


def test_the_house_judges_as_it_says(engine: duckdb.DuckDBPyConnection) -> None:
    assert house_answer(engine) == {name: expected for name, (_, expected) in HOUSE.items()}


@pytest.mark.parametrize("name", HOUSE_MUTATIONS)
def test_a_broken_rule_of_the_house_is_noticed(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    assert house_answer(engine, HOUSE_MUTATIONS[name]) != {name: expected for name, (_, expected) in HOUSE.items()}


# What is said and drawn beyond the reference


def judged(engine: duckdb.DuckDBPyConnection, values: list[object], **options: object) -> list[dict[str, object]]:
    """Points of one monthly series from January 2024 on, by the house's profile unless `options` name another."""
    engine.execute("create or replace table bare (period date, value decimal(24, 12))")
    for number, value in enumerate(values):
        engine.execute("insert into bare values (date '2024-01-01' + to_months($1::int), $2)", [number, value])
    engine.execute(f"""
        create or replace table points as
        select
            'a' as series_id, period, value, 'increase' as improvement_direction, null::decimal(24, 12) as target,
            false as rebase_flag, false as exclude_flag, null::int as fix_after_n_points,
            null::boolean as screen_outliers, '{options.pop("chart", "xmr")}' as chart
        from bare
    """)
    engine.execute(f"create or replace table made as {render('spc.sql', 'spc_point', 'points', **options)}")
    engine.execute(f"create or replace table made_series as {render('spc.sql', 'spc_series', 'made', **options)}")
    sentence = render("spc.sql", "spc_sentence", "'Falls on Ward X'", "made_series")
    engine.execute(f"create or replace table said as select {sentence} as sentence from made_series")
    made = engine.sql("from made order by point_no").to_arrow_table()
    return made.to_pylist()  # type: ignore[no-any-return]


NOISE: list[object] = [50, 53, 48, 51, 47, 52, 50, 54, 49, 46, 51, 50, 53, 48, 52]


def test_every_rule_that_fired_is_named(engine: duckdb.DuckDBPyConnection) -> None:
    """The 7 last points rise, lie above the mean, and leave the limits."""
    points = judged(engine, [*NOISE, *NOISE, 56, 58, 60, 62, 64, 66, 68])
    assert points[-1]["rules_fired"] == "outside, trend7, two_in_three, shift7"
    assert points[-1]["special_cause_type"] == "Above UCL"
    assert points[0]["rules_fired"] == ""


@pytest.mark.parametrize(
    ("values", "status", "has_limits", "says"),
    [
        (NOISE, "ok", True, "as usual, no special cause."),
        (NOISE[:12], "provisional", True, "fewer than 13 values"),
        ([7] * 20, "degenerate", False, "hardly vary"),
        ([7], "undefined", False, "too few values"),
        ([None] * 20, "undefined", False, "too few values"),
        ([7, None, 9, None, 7], "undefined", False, "too few values"),
        ([*NOISE[:14], 80], "ok", True, "far higher than usual in the last month: improvement."),
        ([*NOISE, 60, *[56] * 9], "ok", True, "higher than usual for 10 months: improvement."),
    ],
)
def test_what_limits_are_worth_and_what_is_said(
    engine: duckdb.DuckDBPyConnection, values: list[object], status: str, has_limits: bool, says: str
) -> None:
    points = judged(engine, values)
    assert {point["limits_status"] for point in points} == {status}
    assert all((point["upl"] is not None) == has_limits for point in points)
    sentence = engine.sql("select sentence from said").fetchone()
    assert sentence
    assert sentence[0].startswith("Falls on Ward X: ")
    assert says in sentence[0]


def test_a_line_without_signals(engine: duckdb.DuckDBPyConnection) -> None:
    points = judged(engine, list(range(30)), chart="run_no_signals")
    assert {(point["limits_status"], point["point_type"], point["upl"]) for point in points} == {
        ("run_no_signals", None, None)
    }
    assert not any(point["special_cause_flag"] for point in points)


def test_rare_events_are_charted_by_the_days_between_them(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("""
        create or replace table events as
        select 'a' as series_id, cast(day as date) as event_date
        from (values ('2024-01-01'), ('2024-03-01'), ('2024-01-11'), ('2024-01-11')) as days (day)
    """)
    engine.execute(f"create or replace table points as {render('spc.sql', 'spc_time_between', 'events')}")
    sql = render("spc.sql", "spc_point", "points", point_order="event_no")
    rows = engine.sql(f"select period, value, bridged_months from ({sql}) order by point_no").fetchall()
    assert [(str(period), int(value), bridged) for period, value, bridged in rows] == [
        ("2024-01-11", 10, 0),
        ("2024-01-11", 0, 0),
        ("2024-03-01", 50, 0),
    ]


@pytest.mark.parametrize("profile", ["making_data_count_2023", "nhsrplotthedots"])
@pytest.mark.parametrize("strict", [False, True])
def test_spark_reads_the_same_file(profile: str, strict: bool) -> None:
    options = {"profile": profile, "strict_reference": strict, "platform": "spark"}
    for sql in (
        render("spc.sql", "spc_point", "points", **options),
        render("spc.sql", "spc_series", "made", **options),
        render("spc.sql", "spc_time_between", "events", platform="spark"),
        "select " + render("spc.sql", "spc_sentence", "'x'", "made_series", platform="spark"),
    ):
        tree = sqlglot.parse_one(sql, dialect="spark")
        assert not tree.find(exp.Qualify)
        assert not [call.name for call in tree.find_all(exp.Anonymous)]

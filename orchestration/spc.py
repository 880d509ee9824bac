"""`qls spc`: a tidy CSV of series in, each point with limits and signals out, one line a series, and a chart.

The columns are those of the golden tables of NHSRplotthedots (tests/conformance/golden/spc/README.md). What cannot be
judged is refused with its line and its mend before anything is written: a wrong icon is worse than none.

Kept out: the method (`dbt_project/macros/spc.sql`), reading of text (`ingest.readers.delimited`), drawing
(`publish.charts`).
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.readers import delimited
from ingest.refusal import Refusal
from orchestration.methods import render

PROFILES = ("making_data_count_2023", "nhsrplotthedots")
REQUIRED = ("series_id", "period", "value")
OPTIONAL = (
    "improvement_direction",
    "target",
    "rebase_flag",
    "exclude_flag",
    "fix_after_n_points",
    "screen_outliers",
    "chart",
    "annotation",
)
# More would make a page that no browser opens with ease: about 20 kB a chart.
MOST_CHARTS = 200
# Points held in memory by one pass of the method: 10,000 series of five years, about 250 MiB.
_BATCH_POINTS = 600_000
# A target so many times what was ever measured is taken for one in another unit (per cent against a share).
_OTHER_UNIT = 25
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_MISSING = "'', 'na', 'nan', 'null'"


@dataclass(frozen=True)
class Request:
    """One call: where to read, what to write, and how to judge."""

    source: Path
    out: Path
    summary: Path | None = None
    chart: Path | None = None
    profile: str = PROFILES[0]
    strict_reference: bool = False


def run(request: Request) -> Iterator[str]:
    """Do what is asked; gives lines for the person who asked.

    Raises Refusal where the file or the request cannot be answered; nothing is written then.
    """
    _refuse_request(request)
    with (
        tempfile.TemporaryDirectory(prefix="qls-spc-") as scratch,
        duckdb.connect(config={"temp_directory": scratch}) as connection,
    ):
        _load(connection, request)
        _write(connection, request, Path(scratch))
        yield from _account(connection, request)
        yield from _notes(connection, request)


def _refuse_request(request: Request) -> None:
    outputs = [path for path in (request.out, request.summary, request.chart) if path]
    if request.profile not in PROFILES:
        raise Refusal(
            "profile", "--profile", f"there is no profile {request.profile!r}", f"name {' or '.join(PROFILES)}"
        )
    if request.strict_reference and request.profile != "nhsrplotthedots":
        raise Refusal(
            "profile",
            "--strict-reference",
            f"the profile {request.profile} has no reference to be strict about",
            "add --profile nhsrplotthedots",
        )
    resolved = [path.resolve() for path in (request.source, *outputs)]
    if len(set(resolved)) < len(resolved):
        raise Refusal("paths", "the file names", "two of them are the same file", "give each its own name")
    if not request.source.is_file():
        raise Refusal("readable", str(request.source), "there is no such file", "mend the name")
    for path in outputs:
        if not path.resolve().parent.is_dir() or path.is_dir():
            raise Refusal("paths", str(path), "it cannot be written there", "name a file in a folder that exists")


# From text to points


def _load(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """Make the table `points`, typed and held against every rule."""
    encoding = delimited.encoding_of(request.source)
    number, header = _header(request.source, encoding)
    rows = delimited.read(request.source, encoding, delimited.DELIMITERS[number], len(header), 0)
    ragged = [item for item in rows.ragged if item[2].strip()]
    if ragged:
        row, found, _ = ragged[0]
        raise Refusal(
            "cells",
            f"line {row + 1}",
            f"it has {found} cells and the header has {len(header)}",
            "quote a cell that holds the delimiter, and export again",
        )
    connection.register("cells", rows.cells)
    _type(connection, header)
    connection.unregister("cells")
    del rows
    _refuse_points(connection, request)


def _header(source: Path, encoding: str) -> tuple[int, list[str]]:
    """Which delimiter, and the names of the columns in lower case."""
    heads = delimited.head(source, encoding)
    names = [[cell.strip().lower() for cell in head[0]] if head else [] for head in heads]
    number = max(range(len(names)), key=lambda position: len({*REQUIRED, *OPTIONAL} & set(names[position])))
    header = names[number]
    if missing := [name for name in REQUIRED if name not in header]:
        found = ", ".join(name for name in header if name) or "nothing"
        raise Refusal(
            "columns",
            "line 1",
            f"the column {' and the column '.join(missing)} is missing (found: {found})",
            f"name the columns as they are: {', '.join(REQUIRED)}; the others are optional: {', '.join(OPTIONAL)}",
        )
    if twice := [name for name in (*REQUIRED, *OPTIONAL) if header.count(name) > 1]:
        raise Refusal("columns", "line 1", f"the column {twice[0]} stands there twice", "leave one of them")
    return number, header


def _type(connection: duckdb.DuckDBPyConnection, header: Sequence[str]) -> None:
    def text(name: str) -> str:
        return f"trim(c{header.index(name)})" if name in header else "''"

    def number(name: str) -> str:
        # Twelve places, half to even. Few values have more, so the exact way is taken by those alone.
        short = f"try_cast({text(name)} as decimal(24, 12))"
        exact = f"try_cast({text(name)} as decimal(38, 24))"
        is_tie = f"abs({exact} - {short}) = 0.0000000000005::decimal(38, 24)"
        is_odd = f"cast({short} * 1000000000000 as hugeint) % 2 <> 0"
        rounded = f"case when {is_tie} and {is_odd} then {short} - sign({short}) * 0.000000000001 else {short} end"
        return f"""
            case
                when lower({text(name)}) in ({_MISSING}) then null
                when not regexp_full_match({text(name)}, '{_NUMBER}') then null
                when length({text(name)}) > 13 then cast({rounded} as decimal(24, 12))
                else {short}
            end"""

    def flag(name: str, otherwise: str) -> str:
        return f"""
            case lower({text(name)})
                when '1' then true when 'true' then true
                when '0' then false when 'false' then false
                else {otherwise}
            end"""

    def filled(name: str) -> str:
        return f"lower({text(name)}) not in ({_MISSING})"

    bad = {
        "series_id": f"{text('series_id')} = ''",
        "period": f"not regexp_full_match({text('period')}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
        f"or try_cast({text('period')} as date) is null",
        "value": f"{filled('value')} and ({number('value')}) is null",
        "improvement_direction": f"lower({text('improvement_direction')}) not in "
        "('', 'na', 'increase', 'decrease', 'neutral')",
        "target": f"{filled('target')} and ({number('target')}) is null",
        "fix_after_n_points": f"{filled('fix_after_n_points')} and ("
        f"not regexp_full_match({text('fix_after_n_points')}, '[0-9]{{1,6}}(\\.0*)?') "
        f"or try_cast({text('fix_after_n_points')} as double) < 12)",
        "chart": f"lower({text('chart')}) not in ('', 'na', 'xmr', 'run_no_signals', 'time_between')",
    } | {
        name: f"lower({text(name)}) not in ('', 'na', '0', '1', 'false', 'true')"
        for name in ("rebase_flag", "exclude_flag", "screen_outliers")
    }
    present = {name: rule for name, rule in bad.items() if name in header}
    firsts = connection.sql(
        "select count(*), "
        + ", ".join(
            f"arg_min({text(name)}, _row_number) filter ({rule}), min(_row_number) filter ({rule})"
            for name, rule in present.items()
        )
        + f" from cells where not ({_blank(header)})"
    ).fetchone()
    assert firsts
    if not firsts[0]:
        raise Refusal("rows", "the file", "it has a header and no rows", "export it again with its rows")
    faults = [
        (line, name, found) for name, found, line in zip(present, firsts[1::2], firsts[2::2], strict=True) if line
    ]
    if faults:
        raise _unreadable(*min(faults))
    connection.execute(f"""
        create table points as
        select
            _row_number as row_no,
            {text("series_id")} as series_id,
            cast({text("period")} as date) as period,
            {number("value")} as value,
            nullif(nullif(lower({text("improvement_direction")}), ''), 'na') as improvement_direction,
            {number("target")} as target,
            cast({flag("rebase_flag", "false")} as int) as rebase_flag,
            cast({flag("exclude_flag", "false")} as int) as exclude_flag,
            case when {filled("fix_after_n_points")} then cast(cast({text("fix_after_n_points")} as double) as int) end
                as fix_after_n_points,
            {flag("screen_outliers", "null::boolean")} as screen_outliers,
            nullif(nullif(lower({text("chart")}), ''), 'na') as chart,
            nullif({text("annotation")}, '') as annotation
        from cells
        where not ({_blank(header)})
    """)


def _blank(header: Sequence[str]) -> str:
    return " and ".join(f"trim(c{header.index(name)}) = ''" for name in REQUIRED)


def _unreadable(line: int, column: str, found: str) -> Refusal:
    mends = {
        "series_id": "name the series of each row",
        "period": "write dates as 2025-04-30",
        "value": "write a plain number with a decimal point, at most twelve digits before it, or leave the cell blank",
        "improvement_direction": "write increase, decrease or neutral",
        "fix_after_n_points": "write a whole number from 12 on, or leave the cell blank",
        "chart": "write xmr, run_no_signals or time_between, or leave the cell blank",
    }
    mends["target"] = mends["value"]
    why = f"{column} is {found!r}" if found else f"{column} is blank"
    return Refusal("readable_cell", f"line {line + 1}", why, mends.get(column, "write 0 or 1, or TRUE or FALSE"))


# What no single row shows


def _refuse_points(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    twice = connection.sql("""
        select series_id, period, list_sort(list(row_no))[:2]
        from points where exclude_flag = 0
        group by series_id, period having count(*) > 1
        order by min(row_no) limit 1
    """).fetchone()
    if twice:
        series, period, lines = twice
        raise Refusal(
            "one_point_a_period",
            f"lines {lines[0] + 1} and {lines[1] + 1}",
            f"the series {series!r} has two points for {period}",
            "leave one of them, or set exclude_flag to 1 on the other",
        )
    options = ("improvement_direction", "fix_after_n_points", "screen_outliers", "chart")
    counted = ", ".join(f"count(distinct {name}) > 1" for name in options)
    differing = connection.sql(f"""
        select series_id, {counted} from points group by series_id
        having {counted.replace(",", " or")} order by series_id limit 1
    """).fetchone()
    if differing:
        series, *differs = differing
        name = next(name for name, does in zip(options, differs, strict=True) if does)
        row = connection.execute(
            f"""select row_no, {name} from points where series_id = $1 and {name} is distinct from (
                select arg_min({name}, row_no) from points where series_id = $1 and {name} is not null
            ) and {name} is not null order by row_no limit 1""",
            [series],
        ).fetchone()
        assert row
        raise Refusal(
            "one_option_a_series",
            f"line {row[0] + 1}",
            f"{name} changes to {row[1]!r} within the series {series!r}",
            "give a series one value of it; where limits begin anew, set rebase_flag to 1",
        )
    # A blank cell takes the option of its series; direction has no default that could not be wrong, so none judges.
    connection.execute(f"""
        create or replace table points as
        select points.* replace (
            coalesce(points.improvement_direction, options.improvement_direction, 'neutral') as improvement_direction,
            {", ".join(f"options.{name} as {name}" for name in options[1:])}
        )
        from points
        inner join (
            select series_id, {", ".join(f"max({name}) as {name}" for name in options)} from points group by series_id
        ) as options using (series_id)
    """)
    if not request.strict_reference and (other := _targets_in_another_unit(connection)):
        line, series, target, low, high = other
        raise Refusal(
            "target_unit",
            f"line {line + 1}",
            f"the target {_plain(target)} of the series {series!r} is in another unit than its values, which lie "
            f"between {_plain(low)} and {_plain(high)}",
            "give both as a share (0.95) or both as a percentage (95)",
        )


def _targets_in_another_unit(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first target that is a percentage where the values are shares, or the other way about."""
    return connection.sql(f"""
        with ranges as (
            select
                series_id,
                min(value) as low,
                max(value) as high,
                max(abs(value)) as most,
                median(value) as middle,
                max(case when value <> round(value, 0) then 1 else 0 end) = 1 as has_parts
            from points where exclude_flag = 0 group by series_id
        )
        select points.row_no, series_id, points.target, ranges.low, ranges.high
        from points inner join ranges using (series_id)
        where points.exclude_flag = 0
            and (
                (ranges.most <= 1 and ranges.has_parts and points.target > 1 and points.target <= 100
                    and points.target >= {_OTHER_UNIT} * ranges.most)
                or (ranges.low >= 0 and ranges.high <= 100 and points.target > 0 and points.target < 1
                    and ranges.middle >= {_OTHER_UNIT} * points.target)
            )
        order by points.row_no limit 1
    """).fetchone()


def _notes(connection: duckdb.DuckDBPyConnection, request: Request) -> Iterator[str]:
    """What was passed over, in words."""
    lost, undirected, screened, gone = connection.sql("""
        select
            count(*) filter (rebase_flag = 1 and exclude_flag = 1),
            count(distinct series_id) filter (target is not null and improvement_direction = 'neutral'),
            count(distinct series_id) filter (screen_outliers),
            count(distinct series_id) - count(distinct series_id) filter (exclude_flag = 0)
        from points
    """).fetchone() or (0, 0, 0, 0)
    if lost:
        yield f"Note        {lost} rebase dates stand on excluded rows and do nothing"
    if undirected:
        yield f"Note        {undirected} series have a target and no improvement_direction: nothing says whether it is met"
    if screened and request.profile == "making_data_count_2023":
        yield f"Note        screen_outliers is set on {screened} series; {request.profile} never screens moving ranges"
    if gone:
        yield f"Note        {gone} series have no row that is not excluded, and are left out"


# From points to files


def _number_text(name: str) -> str:
    """Seventeen digits, as the reference's tables print: the number comes back whole."""
    return f"format('{{:.17g}}', {name})"


def _decimal_text(name: str) -> str:
    return f"rtrim(rtrim(cast({name} as varchar), '0'), '.')"


def _flag_text(name: str) -> str:
    return f"upper(cast({name} as varchar))"


def _columns(**printed: Callable[[str], str] | None) -> str:
    return ", ".join(f"{printer(name)} as {name}" if printer else name for name, printer in printed.items())


_POINT_CSV = "select {} from spc_points order by series_id, period".format(
    _columns(
        series_id=None,
        period=None,
        value=_decimal_text,
        rebase_group=None,
        n_in_group=None,
        short_group_warning=_flag_text,
        fix_y=_decimal_text,
        mean=_number_text,
        amr_used=_number_text,
        lpl=_number_text,
        upl=_number_text,
        relative_to_mean=None,
        outside_limits=_flag_text,
        close_to_limits=_flag_text,
        rule_outside=_flag_text,
        rule_trend7=_flag_text,
        rule_two_in_three=_flag_text,
        rule_shift7=_flag_text,
        special_cause_type=None,
        special_cause_flag=_flag_text,
        point_type=None,
        target=_decimal_text,
    )
)
_SERIES_CSV = "select {} from spc_series order by series_id".format(
    _columns(
        series_id=None,
        n_points=None,
        n_groups=None,
        last_period=None,
        last_value=_decimal_text,
        mean=_number_text,
        lpl=_number_text,
        upl=_number_text,
        target=_decimal_text,
        variation_type=None,
        variation_icon="{} || '.svg'".format,
        assurance_type=None,
        assurance_icon="{} || '.svg'".format,
        n_special=None,
        any_short_group=_flag_text,
    )
)


def _write(connection: duckdb.DuckDBPyConnection, request: Request, scratch: Path) -> None:
    """Run the method batch by batch; leaves the tables of the last batch and `statuses` of all."""
    options = {"profile": request.profile, "strict_reference": request.strict_reference}
    point_sql = render("spc.sql", "spc_point", "batch", **options)
    series_sql = render("spc.sql", "spc_series", "spc_points", **options)
    made = {scratch / "points.csv": _POINT_CSV, scratch / "series.csv": _SERIES_CSV}
    part = scratch / "part.csv"
    connection.execute("create table statuses (limits_status varchar, bridged_months int, n_points int)")
    for number, (first, last) in enumerate(_batches(connection)):
        connection.execute(
            "create or replace temp table batch as select * from points where series_id between $1 and $2",
            [first, last],
        )
        connection.execute(f"create or replace temp table spc_points as {point_sql}")
        connection.execute(f"create or replace temp table spc_series as {series_sql}")
        connection.execute("insert into statuses select limits_status, bridged_months, n_points from spc_series")
        for path, sql in made.items():
            connection.execute(f"copy ({sql}) to '{part}' (header {number == 0})")
            with part.open("rb") as source, path.open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    for path, wanted in zip(made, (request.out, request.summary), strict=True):
        if wanted:
            _put(path, wanted)


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """First and last series of each batch, in order."""
    counts = connection.sql("select series_id, count(*) from points group by series_id order by series_id").fetchall()
    first, held = counts[0][0], 0
    for (series, points), following in zip(counts, [*counts[1:], None], strict=True):
        held += points
        if following is None or held + following[1] > _BATCH_POINTS:
            yield first, series
            if following:
                first, held = following[0], 0


def _put(made: Path, wanted: Path) -> None:
    """Put a finished file where it is wanted, whole or not at all."""
    beside = wanted.with_name(f".{wanted.name}.part")
    try:
        shutil.copyfile(made, beside)
        beside.replace(wanted)
    finally:
        beside.unlink(missing_ok=True)


def _account(connection: duckdb.DuckDBPyConnection, request: Request) -> Iterator[str]:
    series, points, bridged = connection.sql(
        "select count(*), coalesce(sum(n_points), 0), coalesce(sum(bridged_months), 0) from statuses"
    ).fetchone() or (0, 0, 0)
    yield f"Charted     {series:,} series, {points:,} points by {request.profile} into {request.out}"
    for status, count in connection.sql("""
        select limits_status, count(*) from statuses where limits_status <> 'ok' group by all order by all
    """).fetchall():
        yield f"Note        {count:,} series {_STATUS_TEXTS[status]}"
    if bridged:
        yield f"Note        {bridged:,} months have no row: the points on either side are taken as neighbours"


_STATUS_TEXTS = {
    "degenerate": "hardly vary, so their last limits would give false signals (degenerate)",
    "provisional": "have fewer than 13 values since their last limits began (provisional)",
    "undefined": "have too few values for limits (undefined)",
    "run_no_signals": "are shown as a line without limits",
}


def _plain(number: Any) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

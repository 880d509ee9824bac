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
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.readers import delimited
from ingest.refusal import Refusal
from orchestration.methods import render
from publish.charts import SpcChart, SpcPoint, spc_page

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
_SERIES_OPTIONS = ("improvement_direction", "fix_after_n_points", "screen_outliers", "chart")
# More would make a page that no browser opens with ease: about 20 kB a chart.
MOST_CHARTS = 200
# Points in one pass of the method: 5,000 series of five years.
_BATCH_POINTS = 300_000
# What DuckDB may hold before it writes to the scratch folder; reading, Python and Arrow take as much again.
_MEMORY = "350MB"
# A target so many times what was ever measured is taken for one in another unit (per cent against a share); from the
# second on it is asked after.
_OTHER_UNIT = 25
_ODD_UNIT = 10
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

    Raises Refusal where the file or the request cannot be answered, RuntimeError where the engine fails; nothing is
    written then.
    """
    _refuse_request(request)
    try:
        yield from _answer(request)
    except duckdb.Error as error:
        raise RuntimeError(f"{request.source}: the engine could not judge it ({error})") from error


def _answer(request: Request) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="qls-spc-") as scratch,
        duckdb.connect(config={"temp_directory": scratch, "memory_limit": _MEMORY}) as connection,
    ):
        _load(connection, request)
        points, series = _judge(connection, request, Path(scratch))
        page = Path(scratch) / "page.html"
        if request.chart:
            page.write_text(spc_page(list(_charts(connection, request.profile)), "SPC charts"), encoding="utf-8")
        # All are made before the first is put where it is wanted.
        for made, wanted in ((points, request.out), (series, request.summary), (page, request.chart)):
            if wanted:
                _put(made, wanted)
        yield from _account(connection, request)
        yield from _notes(connection, request)


def _refuse_request(request: Request) -> None:
    outputs = [path for path in (request.out, request.summary, request.chart) if path]
    if request.profile not in PROFILES:
        raise Refusal("profile", "--profile", f"there is no {request.profile!r}", f"name {' or '.join(PROFILES)}")
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
    cells = pa.Table.from_batches(rows.batches(), schema=rows.schema)
    rows.finish()
    ragged = [item for item in rows.ragged if item[2].strip()]
    if ragged:
        row, found, _ = ragged[0]
        raise Refusal(
            "cells",
            f"line {row + 1}",
            f"it has {found} cells and the header has {len(header)}",
            "quote a cell that holds the delimiter, and export again",
        )
    connection.register("cells", cells)
    _type(connection, header)
    connection.unregister("cells")
    del rows, cells
    pa.default_memory_pool().release_unused()
    _gather_series(connection, request)


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
    """Make `points` out of `cells`; raises Refusal for the first cell that cannot be read."""

    def text(name: str) -> str:
        return f"trim(c{header.index(name)})" if name in header else "''"

    readers = {
        "series_id": text("series_id"),
        "period": f"try_cast({text('period')} as date)",
        "value": _number(text("value")),
        "improvement_direction": _word(text("improvement_direction"), ("increase", "decrease", "neutral")),
        "target": _number(text("target")),
        "rebase_flag": _flag(text("rebase_flag")),
        "exclude_flag": _flag(text("exclude_flag")),
        "fix_after_n_points": f"try_cast(regexp_replace({text('fix_after_n_points')}, '[.]0+$', '') as int)",
        "screen_outliers": _flag(text("screen_outliers")),
        "chart": _word(text("chart"), ("xmr", "run_no_signals", "time_between")),
        "annotation": f"nullif({text('annotation')}, '')",
    }
    # What reads, and still is no such thing.
    wrong = {
        "series_id": "series_id = ''",
        # DuckDB reads other forms of a date too, and some of them the American way.
        "period": f"cast(period as varchar) <> {text('period')}",
        "fix_after_n_points": "fix_after_n_points < 12",
    }
    faults = [
        f"when {name} is null and lower({text(name)}) not in ({_MISSING}) then '{name}'"
        for name in readers
        if name in header and name != "annotation"
    ] + [f"when {rule} then '{name}'" for name, rule in wrong.items() if name in header]
    connection.execute(_BY_DIGITS)
    connection.execute(f"""
        create table points as
        select
            * exclude ({", ".join(f"c{position}" for position in range(len(header)))})
                replace (
                    coalesce(rebase_flag, false) as rebase_flag, coalesce(exclude_flag, false) as exclude_flag
                ),
            case when period is null then 'period' {" ".join(faults)} end as fault
        from (
            select cells.*, {", ".join(f"{reader} as {name}" for name, reader in readers.items())}
            from cells
            where not ({" and ".join(f"{text(name)} = ''" for name in REQUIRED)})
        ) as read_cells
    """)
    count, row, name = connection.sql("""
        select
            count(*),
            min(_row_number) filter (fault is not null),
            arg_min(fault, _row_number) filter (fault is not null)
        from points
    """).fetchone() or (0, None, None)
    if not count:
        raise Refusal("rows", "the file", "it has a header and no rows", "export it again with its rows")
    if row:
        found = connection.execute(f"select {text(name)} from cells where _row_number = $1", [row]).fetchone()
        raise _unreadable(row, name, found[0] if found else "")


def _number(text: str) -> str:
    """A decimal(26, 12), half to even; null for what is no number or has more than 14 digits before the point.

    DuckDB casts text to so wide a decimal in 6 microseconds a cell and rounds half up, so most cells go by way of a
    narrow one, and the others by digits.
    """
    return f"""
        case
            when regexp_full_match({text}, '[+-]?[0-9]{{1,12}}([.][0-9]{{0,6}})?')
                then cast(try_cast({text} as decimal(18, 6)) as decimal(26, 12))
            when regexp_full_match({text}, '[+-]?([0-9]{{1,14}}([.][0-9]*)?|[.][0-9]+)') then by_digits({text})
            when regexp_full_match({text}, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]{{1,3}}')
                and abs(try_cast({text} as double)) < 99999999999999
                then by_digits(cast(try_cast({text} as decimal(38, 24)) as varchar))
        end"""


# Twelve places of the fraction as a whole number, and one more where the rest is above a half, or a half and the last
# place odd.
_BY_DIGITS = """
create temp macro by_digits(digits) as cast(
    case when starts_with(digits, '-') then -1 else 1 end * (
        coalesce(cast(nullif(split_part(ltrim(digits, '+-'), '.', 1), '') as decimal(14, 0)), 0)
        + cast(0.000000000001 as decimal(13, 12)) * (
            cast(rpad(split_part(digits, '.', 2)[:12], 12, '0') as decimal(13, 0))
            + case
                when rtrim(split_part(digits, '.', 2)[13:], '0') > '5' then 1
                when rtrim(split_part(digits, '.', 2)[13:], '0') = '5'
                    then cast(rpad(split_part(digits, '.', 2)[:12], 12, '0') as bigint) % 2
                else 0
            end
        )
    ) as decimal(26, 12)
)
"""


def _word(text: str, words: Sequence[str]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"case when lower({text}) in ({listed}) then lower({text}) end"


def _flag(text: str) -> str:
    return f"case when lower({text}) in ('1', 'true') then true when lower({text}) in ('0', 'false') then false end"


def _unreadable(line: int, column: str, found: str) -> Refusal:
    mends = {
        "series_id": "name the series of each row",
        "period": "write dates as 2025-04-30",
        "value": "write a plain number with a decimal point, at most 14 digits before it, or leave the cell blank",
        "improvement_direction": "write increase, decrease or neutral",
        "fix_after_n_points": "write a whole number from 12 on, or leave the cell blank",
        "chart": "write xmr, run_no_signals or time_between, or leave the cell blank",
    }
    mends["target"] = mends["value"]
    why = f"{column} is {found!r}" if found else f"{column} is blank"
    return Refusal("readable_cell", f"line {line + 1}", why, mends.get(column, "write 0 or 1, or TRUE or FALSE"))


# What no single row shows


def _gather_series(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """Make `series`, one row each with its options; a blank cell takes the option of its series.

    Raises Refusal where a series contradicts itself.
    """
    counted = ", ".join(f"count(distinct {name}) > 1 as {name}_changes" for name in _SERIES_OPTIONS)
    connection.execute(f"""
        create table series as
        select
            series_id,
            {", ".join(f"max({name}) as {name}" for name in _SERIES_OPTIONS)},
            {counted},
            count(*) filter (not exclude_flag) as points,
            count(*) filter (rebase_flag and exclude_flag) as rebases_lost,
            max(target) filter (not exclude_flag) as target,
            min(value) filter (not exclude_flag) as low,
            max(value) filter (not exclude_flag) as high,
            median(value) filter (not exclude_flag) as middle,
            coalesce(bool_or(value <> round(value, 0)) filter (not exclude_flag), false) as has_parts
        from points
        group by series_id
    """)
    for name in _SERIES_OPTIONS:
        found = connection.sql(f"""
            select points._row_number, points.{name}, series_id
            from points inner join series using (series_id)
            where {name}_changes and points.{name} is distinct from series.{name} and points.{name} is not null
            order by points._row_number limit 1
        """).fetchone()
        if found:
            raise Refusal(
                "one_option_a_series",
                f"line {found[0] + 1}",
                f"{name} is {found[1]!r} here and something else in other rows of the series {found[2]!r}",
                "give a series one value of it; where limits begin anew, set rebase_flag to 1",
            )
    if not request.strict_reference:
        _refuse_other_unit(connection)
    count = connection.sql("select count(*) from series").fetchone() or (0,)
    if request.chart and count[0] > MOST_CHARTS:
        raise Refusal(
            "charts",
            "--chart",
            f"the file has {count[0]:,} series, and a page shows at most {MOST_CHARTS}",
            "leave --chart out, or give a file with fewer series",
        )


def _refuse_other_unit(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a target that is a percentage where the values are shares, or the other way about."""
    found = connection.sql(f"""
        select points._row_number, series_id, points.target, series.low, series.high
        from points inner join series using (series_id)
        where not points.exclude_flag
            and (
                (greatest(abs(series.low), abs(series.high)) <= 1 and series.has_parts
                    and points.target > 1 and points.target <= 100
                    and points.target >= {_OTHER_UNIT} * greatest(abs(series.low), abs(series.high)))
                or (series.low >= 0 and series.high <= 100 and points.target > 0 and points.target < 1
                    and series.middle >= {_OTHER_UNIT} * points.target)
            )
        order by points._row_number limit 1
    """).fetchone()
    if found:
        line, series, target, low, high = found
        raise Refusal(
            "target_unit",
            f"line {line + 1}",
            f"the target {_plain(target)} of the series {series!r} is in another unit than its values, which lie "
            f"between {_plain(low)} and {_plain(high)}",
            "give both as a share (0.95) or both as a percentage (95)",
        )


def _refuse_twice(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse two points of a series on one date, in the batch."""
    found = connection.sql("""
        select series_id, period, list_sort(list(_row_number))[:2]
        from batch
        where not exclude_flag
        group by series_id, period
        having count(*) > 1
        order by min(_row_number) limit 1
    """).fetchone()
    if found:
        series, period, lines = found
        raise Refusal(
            "one_point_a_period",
            f"lines {lines[0] + 1} and {lines[1] + 1}",
            f"the series {series!r} has two points for {period}",
            "leave one of them, or set exclude_flag to 1 on the other",
        )


def _notes(connection: duckdb.DuckDBPyConnection, request: Request) -> Iterator[str]:
    """What was passed over, in words."""
    lost, undirected, screened, gone = connection.sql("""
        select
            coalesce(sum(rebases_lost), 0),
            count(*) filter (target is not null and improvement_direction is null),
            count(*) filter (screen_outliers),
            count(*) filter (points = 0)
        from series
    """).fetchone() or (0, 0, 0, 0)
    if lost:
        yield f"Note        {lost} rebase dates stand on excluded rows and do nothing"
    if undirected:
        yield f"Note        {undirected} series have a target and no direction: nothing says whether it is met"
    if screened and request.profile == "making_data_count_2023":
        yield f"Note        screen_outliers is set on {screened} series; {request.profile} never screens moving ranges"
    odd, example = connection.sql(f"""
        select
            count(*),
            any_value(
                printf(
                    '%s has %g against values from %g to %g',
                    series_id, cast(target as double), cast(low as double), cast(high as double)
                )
                order by series_id
            )
        from series
        where target > 0 and high > 0
            and (target >= {_ODD_UNIT} * greatest(abs(low), high) or (low > 0 and {_ODD_UNIT} * target <= low))
    """).fetchone() or (0, "")
    if odd:
        yield f"Note        {odd} series have a target that may be in another unit than their values ({example})"
    (crowded,) = connection.sql("select coalesce(sum(crowded), 0) from crowds").fetchone() or (0,)
    if crowded:
        yield f"Note        {crowded} series have more than one point in a month: each is a point of its own"
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


# No direction is one that could not be wrong, so a series without one is not judged.
_BATCH = f"""
    create or replace temp table batch as
    select
        points.* exclude ({", ".join(_SERIES_OPTIONS)}),
        coalesce(series.improvement_direction, 'neutral') as improvement_direction,
        {", ".join(f"series.{name}" for name in _SERIES_OPTIONS[1:])}
    from points inner join series using (series_id)
    where series_id between $1 and $2
"""


def _judge(connection: duckdb.DuckDBPyConnection, request: Request, scratch: Path) -> tuple[Path, Path]:
    """Run the method batch by batch into two files; leaves the tables of the last batch and `statuses` of all."""
    point_sql = render("spc.sql", "spc_point", "batch", request.profile, request.strict_reference)
    series_sql = render("spc.sql", "spc_series", "spc_points", request.profile, request.strict_reference)
    points, series = scratch / "points.csv", scratch / "series.csv"
    part = scratch / "part.csv"
    connection.execute("create table statuses (limits_status varchar, bridged_months int, n_points int)")
    connection.execute("create table crowds (crowded bigint)")
    for number, (first, last) in enumerate(_batches(connection)):
        connection.execute(_BATCH, [first, last])
        _refuse_twice(connection)
        connection.execute(f"create or replace temp table spc_points as {point_sql}")
        connection.execute(f"create or replace temp table spc_series as {series_sql}")
        connection.execute("insert into statuses select limits_status, bridged_months, n_points from spc_series")
        connection.execute("""
            insert into crowds
            select count(distinct series_id)
            from (
                select series_id
                from batch
                where not exclude_flag and chart is distinct from 'time_between'
                group by series_id, year(period) * 12 + month(period)
                having count(*) > 1
            )
        """)
        for path, sql in ((points, _POINT_CSV), (series, _SERIES_CSV)):
            connection.execute(f"copy ({sql}) to '{part}' (header {number == 0})")
            with part.open("rb") as source, path.open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return points, series


_METHODS = {
    "making_data_count_2023": "XmR chart by Making Data Count (profile making_data_count_2023): limits at the mean "
    "plus and minus 2.66 times the average moving range, not screened; signals are a point outside the limits, a "
    "trend of 7, 7 points on one side of the mean, and two of three beyond two thirds of the way to a limit.",
    "nhsrplotthedots": "XmR chart by the R package NHSRplotthedots 0.2.2 (profile nhsrplotthedots): limits at the mean "
    "plus and minus 2.66 times the average moving range, screened once unless the series says otherwise; signals are a "
    "point outside the limits, a trend of 7, 7 points on one side of the mean, and two of three in the outer third.",
}


def _charts(connection: duckdb.DuckDBPyConnection, profile: str) -> Iterator[SpcChart]:
    """Each series of the last batch as a chart; a page holds so few that there is no other."""
    sentence = render("spc.sql", "spc_sentence", "spc_series.series_id", "spc_series", "point")
    sentences = dict(connection.sql(f"select series_id, {sentence} from spc_series").fetchall())
    rows = connection.sql("""
        select
            spc_points.series_id, period, cast(spc_points.value as double), rebase_group, mean, lpl, upl,
            cast(spc_points.target as double), point_type, special_cause_type, bridged_months, batch.annotation
        from spc_points inner join batch using (series_id, period)
        where not batch.exclude_flag
        order by series_id, period
    """).fetchall()
    for name, points in groupby(rows, key=lambda row: row[0]):
        yield SpcChart(name, sentences[name], _METHODS[profile], [SpcPoint(*row[1:]) for row in points])


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """First and last series of each batch, in order."""
    counts = connection.sql("select series_id, points from series order by series_id").fetchall()
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

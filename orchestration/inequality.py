"""`qls inequality`: the inequality statistics of a tidy CSV, by the same macros as the warehouse.

Refuses what cannot be true with its line and what mends it, computes the constants that SQL has no
function for (SciPy: normal, Student's t and chi-squared quantiles), runs the macro on DuckDB, and names the columns as
the golden tables do. What is odd but can be computed is said in the column `state`.

Kept out: any formula of a statistic (the macros `inequality*.sql`), how a CSV is read (`tidy`).
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, isfinite, log10
from pathlib import Path
from typing import Any

import duckdb

from ingest.refusal import Refusal
from orchestration.methods import render
from orchestration.settings import PROJECT
from orchestration.tidy import MISSING, SQL_TYPES, Reader, cell, number, read_csv, table, truth, whole

STANDARD = PROJECT / "dbt_project" / "seeds" / "european_standard_population.csv"
# Columns that name a row or group without being told; others are named by `group`.
KEYS = ("case_id", "group", "region", "area", "unit")
LINES = 100  # of a funnel: as many positions as the reference draws
Row = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What the caller asks for; a column of the same name in the file wins."""

    group: tuple[str, ...] = ()
    confidence: tuple[float, ...] = (0.95, 0.998)
    multiplier: float | None = None
    value_type: int | None = None
    transform: bool = False
    quantiles: int | None = None
    invert: bool = True
    grouped: bool = True


@dataclass
class Answer:
    """Columns and rows as they are to be written; `lines` are those of a funnel, by the same two."""

    columns: list[str]
    rows: list[list[Any]]
    lines: tuple[list[str], list[list[Any]]] | None = None
    notes: list[str] = field(default_factory=list)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


@dataclass
class Given:
    """A file as read: its key columns, its columns of values, and its rows with their lines."""

    keys: list[str]
    columns: list[str]
    rows: list[Row]
    connection: duckdb.DuckDBPyConnection

    @property
    def sql_keys(self) -> list[str]:
        """Keys under names that no platform reserves; one for all rows where the file has none."""
        return [f"key_{place}" for place in range(1, len(self.keys) + 1)] or ["key_0"]

    def query(self, sql: str) -> list[Row]:
        """What SQL gives on the table `observations` and the constants beside it; None for what is no finite number."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, map(_finite, row), strict=True)) for row in cursor.fetchall()]

    def in_order(self, rows: list[Row]) -> list[Row]:
        """Rows of an answer in the order in which the file first names their keys."""
        first: dict[tuple[Any, ...], int] = {}
        for row in self.rows:
            first.setdefault(tuple(row[key] for key in self.sql_keys), row["line"])
        return sorted(rows, key=lambda row: first[tuple(row[key] for key in self.sql_keys)])

    def key_cells(self, row: Row) -> list[Any]:
        """The cells of a row's key columns."""
        return [row[name] for name in self.sql_keys] if self.keys else []


@dataclass(frozen=True)
class Method:
    """What a method reads and how it is run. `needs` and `may_have` map a column to how its cells are read."""

    needs: Mapping[str, Reader]
    run: Callable[[Given, Options], Answer]
    may_have: Mapping[str, Reader] = field(default_factory=dict)
    # What must not occur twice, besides the keys; None: rows may repeat.
    once: tuple[str, ...] | None = ()
    # The macro of what cannot be true of a row, as `render` takes it.
    fault: tuple[Any, ...] | None = None


def compute(path: Path, method: str, options: Options) -> Answer:
    """The statistics of a CSV. Raises Refusal where the file, or what is asked of it, cannot be meant."""
    options = _checked(options, method)
    header, body = read_csv(path)
    chosen = REPEAT_EVENTS if method == "dsr" and "eventfreq" in header else METHODS[method]
    with duckdb.connect() as connection:
        given = _given(header, body, chosen, options, connection)
        try:
            if chosen.fault:
                found = given.query(
                    f"select line, fault from (select line, {render(*chosen.fault)} as fault from observations) "
                    "where fault is not null order by line"
                )
                _refuse_faults(given, [(row["line"], row["fault"]) for row in found])
            return chosen.run(given, options)
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            raise Refusal("too_large", "the whole file", "a sum is beyond 1e21", "check the counts") from error


# Reading


def _given(
    names: list[str],
    body: list[tuple[int, list[str]]],
    method: Method,
    options: Options,
    connection: duckdb.DuckDBPyConnection,
) -> Given:
    """The file as a table `observations`, held against what the method reads."""
    if repeated := sorted(name for name, times in Counter(names).items() if times > 1):
        raise Refusal("header", "line 1", f"the column {repeated[0]} stands twice", "give each column its own name")
    readers = {**method.needs, **method.may_have}
    keys = [name for name in names if name in options.group] if options.group else [n for n in names if n in KEYS]
    if absent := sorted(set(options.group) - set(names)):
        raise Refusal("header", "line 1", f"there is no column {absent[0]} to group by", f"found: {', '.join(names)}")
    if absent := [name for name in method.needs if name not in names]:
        raise Refusal(
            "header",
            "line 1",
            f"the column {', '.join(absent)} is missing (found: {', '.join(names)})",
            f"name the columns {', '.join(method.needs)}",
        )
    if unknown := [name for name in names if name not in readers and name not in keys]:
        raise Refusal(
            "header",
            "line 1",
            f"the column {unknown[0]} is not known",
            "take it out, or name it in --group where it tells groups apart",
        )
    rows = []
    for line, cells in body:
        row: Row = {"line": line, "key_0": ""}
        by_name = dict(zip(names, cells, strict=True))
        for place, key in enumerate(keys, 1):
            if by_name[key] in MISSING:
                raise Refusal("key", f"line {line}", f"the column {key} is blank", "name the row's group")
            row[f"key_{place}"] = by_name[key]
        for name, read in readers.items():
            row[name] = cell(by_name[name], read, name, line) if name in by_name else None
        rows.append(row)
    given = Given(keys, [name for name in names if name in readers], rows, connection)
    if method.once is not None:
        _refuse_repeats(given, method.once)
    _load(given, readers)
    return given


def _refuse_repeats(given: Given, once: tuple[str, ...]) -> None:
    # Cases without a name are told apart by their lines.
    if not given.keys and not set(once) - set(SETTINGS):
        return
    if set(once) == set(SETTINGS) and "case_id" not in given.keys:
        # Rows that are summed by group: what is the same in all cells would be counted twice.
        once = tuple(COUNTS)
    seen: dict[tuple[Any, ...], int] = {}
    for row in given.rows:
        known = tuple(row[key] for key in given.sql_keys) + tuple(row.get(name) for name in once)
        if known in seen:
            named = ", ".join(
                f"{part:g}" if isinstance(part, float) else str(part) for part in known if part not in (None, "")
            )
            raise Refusal(
                "repeated",
                f"line {row['line']}",
                f"{named or 'the row'} stands twice (first in line {seen[known]})",
                "leave one of the two; name in --group what tells them apart",
            )
        seen[known] = row["line"]


def _load(given: Given, readers: Mapping[str, Reader]) -> None:
    columns = {"line": "bigint"} | dict.fromkeys(given.sql_keys, "varchar")
    columns |= {name: SQL_TYPES[read] for name, read in readers.items()}
    table(given.connection, "observations", columns, ([row[name] for name in columns] for row in given.rows))


# Refusing

# What each fault of the macros says, and what mends it.
FAULTS = {
    "denominator_not_positive": (
        "the denominator is zero or below",
        "give a denominator above zero, or leave the row out",
    ),
    "denominator_negative": ("the denominator is below zero", "give a population of zero or more"),
    "denominator_missing": ("the denominator is missing", "give the population of each age band"),
    "numerator_negative": ("the numerator is below zero", "give a count of zero or more"),
    "numerator_above_denominator": (
        "the numerator is above the denominator",
        "a proportion counts some of a whole: check both, or use --method rate",
    ),
    "expected_not_positive": ("expected is zero or below", "give the expected events, above zero"),
    "age_band_missing": ("the age band is blank", "name the age band"),
    "standard_missing": ("the standard population is missing", "give stdpop for each age band"),
    "standard_negative": ("the standard population is below zero", "give stdpop of zero or more"),
    "frequency_not_positive": ("eventfreq is missing or not above zero", "give how often: 1, 2, 3, ..."),
    "band_differs_within_itself": (
        "an age band has two denominators or two standard populations",
        "give each band of a group one of each",
    ),
    "reference_numerator_negative": ("the reference numerator is below zero", "give a count of zero or more"),
    "reference_denominator_missing": (
        "the reference denominator is missing",
        "give the reference population of each age band",
    ),
    "reference_denominator_not_positive": (
        "the reference denominator is zero or below",
        "give the reference population of each age band",
    ),
    "quantile_no_number": ("the quantile is missing or below 1", "number the quantiles 1 (most deprived), 2, 3, ..."),
    "population_not_positive": (
        "the population is missing, zero or below",
        "give the population of each quantile, above zero",
    ),
    "count_not_positive": ("the count is zero or below", "pool periods or quantiles until each has an event"),
    "value_type_unknown": ("value_type is not 0, 1 or 2", "0 other, 1 rate, 2 proportion"),
    "multiplier_zero": ("the multiplier is 0", "1, 100, -100, ..."),
    "nothing_to_transform": ("only a rate or a proportion can be transformed", "value_type 1 or 2, or transform FALSE"),
    "value_missing": ("the value is missing", "give value, or count and population of a proportion"),
    "value_no_proportion": (
        "the value of a proportion is not between 0 and 1",
        "give parts of 1, and --multiplier 100 for per cent",
    ),
    "value_negative": ("the value of a rate is below zero", "give a rate of zero or more"),
    "se_with_transform": (
        "a standard error cannot be transformed",
        "give lower_cl and upper_cl in place of se, or transform FALSE",
    ),
    "se_negative": ("the standard error is below zero", "give a standard error of zero or more"),
    "limits_missing": (
        "lower_cl or upper_cl is missing",
        "give the 95 % limits of each value, as --method proportion or rate makes them",
    ),
    "limits_crossed": ("lower_cl is above upper_cl", "give the lower limit in lower_cl"),
    "limit_no_proportion": ("the limits of a proportion are not between 0 and 1", "give parts of 1, as the value"),
    "no_log_of_zero": (
        "a value or limit of 0 (or a proportion of 1) has no logarithm",
        "pool periods or quantiles until each has some and not all",
    ),
}


def _refuse_faults(given: Given, faults: Sequence[tuple[int, str]]) -> None:
    if not faults:
        return
    line, fault = faults[0]
    why, mend = FAULTS[fault]
    more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
    raise Refusal(fault, f"line {line}{more}", why, mend)


def _line_of(given: Given, row: Row) -> int:
    return next(int(r["line"]) for r in given.rows if all(r[key] == row[key] for key in given.sql_keys))


# Confidence and constants


def _checked(options: Options, method: str) -> Options:
    confidence = tuple(normal_confidence(level) for level in options.confidence)
    if len(confidence) > 1 and confidence != (0.95, 0.998):
        raise Refusal(
            "confidence", "--confidence", "only 0.95 and 0.998 may be asked together", "ask one level, or 0.95,0.998"
        )
    if 1 in confidence and method != "proportion":
        raise Refusal("confidence", "--confidence", "a certain interval of this has no end", "ask 0.95 or 0.998")
    if method.startswith("funnel") and len(confidence) == 1:
        raise Refusal("confidence", "--confidence", "a funnel has lines at 0.95 and 0.998", "leave --confidence out")
    multiplier = options.multiplier
    if multiplier is not None and (not isfinite(multiplier) or multiplier == 0 or (multiplier < 0 and method != "sii")):
        raise Refusal(
            "multiplier", "--multiplier", f"nothing can be given per {multiplier:g}", "100, 1000, 100000, ..."
        )
    if options.quantiles is not None and not 2 <= options.quantiles <= 100:
        raise Refusal("quantiles", "--quantiles", f"there are no {options.quantiles} quantiles", "5 or 10 are usual")
    return replace(options, confidence=confidence)


def normal_confidence(level: float) -> float:
    """A confidence level as a part of 1. Raises Refusal where it is neither 0.9 to 1 nor 90 to 100."""
    if 90 <= level <= 100:
        return level / 100
    if 0.9 <= level <= 1:
        return level
    raise Refusal(
        "confidence",
        f"confidence {level:g}",
        "a confidence level lies between 0.9 and 1, or between 90 and 100",
        "ask 0.95 or 0.998",
    )


def z_of(confidence: float) -> float:
    """The two-sided normal quantile. Certainty has none: so large a number that Wilson's limits are 0 and 1."""
    from scipy.special import ndtri

    return 1e150 if confidence == 1 else float(ndtri(confidence + (1 - confidence) / 2))


def levels_of(confidence: Sequence[float]) -> list[Any]:
    """Levels as the macros take them: a single one is called lowercl and uppercl."""
    if len(confidence) > 1:
        return list(confidence)
    return [{"suffix": "", "confidence": repr(confidence[0]), "z": repr(z_of(confidence[0]))}]


def label_of(confidence: Iterable[float]) -> str:
    """95%, 99.8%."""
    return ", ".join(f"{level * 100:g}%" for level in confidence)


def limit_columns(confidence: Sequence[float], prefix: str = "") -> list[str]:
    """Names of the limits, in the order of the golden tables."""
    suffixes = ("95_0", "99_8") if len(confidence) > 1 else ("",)
    return [f"{prefix}{end}{suffix}cl" for suffix in suffixes for end in ("lower", "upper")]


def poisson_limits(
    connection: duckdb.DuckDBPyConnection, pairs: Iterable[tuple[float | None, float]], name: str = "poisson_limits"
) -> None:
    """Make the table of exact limits of each (count below ten, confidence)."""
    from scipy.special import gammaincinv

    rows = []
    for observed, confidence in sorted({(x, c) for x, c in pairs if x is not None and 0 <= x < 10}):
        tail = (1 - confidence) / 2
        lower = float(gammaincinv(observed, tail)) if observed > 0 else 0.0
        rows.append((observed, confidence, lower, float(gammaincinv(observed + 1, confidence + tail))))
    columns = dict.fromkeys(("observed", "confidence", "lower", "upper"), "double")
    table(connection, name, columns, rows)


def _exact_for(given: Given, counts: str, confidence: Sequence[float]) -> None:
    found = [row["x"] for row in given.query(f"select distinct x from ({counts})")]
    poisson_limits(given.connection, ((x, level) for x in found for level in confidence))


# Methods


def _plain(value: float) -> str:
    return f"{value:.15g}"


def _statistic(kind: str, multiplier: float) -> str:
    if kind == "proportion" and multiplier == 100:
        return "percentage"
    return f"{kind} {'of' if kind == 'proportion' else 'per'} {_plain(multiplier)}"


def _proportion_or_rate(kind: str) -> Callable[[Given, Options], Answer]:
    """Rows of cases each for itself, or, named by `group`, summed first; limits as columns or one pair a row."""

    def run(given: Given, options: Options) -> Answer:
        multiplier = options.multiplier or {"proportion": 100.0, "rate": 100_000.0}[kind]
        summed = bool(given.keys) and "case_id" not in given.keys
        if summed and {"confidence", "multiplier"} & set(given.columns):
            raise Refusal(
                "header",
                "line 1",
                "confidence and multiplier are of a case and not of a row that is summed",
                "name the column of cases case_id, or give --confidence and --multiplier",
            )
        if not summed:
            _settle_cases(given, options, kind, multiplier)
        keys = given.sql_keys if summed else ["line"]
        relation = "observations"
        if summed:
            relation = f"({render('inequality.sql', 'grouped_counts', 'observations', keys)})"
        single = "confidence" in given.columns or len(options.confidence) == 1
        levels = levels_of(options.confidence)
        if single and not summed:
            levels = [{"suffix": "", "confidence": "confidence", "z": "z"}]
        wanted: dict[str, Any] = {"multiplier": repr(multiplier) if summed else "multiplier", "levels": levels}
        arguments = [relation, keys]
        if kind == "rate":
            wanted_levels = {row["confidence"] for row in given.rows} if single else set(options.confidence)
            _exact_for(given, f"select numerator as x from {relation}", sorted(wanted_levels))
            arguments.append("poisson_limits")
        found = given.query(render("inequality.sql", kind, *arguments, **wanted))
        if summed:
            _refuse_faults(given, [(_line_of(given, row), row["fault"]) for row in found if row["fault"]])
            return _summed_answer(given, options, kind, multiplier, given.in_order(found))
        return _case_answer(given, options, kind, single, sorted(found, key=lambda row: int(row["line"])))

    return run


def _settle_cases(given: Given, options: Options, kind: str, multiplier: float) -> None:
    """Put confidence, its normal quantile and multiplier of each case beside it; what the file says wins."""
    for row in given.rows:
        row["confidence_in"] = options.confidence[0] if row["confidence"] is None else row["confidence"]
        row["multiplier"] = multiplier if row["multiplier"] is None else row["multiplier"]
        try:
            asked = replace(options, confidence=(row["confidence_in"],), multiplier=row["multiplier"])
            (row["confidence"],) = _checked(asked, kind).confidence
        except Refusal as refusal:
            raise Refusal(refusal.rule, f"line {row['line']}", refusal.why, refusal.mend) from None
    quantiles = {level: z_of(level) for level in {row["confidence"] for row in given.rows}}
    kinds = {"line": "bigint"} | dict.fromkeys(given.sql_keys, "varchar")
    kinds |= dict.fromkeys(("numerator", "denominator", "confidence", "z", "multiplier"), "double")
    rows = [[(row | {"z": quantiles[row["confidence"]]})[name] for name in kinds] for row in given.rows]
    table(given.connection, "observations", kinds, rows)


def _case_answer(given: Given, options: Options, kind: str, single: bool, found: list[Row]) -> Answer:
    keys = given.keys or ["line"]
    by_line = {row["line"]: row for row in given.rows}
    limits = limit_columns((0.95,) if single else options.confidence)
    label = "confidence_label"
    tail = [label, "statistic", "method"] if kind == "proportion" else ["method", "statistic"]
    columns = [*keys, *(["confidence_in"] if single else []), "multiplier", "value", *limits]
    columns += tail if single else ["confidence", "statistic", "method"]
    rows = []
    for row in found:
        source = by_line[row["line"]]
        confidence = [source["confidence"]] if single else options.confidence
        row |= dict(zip(keys, given.key_cells(source) or [row["line"]], strict=True))
        row |= {"confidence_in": source["confidence_in"], "multiplier": source["multiplier"]}
        row |= {label: label_of(confidence), "confidence": label_of(confidence)}
        row |= {"statistic": _statistic(kind, source["multiplier"]), "method": row.get("method", "Wilson")}
        rows.append([row[column] for column in columns])
    return Answer(columns, rows)


def _summed_answer(given: Given, options: Options, kind: str, multiplier: float, found: list[Row]) -> Answer:
    columns = ["x", "n", "value", *limit_columns(options.confidence)]
    rows = [
        [
            *given.key_cells(row),
            *(row[column] for column in columns),
            label_of(options.confidence),
            _statistic(kind, multiplier),
            row.get("method", "Wilson"),
        ]
        for row in found
    ]
    return Answer([*given.keys, *columns, "confidence", "statistic", "method"], rows)


def _mean(given: Given, options: Options) -> Answer:
    from scipy.special import stdtrit

    keys = given.sql_keys
    counts = given.query(f"select distinct count(*) as n from observations group by {', '.join(keys)}")
    degrees = sorted(row["n"] - 1 for row in counts if row["n"] > 1)
    rows = [(d, c, abs(float(stdtrit(d, (1 - c) / 2)))) for d in degrees for c in options.confidence]
    table(given.connection, "t", dict.fromkeys(("degrees_of_freedom", "confidence", "t"), "double"), rows)
    sql = render("inequality.sql", "mean", "observations", keys, "t", levels=levels_of(options.confidence))
    columns = ["value_sum", "value_count", "stdev", "value", *limit_columns(options.confidence)]
    said = [label_of(options.confidence), "mean", "Student's t-distribution"]
    answers = [
        [*given.key_cells(row), *(row[column] for column in columns), *said] for row in given.in_order(given.query(sql))
    ]
    return Answer([*given.keys, *columns, "confidence", "statistic", "method"], answers)


def _dsr(repeat_events: bool) -> Callable[[Given, Options], Answer]:
    def run(given: Given, options: Options) -> Answer:
        multiplier = options.multiplier or 100_000.0
        _standard(given)
        sql = render(
            "inequality_standardised.sql",
            "dsr",
            "observations",
            given.sql_keys,
            "standard",
            multiplier=repr(multiplier),
            levels=levels_of(options.confidence),
            repeat_events=repeat_events,
        )
        found = given.in_order(given.query(sql))
        _refuse_faults(given, [(_line_of(given, row), row["fault"]) for row in found if row["fault"]])
        columns = ["total_count", "total_pop", "value", *limit_columns(options.confidence)]
        method = "Dobson, with confidence adjusted for non-independent events" if repeat_events else "Dobson"
        rows = []
        for row in found:
            few = row["total_count"] < 10
            statistic = "dsr NA for total count < 10" if few else f"dsr per {_plain(multiplier)}"
            said = _state(
                ("age bands missing", row["bands_missing"]),
                ("standard population not as in other groups", row["bands_not_standard"]),
            )
            cells = [row[column] for column in columns]
            rows.append([*given.key_cells(row), *cells, label_of(options.confidence), statistic, method, said])
        answer = Answer([*given.keys, *columns, "confidence", "statistic", "method", "state"], rows)
        return _noted(answer)

    return run


def _state(*said: tuple[str, str | None]) -> str | None:
    return "; ".join(f"{what}: {which}" for what, which in said if which) or None


def _noted(answer: Answer) -> Answer:
    odd = sum(1 for row in answer.rows if row[-1])
    if odd:
        answer.notes.append(f"{odd} of {len(answer.rows)} rows have something to be read first: see the column state")
    return answer


def _standard(given: Given) -> None:
    """The bands that make the standard whole: the European ones where the file's are of them, else all it names."""
    with STANDARD.open(encoding="utf-8", newline="") as text:
        european = {row["age_band"]: float(row["standard_population"]) for row in csv.DictReader(text)}
    weights: dict[str, Counter[float]] = {}
    for row in given.rows:
        weights.setdefault(row["ageband"], Counter())[row["stdpop"]] += 1
    found = {band: counter.most_common(1)[0][0] for band, counter in weights.items()}
    bands = european | found if set(found) <= set(european) else found
    table(given.connection, "standard", {"ageband": "varchar", "stdpop": "double"}, list(bands.items()))


def _isr(ratio: bool) -> Callable[[Given, Options], Answer]:
    def run(given: Given, options: Options) -> Answer:
        keys = given.sql_keys
        multiplier = options.multiplier or (100.0 if ratio else 100_000.0)
        summed = f"select sum(coalesce(numerator, 0)) as x from observations group by {', '.join(keys)}"
        _exact_for(given, summed, options.confidence)
        sql = render(
            "inequality_standardised.sql",
            "isr",
            "observations",
            keys,
            "poisson_limits",
            factor=repr(multiplier) if ratio else "ref_rate",
            multiplier=repr(multiplier),
            levels=levels_of(options.confidence),
        )
        found = given.in_order(given.query(sql))
        for row in found:
            if row["bands_missing"]:
                raise Refusal(
                    "bands_missing",
                    f"line {_line_of(given, row)} and on",
                    f"the group lacks age bands that others have: {row['bands_missing']}",
                    "give each group the same age bands, with a denominator of 0 where nobody lives",
                )
        columns = ["observed", "expected", *([] if ratio else ["ref_rate"]), "value"]
        columns += limit_columns(options.confidence)
        statistic = f"indirectly standardised {'ratio x' if ratio else 'rate per'} {_plain(multiplier)}"
        rows = []
        for row in found:
            said = _state(("population missing", row["bands_without_population"]))
            if row["expected"] == 0:
                said = "; ".join(filter(None, [said, "nothing is expected"]))
            cells = [row[column] for column in columns]
            rows.append([*given.key_cells(row), *cells, label_of(options.confidence), statistic, row["method"], said])
        return _noted(Answer([*given.keys, *columns, "confidence", "statistic", "method", "state"], rows))

    return run


def _quantile(given: Given, options: Options) -> Answer:
    if "area" not in given.keys:
        raise Refusal("header", "line 1", "there is no column area", "name the areas in a column area")
    keys = given.sql_keys
    partition = [key for key, name in zip(keys, given.keys, strict=True) if name != "area"] if options.grouped else []
    quantiles = options.quantiles or 10
    found = given.query(
        render(
            "inequality.sql",
            "quantile",
            "observations",
            keys,
            partition=partition,
            quantiles=quantiles,
            inverted=options.invert,
        )
    )
    rows = [
        [*given.key_cells(row), quantiles, options.invert, row["quantile"], bool(partition)]
        for row in given.in_order(found)
    ]
    return Answer([*given.keys, "nquantiles", "invert", "quantile", "grouped"], rows)


def _sii(given: Given, options: Options) -> Answer:
    _settle_slope(given, options)
    found = given.in_order(
        given.query(
            render(
                "inequality_slope.sql",
                "sii",
                "slope_observations",
                given.sql_keys,
                quantiles=options.quantiles,
                levels=levels_of(options.confidence),
            )
        )
    )
    for row in found:
        if row["state"] in {"quantile_twice", "quantiles_out_of_range", "settings_differ_within_group"}:
            why, mend = {
                "quantile_twice": ("a quantile stands twice in a group", "one row a quantile"),
                "quantiles_out_of_range": (
                    f"a group has {row['n_quantiles']} quantiles",
                    "5 to 100 quantiles, and as many as --quantiles says",
                ),
                "settings_differ_within_group": (
                    "value_type, transform or multiplier differ within a group",
                    "one of each a group",
                ),
            }[row["state"]]
            raise Refusal(row["state"], f"line {_line_of(given, row)} and on", why, mend)
    columns = ["value_type", "transform", "multiplier", "n_quantiles", "sii", "rii", "intercept"]
    columns += limit_columns(options.confidence, "sii_") + limit_columns(options.confidence, "rii_")
    most = max(row["n_quantiles"] for row in found)
    rows = []
    for row in found:
        rows.append(
            [*given.key_cells(row), *(row[column] for column in columns), _slope_state(given, row, most, options)]
        )
    return _noted(Answer([*given.keys, *columns, "state"], rows))


def _slope_state(given: Given, row: Row, most: int, options: Options) -> str | None:
    """What must be known beside a slope: above all that its last quantiles may be missing, which nothing else shows."""
    if row["state"] == "quantile_missing":
        return f"quantile missing: {', '.join(map(str, _quantiles_missing(given, row, options)))}"
    said = ["the line crosses zero: no RII"] if row["state"] == "line_crosses_zero" else []
    if options.quantiles is None and row["n_quantiles"] not in (5, 10):
        said.append(f"ends at quantile {row['n_quantiles']}: neither quintiles nor deciles")
    elif options.quantiles is None and row["n_quantiles"] < most:
        said.append(f"{row['n_quantiles']} quantiles, and others have {most}")
    return "; ".join(said) or None


def _quantiles_missing(given: Given, row: Row, options: Options) -> list[int]:
    has = {r["quantile"] for r in given.rows if all(r[key] == row[key] for key in given.sql_keys)}
    return sorted(set(range(1, (options.quantiles or max(has)) + 1)) - has)


def _settle_slope(given: Given, options: Options) -> None:
    """Fill in what the file leaves to the options, and a proportion's value from its count; then refuse faults."""
    for row in given.rows:
        for name, otherwise in {
            "value_type": options.value_type,
            "transform": options.transform,
            "multiplier": 1.0 if options.multiplier is None else options.multiplier,
        }.items():
            row[name] = otherwise if row[name] is None else row[name]
        if row["value_type"] is None:
            raise Refusal(
                "value_type", f"line {row['line']}", "no value_type", "--value-type 0 (other), 1 (rate), 2 (proportion)"
            )
        if row["value"] is None and row["value_type"] == 2 and row["count"] is not None and row["population"]:
            row["value"] = row["count"] / row["population"]
    columns = {"line": "bigint"} | dict.fromkeys(given.sql_keys, "varchar")
    columns |= {"quantile": "int", "value_type": "int", "transform": "boolean"}
    columns |= dict.fromkeys(("population", "count", "value", "lower_cl", "upper_cl", "se", "multiplier"), "double")
    rows = [[row[name] for name in columns] for row in given.rows]
    table(given.connection, "slope_observations", columns, rows)
    fault = render("inequality_slope.sql", "sii_fault")
    found = given.query(
        f"select line, fault from (select line, {fault} as fault from slope_observations) "
        "where fault is not null order by line"
    )
    _refuse_faults(given, [(row["line"], row["fault"]) for row in found])


def _funnel(kind: str) -> Callable[[Given, Options], Answer]:
    def run(given: Given, options: Options) -> Answer:
        if not given.keys:
            raise Refusal("header", "line 1", "there is no column unit", "name the units in a column unit")
        named = ["expected", "observed"] if kind == "ratio" else ["denominator", "numerator"]
        if sum(all(row[name] is not None for name in named) for row in given.rows) < 2:
            raise Refusal("one_unit", "line 2", "one unit has nothing to be compared with", "give two units or more")
        multiplier = options.multiplier or {"proportion": 100.0, "rate": 100_000.0, "ratio": 100.0}[kind]
        counted = "observed" if kind == "ratio" else "numerator"
        _exact_for(given, f"select {counted} as x from observations", (0.95, 0.998))
        limits = None if kind == "proportion" else "poisson_limits"
        sql = render("inequality_funnel.sql", "funnel_significance", "observations", given.sql_keys, kind, limits)
        found = given.in_order(given.query(sql))
        by_key = {tuple(row[key] for key in given.sql_keys): row for row in given.rows}
        rows = []
        for row in found:
            source = by_key[tuple(row[key] for key in given.sql_keys)]
            cells = [source[name] for name in named]
            if kind == "rate":
                rate = None if row["value"] is None else row["value"] * multiplier
                _refuse_other_rate(source, rate, multiplier)
                cells.append(rate)
            rows.append([*given.key_cells(row), *cells, row["significance"]])
        columns = [*given.keys, *named, *(["rate"] if kind == "rate" else []), "significance"]
        average = found[0]["average"]
        if not average or (kind == "proportion" and average == 1):
            return Answer(columns, rows, notes=["the average is none or all: a funnel has no lines then"])
        return Answer(columns, rows, _lines(given, kind, average, multiplier))

    return run


def _refuse_other_rate(source: Row, rate: float | None, multiplier: float) -> None:
    stated = source["rate"]
    if stated is not None and rate is not None and abs(stated - rate) > 1e-6 * max(abs(rate), abs(stated)):
        raise Refusal(
            "rate_does_not_recompute",
            f"line {source['line']}",
            f"rate is {stated:g}, and numerator over denominator is {rate:g} per {_plain(multiplier)}",
            "take the column rate out, or give the multiplier it is of",
        )


def _lines(given: Given, kind: str, average: float, multiplier: float) -> tuple[list[str], list[list[Any]]]:
    """The lines of a funnel at a hundred positions, up to a twentieth beyond its largest unit."""
    size = "expected" if kind == "ratio" else "denominator"
    largest = max(row[size] for row in given.rows if row[size] is not None)
    if kind == "proportion":
        columns = ["Population", "lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit", "baseline"]
        positions = line_positions(beyond(largest))
        table(given.connection, "positions", {"n": "double"}, [[n] for n in positions])
        sql = render(
            "inequality_funnel.sql", "funnel_proportion_limits", "positions", repr(average), multiplier=repr(multiplier)
        )
        rows = [[row["n"], *(row[name] for name in columns[1:]), "proportion", "Wilson"] for row in given.query(sql)]
        return [*columns, "statistic", "method"], sorted(rows)
    positions = line_positions(beyond(largest) * average)
    table(given.connection, "expected_events", *expected_event_rows(positions))
    sql = render(
        "inequality_funnel.sql", "funnel_poisson_limits", "expected_events", repr(average), multiplier=repr(multiplier)
    )
    sides = ["lower_2s", "upper_2s", "lower_3s", "upper_3s"]
    unit = "exp_events" if kind == "ratio" else "population_1_year"
    columns = ["Observed_events" if kind == "ratio" else "Events"]
    columns += [name for side in sides for name in (f"{side}_{unit}", f"{side}_limit")]
    inner = [name for side in sides for name in (f"{side}_denominator", f"{side}_limit")]
    said = ["ratio (isr)", "Poisson"]
    if kind == "rate":
        columns.append("baseline")
        inner.append("baseline")
        said = [f"rate (crude per {multiplier:,.15g})", "Poisson"]
    rows = [[row["events"], *(row[name] for name in inner), *said] for row in given.query(sql)]
    return [*columns, "statistic", "method"], sorted(rows)


def beyond(largest: float) -> float:
    """A twentieth beyond the largest unit, rounded up to two figures."""
    unit = 10.0 ** (floor(log10(largest * 1.05)) - 1)
    return ceil(largest * 1.05 / unit) * unit


def line_positions(end: float) -> list[int]:
    """Whole positions from 1, each about as much larger than the last as the way to the end allows."""
    end = max(round(end), 1)
    positions = [1]
    for left in range(LINES - 1, 0, -1):
        last = positions[-1]
        positions.append(max(round((end / last) ** (1 / left) * last), last + 1))
    return positions


def expected_event_rows(counts: Iterable[int]) -> tuple[dict[str, str], list[list[float]]]:
    """How many expected events would just make each count significant, at 0.025 and 0.001 on either side."""
    columns = dict.fromkeys(("events", "lower_2s", "upper_2s", "lower_3s", "upper_3s"), "double")
    rows = [[float(n), *(_expected(n, tail, low) for tail in (0.025, 0.001) for low in (True, False))] for n in counts]
    return columns, rows


def _expected(count: int, tail: float, low: bool) -> float:
    """The expected events under which `count` or fewer (low), or `count` or more, have the probability `tail`.

    An exact quantile is to be had (SciPy's gammaincinv), seven figures of which this gives: the reference halves an
    interval 23 times and leaves out what is below 1e-10 of a sum, and only so are its figures met to nine.
    """
    part = step = 0.5
    while step > 1e-7:
        step /= 2
        expected = (1 + count) * part / (1 - part)
        below, at_most = _poisson_parts(count, expected)
        too_far = at_most < tail if low else 1 - below > tail
        part += -step if too_far else step
    return (1 + count) * part / (1 - part)


def _poisson_parts(count: int, expected: float) -> tuple[float, float]:
    """The probabilities of fewer than a count, and of at most it, without terms below 1e-10 of the sum."""
    import numpy as np
    from scipy.special import gammaln

    k = np.arange(int(expected + 10 * expected**0.5) + 40)
    terms = np.exp(k * np.log(expected) - expected - gammaln(k + 1))
    sums = np.cumsum(terms)
    small = (k >= expected) & (terms <= 1e-10 * np.concatenate(([0.0], sums[:-1])))
    ends = int(np.argmax(small)) if small.any() else len(k)
    total = float(sums[ends - 1])
    below = float(sums[min(count, ends) - 1]) if count > 0 else 0.0
    return below / total, float(sums[min(count + 1, ends) - 1]) / total


COUNTS: Mapping[str, Reader] = {"numerator": number, "denominator": number}
SETTINGS: Mapping[str, Reader] = {"confidence": number, "multiplier": number}
STANDARDISED = "inequality_standardised.sql"
BANDS: Mapping[str, Reader] = {"ageband": str, "denominator": number, "stdpop": number}
REFERENCE: Mapping[str, Reader] = {"ageband": str, **COUNTS, "ref_numerator": number, "ref_denominator": number}
FUNNEL_FAULTS = {
    "proportion": ("inequality.sql", "proportion_fault"),
    "rate": ("inequality.sql", "rate_fault"),
    "ratio": ("inequality_funnel.sql", "funnel_ratio_fault"),
}
REPEAT_EVENTS = Method(
    {**BANDS, "eventfreq": number, "individuals": number},
    _dsr(True),
    once=("ageband", "eventfreq"),
    fault=(STANDARDISED, "dsr_fault", True),
)
METHODS: Mapping[str, Method] = {
    "proportion": Method(
        COUNTS, _proportion_or_rate("proportion"), SETTINGS, tuple(SETTINGS), FUNNEL_FAULTS["proportion"]
    ),
    "rate": Method(COUNTS, _proportion_or_rate("rate"), SETTINGS, tuple(SETTINGS), FUNNEL_FAULTS["rate"]),
    "mean": Method({"value": number}, _mean, once=None),
    "dsr": Method({**BANDS, "numerator": number}, _dsr(False), once=("ageband",), fault=(STANDARDISED, "dsr_fault")),
    "israte": Method(REFERENCE, _isr(False), once=("ageband",), fault=(STANDARDISED, "isr_fault")),
    "isratio": Method(REFERENCE, _isr(True), once=("ageband",), fault=(STANDARDISED, "isr_fault")),
    "quantile": Method({"value": number}, _quantile),
    "sii": Method(
        {"quantile": whole, "population": number},
        _sii,
        {
            "count": number,
            "value": number,
            "lower_cl": number,
            "upper_cl": number,
            "se": number,
            "value_type": whole,
            "transform": truth,
            "multiplier": number,
        },
        once=("quantile",),
    ),
    "funnel_proportion": Method(COUNTS, _funnel("proportion"), fault=FUNNEL_FAULTS["proportion"]),
    "funnel_rate": Method(COUNTS, _funnel("rate"), {"rate": number}, fault=FUNNEL_FAULTS["rate"]),
    "funnel_ratio": Method({"expected": number, "observed": number}, _funnel("ratio"), fault=FUNNEL_FAULTS["ratio"]),
}

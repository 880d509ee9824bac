"""A contract's rules compiled to one query: every row of a file is accepted, rejected, a total or blank.

Each row keeps the list of rules that spoke about it. Rules that every contract has are `IMPLIED`; a contract adds its
own under `quality`. `rows read = accepted + rejected + totals + blank` holds by construction and is checked again.

Kept out: where rows come from (`readers`) and where they go (`lake`); anything that needs a second feed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from ingest.contract import Column, Contract, Rule
from ingest.parquet import sql_type
from ingest.readers.delimited import TextRows
from ingest.recognise import Match
from ingest.refusal import Refusal

# A file of which more than half would be refused is not that feed's file in any useful sense: loading the rest would
# replace a good version by a torn one. Dates written the American way refuse 60 % of a file's rows; the dirtiest true
# file seen so far, 2 %.
MOST_REJECTED = 0.5
_SAMPLES = 20
NO_PERIOD = date(1900, 1, 1)

# Rules that every contract has: name, severity, dimension, what must hold.
_IMPLIED_TABLE = """
    readable           | critical | validity     | The file can be read as text.
    recognised         | critical | validity     | The file is of a known feed and lies in its folder.
    columns_present    | critical | completeness | Every column that the layout needs is there.
    header_once        | critical | consistency  | No column of the contract stands twice in the file.
    complete           | critical | completeness | The file does not end in the middle of a row.
    some_rows          | critical | validity     | The file has rows, and at least half of them are accepted.
    one_period         | critical | consistency  | The file is of one period, the one that its name says.
    totals_reconcile   | critical | accuracy     | Each total equals the sum of the rows that it stands for.
    row_balance        | critical | completeness | Rows read are accepted, rejected, totals or blank; none is lost.
    row_shape          | error    | validity     | A row has as many cells as the header.
    required           | error    | completeness | A required column has a value.
    type               | error    | validity     | A value reads as what its column is: a number, a date, yes or no.
    pattern            | error    | validity     | A code has the form of its column.
    allowed            | error    | validity     | A value is one of those that its column allows.
    range              | error    | validity     | A number lies within the bounds of its column.
    length             | error    | validity     | A text is no longer than its column allows.
    duplicate_row      | error    | uniqueness   | A row stands once; further copies of it are left out.
    duplicate_conflict | error    | uniqueness   | Rows with one key have the same values; where not, none is used.
    unknown_column     | warning  | validity     | Every column of the file is one of the contract's.
"""
IMPLIED = tuple(
    Rule("", name, description, severity, dimension, "")
    for name, severity, dimension, description in (
        (cell.strip() for cell in line.split("|")) for line in _IMPLIED_TABLE.strip().splitlines()
    )
)


@dataclass(frozen=True)
class Finding:
    """Rows about which one rule spoke: how many, the numbers of the first, and whether they were kept."""

    rule: str
    column: str
    rows: int
    samples: tuple[int, ...]
    kept: bool
    message: str


@dataclass(frozen=True)
class Judged:
    """The outcome for one file. The rows themselves stand in the connection's table `judged`.

    `counts` has accepted, rejected, total and blank; `periods` has (scope, period, accepted rows);
    `results` has (rule name, status, rows tested, rows failed, detail) for every rule of the contract.
    """

    counts: dict[str, int]
    findings: tuple[Finding, ...]
    periods: tuple[tuple[str, date, int], ...]
    results: tuple[tuple[str, str, int | None, int | None, str | None], ...]

    @property
    def rows_read(self) -> int:
        """Every row found in the file."""
        return sum(self.counts.values())


def all_rules(contract: Contract) -> list[Rule]:
    """Every rule of a contract, implied ones first, each under its full id."""
    implied = [
        Rule(
            contract.rule_id(rule.name),
            rule.name,
            rule.description,
            _severity(contract, rule),
            rule.dimension,
            "",
        )
        for rule in IMPLIED
        if rule.name != "totals_reconcile" or contract.totals
    ]
    return implied + list(contract.rules)


def _severity(contract: Contract, rule: Rule) -> str:
    if rule.name == "totals_reconcile" and contract.totals:
        return contract.totals.severity
    return rule.severity


def judge(
    connection: duckdb.DuckDBPyConnection,
    match: Match,
    rows: TextRows,
    run_date: date,
    period_from_name: date | None = None,
) -> Judged:
    """Type and judge every row of a file, leaving them in the connection's table `judged`.

    `judged` has the contract's columns, `_row_number`, `_scope`, `_period`, `class` (accepted, rejected, total,
    blank), `problems` (list of «rule|column») and `cells` (the row as text, as a list).
    Raises Refusal where a critical rule refuses the file whole.
    """
    contract = match.contract
    connection.register("text_rows", rows.cells)
    connection.execute(f"create or replace temp table judged as {_query(match, run_date, period_from_name)}")
    connection.unregister("text_rows")
    _add_ragged(connection, rows)
    counts = {"accepted": 0, "rejected": 0, "total": 0, "blank": 0}
    counts |= dict(connection.execute("select class, count(*) from judged group by class").fetchall())
    findings = _findings(connection, contract)
    _refuse_mostly_rejected(counts, findings)
    periods = tuple(
        connection.execute(
            "select _scope, _period, count(*) from judged where class = 'accepted' group by all order by all"
        ).fetchall()
    )
    if contract.delivery == "period":
        _refuse_unless_one_period(contract, sorted({period for _, period, _ in periods}), period_from_name)
    totals = _reconcile(connection, match)
    balanced = sum(counts.values()) == rows.cells.num_rows + len(rows.ragged)
    if not balanced:
        raise Refusal("row_balance", "the file", f"rows were lost while reading ({counts})", "tell the analytics team")
    return Judged(counts, findings, periods, tuple(_results(match, counts, findings, totals, connection)))


def _refuse_unless_one_period(contract: Contract, found: list[date], named: date | None) -> None:
    if len(found) != 1:
        months = ", ".join(f"{period:%B %Y}" for period in found)
        raise Refusal(
            "one_period",
            f"column {contract.period}",
            f"the file must be of one period and holds several: {months}",
            "send one file for each period",
        )
    if named and found[0] != named:
        raise Refusal(
            "one_period",
            f"the file's name and column {contract.period}",
            f"the name says {named:%B %Y}, the rows say {found[0]:%B %Y}",
            "find out which is right, mend the name or the rows, then drop the file again",
        )


def _text(expression: str) -> str:
    spaced = f"regexp_replace({expression}, '[\\s\u00a0\u200b\ufeff]+', ' ', 'g')"
    return f"trim({spaced})"


def _typed(column: Column) -> str:
    text = f't."{column.name}"'
    if column.type == "date":
        return _typed_date(column, text)
    if column.type == "boolean":
        true, false = (
            _sql_list(value.casefold() for value in values) for values in (column.true_values, column.false_values)
        )
        return f"case when lower({text}) in {true} then true when lower({text}) in {false} then false end"
    if column.is_number:
        bare = f"rtrim(replace({text}, ',', ''), '% ')"
        # Commas only as thousands, a percent sign only at the end; never an exponent, never a decimal comma.
        whole = "" if column.type.startswith("decimal") or column.type == "double" else r"(\.0+)?"
        fraction = whole or r"(\.\d+)?"
        form = rf"^[-+]?(\d+|[1-9]\d{{0,2}}(,\d{{3}})+){fraction} ?%?$"
        return f"case when regexp_full_match({text}, '{form}') then try_cast({bare} as {sql_type(column.type)}) end"
    if column.allowed and all(value == value.casefold() for value in column.allowed):
        return f"nullif(lower({text}), '')"
    return f"nullif({text}, '')"


def _typed_date(column: Column, text: str) -> str:
    formats = [item for item in column.formats if item != "excel_serial"]
    bare = f"regexp_replace({text}, ' 00:00(:00)?$', '')"
    value = f"try_strptime({bare}, {_sql_array(formats)})::date"
    # A two-digit year read by %Y is the year 24, not 2024: refuse rather than guess the century.
    value = f"case when year({value}) between 1900 and 2199 then {value} end"
    if "excel_serial" in column.formats:
        # Days since 30 December 1899, of the years 1954 to 2064; Excel's 1904 origin cannot be told from a CSV.
        value = (
            f"case when regexp_full_match({text}, '^[2-5]\\d{{4}}(\\.0+)?$') "
            f"then date '1899-12-30' + {text}::double::integer else {value} end"
        )
    if column.truncate_to is None:
        return value
    # Only a period's first or last day: 04/01 in a month's file is 1 April written the American way.
    start, after = (f"date_trunc('{column.truncate_to}', {day})::date" for day in (value, f"({value} + 1)"))
    return f"case when {value} = {start} or {value} + 1 = {after} then {start} end"


def _sql_list(values: Any) -> str:
    return "(" + ", ".join(_literal(value) for value in values) + ")"


def _sql_array(values: Any) -> str:
    return "[" + ", ".join(_literal(value) for value in values) + "]"


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _problems(contract: Contract) -> list[str]:
    """One SQL expression per implied rule and column: «rule|column» where it is broken, else null."""
    found = ["case when t.is_filled_unknown then 'unknown_column|' end"]

    def when(rule: str, column: str, condition: str) -> None:
        found.append(f"case when {condition} then '{rule}|{column}' end")

    for column in contract.read_columns:
        name, text = f'"{column.name}"', f't."{column.name}"'
        marked = f" and {text} not in {_sql_list(column.markers)}" if column.markers else ""
        if column.required:
            when("required", column.name, f"v.{name} is null and {text} = ''")
        if column.type != "string":
            when("type", column.name, f"v.{name} is null and {text} <> ''{marked}")
        if column.pattern:
            when("pattern", column.name, f"not regexp_full_match(v.{name}, {_literal(column.pattern)})")
        if column.allowed:
            when("allowed", column.name, f"v.{name} not in {_sql_list(column.allowed)}")
        if column.type == "string":
            when("length", column.name, f"length(v.{name}) > {column.max_length}")
        bounds = [f"v.{name} < {column.minimum}"] if column.minimum is not None else []
        bounds += [f"v.{name} > {column.maximum}"] if column.maximum is not None else []
        if bounds:
            when("range", column.name, " or ".join(bounds))
    return found


def _query(match: Match, run_date: date, period_from_name: date | None) -> str:
    contract = match.contract
    texts, values, statuses = [], [], []
    for column in contract.read_columns:
        position = match.columns.get(column.name)
        if position is not None:
            texts.append(f'{_text(f"c{position}")} as "{column.name}"')
            values.append(f'{_typed(column)} as "{column.name}"')
        elif column.from_file_name and period_from_name:
            texts.append(f"'{period_from_name}' as \"{column.name}\"")
            values.append(f"date '{period_from_name}' as \"{column.name}\"")
        else:
            texts.append(f"'' as \"{column.name}\"")
            values.append(f'null::{sql_type(column.type)} as "{column.name}"')
    for column in contract.columns:
        if column.status_of:
            source = contract.column(column.status_of)
            marks = " ".join(
                f't."{source.name}" = {_literal(mark)} then {_literal(status)} when'
                for mark, status in source.markers.items()
            ).removesuffix(" when")
            absent = "" if source.name in match.columns else "when true then null "
            statuses.append(
                f'case {absent}when v."{source.name}" is not null then \'reported\' when {marks} end as "{column.name}"'
            )
    cells = ", ".join(f"c{position}" for position in range(match.width))
    blank = " and ".join(f"{_text(f'c{position}')} = ''" for position in range(match.width))
    filled = " or ".join(f"{_text(f'c{position}')} <> ''" for position in match.unknown) or "false"
    totals = contract.totals
    is_total = f'regexp_full_match(lower(t."{totals.column}"), {_literal(totals.matches)})' if totals else "false"
    own = ", ".join(f"case when {rule.condition} then '{rule.name}|' end" for rule in contract.rules)
    scope = " || '|' || ".join(f'"{name}"' for name in contract.scope) or "''"
    period = f'"{contract.period}"' if contract.period else f"date '{NO_PERIOD}'"
    order = ", ".join(f'"{column.name}"' for column in contract.columns)
    kept = _sql_list([rule.name for rule in contract.rules if rule.severity == "warning"] + ["unknown_column"])
    errors = f"len(list_filter(problems, lambda p: split_part(p, '|', 1) not in {kept})) = 0"
    duplicates = ""
    if contract.key:
        # Without regard to case: names are matched so, and one ward under two spellings would be summed.
        key = ", ".join(
            f'lower("{name}")' if contract.column(name).type == "string" else f'"{name}"' for name in contract.key
        )
        rest = ", ".join(f'"{column.name}"' for column in contract.columns if column.name not in contract.key) or "1"
        # Only rows that are sound by themselves compete for a key: a refused row must not take a good one with it.
        duplicates = f"""
            case when sound and (min(hash({rest})) over same_key <> max(hash({rest})) over same_key)
                 then 'duplicate_conflict|'
                 when sound and row_number() over (same_key order by _row_number) > 1 then 'duplicate_row|' end"""
        window = f"window same_key as (partition by sound, {key})"
    else:
        duplicates, window = "null", ""
    return f"""
        with t as (
            select _row_number, [{cells}] as cells, {blank} as is_blank, {filled} as is_filled_unknown,
                   {", ".join(texts)}
            from text_rows
        ),
        v as (select _row_number, {", ".join(values)} from t),
        typed as (
            select t._row_number, t.cells, t.is_blank, {is_total} as is_total, v.* exclude (_row_number),
                   {", ".join([*statuses, "date '" + str(run_date) + "' as run_date"])},
                   list_filter([{", ".join(_problems(contract))}], lambda p: p is not null) as implied
            from t join v using (_row_number)
        ),
        ruled as (
            select *, implied || list_filter([{own}]::varchar[], lambda p: p is not null) as problems from typed
        ),
        sounded as (select *, {errors} and not is_blank and not is_total as sound from ruled),
        keyed as (select *, {duplicates} as doubled from sounded {window})
        select {order}, _row_number, {scope} as _scope, {period} as _period, cells,
               case when is_blank then 'blank' when is_total then 'total'
                    when sound and doubled is null then 'accepted' else 'rejected' end as class,
               case when is_blank or is_total then []
                    else problems || list_filter([doubled], lambda p: p is not null) end as problems
        from keyed
        order by _row_number"""


def _add_ragged(connection: duckdb.DuckDBPyConnection, rows: TextRows) -> None:
    if not rows.ragged:
        return
    torn = [bool(text.strip(" \t\r\n,;|\u00a0")) for _, _, text in rows.ragged]
    found = pa.table(
        {
            "number": pa.array([number for number, _, _ in rows.ragged], pa.int64()),
            "cells": pa.array([[text] for _, _, text in rows.ragged], pa.list_(pa.string())),
            "torn": pa.array(torn, pa.bool_()),
        }
    )
    connection.register("ragged_rows", found)
    connection.execute(
        """
        insert into judged by name
        select number as _row_number, '' as _scope, cells,
               case when torn then 'rejected' else 'blank' end as class,
               case when torn then ['row_shape|'] else [] end as problems
        from ragged_rows
        """
    )
    connection.unregister("ragged_rows")


def _findings(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[Finding, ...]:
    rows = connection.execute(
        f"""
        select split_part(problem, '|', 1), split_part(problem, '|', 2), count(*),
               list(_row_number order by _row_number)[1:{_SAMPLES}]
        from (select _row_number, unnest(problems) as problem from judged)
        group by all
        order by all
        """
    ).fetchall()
    rules = {rule.name: rule for rule in all_rules(contract)}
    return tuple(
        Finding(
            name,
            column,
            count,
            tuple(samples),
            rules[name].severity == "warning",
            _message(contract, rules[name], column),
        )
        for name, column, count, samples in rows
    )


def _message(contract: Contract, rule: Rule, column_name: str) -> str:
    if not column_name:
        return rule.description
    column = contract.column(column_name)
    shown = f"«{column.headers[0]}»" if column.headers else column.name
    if rule.name == "required":
        return f"{shown} is empty and must not be."
    if rule.name == "type":
        what = {"date": f"a date as {_as_written(column.formats)}", "boolean": "yes or no"}.get(column.type, "a number")
        return f"{shown} cannot be read as {what}."
    if rule.name == "pattern":
        return f"{shown} does not have the form of its code ({column.pattern})."
    if rule.name == "allowed":
        return f"{shown} is none of {', '.join(column.allowed)}."
    if rule.name == "length":
        return f"{shown} is longer than {column.max_length} characters."
    low = "" if column.minimum is None else f" below {column.minimum:g}"
    high = "" if column.maximum is None else f" above {column.maximum:g}"
    return f"{shown} lies{' or'.join(filter(None, (low, high)))}."


def _as_written(formats: tuple[str, ...]) -> str:
    words = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yy", "%b": "Mon", "%B": "Month"}
    written = []
    for item in formats:
        for code, word in words.items():
            item = item.replace(code, word)
        written.append({"excel_serial": "an Excel day number"}.get(item, item))
    return " or ".join(written)


def _refuse_mostly_rejected(counts: dict[str, int], findings: tuple[Finding, ...]) -> None:
    judged = counts["accepted"] + counts["rejected"]
    if judged == 0:
        raise Refusal("some_rows", "below the header", "the file has no rows of data", "export it again with its rows")
    if counts["accepted"] and counts["rejected"] <= MOST_REJECTED * judged:
        return
    worst = max((finding for finding in findings if not finding.kept), key=lambda finding: finding.rows)
    raise Refusal(
        "some_rows",
        f"data row {worst.samples[0]}" + (f", column {worst.column}" if worst.column else ""),
        f"{counts['rejected']} of {judged} rows cannot be accepted; "
        f"most often: {worst.message} ({rows_of(worst.rows)})",
        "mend these rows, or check that it is the right file, then drop it again",
    )


def _reconcile(connection: duckdb.DuckDBPyConnection, match: Match) -> tuple[str, int, int, str | None] | None:
    """Hold totals against the sum of accepted rows: status, comparisons, failures, detail; None without totals."""
    totals = match.contract.totals
    if totals is None:
        return None
    sums = [name for name in totals.sums if name in match.columns]
    within = [name for name in totals.within if name != totals.column and name in match.columns]
    # A total row that leaves a grouping column blank, or fills all of them with the word, stands for the whole file.
    groups = [name for name in within if _some_total_has(connection, name)]
    key = ", ".join(f'"{name}"' for name in groups) or "1"
    on = " and ".join(f't."{name}" = r."{name}"' for name in groups) or "true"
    compared = ", ".join(f't."{name}" as "t_{name}", r."{name}" as "r_{name}"' for name in sums)
    # A part that is not known makes its sum unknown; one that does not apply adds nothing to it.
    statuses = [f'"{column.name}"' for column in match.contract.columns if column.status_of]
    unknown = " or ".join(f"{status} in ('suppressed_at_source', 'missing')" for status in statuses) or "true"
    summed = ", ".join(
        f'case when count(*) filter ("{name}" is null and ({unknown})) = 0 then sum("{name}") end as "{name}"'
        for name in sums
    )
    found = connection.execute(
        f"""
        with r as (select {key}, {summed} from judged where class = 'accepted' group by {key}),
             t as (select * from judged where class = 'total'),
             c as (select t._row_number, {compared} from t left join r on {on})
        select * from c order by _row_number
        """
    ).fetchall()
    if not found:
        if match.layout.totals_row:
            raise Refusal(
                "totals_reconcile",
                "the last row",
                "the row of totals that this publication ends in is missing",
                "the file was probably cut short: fetch it again",
            )
        return "not_applicable", 0, 0, None
    tested, failures = 0, []
    for row_number, *pairs in found:
        for name, total, rest in zip(sums, pairs[::2], pairs[1::2], strict=True):
            if total is not None and rest is not None:
                tested += 1
                if total != rest:
                    failures.append((row_number, name, total, rest))
    if not failures:
        return "pass" if tested else "not_applicable", tested, 0, None
    row_number, name, total, rest = failures[0]
    said, summed_up = _plain(total), _plain(rest)
    detail = f"data row {row_number}: the total of {name} is {said}, its rows add up to {summed_up}"
    if totals.severity == "critical":
        raise Refusal(
            "totals_reconcile",
            f"data row {row_number}, column {name}",
            f"the total says {said}, the rows add up to {summed_up} ({len(failures)} of {tested} totals differ)",
            "ask the publisher which is right; until then the last good version stays in use",
        )
    return "fail", tested, len(failures), detail


def rows_of(number: int | None) -> str:
    """A number of rows in words."""
    return "1 row" if number == 1 else f"{number or 0:,} rows"


def _plain(number: Any) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _some_total_has(connection: duckdb.DuckDBPyConnection, column: str) -> bool:
    row = connection.execute(f"select count(\"{column}\") from judged where class = 'total'").fetchone()
    return bool(row and row[0])


def _results(
    match: Match,
    counts: dict[str, int],
    findings: tuple[Finding, ...],
    totals: tuple[str, int, int, str | None] | None,
    connection: duckdb.DuckDBPyConnection,
) -> Any:
    tested = counts["accepted"] + counts["rejected"]
    failed: dict[str, int] = dict(
        connection.execute(
            """
            select split_part(problem, '|', 1), count(distinct _row_number)
            from (select _row_number, unnest(problems) as problem from judged)
            group by all
            """
        ).fetchall()
    )
    for rule in all_rules(match.contract):
        if rule.name == "totals_reconcile" and totals:
            yield rule.name, *totals
        elif rule.name == "unknown_column" and match.unknown:
            shown = ", ".join(f"«{header}»" for header in match.unknown.values())
            rows = failed.get(rule.name, 0)
            detail = f"{len(match.unknown)} columns are not in the contract and were left out: {shown}; " + (
                f"something stands in them in {rows_of(rows)}" if rows else "all are empty"
            )
            yield rule.name, "fail", tested, rows, detail
        else:
            rows = failed.get(rule.name, 0)
            detail = "; ".join(f"{rows_of(item.rows)}: {item.message}" for item in findings if item.rule == rule.name)
            yield rule.name, "fail" if rows else "pass", tested, rows, detail or None

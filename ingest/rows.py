"""Every row of a file judged: accepted, rejected, a total or blank, with the rules that spoke about it.

`rows read = accepted + rejected + totals + blank` holds by construction and is checked again. The judged rows lie in a
scratch file and are read as the connection's view `judged`, so that a file of millions takes no more memory than one of
thousands.

Kept out: where rows come from (`readers`) and where they go (`lake`); the query that judges one row (`compile`);
anything that needs a second feed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.compile import NO_PERIOD, doubled_queries, literal, row_query
from ingest.contract import Contract
from ingest.identifiers import Door
from ingest.readers.text import TextRows
from ingest.recognise import Match
from ingest.refusal import Refusal, shown
from ingest.rules import Finding, all_rules, message

# A file of which more than half would be refused is not that feed's file in any useful sense: loading the rest would
# replace a good version by a torn one. Dates written the American way refuse 60 % of a file's rows; the dirtiest true
# file seen so far, 2 %. The same holds of each period in it; below so many rows a share says nothing.
MOST_REJECTED = 0.5
_FEWEST_FOR_A_SHARE = 10
_SAMPLES = 20


@dataclass(frozen=True)
class Judged:
    """The outcome for one file. The rows themselves stand in the connection's table `judged`.

    `counts` has accepted, rejected, total and blank; `periods` has (scope, period, accepted rows);
    `results` has (rule name, status, rows tested, rows failed, detail) for every rule of the contract;
    `key_id` names the key of the pseudonyms, where the feed has any.
    """

    counts: dict[str, int]
    findings: tuple[Finding, ...]
    periods: tuple[tuple[str, date, int], ...]
    results: tuple[tuple[str, str, int | None, int | None, str | None], ...]
    key_id: str | None = None

    @property
    def rows_read(self) -> int:
        """Every row found in the file."""
        return sum(self.counts.values())


def judge(
    connection: duckdb.DuckDBPyConnection,
    match: Match,
    rows: TextRows,
    run_date: date,
    scratch: Path,
    door: Door,
    period_from_name: date | None = None,
) -> Judged:
    """Type and judge every row of a file, leaving them in `scratch`, as the connection's view `judged`.

    `judged` has the contract's columns, `_row_number`, `_scope`, `_period`, `class` (accepted, rejected, total,
    blank) and `problems` (list of «rule|column»), in the order of the file. No identifier gets past `door`.
    Raises Refusal where a critical rule refuses the file whole.
    """
    contract = match.contract
    _refuse_without_key(contract, door)
    positions = [
        match.columns[column.name]
        for column in contract.columns
        if column.door == "pseudonym" and column.name in match.columns
    ]
    schema = rows.schema
    for position in positions:
        schema = schema.append(pa.field(f"c{position}_status", pa.string()))
    batches = door.pass_through(rows.clean(), positions) if positions else rows.clean()
    connection.register("text_rows", pa.RecordBatchReader.from_batches(schema, batches))
    query = row_query(match, run_date, period_from_name)
    # Not compressed: it is read once or twice and overwritten by the next file.
    connection.execute(f"copy ({query}) to {literal(scratch)} (format parquet, compression uncompressed)")
    connection.unregister("text_rows")
    rows.finish()
    _refuse_line_breaks(match, rows)
    _view(connection, contract, rows, scratch)

    counts = {"accepted": 0, "rejected": 0, "total": 0, "blank": 0}
    counts |= dict(connection.execute("select class, count(*) from judged group by class").fetchall())
    findings = (*_findings(connection, contract), *_unstored(contract, rows))
    _refuse_mostly_rejected(connection, contract, rows, counts, findings)
    _refuse_by_its_rules(contract, rows, counts["accepted"] + counts["rejected"], findings)
    periods = tuple(
        connection.execute(
            "select _scope, _period, count(*) from judged where class = 'accepted' group by all order by all"
        ).fetchall()
    )
    if contract.delivery == "period":
        _refuse_unless_one_period(contract, sorted({period for _, period, _ in periods}), period_from_name)
    totals = _reconcile(connection, match, rows)
    if sum(counts.values()) != rows.count:
        raise Refusal("row_balance", "the file", f"rows were lost while reading ({counts})", "tell the analytics team")
    results = tuple(_results(match, counts, findings, totals, connection))
    return Judged(counts, findings, periods, results, door.key_id if contract.has_door else None)


def _refuse_without_key(contract: Contract, door: Door) -> None:
    if contract.has_door and not door.key:
        raise Refusal(
            "key_present",
            "the environment",
            "the feed holds NHS numbers, and there is no key to turn them into pseudonyms",
            "set QLS_PSEUDONYM_KEY and run again; the file is then read",
        )


def _refuse_line_breaks(match: Match, rows: TextRows) -> None:
    named = {position: name for name, position in match.columns.items()}
    for number, position in rows.line_breaks:
        if position in named and match.contract.column(named[position]).is_free_text:
            continue
        raise Refusal(
            "complete",
            f"data row {number}, column {named.get(position, f'number {position + 1}')}",
            "a cell holds a line break: a stray quotation mark has probably swallowed whole rows",
            "remove the quotation mark or the line break there, then drop the file again",
        )


def _view(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: TextRows, scratch: Path) -> None:
    """Make the view `judged`: the rows in `scratch`, rows of another width than the header's, and what is doubled."""
    connection.execute("create or replace temp table ragged (_row_number bigint, class varchar, problems varchar[])")
    connection.execute("create or replace temp table doubled (_row_number bigint, problem varchar)")
    if rows.ragged:
        found = pa.table(
            {
                "number": pa.array([number for number, _, _ in rows.ragged], pa.int64()),
                "torn": pa.array([bool(text.strip(" \t\r\n,;|¬\u00a0")) for _, _, text in rows.ragged], pa.bool_()),
            }
        )
        connection.register("ragged_rows", found)
        connection.execute(
            """
            insert into ragged
            select number, case when torn then 'rejected' else 'blank' end, case when torn then ['row_shape|'] end
            from ragged_rows
            """
        )
        connection.unregister("ragged_rows")
    judged = f"select * from read_parquet({literal(scratch)})"
    if rows.ragged:
        judged += " union all by name select *, '' as _scope from ragged"
    connection.execute(f"create or replace temp view judged as {judged}")
    if contract.key:
        twice, left_out = doubled_queries(contract)
        connection.execute(f"create or replace temp table twice as {twice}")
        row = connection.execute("select count(*) from twice").fetchone()
        if row and row[0]:
            connection.execute(f"insert into doubled {left_out}")
            connection.execute(
                f"""
                create or replace temp view judged as
                select * exclude (problem) replace (
                    case when problem is null then class else 'rejected' end as class,
                    case when problem is null then problems else list_append(problems, problem) end as problems
                )
                from ({judged}) left join doubled using (_row_number)
                """
            )


def _findings(connection: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[Finding, ...]:
    rows = connection.execute(
        f"""
        select split_part(problem, '|', 1), split_part(problem, '|', 2), count(*),
               list(_row_number order by _row_number)[1:{_SAMPLES}]
        from (select _row_number, unnest(problems) as problem from judged where len(problems) > 0)
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
            message(contract, rules[name], column),
        )
        for name, column, count, samples in rows
    )


def _unstored(contract: Contract, rows: TextRows) -> Iterator[Finding]:
    if numbers := rows.unstored:
        (rule,) = (rule for rule in all_rules(contract) if rule.name == "stored_value")
        yield Finding(rule.name, "", len(numbers), tuple(numbers[:_SAMPLES]), True, rule.description)


def _refuse_mostly_rejected(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: TextRows,
    counts: dict[str, int],
    findings: tuple[Finding, ...],
) -> None:
    if counts["accepted"] + counts["rejected"] == 0:
        raise Refusal("some_rows", "below the header", "the file has no rows of data", "export it again with its rows")
    # What is left out on purpose says nothing about the rest.
    groups = connection.execute(
        f"""
        with judged_rows as (
            select _scope, _period, class = 'accepted' as is_accepted
            from judged
            where class = 'accepted' or (class = 'rejected' and not list_has_any(
                problems, [{literal("sensitive_service|" + (contract.sensitive.column if contract.sensitive else ""))}]
            ))
        )
        select _scope, _period, count(*) filter (is_accepted), count(*), grouping(_scope) = 1
        from judged_rows
        group by grouping sets ((), (_scope, _period))
        having count(*) filter (is_accepted) < (1 - {MOST_REJECTED}) * count(*)
            and (grouping(_scope) = 1 or (count(*) >= {_FEWEST_FOR_A_SHARE} and _period is not null))
        order by grouping(_scope) desc, _scope, _period
        limit 1
        """
    ).fetchall()
    if not groups:
        return
    scope, period, accepted, judged, is_whole = groups[0]
    of = (
        "" if is_whole else " of " + " ".join(filter(None, (scope, None if period == NO_PERIOD else f"{period:%B %Y}")))
    )
    worst = max((finding for finding in findings if not finding.kept), key=lambda finding: finding.rows)
    raise Refusal(
        "some_rows",
        f"data row {rows.place(worst.samples[0])}" + (f", column {worst.column}" if worst.column else ""),
        f"{judged - accepted} of {judged} rows{of} cannot be accepted; "
        f"most often: {worst.message} ({rows_of(worst.rows)})",
        "mend these rows, or check that it is the right file, then drop it again",
    )


def _refuse_by_its_rules(contract: Contract, rows: TextRows, judged: int, findings: tuple[Finding, ...]) -> None:
    """Refuse the file for a critical rule of the contract's own, and for columns that stand in each other's place."""
    critical = {rule.name for rule in contract.rules if rule.severity == "critical"}
    for finding in findings:
        where = f"data row {rows.place(finding.samples[0])}"
        if finding.rule in critical:
            raise Refusal(
                finding.rule,
                where,
                f"{finding.message} ({rows_of(finding.rows)})",
                "mend these rows, or check that it is the right file, then drop it again",
            )
        is_share = judged >= _FEWEST_FOR_A_SHARE and finding.rows > MOST_REJECTED * judged
        if finding.rule in contract.columns_in_place and is_share:
            raise Refusal(
                "columns_in_place",
                where,
                f"in {finding.rows:,} of {rows_of(judged)} the columns do not fit together: {finding.message}",
                "hold header and order of columns against the file as published: some stand in each other's place",
            )


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


def _reconcile(
    connection: duckdb.DuckDBPyConnection, match: Match, rows: TextRows
) -> tuple[str, int, int, str | None] | None:
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
    told = f'coalesce(nullif("{totals.column}", \'\'), "{totals.beside or totals.column}")'
    found = connection.execute(
        f"""
        with r as (select {key}, {summed} from judged where class = 'accepted' group by {key}),
             t as (
                 select * from judged
                 where class = 'total' and regexp_full_match(lower({told}), {literal(totals.of_all)})
             ),
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
    place = rows.place(row_number)
    detail = f"data row {place}: the total of {name} is {said}, its rows add up to {summed_up}"
    if totals.severity == "critical":
        raise Refusal(
            "totals_reconcile",
            f"data row {place}, column {name}",
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
            from (select _row_number, unnest(problems) as problem from judged where len(problems) > 0)
            group by all
            """
        ).fetchall()
    )
    failed |= {finding.rule: finding.rows for finding in findings if finding.rule == "stored_value"}
    for rule in all_rules(match.contract):
        if rule.name == "totals_reconcile" and totals:
            yield rule.name, *totals
        elif rule.name == "unknown_column" and match.unknown:
            named = shown(", ".join(f"«{header}»" for header in match.unknown.values()))
            rows = failed.get(rule.name, 0)
            detail = f"{len(match.unknown)} columns are not in the contract and were left out: {named}; " + (
                f"something stands in them in {rows_of(rows)}" if rows else "all are empty"
            )
            yield rule.name, "fail", tested, rows, detail
        else:
            rows = failed.get(rule.name, 0)
            said = [f"{rows_of(item.rows)}: {item.message}" for item in findings if item.rule == rule.name]
            more = [f"and {len(said) - _SAMPLES} columns more"] if len(said) > _SAMPLES else []
            detail = "; ".join(said[:_SAMPLES] + more)
            yield rule.name, "fail" if rows else "pass", tested, rows, detail or None

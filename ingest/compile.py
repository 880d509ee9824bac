"""A contract's rules compiled to one query over a file's text cells: typed values, and which rules are broken.

Kept out: where rows come from (`readers`), what the rules say (`rules`), and what follows from them (`rows`).
"""

import re
from datetime import date
from typing import Any

from ingest.contract import Column, Contract
from ingest.identifiers import OLDEST_AGE, OLDEST_PERSON, PERSON_IN_TEXT, WITHHELD, WRITTEN
from ingest.parquet import sql_type
from ingest.recognise import Match
from ingest.rules import all_rules

NO_PERIOD = date(1900, 1, 1)


def row_query(match: Match, run_date: date, period_from_name: date | None) -> str:
    """The query that judges each row of the table `text_rows` (its cells are clean: `TextRows.clean`) by itself.

    It gives the contract's columns, `_row_number`, `_scope`, `_period`, `class` (accepted, rejected, total, blank) and
    `problems` (list of «rule|column»); the cells as delivered are `t:<column>` inside.
    """
    contract = match.contract
    texts, once, values, after = _cells(match, period_from_name)
    problems = _problems(match)
    total = "false"
    if contract.totals:
        told = f'"t:{contract.totals.column}"'
        if contract.totals.beside:
            told = f"coalesce(nullif({told}, ''), \"t:{contract.totals.beside}\")"
        total = f"regexp_full_match(lower({told}), {literal(contract.totals.matches)})"
    doors = {match.columns.get(column.name) for column in contract.columns if column.door == "pseudonym"}
    blank = " and ".join(
        f"c{position}_status = 'missing'" if position in doors else f"c{position} = ''"
        for position in range(match.width)
    )
    filled = " or ".join(f"c{position} <> ''" for position in match.unknown) or "false"
    scope = " || '|' || ".join(f'"{name}"' for name in contract.scope) or "''"
    period = f'"{contract.period}"' if contract.period else f"date '{NO_PERIOD}'"
    if contract.period_grain:
        period = f"date_trunc('{contract.period_grain}', {period})::date"
    kept = sql_list(rule.name for rule in all_rules(contract) if rule.severity == "warning")
    # Each condition stands once: bound twice, it took a third of the time of a small file.
    broken = ", ".join(f'{condition} as "broken:{number}"' for number, condition in enumerate(problems.values()))
    some = " or ".join(f'"broken:{number}"' for number in range(len(problems)))
    spoke = ", ".join(f'case when "broken:{number}" then {literal(name)} end' for number, name in enumerate(problems))
    # A list of problems is made only for rows that have one: made for every row it took most of the query's time.
    return f"""
        with texts as (
            select _row_number, {blank} as is_blank, {filled} as "t:unknown", {", ".join(texts)}
            from text_rows
        ),
        parsed as (select *, {", ".join([*once, f"date '{run_date}' as run_date"])} from texts),
        typed as (select *, {", ".join(values)} from parsed),
        stated as (select *, {", ".join([*after, f"{total} as is_total"])} from typed),
        tested as (select *, {broken} from stated),
        ruled as (
            select *,
                case when not is_blank and not is_total and ({some}) then
                    list_filter([{spoke}], lambda problem: problem is not null)
                end as problems
            from tested
        )
        select {", ".join(f'"{column.name}"' for column in contract.columns)},
            _row_number,
            {scope} as _scope,
            {period} as _period,
            case
                when is_blank then 'blank'
                when is_total then 'total'
                when problems is null then 'accepted'
                when len(list_filter(problems, lambda p: split_part(p, '|', 1) not in {kept})) = 0 then 'accepted'
                else 'rejected'
            end as class,
            problems
        from ruled"""


def _cells(match: Match, period_from_name: date | None) -> tuple[list[str], list[str], list[str], list[str]]:
    """The columns of four steps: texts, what is parsed once, typed values, and what is made from other columns."""
    contract = match.contract
    texts, once, values, after = [], [], [], []
    for column in contract.read_columns:
        position = match.columns.get(column.name)
        text = f"c{position}" if position is not None else "''"
        typed = _typed(column) if position is not None else f"null::{sql_type(column.type)}"
        if position is None and column.from_file_name and period_from_name:
            text, typed = f"'{period_from_name}'", f"date '{period_from_name}'"
        if column.name in match.told:
            text = typed = literal(match.told[column.name])
        if column.door == "age":
            born, at = f'"born:{column.name}"', f'"{column.age_at}"'
            read = _typed_date(column) if position is not None else "null::date"
            values.append(f"{read} as {born}")
            years = f"date_sub('year', {born}, {at})"
            is_sound = f"{born} <= {at} and {years} <= {OLDEST_PERSON}"
            after.append(f'case when {is_sound} then least({years}, {OLDEST_AGE}) end as "{column.name}"')
        else:
            values.append(f'{typed} as "{column.name}"')
        texts.append(f'{text} as "t:{column.name}"')
        # Parsed once here; an expression that stands twice in a `case` is worked out twice.
        if (column.type == "date" or column.door == "age") and position is not None:
            once.append(f'{_day_as_written(column)} as "d:{column.name}"')
        if column.door == "pseudonym":
            status = f"c{position}_status" if position is not None else "'missing'"
            texts.append(f'{status} as "status:{column.name}"')
    for column in contract.columns:
        if column.status_of:
            after.append(f'{_status(match, contract.column(column.status_of))} as "{column.name}"')
    return texts, once, values, after


def _status(match: Match, source: Column) -> str:
    if source.door == "pseudonym":
        return f'"status:{source.name}"'
    if source.name not in match.columns:
        return "null::varchar"
    marks = " ".join(
        f'when "t:{source.name}" = {literal(mark)} then {literal(status)}' for mark, status in source.markers.items()
    )
    return f"case when \"{source.name}\" is not null then 'reported' {marks} end"


def _typed(column: Column) -> str:
    text = f'"t:{column.name}"'
    if column.type == "date":
        return _typed_date(column)
    if column.type == "boolean":
        true, false = (sql_list(_as_typed_in(values)) for values in (column.true_values, column.false_values))
        return f"case when {text} in {true} then true when {text} in {false} then false end"
    if column.is_number:
        bare = f"rtrim(replace({text}, ',', ''), '% ')"
        # Commas only as thousands, a percent sign only at the end; never an exponent, never a decimal comma.
        whole = "" if column.type.startswith("decimal") or column.type == "double" else r"(\.0+)?"
        fraction = whole or r"(\.\d+)?"
        form = rf"^[-+]?(\d+|[1-9]\d{{0,2}}(,\d{{3}})+){fraction} ?%?$"
        return f"case when regexp_full_match({text}, '{form}') then try_cast({bare} as {sql_type(column.type)}) end"
    if column.is_free_text:
        named = f"regexp_matches({text}, {literal(PERSON_IN_TEXT)})"
        return f"case when {named} then {literal(WITHHELD)} else nullif({text}, '') end"
    if column.allowed and all(value == value.casefold() for value in column.allowed):
        return f"nullif(lower({text}), '')"
    return f"nullif({text}, '')"


def _as_typed_in(words: tuple[str, ...]) -> list[str]:
    # Listed rather than lowered cell by cell, which takes twice the time.
    return sorted({form for word in words for form in (word, word.lower(), word.upper(), word.capitalize())})


def _day_as_written(column: Column) -> str:
    text = f'"t:{column.name}"'
    formats = [item for item in column.formats if item != "excel_serial"]
    # Spreadsheets write a day as its midnight.
    bare = f"case when length({text}) > 15 then regexp_replace({text}, ' 00:00(:00)?$', '') else {text} end"
    value = f"try_strptime({bare}, {_sql_array(formats)})::date"
    if "excel_serial" in column.formats:
        # Days since 30 December 1899, of the years 1954 to 2064; Excel's 1904 origin cannot be told from a CSV.
        value = (
            f"case when regexp_full_match({text}, '^[2-5]\\d{{4}}(\\.0+)?$') "
            f"then date '1899-12-30' + {text}::double::integer else {value} end"
        )
    return value


def _typed_date(column: Column) -> str:
    value = f'"d:{column.name}"'
    # A two-digit year read by %Y is the year 24, not 2024: refuse rather than guess the century.
    known = f"{value} between date '1900-01-01' and date '2199-12-31'"
    if column.truncate_to is None:
        return f"case when {known} then {value} end"
    # Only a period's first or last day: 04/01 in a month's file is 1 April written the American way.
    start, after = (f"date_trunc('{column.truncate_to}', {day})::date" for day in (value, f"({value} + 1)"))
    return f"case when {known} and ({value} = {start} or {value} + 1 = {after}) then {start} end"


def _problems(match: Match) -> dict[str, str]:
    """By «rule|column» the condition under which a row breaks it."""
    contract = match.contract
    found = {"unknown_column|": '"t:unknown"'}
    for column in contract.read_columns:
        name, text = f'"{column.name}"', f'"t:{column.name}"'
        if column.door:
            lost = (
                f"{name} is null and {text} <> ''" if column.door == "age" else f"\"status:{column.name}\" <> 'valid'"
            )
            found[f"identifier_lost|{column.name}"] = lost
            continue
        marked = f" and {text} not in {sql_list(column.markers)}" if column.markers else ""
        if column.required:
            found[f"required|{column.name}"] = f"{name} is null and {text} = ''"
        if column.type != "string":
            found[f"type|{column.name}"] = f"{name} is null and {text} <> ''{marked}"
        if column.pattern:
            found[f"pattern|{column.name}"] = f"not regexp_full_match({name}, {literal(column.pattern)})"
        if column.allowed:
            found[f"allowed|{column.name}"] = f"{name} not in {sql_list(column.allowed)}"
        if column.type == "string" and not column.allowed and not column.pattern:
            found[f"length|{column.name}"] = f"length({name}) > {column.max_length}"
        bounds = [f"{name} < {column.minimum}"] if column.minimum is not None else []
        bounds += [f"{name} > {column.maximum}"] if column.maximum is not None else []
        if bounds:
            found[f"range|{column.name}"] = " or ".join(bounds)
        if column.is_free_text:
            found[f"text_withheld|{column.name}"] = f"{name} <> {text}"
        elif column.is_number:
            # The whole cell alone: ten digits after a decimal point are no number of a patient.
            whole = f"regexp_full_match({text}, '{WRITTEN}')"
            found[f"identifier_in_text|{column.name}"] = f"case when {whole} then holds_nhs_number({text}) end"
        elif column.type == "string" and not column.allowed and _lets_numbers_pass(column):
            some = f"length({text}) >= 10 and regexp_matches({text}, '{WRITTEN}')"
            found[f"identifier_in_text|{column.name}"] = f"case when {some} then holds_nhs_number({text}) end"
    if contract.sensitive:
        column_name, listed = contract.sensitive.column, sql_list(contract.sensitive.values)
        found[f"sensitive_service|{column_name}"] = f'"{column_name}" in {listed}'
    # A sum of the largest numbers there are, or a cast of no number, stops a query: of that row the rule does not hold.
    return found | {
        f"{rule.name}|": f"coalesce(try(coalesce({rule.condition}, false)), true)" for rule in contract.rules
    }


def _lets_numbers_pass(column: Column) -> bool:
    """Whether the form of a code leaves room for an NHS number (here the published example of one)."""
    written = ("9434765919", "943 476 5919", "943-476-5919")
    return column.pattern is None or any(re.fullmatch(column.pattern, number) for number in written)


def doubled_queries(contract: Contract) -> tuple[str, str]:
    """Two queries on accepted rows of `judged` that share a key: hashes of such keys, into a table `twice`; then number
    and problem of each row that this leaves out.

    Keys are compared without regard to case: names are matched so, and one ward under two spellings would be summed.
    Only rows that are sound by themselves compete: a refused row must not take a good one with it.
    """
    key = ", ".join(
        f'lower("{name}")' if contract.column(name).type == "string" else f'"{name}"' for name in contract.key
    )
    rest = ", ".join(f'"{column.name}"' for column in contract.columns if column.name not in contract.key) or "1"
    twice = f"""
        select key_hash from (select hash({key}) as key_hash from judged where class = 'accepted')
        group by key_hash having count(*) > 1"""
    return (
        twice,
        f"""
        with keyed as (
            select _row_number,
                min(hash({rest})) over same_key <> max(hash({rest})) over same_key as differ,
                row_number() over (same_key order by _row_number) as turn
            from judged
            where class = 'accepted' and hash({key}) in (select key_hash from twice)
            window same_key as (partition by {key})
        )
        select _row_number, case when differ then 'duplicate_conflict|' else 'duplicate_row|' end as problem
        from keyed where differ or turn > 1""",
    )


def sql_list(values: Any) -> str:
    """Values as an SQL list in round brackets."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def _sql_array(values: Any) -> str:
    return "[" + ", ".join(literal(value) for value in values) + "]"


def literal(value: Any) -> str:
    """A value as an SQL text."""
    return "'" + str(value).replace("'", "''") + "'"

"""Tidy CSVs of the command line: a file as rows with their lines, a table of DuckDB, and back.

Kept out: which columns a method reads and what its figures mean; feeds, which have contracts and come in by `ingest`.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ingest.refusal import Refusal

# How a cell is read: raises ValueError where it cannot be.
Reader = Callable[[str], Any]
MISSING = ("", "NA")


def number(text: str) -> float:
    """A number with a decimal point, below 1e15: what is larger is no count, and no sum of it is exact.

    Raises ValueError.
    """
    value = float(text)
    if not abs(value) < 1e15 or "_" in text:
        raise ValueError(text)
    return value


def whole(text: str) -> int:
    """A whole number, `3` or `3.0`. Raises ValueError."""
    value = number(text)
    if value != int(value) or abs(value) > 1e6:
        raise ValueError(text)
    return int(value)


def truth(text: str) -> bool:
    """TRUE or FALSE, in the spellings of R, Python and spreadsheets. Raises ValueError."""
    known = {"true": True, "t": True, "1": True, "yes": True, "false": False, "f": False, "0": False, "no": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


KINDS: Mapping[Reader, str] = {
    number: "a number below 1e15",
    whole: "a whole number below a million",
    truth: "TRUE or FALSE",
    str: "a text",
}
SQL_TYPES: Mapping[Reader, str] = {number: "double", whole: "int", truth: "boolean", str: "varchar"}


def read_csv(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header in lower case, and the rows of a CSV, each with its line.

    Raises Refusal where there is no row, or one of another length than the header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("encoding", f"byte {error.start}", "the file is not UTF-8", "save it as CSV UTF-8") from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise Refusal("csv", f"line {reader.line_num}", f"no CSV: {error}", "save it as CSV again") from error
    if not rows:
        raise Refusal("empty", "line 1", "the file is empty", "write a header and a row for each figure")
    (_, header), body = rows[0], rows[1:]
    header = [name.lower() for name in header]
    if not body:
        raise Refusal("empty", "line 2", "there is a header and no row", "write a row for each figure")
    for line, cells in body:
        if len(cells) != len(header):
            raise Refusal(
                "ragged",
                f"line {line}",
                f"{len(cells)} cells under {len(header)} columns",
                "give each row a cell for each column; put a text with a comma into quotes",
            )
    return header, body


def cell(text: str, read: Reader, name: str, line: int) -> Any:
    """A cell as `read` reads it, None where it is blank or NA. Raises Refusal with line and column."""
    if text in MISSING:
        return None
    try:
        return read(text)
    except ValueError:
        raise Refusal(
            "cell",
            f"line {line}",
            f"{name} is not {KINDS[read]}: {text!r}",
            "write figures as 1234.5; leave blank what is missing",
        ) from None


def table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> None:
    """Make a table of rows; `columns` maps names to types of DuckDB."""
    import pyarrow as pa

    kinds = {"bigint": pa.int64(), "int": pa.int32(), "double": pa.float64(), "boolean": pa.bool_()}
    schema = pa.schema([(column, kinds.get(kind, pa.string())) for column, kind in columns.items()])
    listed = list(rows)
    arrow = pa.table([[row[i] for row in listed] for i in range(len(schema))], schema=schema)
    connection.register("_rows", arrow)
    connection.execute(f"create or replace table {name} as select * from _rows")
    connection.unregister("_rows")


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV as the golden tables are: 15 figures, TRUE and FALSE, nothing where there is nothing."""
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_written(cell) for cell in row] for row in rows)


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)

"""Typed Parquet by rename: the one way in which lake and ledger files come to be.

Kept out: what the columns are (contracts) and which folders exist (`home`).
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_ARROW = {
    "string": pa.string(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}
EMPTY = "_empty.parquet"


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    """The Arrow schema of columns typed as contracts type them."""

    def arrow(name: str) -> pa.DataType:
        decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", name)
        return pa.decimal128(int(decimal[1]), int(decimal[2])) if decimal else _ARROW[name]

    return pa.schema([(column, arrow(name)) for column, name in types.items()])


def sql_type(name: str) -> str:
    """DuckDB's name of a contract's type."""
    return {"string": "varchar", "int": "integer"}.get(name, name)


def write_rows(path: Path, types: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows (missing keys become null) as one Parquet file, complete or not at all."""
    commit(write_partial(path, types, rows), path)


def write_partial(path: Path, types: Mapping[str, str], rows: Iterable[Mapping[str, Any]] | pa.Table) -> Path:
    """Write rows beside their place, for `commit` to give them their name; returns where they lie."""
    schema = arrow_schema(types)
    if isinstance(rows, pa.Table):
        table = rows.select(schema.names).cast(schema)
    else:
        table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    pq.write_table(table, partial, compression="zstd")
    return partial


def partial_of(path: Path) -> Path:
    """Where a file is written before it is renamed into place; no reader's pattern matches it."""
    return path.with_name(f".{path.name}.partial")


def commit(partial: Path, path: Path) -> None:
    """Make a finished file durable and give it its name in one step."""
    with partial.open("rb") as handle:
        os.fsync(handle.fileno())
    partial.replace(path)


def is_sound(path: Path) -> bool:
    """Whether a Parquet file can be read to its end."""
    try:
        pq.read_table(path)
    except (pa.ArrowException, OSError):
        return False
    return True


def ensure_empty(folder: Path, types: Mapping[str, str]) -> None:
    """Keep one typed file without rows in a folder, so that a reader's pattern never matches nothing.

    Rewritten only where it is damaged, or the contract's columns or types have changed since.
    """
    path = folder / EMPTY
    if not path.exists() or not is_sound(path) or not pq.read_schema(path).equals(arrow_schema(types)):
        write_rows(path, types, [])

"""A mart in the two forms in which a release holds it: a table with its texts in `qls.duckdb`, and a Parquet file.

Both are written in the order of the mart's full key, so that the same mart gives the same bytes.

Kept out: which marts there are and in which order they are copied (`release`).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

DATABASE = "qls.duckdb"
# Readable by every driver since DuckDB 1.0; drivers of BI tools lag a year behind the engine.
STORAGE_VERSION = "v1.0.0"


@dataclass(frozen=True)
class PublishedColumn:
    """A column as readers see it."""

    name: str
    type: str
    description: str
    is_key: bool


@dataclass(frozen=True)
class PublishedMart:
    """A mart as readers see it, with its columns in order."""

    domain: str
    name: str
    description: str
    grain: str
    owner: str
    columns: tuple[PublishedColumn, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns; all columns where the mart names no key, so that an order is always complete."""
        return tuple(column.name for column in self.columns if column.is_key) or tuple(
            column.name for column in self.columns
        )

    @property
    def parquet(self) -> str:
        """Path of the Parquet file below the release folder."""
        return f"parquet/{self.domain}/{self.name}.parquet"

    @property
    def table(self) -> str:
        """Name of the table in `qls.duckdb`, quoted."""
        return f"{quoted(self.domain)}.{quoted(self.name)}"


def marts_from(rows: Iterable[Mapping[str, Any]]) -> list[PublishedMart]:
    """The marts that rows of the ledger table `published_column` (of one run) describe, by domain and name."""
    listed: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        listed.setdefault((row["domain"], row["mart_name"]), []).append(row)
    marts = []
    for (domain, name), columns in sorted(listed.items()):
        columns.sort(key=lambda row: row["column_no"])
        first = columns[0]
        marts.append(
            PublishedMart(
                domain=domain,
                name=name,
                description=first["mart_description"],
                grain=first["mart_grain"],
                owner=first["mart_owner"],
                columns=tuple(
                    PublishedColumn(row["column_name"], row["data_type"], row["description"], row["is_key"])
                    for row in columns
                ),
            )
        )
    return marts


@contextmanager
def copying(warehouse: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the warehouse (as `qls`, its own name, which its views use) and writes the release's
    database (as `release`), checkpointed and closed at the end."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(warehouse)} as qls (read_only)")
        connection.execute(
            f"attach {literal(folder / DATABASE)} as release (storage_version {literal(STORAGE_VERSION)})"
        )
        # One transaction: each of some hundred comments would else wait for the disk by itself.
        connection.execute("begin")
        yield connection
        connection.execute("commit")
        connection.execute("detach release")


def copy_mart(connection: duckdb.DuckDBPyConnection, mart: PublishedMart, folder: Path) -> int:
    """Copy one mart into the release below `folder`, in both forms; returns its rows.

    Raises `duckdb.Error` where the warehouse has no such mart or lacks a column that readers were promised.
    """
    columns = ", ".join(quoted(column.name) for column in mart.columns)
    order = ", ".join(quoted(name) for name in mart.key)
    connection.execute(f"create schema if not exists release.{quoted(mart.domain)}")
    connection.execute(f"create table release.{mart.table} as select {columns} from qls.{mart.table} order by {order}")
    connection.execute(
        f"comment on table release.{mart.table} is {literal(f'{mart.description} One row per {mart.grain}.')}"
    )
    for column in mart.columns:
        connection.execute(
            f"comment on column release.{mart.table}.{quoted(column.name)} is {literal(column.description)}"
        )
    target = folder / mart.parquet
    target.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy (select * from release.{mart.table} order by {order}) to {literal(target)}"
        " (format parquet, compression zstd)"
    )
    row = connection.execute(f"select count(*) from release.{mart.table}").fetchone()
    assert row is not None  # an aggregate always has one row
    return int(row[0])


def copy_functions(connection: duckdb.DuckDBPyConnection, marts: Iterable[PublishedMart]) -> None:
    """Copy the table functions that the warehouse keeps beside the marts into the release's database.

    They read marts by name, so the marts stand there first.
    """
    domains = sorted({mart.domain for mart in marts})
    functions = connection.execute(
        """
        select schema_name, function_name, parameters, macro_definition
        from duckdb_functions()
        where database_name = 'qls' and function_type = 'table_macro' and list_contains(?, schema_name)
        order by all
        """,
        [domains],
    ).fetchall()
    # A function is bound where it is made: what it reads is looked for in the database in use.
    connection.execute("use release")
    for schema, name, parameters, definition in functions:
        named = f"{quoted(schema)}.{quoted(name)}({', '.join(map(quoted, parameters))})"
        connection.execute(f"create macro {named} as table {definition}")
    connection.execute("use memory")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"

"""The append-only account of what happened: one Parquet file per table, run and station, written by rename.

What stands here is never changed and never deleted. A version, a check, a release exists when its entry exists.

Kept out: what an entry means; each station writes its own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.contract import Contract, ledger_tables
from ingest.parquet import commit, ensure_empty, is_sound, write_partial

_KIND = "home_kind"
_JOURNAL = "journal"


class LedgerError(ValueError):
    """A row does not fit the contract of its ledger table."""


class Ledger:
    """The ledger below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Give every table its folder and its typed empty file; finish what a killed station had begun to append."""
        self._finish()
        for name, contract in ledger_tables().items():
            ensure_empty(self.root / name, contract.lake_types)

    def append(
        self, table: str, run_id: str, station: str, rows: Iterable[Mapping[str, Any]] | pa.Table
    ) -> Path | None:
        """Write rows of one run and station as one new file, and return it; None where there are no rows.

        Columns that a row leaves out become null; a table of Arrow, for hundreds of thousands of rows, has them all.
        Raises LedgerError for a column that the contract does not have and for a required one that is null. A station
        that appends to a table again in the same run adds a file.
        """
        return self.append_all(run_id, station, {table: rows})[table]

    def append_all(
        self, run_id: str, station: str, tables: Mapping[str, Iterable[Mapping[str, Any]] | pa.Table]
    ) -> dict[str, Path | None]:
        """Append to several tables at once: every file is written in full before the first gets its name.

        A full disk therefore leaves nothing behind that a reader sees. Names are given in the order of `tables`; a
        journal of them lets the next `prepare` give the rest, where the process is killed between two.
        """
        written: dict[str, tuple[Path, Path] | None] = {}
        for table, rows in tables.items():
            contract = ledger_tables()[table]
            entries = (
                _fit_table(contract, rows) if isinstance(rows, pa.Table) else [_fit(contract, row) for row in rows]
            )
            folder = self.root / table
            part = len(list(folder.glob(f"{run_id}.{station}.*.parquet"))) + 1
            path = folder / f"{run_id}.{station}.{part}.parquet"
            written[table] = (write_partial(path, contract.lake_types, entries), path) if len(entries) else None
        named = [[str(path.relative_to(self.root)) for path in files] for files in written.values() if files]
        if len(named) > 1:
            partial = self.root / f".{_JOURNAL}.partial"
            partial.write_text(json.dumps(named), encoding="utf-8")
            commit(partial, self.root / _JOURNAL)
        for files in written.values():
            if files:
                commit(*files)
        (self.root / _JOURNAL).unlink(missing_ok=True)
        return {table: files[1] if files else None for table, files in written.items()}

    def _finish(self) -> None:
        journal = self.root / _JOURNAL
        if not journal.exists():
            return
        for partial, path in json.loads(journal.read_text(encoding="utf-8")):
            if (self.root / partial).exists():
                commit(self.root / partial, self.root / path)
        journal.unlink()

    def read(self, table: str, where: str = "true") -> list[dict[str, Any]]:
        """All rows of a table for which an SQL condition holds; an empty list where there are none.

        No order is promised: sort by what the table numbers. Raises LedgerError where a file of the table is damaged.
        """
        pattern = self.root / table / "*.parquet"
        if not (self.root / table).is_dir():
            return []
        with duckdb.connect() as connection:
            try:
                cursor = connection.execute(
                    f"select * from read_parquet('{_quoted(pattern)}', union_by_name = true) where {where}"
                )
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            except duckdb.Error:
                if damaged := [path for path in sorted(pattern.parent.glob(pattern.name)) if not is_sound(path)]:
                    # Without the driver's error as its cause, for that is what the run would print of it.
                    raise LedgerError(f"the ledger file {damaged[0]} is damaged: restore it from the backup") from None
                raise

    @property
    def exists(self) -> bool:
        """Whether a home's first run or first example has marked this ledger."""
        return (self.root / _KIND).exists()

    @property
    def is_demonstration(self) -> bool:
        """Whether the home was marked, for ever, as one of example files."""
        return self.exists and (self.root / _KIND).read_text(encoding="utf-8").strip() == "demonstration"

    def mark(self, *, demonstration: bool) -> None:
        """Say once whether the home holds example or real files; a second, different word raises LedgerError."""
        kind = "demonstration" if demonstration else "real"
        if self.exists:
            if self.is_demonstration != demonstration:
                raise LedgerError(f"this ledger is marked otherwise and cannot become {kind}")
            return
        self.root.mkdir(parents=True, exist_ok=True)
        partial = self.root / f".{_KIND}.partial"
        partial.write_text(kind + "\n", encoding="utf-8")
        partial.replace(self.root / _KIND)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _fit(contract: Contract, row: Mapping[str, Any]) -> dict[str, Any]:
    known = {column.name: column for column in contract.columns}
    if unknown := set(row) - set(known):
        raise LedgerError(f"ledger table {contract.id} has no column {', '.join(sorted(unknown))}")
    missing = [name for name, column in known.items() if column.required and row.get(name) is None]
    if missing:
        raise LedgerError(f"ledger table {contract.id}: {', '.join(missing)} must not be null")
    return {name: _naive_utc(value) for name, value in row.items()}


def _fit_table(contract: Contract, table: pa.Table) -> pa.Table:
    names = {column.name for column in contract.columns}
    if set(table.column_names) != names:
        raise LedgerError(f"ledger table {contract.id} has the columns {', '.join(sorted(names))}, and all of them")
    required = [column.name for column in contract.columns if column.required]
    if missing := [name for name in required if table[name].null_count]:
        raise LedgerError(f"ledger table {contract.id}: {', '.join(missing)} must not be null")
    return table


def _naive_utc(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value

"""Where judged rows go: accepted ones into the lake, refused ones into quarantine, one Parquet file per version.

A file in the lake is never changed. Until the ledger names its version no reader selects it, so that a crash between
the two leaves nothing half-loaded.

Kept out: which version is current (`macros/versions.sql`).
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.compile import literal
from ingest.contract import LINEAGE, Contract, feeds
from ingest.home import Home
from ingest.identifiers import masked, masked_sql
from ingest.parquet import commit, ensure_empty, partial_of
from ingest.readers.text import TextRows


def prepare(home: Home) -> None:
    """Give every feed its folder in the lake and its typed empty file; keep quarantine to its owner."""
    home.quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.quarantine.chmod(0o700)
    home.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_scratch(home)
    for name, contract in feeds().items():
        ensure_empty(home.lake / name, contract.lake_types)


def clear_scratch(home: Home) -> None:
    """Remove the rows of the last files read."""
    for left in home.scratch.iterdir():
        left.unlink()


def store(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    contract: Contract,
    text: TextRows,
    file_id: str,
    delivery_id: str,
) -> None:
    """Write the connection's view `judged` as the version `file_id`: accepted rows to the lake, refused ones aside.

    The cells of refused rows are read again from `text`; of a personal feed none is kept, and no row of a service that
    the trust lists as sensitive leaves any trace but its count.
    """
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    assert list(contract.lake_types)[-len(LINEAGE) :] == list(LINEAGE)
    # Files that are appended never replace each other: each is a scope of its own, here as in the ledger.
    scope = f"'{delivery_id}' as _scope" if contract.delivery == "append" else "_scope"
    # Duplicates are told by a join, which gives its rows in any order; a scan of one batch keeps that of the file, for
    # nothing. Nobody may rely on either: `_row_number` tells the order.
    doubled = connection.execute("select count(*) from doubled").fetchone()
    in_order = "order by _row_number" if doubled and doubled[0] else ""
    _copy(
        connection,
        f"select {columns}, '{file_id}' as _file_id, _row_number, {scope}, _period "
        f"from judged where class = 'accepted' {in_order}",
        home.lake / contract.id / f"{file_id}.parquet",
    )
    sensitive = literal(f"sensitive_service|{contract.sensitive.column}" if contract.sensitive else "")
    connection.execute(
        f"""
        create or replace temp table refused as
        select _row_number, problems, null::varchar[] as cells from judged
        where class = 'rejected' and not list_contains(problems, {sensitive})
        """
    )
    row = connection.execute("select count(*) from refused").fetchone()
    if not row or not row[0]:
        return
    if not contract.personal:
        _fill_cells(connection, text)
    _copy(
        connection,
        f"select '{file_id}' as _file_id, _row_number, problems, cells from refused order by _row_number",
        home.quarantine / contract.id / f"{file_id}.parquet",
    )


def _fill_cells(connection: duckdb.DuckDBPyConnection, text: TextRows) -> None:
    connection.register("text_rows", pa.RecordBatchReader.from_batches(text.schema, text.batches()))
    cells = ", ".join(masked_sql(f"c{position}") for position in range(text.width))
    connection.execute(
        f"""
        update refused set cells = delivered.cells
        from (
            select _row_number, [{cells}] as cells
            from text_rows where _row_number in (select _row_number from refused)
        ) as delivered
        where refused._row_number = delivered._row_number
        """
    )
    connection.unregister("text_rows")
    if text.ragged:
        torn = {"number": [number for number, _, _ in text.ragged], "line": [masked(line) for *_, line in text.ragged]}
        connection.register("torn", pa.table(torn))
        connection.execute("update refused set cells = [line] from torn where _row_number = number")
        connection.unregister("torn")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    quoted = str(partial).replace("'", "''")
    connection.execute(f"copy ({query}) to '{quoted}' (format parquet, compression zstd)")
    commit(partial, path)

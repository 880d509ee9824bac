"""Where judged rows go: accepted ones into the lake, refused ones into quarantine, one Parquet file per version.

A file in the lake is never changed. Until the ledger names its version no reader selects it, so that a crash between
the two leaves nothing half-loaded.

Kept out: which version is current (`macros/versions.sql`).
"""

from pathlib import Path

import duckdb

from ingest.contract import LINEAGE, Contract, feeds
from ingest.home import Home
from ingest.parquet import commit, ensure_empty, partial_of


def prepare(home: Home) -> None:
    """Give every feed its folder in the lake and its typed empty file; keep quarantine to its owner."""
    home.quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.quarantine.chmod(0o700)
    for name, contract in feeds().items():
        ensure_empty(home.lake / name, contract.lake_types)


def store(
    connection: duckdb.DuckDBPyConnection, home: Home, contract: Contract, file_id: str, delivery_id: str
) -> None:
    """Write the connection's table `judged` as the version `file_id`: accepted rows to the lake, refused aside."""
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    assert list(contract.lake_types)[-len(LINEAGE) :] == list(LINEAGE)
    # Files that are appended never replace each other: each is a scope of its own, here as in the ledger.
    scope = f"'{delivery_id}' as _scope" if contract.delivery == "append" else "_scope"
    _copy(
        connection,
        f"select {columns}, '{file_id}' as _file_id, _row_number, {scope}, _period "
        "from judged where class = 'accepted' order by _row_number",
        home.lake / contract.id / f"{file_id}.parquet",
    )
    refused = "from judged where class = 'rejected'"
    row = connection.execute(f"select count(*) {refused}").fetchone()
    if row and row[0]:
        _copy(
            connection,
            f"select '{file_id}' as _file_id, _row_number, problems, cells {refused} order by _row_number",
            home.quarantine / contract.id / f"{file_id}.parquet",
        )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_of(path)
    quoted = str(partial).replace("'", "''")
    connection.execute(f"copy ({query}) to '{quoted}' (format parquet, compression zstd)")
    commit(partial, path)

"""Dagster's history of runs in SQLite, each of its files behind one connection that stays open.

Dagster's own storage opens, checkpoints and closes a file some three times for each event, and compiles each statement
anew: 10 of the 15 milliseconds of an event. A run of the small example has some two thousand.

Kept out: our own account of a run (`ingest.ledger`); no figure hangs on this one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Self

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData


class KeptOpenSqlite(SqliteEventLogStorage):
    """Dagster's storage, file by file and table by table, but for how it comes by a connection."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._has_table = cache(super().has_table)
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Make it from dagster.yaml; the inherited one would make its own class."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if shard not in self._engines:
                self._engines[shard] = self._opened(shard)
            with self._engines[shard].begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether a table is there, asked once: Dagster asks at every event."""
        return self._has_table(table_name)

    def _opened(self, shard: str) -> sa.Engine:
        engine = sa.create_engine(
            self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        sa.event.listen(engine, "connect", _write_without_waiting)
        self._initdb(engine)
        return engine

    def dispose(self) -> None:
        """Close all files."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _write_without_waiting(connection: Any, _record: Any) -> None:
    # Beside a write-ahead log our crash loses nothing by it; a power cut may lose the newest events of the history.
    connection.execute("pragma synchronous = normal")

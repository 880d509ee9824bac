"""Dagster's history: what one process writes another reads, from the same files as Dagster's own storage."""

from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage

from ingest.home import Home
from orchestration.definitions import instance
from orchestration.settings import Settings
from orchestration.storage import KeptOpenSqlite


@dg.asset
def figure() -> int:
    return 1


def test_what_it_writes_dagsters_own_storage_reads(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path))
    with instance(settings) as storage:
        assert isinstance(storage.event_log_storage, KeptOpenSqlite)
        run = dg.materialize([figure], instance=storage)
        assert run.success
    own = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    kinds = [record.event_log_entry.dagster_event_type for record in own.get_records_for_run(run.run_id).records]
    assert dg.DagsterEventType.ASSET_MATERIALIZATION in kinds
    assert own.has_asset_key(figure.key)
    # The second time in the same home: the file that says which storage it is is kept.
    with instance(settings) as again:
        assert [asset.to_user_string() for asset in again.all_asset_keys()] == ["figure"]

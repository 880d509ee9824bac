"""The ledger: appended by rename, typed by contract, never empty-handed to a reader, marked once."""

import contextlib
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from ingest.ledger import Ledger, LedgerError
from tests.conftest import make_run


def rejection() -> dict[str, object]:
    return {
        "file_id": "f", "run_id": "r", "rule_id": "contract.a.type", "column_name": "", "action": "rejected",
        "row_count": 1, "sample_rows": "1", "message": "no number",
    }  # fmt: skip


def period() -> dict[str, object]:
    return {
        "file_id": "f", "run_id": "r", "feed": "a", "sequence": 1, "scope": "", "period": date(2025, 4, 1),
        "rows_accepted": 1,
    }  # fmt: skip


def test_a_reader_finds_a_typed_empty_table(ledger: Ledger) -> None:
    relation = duckdb.sql(f"select * from read_parquet('{ledger.root}/run/*.parquet')")
    assert relation.fetchall() == []
    assert dict(zip(relation.columns, map(str, relation.types), strict=True))["started_at"] == "TIMESTAMP"


def test_rows_come_back_and_further_parts_add(ledger: Ledger) -> None:
    run = make_run()
    ledger.append("run", run.run_id, "orchestration", [run.row()])
    ledger.append("run", run.run_id, "orchestration", [make_run(2).row()])
    rows = sorted(ledger.read("run"), key=lambda row: row["run_no"])
    assert [row["run_no"] for row in rows] == [1, 2]
    assert rows[0]["started_at"] == datetime(2026, 11, 23, 6, 1)
    assert rows[0]["as_of_sequence"] is None
    assert not list(ledger.root.rglob("*.partial"))


def test_times_are_kept_in_utc(ledger: Ledger) -> None:
    run = make_run(started_at=datetime.fromisoformat("2026-07-01T06:00:00+01:00"))
    ledger.append("run", run.run_id, "orchestration", [run.row()])
    assert ledger.read("run")[0]["started_at"] == datetime(2026, 7, 1, 5, 0)
    assert make_run().started_at.tzinfo is UTC


def test_many_rows_come_as_one_table_and_must_fit_too(ledger: Ledger) -> None:
    ends = pa.table({"outcome": ["held"], "run_id": ["r1"], "release_id": pa.nulls(1), "detail": ["why"]})
    ledger.append("run_end", "r1", "orchestration", ends)
    assert ledger.read("run_end") == [{"run_id": "r1", "outcome": "held", "release_id": None, "detail": "why"}]
    with pytest.raises(LedgerError, match="detail, outcome, release_id, run_id, and all of them"):
        ledger.append("run_end", "r1", "orchestration", ends.drop_columns("detail"))
    with pytest.raises(LedgerError, match="outcome must not be null"):
        ledger.append("run_end", "r1", "orchestration", ends.set_column(0, "outcome", pa.nulls(1)))
    assert ledger.append("run_end", "r1", "orchestration", ends.slice(0, 0)) is None


def test_no_rows_no_file(ledger: Ledger) -> None:
    assert ledger.append("run_end", "r1", "orchestration", []) is None


def test_a_row_must_fit_its_contract(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no column mood"):
        ledger.append("run_end", "r1", "orchestration", [{"run_id": "r1", "outcome": "held", "mood": "low"}])
    with pytest.raises(LedgerError, match="outcome must not be null"):
        ledger.append("run_end", "r1", "orchestration", [{"run_id": "r1"}])


def test_a_home_is_marked_once_and_for_ever(ledger: Ledger) -> None:
    assert not ledger.exists
    ledger.mark(demonstration=True)
    ledger.mark(demonstration=True)
    assert ledger.is_demonstration
    with pytest.raises(LedgerError, match="cannot become real"):
        ledger.mark(demonstration=False)


def test_what_a_killed_load_had_begun_to_append_is_finished_by_the_next(ledger: Ledger, monkeypatch) -> None:
    """Killed between two renames: the next run finds all tables or, before the first rename, none."""
    from ingest import ledger as module

    real_commit = module.commit

    tables = {"rejection": [rejection()], "file_period": [period()]}
    for survived in range(3):
        run_id, renamed = f"r{survived}", []

        def commit(partial, path, renamed=renamed, survived=survived):
            if len(renamed) >= survived:
                raise KeyboardInterrupt
            renamed.append(path)
            real_commit(partial, path)

        monkeypatch.setattr(module, "commit", commit)
        with contextlib.suppress(KeyboardInterrupt):
            ledger.append_all(run_id, "ingest", tables)
        monkeypatch.setattr(module, "commit", real_commit)
        ledger.prepare()
        found = [len(list((ledger.root / table).glob(f"{run_id}.*"))) for table in tables]
        assert found == ([0, 0] if survived == 0 else [1, 1]), survived

"""The ledger: appended by rename, typed by contract, never empty-handed to a reader, marked once."""

from datetime import UTC, datetime

import duckdb
import pytest

from ingest.ledger import Ledger, LedgerError
from tests.conftest import make_run


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

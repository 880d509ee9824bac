"""A release: complete, described, verified, switched in one step, taken back, kept for a while."""

import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.ledger import Ledger
from publish.release import PublishError, in_force, prune, publish, releases, rollback, verify
from tests.unit.publish.world import make_home, make_ready, make_run

Ready = tuple[Home, Ledger]


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    return make_home(tmp_path / "home")


def _publish(ready: Ready, run_no: int = 1, keep: int = 14) -> Path:
    home, ledger = ready
    run = make_run(run_no)
    make_ready(home, ledger, run)
    return publish(home, run, ledger, keep).path


def _parquet_hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("parquet/*/*.parquet")
        if path.parent.name != "evidence"
    }


def test_a_release_holds_every_mart_twice_with_its_texts_and_verifies(ready: Ready) -> None:
    folder = _publish(ready)
    assert verify(folder) == []
    with duckdb.connect(str(folder / "qls.duckdb"), read_only=True) as database:
        assert database.execute("select count(*) from indicators.fct_indicator_month").fetchone() == (500,)
        assert database.execute("select comment from duckdb_columns() where column_name = 'site_name'").fetchone() == (
            "What site_name means: it's quoted.",
        )
        assert database.execute("select comment from duckdb_tables() where table_name = 'dim_site'").fetchone() == (
            "All of dim_site. One row per row.",
        )
        assert database.execute("from reference.search_sites('field')").fetchall() == [("RAJ32",)]
        assert database.execute(
            "select distinct tags['storage_version'] from duckdb_databases() where database_name = 'qls'"
        ).fetchone() == ("v1.0.0+",)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["release_id"] == "2026-11-01-0600-a001"
    assert manifest["checks"] == {"pass": 1}
    assert manifest["notice"].startswith("Demonstration")
    assert {mart["mart_name"]: mart["row_count"] for mart in manifest["marts"]} == {
        "fct_release": 1,
        "fct_indicator_month": 500,
        "dim_site": 2,
    }
    package = json.loads((folder / "datapackage.json").read_text())
    fact = next(resource for resource in package["resources"] if resource["name"] == "fct_indicator_month")
    assert [field["type"] for field in fact["schema"]["fields"]] == ["string", "date", "number"]
    assert fact["schema"]["primaryKey"] == ["org_id", "month"]
    assert (folder / "evidence" / "index.html").exists()


def test_a_release_shows_itself_in_its_own_evidence_and_the_ledger_tells_its_life(ready: Ready) -> None:
    folder = _publish(ready)
    rows = duckdb.sql(f"select event from read_parquet('{folder}/parquet/evidence/fct_release.parquet')").fetchall()
    assert rows == [("assembled",)]
    events = sorted(ready[1].read("release"), key=lambda event: event["event_no"])
    assert [(event["event_no"], event["event"]) for event in events] == [(1, "assembled"), (2, "published")]
    assert {(event["mart_count"], event["row_count"]) for event in events} == {(3, 502)}


def test_current_is_a_relative_link_and_moves_with_the_home(ready: Ready, tmp_path: Path) -> None:
    folder = _publish(ready)
    current = ready[0].published / "internal" / "current"
    assert current.readlink() == Path("releases") / folder.name
    moved = tmp_path / "elsewhere"
    shutil.move(ready[0].root, moved)
    assert (moved / "published" / "internal" / "current" / "manifest.json").exists()


def test_the_same_marts_give_the_same_parquet_bytes(tmp_path: Path) -> None:
    # Above two row groups, so that threads have something to disagree about.
    hashes = []
    for name in ("one", "two"):
        home, ledger = make_home(tmp_path / name, rows=300_000)
        run = make_run()
        make_ready(home, ledger, run)
        hashes.append(_parquet_hashes(publish(home, run, ledger).path))
    assert len(hashes[0]) == 2
    assert hashes[0] == hashes[1]


def test_a_reader_keeps_the_release_it_opened_while_another_is_published(ready: Ready) -> None:
    first = _publish(ready, 1)
    current = ready[0].published / "internal" / "current" / "qls.duckdb"
    with duckdb.connect(str(current), read_only=True) as reader:
        second = _publish(ready, 2, keep=1)
        assert reader.execute("select count(*) from indicators.fct_indicator_month").fetchone() == (500,)
        assert reader.execute("select list(event) from evidence.fct_release").fetchone() == (["assembled"],)
    assert in_force(ready[0], "internal") == second
    assert not first.exists()
    with duckdb.connect(str(current), read_only=True) as reader:
        assert reader.execute("select count(*) from evidence.fct_release").fetchone() == (3,)


def test_nothing_is_published_that_the_gate_has_not_passed(ready: Ready) -> None:
    home, ledger = ready
    with pytest.raises(PublishError, match="not judged"):
        publish(home, make_run(), ledger)
    make_ready(home, ledger, make_run(1), held=True)
    with pytest.raises(PublishError, match="holds"):
        publish(home, make_run(1), ledger)
    with pytest.raises(PublishError, match="not judged"):
        publish(home, make_run(2), ledger)
    assert in_force(home, "internal") is None


def test_a_run_as_of_an_earlier_day_is_written_beside(ready: Ready) -> None:
    home, ledger = ready
    first = _publish(ready, 1)
    run = make_run(2, as_of_sequence=3)
    make_ready(home, ledger, run)
    beside = publish(home, run, ledger)
    assert not beside.is_in_force
    assert beside.path.is_dir()
    assert in_force(home, "internal") == first
    with pytest.raises(PublishError, match="no published release"):
        rollback(home, ledger, "internal", beside.release_id, run.started_at)


def _append_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


@pytest.mark.parametrize(
    ("name", "harm", "problem"),
    [
        ("parquet/reference/dim_site.parquet", _append_byte, "has changed"),
        ("qls.duckdb", _append_byte, "has changed"),
        ("datapackage.json", Path.unlink, "is missing"),
        ("parquet/reference/.dim_site.partial", Path.touch, "is not in the manifest"),
        ("manifest.json", lambda path: path.write_text("{"), "cannot be read"),
    ],
)
def test_a_tampered_release_does_not_verify(ready: Ready, name: str, harm: object, problem: str) -> None:
    folder = _publish(ready)
    harm(folder / name)  # type: ignore[operator]
    assert any(problem in found for found in verify(folder))
    (release,) = releases(ready[0], check=True)
    assert release.problems
    with pytest.raises(PublishError, match="does not verify"):
        rollback(ready[0], ready[1], "internal", folder.name, make_run().started_at)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("comment on column reference.dim_site.site_name is null", "reference.dim_site.site_name has no text"),
        ("delete from reference.dim_site where site_code = 'RAJ01'", "reference.dim_site has 1 rows"),
        ("create table reference.dim_other as select 1 as n", "reference.dim_other is not in"),
    ],
)
def test_tables_that_differ_from_the_manifest_do_not_verify(ready: Ready, change: str, problem: str) -> None:
    folder = _publish(ready)
    with duckdb.connect(str(folder / "qls.duckdb")) as database:
        database.execute(change)
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / "qls.duckdb").read_bytes()
    manifest["files"]["qls.duckdb"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert any(found.startswith(problem) for found in verify(folder))


def test_rollback_puts_an_earlier_release_in_force_and_says_so(ready: Ready) -> None:
    home, ledger = ready
    first, second = _publish(ready, 1), _publish(ready, 2)
    back = rollback(home, ledger, "internal", first.name, make_run(3).started_at)
    assert back.is_in_force
    assert in_force(home, "internal") == first
    last = max(ledger.read("release"), key=lambda event: event["event_no"])
    assert (last["event"], last["release_id"]) == ("rolled_back_to", first.name)
    assert [(release.path, release.is_in_force) for release in releases(home)] == [(first, True), (second, False)]
    with pytest.raises(PublishError, match="no published release"):
        rollback(home, ledger, "internal", "2020-01-01-0600-none", make_run(3).started_at)


def test_retention_never_deletes_what_is_in_force(ready: Ready) -> None:
    home, ledger = ready
    folders = [_publish(ready, number) for number in (1, 2, 3)]
    rollback(home, ledger, "internal", folders[0].name, make_run(4).started_at)
    assert prune(home, "internal", 1) == [folders[1].name]
    assert [folder.exists() for folder in folders] == [True, False, True]
    with pytest.raises(ValueError, match="at least one"):
        prune(home, "internal", 0)


def test_a_release_that_does_not_verify_is_refused_and_current_stands(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _publish(ready, 1)
    monkeypatch.setattr("publish.release.verify", lambda folder: ["qls.duckdb has changed"])
    with pytest.raises(PublishError, match="does not verify"):
        _publish(ready, 2)
    assert in_force(ready[0], "internal") == first
    refused = max(ready[1].read("release"), key=lambda event: event["event_no"])
    assert (refused["event"], refused["detail"]) == ("refused", "qls.duckdb has changed")


def test_a_retry_goes_on_where_it_was_broken_off(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("publish.release._switch", fails)
        with pytest.raises(OSError, match="no space"):
            _publish(ready)
    assert in_force(ready[0], "internal") is None
    home, ledger = ready
    again = publish(home, make_run(), ledger)
    assert again.is_in_force
    assert publish(home, make_run(), ledger) == again
    assert sorted(event["event"] for event in ledger.read("release")) == ["assembled", "published"]

"""A release: a folder complete before anyone sees it, put in force by one atomic rename, taken back by another.

`published/<audience>/releases/<release_id>/` is never changed once it stands there; what is in force is what
`published/<audience>/current` points to. A crash at any moment leaves `current` as it was, and the next run clears
what lies half made.

Kept out: whether a run may publish (the gate decides, and a held run is not handed here), any calculation.
"""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations.data_docs import docs_folder, read_account
from expectations.waivers import waivers_of
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run
from publish.formats import (
    DATABASE,
    STORAGE_VERSION,
    PublishedMart,
    copy_functions,
    copy_mart,
    copying,
    literal,
    marts_from,
    quoted,
)
from publish.manifest import MANIFEST, describe_files, read_manifest, write_datapackage, write_manifest

STATION = "publish"
# A fortnight of daily releases: long enough to go back past any weekend, small enough for a modest disk.
RELEASES_KEPT = 14
EVIDENCE = "evidence"
_PARTIAL = ".partial"


class PublishError(Exception):
    """A release could not be made, or one asked for cannot be put in force; `current` stands as it was."""


@dataclass(frozen=True)
class Release:
    """A release that stands complete on disk. `row_count` leaves out evidence, which grows with the ledger."""

    release_id: str
    audience: str
    path: Path
    run_no: int
    run_date: str
    mart_count: int
    row_count: int
    is_demonstration: bool
    is_in_force: bool
    problems: tuple[str, ...] = ()


def publish(home: Home, run: Run, ledger: Ledger, keep: int = RELEASES_KEPT) -> Release:
    """Make the release of a run (its id is the run's) and put it in force; returns it.

    Order: marts, then the ledger's word that a release is assembled, then evidence (so that the release shows in its
    own evidence), texts and hashes, verification, rename, switch. A run as of an earlier day is written beside and
    never put in force. Keeps the newest `keep` releases and always the one in force. Asked again for the same run (a
    retry), it goes on where it was broken off.
    Raises PublishError where the gate has not passed this run, where readers were promised nothing, or where the
    finished folder does not verify; OSError and `duckdb.Error` as they come.
    """
    _require_gate(home, run)
    clear_partial(home, run.audience)
    record_switch(home, ledger, run.audience, run.run_id, run.started_at)
    folder = home.published / run.audience / "releases" / run.run_id
    if not folder.exists():
        _assemble(home, run, ledger, folder)
    elif problems := verify(folder):
        raise PublishError(f"release {run.run_id} stands already and does not verify: {'; '.join(problems)}")
    if run.as_of_sequence is None:
        _switch(folder)
        record_switch(home, ledger, run.audience, run.run_id, run.started_at, detail=None)
    prune(home, run.audience, keep)
    return _release(folder, in_force(home, run.audience) == folder)


def _assemble(home: Home, run: Run, ledger: Ledger, folder: Path) -> None:
    """Make the release folder beside its place, verify it and give it its name."""
    marts = marts_from(ledger.read("published_column", f"run_id = {literal(run.run_id)}"))
    if not marts:
        raise PublishError(f"run {run.run_id} has listed no marts to publish")
    partial = folder.with_name(f".{run.run_id}{_PARTIAL}")
    partial.mkdir(parents=True)
    rows: dict[str, int] = {}
    with copying(home.warehouse, partial) as connection:
        rows |= _copy_marts(connection, [mart for mart in marts if mart.domain != EVIDENCE], partial)
        counts = {"mart_count": len(marts), "row_count": sum(rows.values())}
        _tell(ledger, run, "assembled", counts, None)
        rows |= _copy_marts(connection, [mart for mart in marts if mart.domain == EVIDENCE], partial)
        copy_functions(connection, marts)
    _copy_evidence(home, partial)
    write_datapackage(partial, run.run_id, run, marts)
    checks = Counter(row["status"] for row in ledger.read("check_result", f"run_id = {literal(run.run_id)}"))
    waived = [w.told for w in waivers_of(ledger, run.run_id) if w.waiver_status == "used" and w.told]
    write_manifest(partial, run.run_id, run, rows, marts, dict(sorted(checks.items())), waived)
    if problems := verify(partial):
        _tell(ledger, run, "refused", counts, "; ".join(problems))
        raise PublishError(f"release {run.run_id} does not verify: {'; '.join(problems)}")
    _complete(partial, folder)


def verify(folder: Path) -> list[str]:
    """What is wrong with a release folder, in plain words; empty where all holds.

    Every file is there with its hash and no other lies beside it; each mart has as many rows in DuckDB, in Parquet and
    in the manifest; the database opens with older drivers; every table and column in it has its text.
    """
    try:
        manifest = read_manifest(folder)
        listed, marts = dict(manifest["files"]), list(manifest["marts"])
    except (OSError, ValueError, KeyError) as error:
        return [f"{MANIFEST} cannot be read ({type(error).__name__})"]
    found = describe_files(folder)
    problems = [f"{name} is missing" for name in sorted(set(listed) - set(found))]
    problems += [f"{name} is not in the manifest" for name in sorted(set(found) - set(listed))]
    problems += [f"{name} has changed" for name in sorted(set(found) & set(listed)) if found[name] != listed[name]]
    # A file that is not what it was need not be opened to be counted.
    if problems:
        return problems
    try:
        return _verify_tables(folder, marts)
    except (duckdb.Error, KeyError) as error:
        return [f"the tables cannot be read: {str(error).splitlines()[0]}"]


def rollback(home: Home, ledger: Ledger, audience: str, release_id: str, at: datetime) -> Release:
    """Put an earlier release in force again and record it in the ledger; `at` is when, aware and in UTC.

    Raises PublishError where there is no such release, it was never published, or it does not verify.
    """
    folder = home.published / audience / "releases" / release_id
    events = _events(ledger, audience)
    if not folder.is_dir() or not any(e["release_id"] == release_id and e["event"] == "published" for e in events):
        raise PublishError(f"there is no published release {release_id} for the audience {audience}")
    if problems := verify(folder):
        raise PublishError(f"release {release_id} does not verify: {'; '.join(problems)}")
    _switch(folder)
    record_switch(home, ledger, audience, release_id, at, detail=None)
    return _release(folder, True)


def releases(home: Home, *, check: bool = False) -> list[Release]:
    """Every release that stands on disk, by audience, oldest first; with `check`, each with what is wrong with it.

    One whose manifest cannot be read comes first of its audience, numbered 0, and says so with or without `check`.
    """
    found = []
    for folder in sorted(home.published.glob("*/releases/*")):
        if folder.name.startswith("."):
            continue
        audience = folder.parent.parent.name
        try:
            problems = tuple(verify(folder)) if check else ()
            found.append(_release(folder, folder == in_force(home, audience), problems))
        except (OSError, ValueError, KeyError):
            found.append(
                Release(folder.name, audience, folder, 0, "", 0, 0, False, False, (f"{MANIFEST} cannot be read",))
            )
    return sorted(found, key=lambda release: (release.audience, release.run_no, release.release_id))


def in_force(home: Home, audience: str) -> Path | None:
    """The folder of the release that readers of an audience see now; None before the first."""
    current = home.published / audience / "current"
    return current.parent / current.readlink() if current.is_symlink() else None


def prune(home: Home, audience: str, keep: int) -> list[str]:
    """Delete all but the newest `keep` releases, never the one in force; returns the ids deleted.

    One whose manifest cannot be read stays, for a person to look at. Raises ValueError for a `keep` below 1.
    """
    if keep < 1:
        raise ValueError("at least one release is kept")
    standing = [release for release in releases(home) if release.audience == audience and release.run_no]
    deleted = []
    for release in standing[:-keep]:
        if release.path != in_force(home, audience):
            # Renamed first: a crash half way must not leave half a release under its name.
            doomed = release.path.with_name(f".{release.release_id}{_PARTIAL}")
            release.path.rename(doomed)
            shutil.rmtree(doomed)
            deleted.append(release.release_id)
    return deleted


def clear_partial(home: Home, audience: str) -> None:
    """Remove what an interrupted run left half made."""
    root = home.published / audience
    for folder in (root / "releases").glob(f".*{_PARTIAL}"):
        shutil.rmtree(folder)
    for link in root.glob(f".*{_PARTIAL}"):
        link.unlink()


def record_switch(
    home: Home,
    ledger: Ledger,
    audience: str,
    run_id: str,
    at: datetime,
    detail: str | None = "Recorded by the next run: the one that switched ended before it could.",
) -> None:
    """Write into the ledger which release is in force, where its last word is about another one."""
    folder = in_force(home, audience)
    if folder is None:
        return
    events = _events(ledger, audience)
    switches = [event for event in events if event["event"] in ("published", "rolled_back_to")]
    if switches and switches[-1]["release_id"] == folder.name:
        return
    assembled = next((event for event in events if event["release_id"] == folder.name), None)
    if assembled is None:
        raise PublishError(f"the ledger knows nothing of release {folder.name}, which is in force")
    again = any(event["release_id"] == folder.name for event in switches)
    ledger.append(
        "release",
        run_id,
        STATION,
        [
            assembled
            | {
                "event": "rolled_back_to" if again else "published",
                "run_id": run_id,
                "event_no": _next_event_no(ledger),
                "event_at": at,
                "detail": detail,
            }
        ],
    )


def _require_gate(home: Home, run: Run) -> None:
    account = read_account(docs_folder(home))
    if account is None or account["run_id"] != run.run_id:
        raise PublishError(f"the gate has not judged run {run.run_id}")
    if account["held"]:
        raise PublishError(f"the gate holds run {run.run_id}")


def _copy_marts(connection: duckdb.DuckDBPyConnection, marts: Sequence[PublishedMart], folder: Path) -> dict[str, int]:
    return {mart.parquet: copy_mart(connection, mart, folder) for mart in marts}


def _copy_evidence(home: Home, folder: Path) -> None:
    """The gate's results and pages, as they are."""
    shutil.copytree(docs_folder(home), folder / EVIDENCE)


def _tell(ledger: Ledger, run: Run, event: str, counts: Mapping[str, int], detail: str | None) -> None:
    ledger.append(
        "release",
        run.run_id,
        STATION,
        [
            {
                "release_id": run.run_id,
                "event": event,
                "run_id": run.run_id,
                "event_no": _next_event_no(ledger),
                "event_at": run.started_at,
                "audience": run.audience,
                "run_date": run.run_date,
                "code_version": run.code_version,
                "input_fingerprint": run.input_fingerprint,
                "is_demonstration": run.is_demonstration,
                "detail": detail,
                **counts,
            }
        ],
    )


def _events(ledger: Ledger, audience: str) -> list[dict[str, Any]]:
    events = ledger.read("release", f"audience = {literal(audience)}")
    return sorted(events, key=lambda event: event["event_no"])


def _next_event_no(ledger: Ledger) -> int:
    return max((event["event_no"] for event in ledger.read("release")), default=0) + 1


def _complete(partial: Path, folder: Path) -> None:
    """Make the finished folder durable and give it its name."""
    for path in [*partial.rglob("*"), partial]:
        _sync(path)
    partial.rename(folder)
    _sync(folder.parent)


def _switch(folder: Path) -> None:
    """Point `current` at a release in one step; the link is relative, so that the home can be moved or mounted."""
    root = folder.parent.parent
    link = root / f".current{_PARTIAL}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.relative_to(root))
    link.replace(root / "current")
    _sync(root)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _release(folder: Path, is_in_force: bool, problems: tuple[str, ...] = ()) -> Release:
    manifest = read_manifest(folder)
    return Release(
        release_id=manifest["release_id"],
        audience=manifest["audience"],
        path=folder,
        run_no=manifest["run"]["run_no"],
        run_date=manifest["run"]["run_date"],
        mart_count=len(manifest["marts"]),
        row_count=sum(mart["row_count"] for mart in manifest["marts"] if mart["domain"] != EVIDENCE),
        is_demonstration=manifest["is_demonstration"],
        is_in_force=is_in_force,
        problems=problems,
    )


def _verify_tables(folder: Path, marts: Sequence[Mapping[str, Any]]) -> list[str]:
    problems = []
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(folder / DATABASE)} as release (read_only)")
        for mart in marts:
            name = f"{mart['domain']}.{mart['mart_name']}"
            table = f"release.{quoted(mart['domain'])}.{quoted(mart['mart_name'])}"
            in_table, in_file = (
                _one(connection, f"select count(*) from {source}")
                for source in (table, f"read_parquet({literal(folder / mart['parquet'])})")
            )
            if not in_table == in_file == mart["row_count"]:
                problems.append(
                    f"{name} has {in_table} rows in {DATABASE}, {in_file} in Parquet, {mart['row_count']} in {MANIFEST}"
                )
        tables = connection.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = 'release'"
        ).fetchall()
        promised = {f"{mart['domain']}.{mart['mart_name']}" for mart in marts}
        problems += [f"{name} is not in {MANIFEST}" for name, _ in tables if name not in promised]
        problems += [f"{name} has no text" for name, comment in tables if not comment]
        problems += [
            f"{name} has no text"
            for (name,) in connection.execute(
                "select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() "
                "where database_name = 'release' and coalesce(trim(comment), '') = '' order by 1"
            ).fetchall()
        ]
        tag = _one(connection, "select tags['storage_version'] from duckdb_databases() where database_name = 'release'")
        if not str(tag).startswith(STORAGE_VERSION):
            problems.append(f"{DATABASE} is written for storage version {tag}")
    return problems


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None  # each query here returns one row
    return row[0]

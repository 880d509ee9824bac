"""What a run is: its id and number, the fingerprint that decides «nothing new», and how the last one ended.

Imports neither Dagster nor dbt, so that a run with nothing to do ends in a second or two.

Kept out: the steps of a run (`assets`).
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from ingest.identifiers import Door
from ingest.landing import LandingFile, listing_fingerprint
from ingest.ledger import Ledger
from ingest.run import Run
from orchestration.settings import LOCAL_TIME, PROJECT, Settings

STATION = "orchestration"
_CODE = ("ingest", "dbt_project", "expectations", "publish", "orchestration")
_CODE_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".md", ".html", ".css", ".js"}


def code_version() -> str:
    """A hash of all that can change a figure or how it is shown: code, models, contracts, seeds, locked packages."""
    digest = hashlib.sha256((PROJECT / "requirements.lock").read_bytes())
    for room in _CODE:
        for path in sorted((PROJECT / room).rglob("*")):
            if path.suffix in _CODE_SUFFIXES and path.is_file():
                digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def fingerprint(files: list[LandingFile], code: str, run_date: date, audience: str, key: bytes | None = None) -> str:
    """A hash of inputs, code and settings, and the day: what makes a run new."""
    parts = [listing_fingerprint(files), code, run_date.isoformat(), audience, Door(key).key_id]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def local_date(at: datetime) -> date:
    """The trust's day at a time."""
    return at.astimezone(LOCAL_TIME).date()


def begin(
    settings: Settings,
    ledger: Ledger,
    files: list[LandingFile],
    started_at: datetime,
    audience: str = "internal",
    as_of: date | None = None,
) -> Run:
    """Enter a new run into the ledger, as the newest row of its table `run`, and return it.

    A run `as_of` an earlier day is made for that day, from what had been received by then.
    """
    ledger.prepare()
    if not ledger.exists:
        ledger.mark(demonstration=False)
    code, run_date = code_version(), as_of or local_date(started_at)
    inputs = fingerprint(files, code, run_date, audience, settings.pseudonym_key)
    number = max((row["run_no"] for row in ledger.read("run")), default=0) + 1
    stamp = f"{started_at.astimezone(LOCAL_TIME):%Y-%m-%d-%H%M}"
    suffix = hashlib.sha256(f"{inputs}{number}{started_at.isoformat()}".encode()).hexdigest()[:4]
    run = Run(
        run_id=f"{stamp}-{suffix}",
        run_no=number,
        run_date=run_date,
        started_at=started_at,
        as_of_sequence=sequence_as_of(ledger, as_of) if as_of else None,
        audience=audience,
        code_version=code,
        input_fingerprint=inputs,
        is_demonstration=ledger.is_demonstration,
    )
    ledger.append("run", run.run_id, STATION, [run.row()])
    return run


def sequence_as_of(ledger: Ledger, day: date) -> int:
    """The highest sequence among the files received by a day: the cut behind which a run as of that day sees nothing.

    Raises ValueError where nothing had been received.
    """
    received = [row["sequence"] for row in ledger.read("file", f"received_date <= date '{day.isoformat()}'")]
    if not received:
        raise ValueError(f"nothing had been received by {day:%d %B %Y}, so there is nothing to rebuild")
    return int(max(received))


def end(ledger: Ledger, run: Run, outcome: str, release_id: str | None, detail: str | None) -> None:
    """Enter into the ledger how a run ended: `published`, `held`, or `written_beside` (as of an earlier day).

    One that broke off has no such row.
    """
    ledger.append(
        "run_end",
        run.run_id,
        STATION,
        [{"run_id": run.run_id, "outcome": outcome, "release_id": release_id, "detail": detail}],
    )


def newest(
    ledger: Ledger, *, rebuilds: bool = True, audience: str | None = None
) -> tuple[Run, dict[str, Any] | None] | None:
    """The newest run, of one audience or of any, and how it ended (None where it broke off or is at work).

    None before the first. Without `rebuilds`, runs as of an earlier day are passed over: what they write is never in
    force.
    """
    entries = [
        row
        for row in ledger.read("run")
        if (rebuilds or row["as_of_sequence"] is None) and audience in (None, row["audience"])
    ]
    if not entries:
        return None
    entry = max(entries, key=lambda row: row["run_no"])
    run = Run(**entry | {"started_at": entry["started_at"].replace(tzinfo=UTC)})
    ends = [row for row in ledger.read("run_end") if row["run_id"] == run.run_id]
    return run, ends[-1] if ends else None


def ended_like_this(ledger: Ledger, inputs: str, audience: str = "internal") -> dict[str, Any] | None:
    """How the audience's newest run (but rebuilds) ended, where it had this fingerprint and did not break off."""
    last = newest(ledger, rebuilds=False, audience=audience)
    return last[1] if last and last[0].input_fingerprint == inputs else None


def standing_refusals(ledger: Ledger, files: list[LandingFile]) -> list[dict[str, Any]]:
    """Refused files that still lie in landing as they were when refused, newest entry of each."""
    lying = {(file.name, file.size, file.modified_at.replace(tzinfo=None)) for file in files}
    entries = sorted(ledger.read("file"), key=lambda row: row["sequence"])
    latest = {row["file_name"]: row for row in entries}
    return [
        row
        for row in latest.values()
        if row["status"] == "refused" and (row["file_name"], row["size_bytes"], row["modified_at"]) in lying
    ]

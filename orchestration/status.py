"""What `qls` says of a home: the release in force, the last run's end, each feed's newest file, which feeds
are due, late, stale or revised, what stands refused.

Kept out: deciding any of it; these are words for what ledger and manifest say.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.waivers import Waiver, waivers_of
from ingest.contract import feeds
from ingest.home import Home
from ingest.landing import LandingError, scan
from ingest.ledger import Ledger
from orchestration.runs import newest, standing_refusals
from orchestration.settings import AUDIENCES, Settings


def shown(path: Path) -> str:
    """A path as a person at this shell would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def current(home: Home, audience: str = "internal") -> Path:
    """The link to the release in force for an audience."""
    return home.published / audience / "current"


def in_force(settings: Settings, audience: str = "internal") -> Iterator[str]:
    """The release in force for an audience, as its own manifest tells it."""
    link = current(settings.home, audience)
    whom = " for the public" if audience == "public" else ""
    if not link.exists():
        yield f"In force    nothing was published yet{whom}"
        return
    manifest = json.loads((link / "manifest.json").read_text(encoding="utf-8"))
    kind = whom + (", demonstration data" if manifest["is_demonstration"] else "")
    yield f"In force    {shown(link)}  (release {manifest['release_id']}{kind})"


def refused(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Files that stand refused, as their sender should read it."""
    for entry in entries:
        yield f"refused     landing/{entry['file_name']}"
        yield f"  where     {entry['refused_where']}"
        yield f"  why       {entry['refused_why']}"
        yield f"  mend      {entry['refused_mend']}"


def open_next(settings: Settings, audience: str = "internal") -> Iterator[str]:
    """What to look at after a run."""
    link = current(settings.home, audience)
    if link.exists():
        yield f"Open next   {shown(link / 'qls.duckdb')}  with any DuckDB client, read-only; parquet/ beside it"
        yield "            qls status    what is in force, the feeds, what stands refused"


def timeliness(home: Home) -> Iterator[str]:
    """Which feeds are late, stale, due next or revised, as the release in force says."""
    database = current(home) / "qls.duckdb"
    if not database.exists():
        return
    with duckdb.connect(str(database), read_only=True) as release:
        rows = release.execute(
            """
            select feed, feed_status, count(*), max(period_start_date), max(due_date)
            from evidence.fct_feed_timeliness
            where feed_status in ('late', 'stale', 'revised') or (feed_status = 'not_due' and due_date is not null)
            group by feed, feed_status
            order by
                case feed_status when 'late' then 1 when 'stale' then 2 when 'not_due' then 3 else 4 end, feed
            """
        ).fetchall()
    for feed, feed_status, periods, last, due in rows:
        many = f"{periods} periods, the last " if periods > 1 else ""
        of = f"{many}{last:%B %Y}" if last else "its newest delivery was refused; the last good one stands"
        by = f", due {due:%d %b %Y}" if due and feed_status in {"late", "not_due"} else ""
        yield f"  {'due' if feed_status == 'not_due' else feed_status:<9} {feed:<22} {of}{by}"


def report(settings: Settings) -> tuple[list[str], bool]:
    """The whole status as lines, and whether an audience's last run was held."""
    ledger = Ledger(settings.home.ledger)
    lines: list[str] = []
    held = False
    for audience in AUDIENCES:
        last = newest(ledger, rebuilds=False, audience=audience)
        if last is None and audience != AUDIENCES[0]:
            continue
        lines += in_force(settings, audience)
        if last is None:
            lines.append("Last run    none yet: qls run")
            continue
        run, ended = last
        outcome = ended["outcome"] if ended else "broke off, or is at work"
        lines.append(f"Last run    {run.run_id}: {outcome}")
        waivers = waivers_of(ledger, run.run_id)
        if outcome == "held":
            held = True
            lines += [f"  HELD      {line}" for line in _held_by(ledger, run.run_id, waivers)]
        lines += [f"  waiver    {waiver.told}" for waiver in waivers if waiver.told]
    lines += ["", "Feeds       newest file, read on, rows, periods", *_feeds(ledger)]
    told = list(timeliness(settings.home))
    lines += ["", "On time     what the release in force says of the feeds", *told] if told else []
    try:
        standing = standing_refusals(ledger, scan(settings.home.landing))
    except LandingError as error:
        return [*lines, "", f"Landing     {error}"], held
    return [*lines, *([""] if standing else []), *refused(standing)], held


def _held_by(ledger: Ledger, run_id: str, waivers: Sequence[Waiver]) -> Iterator[str]:
    waived = {(waiver.rule_id, waiver.scope) for waiver in waivers if waiver.waiver_status == "used"}
    results = ledger.read("check_result", f"run_id = '{run_id}' and status in ('fail', 'error', 'not_run')")
    rules = ledger.read("rule", f"run_id = '{run_id}' and severity = 'critical' and rule_id not like 'contract.%'")
    critical = {rule["rule_id"] for rule in rules}
    for result in sorted(results, key=lambda row: row["rule_id"]):
        if result["rule_id"] in critical and (result["rule_id"], result["scope"]) not in waived:
            sample = f" (such as {result['sample_keys']})" if result["sample_keys"] else ""
            yield f"{result['rule_id']} in {result['scope']}: {result['detail']}{sample}"


def _feeds(ledger: Ledger) -> Iterator[str]:
    files = sorted(ledger.read("file", "status = 'accepted'"), key=lambda row: row["sequence"])
    for name in feeds():
        mine = [row for row in files if row["feed"] == name]
        if not mine:
            yield f"  {name:<22} no file yet"
            continue
        last = mine[-1]
        periods = [row["period_to"] for row in mine if row["period_to"]]
        until = f", up to {max(periods):%B %Y}" if periods else ""
        yield (
            f"  {name:<22} {last['file_name'].split('/')[-1]}, {last['received_date']:%d %b %Y}, "
            f"{last['rows_accepted']:,} rows ({last['rows_rejected']} refused){until}"
        )

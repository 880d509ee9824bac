"""When a run starts by itself: every morning, and when something new lies in landing.

Kept out: what a run does.
"""

import hashlib
import json
from typing import Any

import dagster as dg

from ingest.landing import LandingError, LandingFile, content_hash, scan
from orchestration.settings import Settings

# The night's extracts land by five; figures are wanted when the first ward round begins.
EVERY_MORNING = "0 6 * * *"
TIMEZONE = "Europe/London"
# A drop of several files takes minutes to copy: looking more often would start a run for each.
LOOK_EVERY_SECONDS = 300


def daily(job: Any) -> dg.ScheduleDefinition:
    """Every day at six in the morning, British time."""
    return dg.ScheduleDefinition(
        name="every_morning", job=job, cron_schedule=EVERY_MORNING, execution_timezone=TIMEZONE
    )


def landing_sensor(settings: Settings, job: Any) -> dg.SensorDefinition:
    """Start a run when landing holds a content that it did not hold before.

    The run key is made of paths and contents, never of paths alone: Dagster remembers a key for ever, so that a
    corrected file under the same name would never load.
    """

    @dg.sensor(
        name="landing",
        job=job,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        description="Starts a run when a new or changed file lies in landing.",
    )
    def look(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            files = scan(settings.home.landing)
        except LandingError as error:
            return dg.SkipReason(str(error))
        seen, growing = content_of(files, json.loads(context.cursor or "{}"))
        if growing:
            return dg.SkipReason(f"{growing} is still being written")
        key = hashlib.sha256(json.dumps({name: entry[2] for name, entry in sorted(seen.items())}).encode()).hexdigest()
        return dg.SensorResult([dg.RunRequest(run_key=key)], cursor=json.dumps(seen))

    return look


def content_of(files: list[LandingFile], before: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], str | None]:
    """Size, time and content hash of each file by name, and the name of one that is still growing, if any.

    `before` is the outcome of the look before: what has its size and time is not read again.
    """
    seen: dict[str, list[Any]] = {}
    for file in files:
        entry = before.get(file.name)
        if entry and entry[:2] == [file.size, file.modified_ns]:
            seen[file.name] = entry
            continue
        try:
            digest = content_hash(file) if file.path.is_file() and not file.path.is_symlink() else ""
        except OSError:
            digest = ""
        if digest is None:
            return seen, file.name
        seen[file.name] = [file.size, file.modified_ns, digest]
    return seen, None

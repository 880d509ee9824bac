"""What differs by machine, read from the environment once, as one frozen object; and the clock, read once.

Kept out: numbers that change a figure; they stand in `dbt_project.yml` with their sources.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.home import Home
from ingest.identifiers import SHORTEST_KEY

PROJECT = Path(__file__).resolve().parent.parent
# The day of a run is the trust's day, whatever the server's clock is set to.
LOCAL_TIME = ZoneInfo("Europe/London")

# Whom a release may be made for; the first is the default.
AUDIENCES = ("internal", "public")

# In a path these are syntax: of SQL (quotes), of dbt-duckdb's locations (braces), of Dagster's database addresses.
_TAKEN = set("'\"{}%?#\\\n*[]")


@dataclass(frozen=True)
class Settings:
    """One machine's settings: the home, how many processors dbt and DuckDB may use, the key of pseudonyms, and how many
    megabytes the models may hold (None: as many as the lake asks for)."""

    home: Home
    threads: int = 2
    pseudonym_key: bytes | None = field(default=None, repr=False)
    memory_mb: int | None = None


def from_environment() -> Settings:
    """Settings from `QLS_HOME` (default `var/` in the project), `QLS_THREADS` (2), `QLS_PSEUDONYM_KEY` (none) and
    `QLS_MEMORY_MB` (none).

    Raises ValueError where QLS_THREADS or QLS_MEMORY_MB is not a whole number above 0, QLS_HOME has a sign that one of
    the tools below takes for its own, or the key is too short to be safe.
    """
    root = Path(os.environ.get("QLS_HOME") or PROJECT / "var").resolve()
    if taken := sorted(set(str(root)) & _TAKEN):
        raise ValueError(f"QLS_HOME must not contain {' '.join(taken)}: {root}")
    threads, memory = _count("QLS_THREADS") or 2, _count("QLS_MEMORY_MB")
    key = os.environ.get("QLS_PSEUDONYM_KEY", "").encode() or None
    if key and len(key) < SHORTEST_KEY:
        raise ValueError(f"QLS_PSEUDONYM_KEY must have at least {SHORTEST_KEY} bytes, it has {len(key)}")
    return Settings(Home(root), threads, key, memory)


def _count(name: str) -> int | None:
    told = os.environ.get(name)
    if told is not None and (not told.isdigit() or int(told) < 1):
        raise ValueError(f"{name} must be a whole number above 0, not {told!r}")
    return int(told) if told else None


def now() -> datetime:
    """The time, in UTC. Asked once by whoever starts a run, and handed on as an argument."""
    return datetime.now(UTC)

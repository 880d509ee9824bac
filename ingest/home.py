"""The folders of one QLS home, by name.

Kept out: what lies in them, and where the home is (the environment is read in `orchestration.settings`).
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """One home: everything the warehouse reads or writes lies below `root`."""

    root: Path

    @property
    def landing(self) -> Path:
        """Files as delivered, one folder per feed; the sender's, never changed by us."""
        return self.root / "landing"

    @property
    def lake(self) -> Path:
        """Accepted rows, one Parquet file per delivered version."""
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        """Refused rows, one Parquet file per delivered version; readable by the owner alone."""
        return self.root / "quarantine"

    @property
    def scratch(self) -> Path:
        """Rows between reading and storing, of the files at work alone; emptied at the start of each load."""
        return self.root / "scratch"

    @property
    def ledger(self) -> Path:
        """What happened, told once by the station that did it."""
        return self.root / "ledger"

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file that only dbt writes; made new by each run."""
        return self.root / "warehouse" / "qls.duckdb"

    @property
    def published(self) -> Path:
        """Releases by audience, and `current` of each."""
        return self.root / "published"

    @property
    def dagster(self) -> Path:
        """Dagster's own run storage."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """dbt's target folder: parsed project, compiled SQL, logs."""
        return self.root / "dbt"

"""The facts of one run that every station is handed, so that none asks the clock.

Kept out: how a run id is made and where the time comes from (`orchestration`).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Run:
    """One run, as it stands in the ledger table `run`; `started_at` is aware and in UTC."""

    run_id: str
    run_no: int
    run_date: date
    started_at: datetime
    as_of_sequence: int | None
    audience: str
    code_version: str
    input_fingerprint: str
    is_demonstration: bool

    @property
    def notice(self) -> str | None:
        """What every release, manifest and page of a demonstration says; None for real files."""
        if self.is_demonstration:
            return "Demonstration: this release is made from example files. No figure in it is about a real ward."
        return None

    def row(self) -> dict[str, Any]:
        """The run as a row of the ledger table `run`."""
        return asdict(self)

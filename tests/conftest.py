"""What tests of every kind share: a home of their own, and where real files lie.

Kept out: anything that runs the whole pipeline (`integration/conftest.py`, once).
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
RUN_DATE = date(2026, 11, 23)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home with a landing."""
    (tmp_path / "landing").mkdir()
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    """The prepared ledger of that home."""
    ledger = Ledger(home.ledger)
    ledger.prepare()
    return ledger


def make_run(number: int = 1, **changes: object) -> Run:
    """The facts of a run, on the day on which all tests are set."""
    facts: dict[str, object] = {
        "run_id": f"2026-11-23-060{number}-test",
        "run_no": number,
        "run_date": RUN_DATE,
        "started_at": datetime(2026, 11, 23, 6, number, tzinfo=UTC),
        "as_of_sequence": None,
        "audience": "internal",
        "code_version": "c0de",
        "input_fingerprint": f"f{number}",
        "is_demonstration": False,
    }
    return Run(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def real_files() -> Path:
    """The folder of real published files; what needs it is skipped where it is absent."""
    folder = SHARED / "real"
    if not folder.is_dir():
        pytest.skip("the folder of real published files is not here")
    return folder

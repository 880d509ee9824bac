"""What tests of every kind share: a home of their own, and where real files lie.

The whole pipeline runs once, on the small example; whoever needs its release, ledger or dbt artefacts takes `example`.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.examples import write_example
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
# Pseudonyms of tests are made under this key; it protects nobody.
KEY = b"a key for tests, which protects nobody at all"
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


def qls(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a home as a person would; output and errors together in `stdout`."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "qls"), *arguments],
        cwd=PROJECT,
        env=os.environ | {"QLS_HOME": str(home), "QLS_PSEUDONYM_KEY": KEY.decode()} | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landing files of the small example, written once; to be read, never changed."""
    landing = tmp_path_factory.mktemp("example_files") / "landing"
    write_example(landing)
    return landing


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The one shared run of the small example; to be read, never changed (copy it to change it)."""
    root = tmp_path_factory.mktemp("example") / "home"
    assert qls(root, "example").returncode == 0
    run = qls(root, "run")
    assert run.returncode == 0, run.stdout
    (root / "said.txt").write_text(run.stdout, encoding="utf-8")
    return Home(root)


@pytest.fixture(scope="session")
def manifest(example: Home) -> dict[str, Any]:
    """dbt's manifest of that run."""
    return json.loads((example.dbt / "manifest.json").read_text(encoding="utf-8"))


# First, because the plugin that runs tests side by side reads the marks in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, keep together those that share what takes long to make: each is made once."""
    for item in items:
        for shared in ("example", "real", "example_files"):
            if shared in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(shared))
                break

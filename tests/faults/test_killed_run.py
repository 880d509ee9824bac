"""A run killed at any moment leaves what was in force, frees the lock, and the next run makes good."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from ingest.examples import truth
from ingest.home import Home
from ingest.ledger import Ledger
from tests.conftest import KEY, PROJECT, qls

pytestmark = pytest.mark.long


def in_force(home: Home) -> str:
    manifest = json.loads((home.published / "internal" / "current" / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["release_id"])


@pytest.mark.parametrize("seconds", [4, 10, 14, 17, 20])
def test_killed_after_some_seconds(example: Home, tmp_path: Path, seconds: int) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(example.root, home.root, symlinks=True)
    before = in_force(home)
    shutil.copy(
        home.landing / "ae_attendances" / "September-2025-AE.csv",
        home.landing / "ae_attendances" / "October-2025-AE.csv",
    )
    run = subprocess.Popen(
        [str(Path(sys.executable).parent / "qls"), "run"],
        cwd=PROJECT,
        env=os.environ | {"QLS_HOME": str(home.root), "QLS_PSEUDONYM_KEY": KEY.decode()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    run.send_signal(signal.SIGKILL)
    run.wait()
    with duckdb.connect(str(home.published / "internal" / "current" / "qls.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) > 0 from indicators.fct_indicator_month").fetchone() == (True,)
    if run.returncode == -signal.SIGKILL and not Ledger(home.ledger).read("release", f"release_id <> '{before}'"):
        assert in_force(home) == before
    again = qls(home.root, "run")
    for _ in range(60):
        if again.returncode != 4:
            break
        # The gate's process holds the lock until it finds that nobody is there to give it orders.
        time.sleep(1)
        again = qls(home.root, "run")
    assert again.returncode == 0, again.stdout
    with duckdb.connect(str(home.published / "internal" / "current" / "qls.duckdb"), read_only=True) as reader:
        october = reader.execute(
            "select count(distinct org_id) from indicators.fct_indicator_month "
            "where org_level = 'provider' and month = '2025-10-01'"
        ).fetchone()
        files = reader.execute("select count(*), count(distinct file_id) from evidence.fct_file").fetchone()
    assert october == (25,)
    assert files == (len(truth.EXPECTED) + 1,) * 2
    assert not list((home.published / "internal" / "releases").glob(".*"))


def test_the_same_inputs_on_the_same_day_give_the_same_bytes(example: Home, tmp_path: Path) -> None:
    other = tmp_path / "home"
    assert qls(other, "example").returncode == 0
    assert qls(other, "run").returncode == 0

    def hashes(home: Path) -> dict[str, str]:
        folder = home / "published" / "internal" / "current" / "parquet"
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*.parquet")
            if path.parent.name != "evidence"
        }

    first, second = hashes(example.root), hashes(other)
    assert len(first) > 50
    assert first == second

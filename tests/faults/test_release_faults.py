"""Killed at any step of publishing, readers see what they saw; the next run clears up and publishes."""

import subprocess
import sys
from pathlib import Path

import pytest

from publish.release import in_force, publish, releases, verify
from tests.unit.publish.world import make_home, make_ready, make_run

ROOT = Path(__file__).parents[2]

# Each names a step of `publish`, as <module>.<function>, and on which of its calls the process dies.
BEFORE_SWITCH = [
    ("publish.release.copying", 1),
    ("publish.release.copy_mart", 2),
    ("publish.release._tell", 1),
    ("publish.release.copy_mart", 3),
    ("publish.release._copy_evidence", 1),
    ("publish.release.write_datapackage", 1),
    ("publish.release.write_manifest", 1),
    ("publish.release.verify", 1),
    ("publish.release._complete", 1),
    ("publish.release._switch", 1),
    ("pathlib.Path.replace", 2),
]
AFTER_SWITCH = [("publish.release.record_switch", 2), ("publish.release.prune", 1), ("shutil.rmtree", 1)]

KILLED = """
import importlib, os, sys
from pathlib import Path
from ingest.home import Home
from ingest.ledger import Ledger
from tests.unit.publish.world import make_run
import publish.release

root, target, call = sys.argv[1], sys.argv[2], int(sys.argv[3])
home = Home(Path(root))
owner, name = target.rsplit(".", 1)
owner = Path if owner == "pathlib.Path" else importlib.import_module(owner)
inner, calls = getattr(owner, name), 0

def dies(*args, **kwargs):
    global calls
    calls += 1
    if calls == call:
        os._exit(9)
    return inner(*args, **kwargs)

setattr(owner, name, dies)
publish.release.publish(home, make_run(2), Ledger(home.ledger), keep=1)
"""


def _killed(home_root: Path, target: str, call: int) -> int:
    command = [sys.executable, "-c", KILLED, str(home_root), target, str(call)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


@pytest.mark.parametrize(("target", "call"), BEFORE_SWITCH)
def test_killed_before_the_switch(tmp_path: Path, target: str, call: int) -> None:
    home, ledger = make_home(tmp_path)
    make_ready(home, ledger, make_run(1))
    first = publish(home, make_run(1), ledger).path
    make_ready(home, ledger, make_run(2))

    assert _killed(tmp_path, target, call) == 9
    assert in_force(home, "internal") == first
    assert verify(first) == []

    make_ready(home, ledger, make_run(3))
    third = publish(home, make_run(3), ledger).path
    assert in_force(home, "internal") == third
    assert not list(home.published.rglob("*.partial"))
    assert all(not release.problems for release in releases(home, check=True))


@pytest.mark.parametrize(("target", "call"), AFTER_SWITCH)
def test_killed_after_the_switch_the_ledger_learns_of_it_later(tmp_path: Path, target: str, call: int) -> None:
    home, ledger = make_home(tmp_path)
    make_ready(home, ledger, make_run(1))
    publish(home, make_run(1), ledger)
    make_ready(home, ledger, make_run(2))

    assert _killed(tmp_path, target, call) == 9
    second = in_force(home, "internal")
    assert second == home.published / "internal" / "releases" / make_run(2).run_id
    assert verify(second) == []

    make_ready(home, ledger, make_run(3))
    publish(home, make_run(3), ledger, keep=1)
    events = sorted(ledger.read("release"), key=lambda event: event["event_no"])
    published = [event["release_id"] for event in events if event["event"] == "published"]
    assert published == [make_run(number).run_id for number in (1, 2, 3)]
    assert [release.run_no for release in releases(home)] == [3]
    assert not list(home.published.rglob("*.partial"))

"""One writer at a time, whoever dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.lock import HomeIsLocked, home_lock
from tests.conftest import PROJECT

TRY = """
import sys
from pathlib import Path
from orchestration.lock import HomeIsLocked, home_lock
try:
    with home_lock(Path(sys.argv[1]), wait=False):
        print("taken")
except HomeIsLocked as error:
    print("locked:", error)
"""
# Takes the lock, hands it to a child that outlives it, and says who the child is.
HOLD = """
import subprocess, sys
from pathlib import Path
from orchestration.lock import home_lock
with home_lock(Path(sys.argv[1]), wait=False) as lock:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(lock,))
    print(child.pid, flush=True)
    input()
"""


def another_process_tries(root: Path) -> str:
    told = subprocess.run(
        [sys.executable, "-c", TRY, str(root)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def test_a_second_process_cannot_take_it_and_the_next_can(tmp_path: Path) -> None:
    with home_lock(tmp_path, wait=False):
        assert another_process_tries(tmp_path) == f"locked: another run is at work in {tmp_path}"
    assert another_process_tries(tmp_path) == "taken"


def test_nor_can_the_same_process(tmp_path: Path) -> None:
    with home_lock(tmp_path, wait=False), pytest.raises(HomeIsLocked), home_lock(tmp_path, wait=False):
        pass
    with home_lock(tmp_path, wait=True):
        pass


def test_it_is_free_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), home_lock(tmp_path, wait=False):
        raise ZeroDivisionError
    with home_lock(tmp_path, wait=False):
        pass


def test_another_home_has_a_lock_of_its_own(tmp_path: Path) -> None:
    with home_lock(tmp_path / "one", wait=False), home_lock(tmp_path / "other", wait=False):
        pass


def test_a_killed_parent_leaves_it_with_the_child_that_still_writes(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        parent.kill()
        parent.wait(timeout=10)
        with pytest.raises(HomeIsLocked), home_lock(tmp_path, wait=False):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        for stream in (parent.stdin, parent.stdout):
            stream.close()
    assert _taken_within(tmp_path, seconds=10), "the lock outlived its last holder"


def _taken_within(root: Path, seconds: float) -> bool:
    for _ in range(int(seconds * 20)):
        try:
            with home_lock(root, wait=False):
                return True
        except HomeIsLocked:
            time.sleep(0.05)
    return False

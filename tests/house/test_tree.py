"""What the tree may hold: no registry address, no machine's path, nothing downloaded at run time."""

import re
import subprocess

import pytest

from tests.conftest import PROJECT

ADDRESS = re.compile(r"(pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|--(extra-)?index-url|index_url)", re.I)
MACHINE = re.compile(r"(^|[^\w.])/(work|root|home/\w+|tmp/\w)")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return listed.stdout.splitlines()


def test_no_registry_address_and_no_path_of_a_machine() -> None:
    for name in tracked():
        path = PROJECT / name
        if name == "tests/house/test_tree.py" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not ADDRESS.search(text), name
        if name != "requirements.lock":
            assert not MACHINE.search(text), name


def test_the_lock_has_hashes_and_nothing_else_locks() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", lock, re.M | re.I)
    assert len(pins) > 100
    assert lock.count("--hash=sha256:") >= len(pins)
    assert not {"uv.lock", "pylock.toml", "poetry.lock"} & set(tracked())


def test_nothing_is_committed_that_a_run_makes() -> None:
    assert not [name for name in tracked() if name.startswith(("var/", ".venv/", "dbt_project/target/"))]

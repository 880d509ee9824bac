"""The command line: what it costs to ask, and what each end is called."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.landing import scan
from ingest.ledger import Ledger
from ingest.load import load
from orchestration import cli, runs
from orchestration.lock import home_lock
from orchestration.settings import PROJECT, Settings, from_environment, now

HEAVY = ("dagster", "dagster_dbt", "dbt", "great_expectations")
SITES = "Site Code,Site Name,Valid From\nRAJ01,Southend Hospital,01/04/2020\n"
# Runs one command and says which of the heavy packages it imported.
WATCHED = f"""
import sys
from orchestration.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print("IMPORTED", *[name for name in {HEAVY!r} if name in sys.modules])
sys.exit(code)
"""


@pytest.fixture
def at_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one good file in landing, which the command line finds by its environment."""
    (home.landing / "site_register").mkdir()
    (home.landing / "site_register" / "sites.csv").write_text(SITES, encoding="utf-8")
    monkeypatch.setenv("QLS_HOME", str(home.root))
    return home


def watched(root: Path, *arguments: str) -> tuple[int, str]:
    told = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        cwd=PROJECT,
        env=os.environ | {"QLS_HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, told.stdout + told.stderr


def a_run_that(outcome: str | None) -> Callable[[Settings, int, str], None]:
    """In place of Dagster's job: loads, and ends in a way."""

    def execute(settings: Settings, lock: int, audience: str) -> None:
        ledger = Ledger(settings.home.ledger)
        run = runs.begin(settings, ledger, scan(settings.home.landing), now(), audience)
        load(settings.home, run, ledger)
        if outcome:
            runs.end(ledger, run, outcome, "r1" if outcome == "published" else None, None)

    return execute


# What it costs


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code, said = watched(tmp_path, "--help")
    assert code == 0
    assert said.rstrip().endswith("IMPORTED"), said
    assert not any(tmp_path.iterdir()), "asking for help leaves nothing behind"


def test_a_run_with_nothing_new_imports_nothing_heavy(at_home: Home) -> None:
    a_run_that("published")(Settings(at_home), 0, "internal")
    code, said = watched(at_home.root, "run")
    assert code == 0, said
    assert "Nothing new since run" in said
    assert said.rstrip().endswith("IMPORTED"), said


def test_status_and_check_import_nothing_heavy(at_home: Home) -> None:
    for arguments in (["status"], ["check", str(at_home.landing / "site_register" / "sites.csv")]):
        code, said = watched(at_home.root, *arguments)
        assert code == 0, said
        assert said.rstrip().endswith("IMPORTED"), said


# What each end is called


def test_0_published_then_nothing_new(
    at_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_execute", a_run_that("published"))
    assert cli.main(["run"]) == cli.PUBLISHED == 0
    assert "Nothing new" not in capsys.readouterr().out
    monkeypatch.setattr(cli, "_execute", a_run_that("held"))
    assert cli.main(["run"]) == 0
    assert "Nothing new" in capsys.readouterr().out


def test_a_changed_file_is_something_new(at_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_execute", a_run_that("published"))
    assert cli.main(["run"]) == 0
    (at_home.landing / "site_register" / "sites.csv").write_text(SITES + "RAJ12,Basildon Hospital,01/04/2020\n")
    monkeypatch.setattr(cli, "_execute", a_run_that("held"))
    assert cli.main(["run"]) == cli.HELD


def test_1_a_landing_that_is_missing_or_empty_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QLS_HOME", str(tmp_path))
    assert cli.main(["run"]) == cli.FAULT == 1
    assert "landing is missing" in capsys.readouterr().err
    (tmp_path / "landing").mkdir()
    assert cli.main(["run"]) == 1
    assert "landing is empty" in capsys.readouterr().err


def test_1_a_step_that_fails(
    at_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(settings: Settings, lock: int, audience: str) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(cli, "_execute", broken)
    assert cli.main(["run"]) == 1
    assert capsys.readouterr().err == "qls: the disk is full\n"
    monkeypatch.setattr(cli, "_execute", a_run_that("published"))
    assert cli.main(["run"]) == 0, "the lock was left behind"


def test_1_stopped_by_hand(at_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(settings: Settings, lock: int, audience: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_execute", stopped)
    assert cli.main(["run"]) == 1
    assert "stopped by hand" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "--fast"], ["check"]])
def test_2_wrong_use(arguments: list[str], at_home: Home) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == cli.USAGE == 2


def test_2_examples_never_go_into_a_real_home(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["example"]) == 2
    assert "examples never mix" in capsys.readouterr().err
    assert [path.name for path in at_home.landing.rglob("*.csv")] == ["sites.csv"]
    assert not Ledger(at_home.ledger).exists


def test_2_nor_into_one_whose_landing_was_emptied(at_home: Home) -> None:
    Ledger(at_home.ledger).mark(demonstration=False)
    (at_home.landing / "site_register" / "sites.csv").unlink()
    (at_home.landing / "site_register").rmdir()
    assert cli.main(["example"]) == 2


def test_2_an_unknown_size_marks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen must not make a home that waits for real files a demonstration for ever."""
    monkeypatch.setenv("QLS_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        sys.exit(cli.main(["example", "--size", "smal"]))
    assert ended.value.code == 2
    assert not Ledger(tmp_path / "ledger").exists


def test_example_if_new_leaves_a_home_alone(at_home: Home) -> None:
    assert cli.main(["example", "--if-new"]) == 0
    assert [path.name for path in at_home.landing.rglob("*.csv")] == ["sites.csv"]


def test_3_held_and_held_again_when_nothing_is_new(
    at_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_execute", a_run_that("held"))
    assert cli.main(["run"]) == cli.HELD == 3
    assert cli.main(["run"]) == 3
    assert "Nothing new" in capsys.readouterr().out
    assert cli.main(["status"]) == 3


@pytest.mark.parametrize("command", ["run", "example"])
def test_4_another_run_is_at_work(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("QLS_HOME", str(home.root))
    if command == "run":
        (home.landing / "sites.csv").write_text(SITES)
    with home_lock(home.root, wait=False):
        assert cli.main([command]) == cli.BUSY == 4
    assert "another run is at work" in capsys.readouterr().err


def test_5_a_file_stands_refused(
    at_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (at_home.landing / "site_register" / "broken.csv").write_text("Site Code,Nothing Else\nRAJ01,1\n")
    monkeypatch.setattr(cli, "_execute", a_run_that("published"))
    assert cli.main(["run"]) == cli.REFUSED == 5
    said = capsys.readouterr().out
    assert "refused     landing/site_register/broken.csv" in said
    assert all(word in said for word in ("where", "why", "mend"))
    assert cli.main(["run"]) == 5, "nothing new, and still refused"


def test_a_held_run_outweighs_a_refused_file(at_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (at_home.landing / "site_register" / "broken.csv").write_text("Site Code,Nothing Else\nRAJ01,1\n")
    monkeypatch.setattr(cli, "_execute", a_run_that("held"))
    assert cli.main(["run"]) == 3


def test_check_is_0_or_5_and_writes_nothing(at_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    good = at_home.landing / "site_register" / "sites.csv"
    bad = at_home.landing / "site_register" / "broken.csv"
    bad.write_text("Site Code,Nothing Else\nRAJ01,1\n")
    before = sorted(at_home.root.rglob("*"))
    assert cli.main(["check", str(good)]) == 0
    assert cli.main(["check", str(good), str(bad)]) == 5
    assert sorted(at_home.root.rglob("*")) == before


# The parser and the environment


def test_every_command_says_what_it_does() -> None:
    parser = cli._parser()
    (commands,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    told = {choice.dest: choice.help for choice in commands._choices_actions}
    assert set(told) == set(commands.choices)
    assert all(told.values())
    assert all(f"  {code}  " in parser.format_help() for code in range(6))


def test_settings_come_from_the_environment_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QLS_HOME", str(tmp_path))
    monkeypatch.delenv("QLS_THREADS", raising=False)
    monkeypatch.delenv("QLS_MEMORY_MB", raising=False)
    assert from_environment() == Settings(Home(tmp_path.resolve()), 2)
    monkeypatch.setenv("QLS_THREADS", "4")
    monkeypatch.setenv("QLS_MEMORY_MB", "900")
    assert (from_environment().threads, from_environment().memory_mb) == (4, 900)
    monkeypatch.setenv("QLS_HOME", "")
    assert from_environment().home.root == PROJECT / "var"


@pytest.mark.parametrize("name", ["QLS_THREADS", "QLS_MEMORY_MB"])
@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", ""])
def test_a_wrong_number_of_threads_or_megabytes_is_told(
    name: str, number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, number)
    assert cli.main(["status"]) == cli.USAGE == 2
    assert f"{name} must be a whole number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("sign", ["'", '"', "{", "%"])
def test_2_a_home_whose_path_is_syntax_to_a_tool_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    monkeypatch.setenv("QLS_HOME", str(tmp_path / f"a{sign}home"))
    assert cli.main(["status"]) == cli.USAGE == 2
    assert f"QLS_HOME must not contain {sign}" in capsys.readouterr().err

"""Hostile and broken files: each is loaded row for row, refused in words, or waits; none stops the load or is told raw.

`make test` runs a sample, `make test-all` the whole corpus: every mutation of a file of every feed, and the heavy ones.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ingest import lake
from ingest import ledger as ledger_module
from ingest.contract import feeds
from ingest.home import Home
from ingest.landing import LandingFile
from ingest.ledger import Ledger
from ingest.load import load
from tests.conftest import KEY, PROJECT, make_run
from tests.faults.hostile import (
    BOOKS,
    BYTES,
    GOOD,
    HEAVY,
    NAMES,
    WARD,
    Seed,
    drop,
    load_all,
    mutated,
    problems_of,
    seeds,
)

MOST_SECONDS = 60
MOST_MIB = 2048
NOBODY = 65534
# The feeds of the sample: of many columns and few, personal and not, with a header and without.
SAMPLED = ("ward_indicator", "ods_organisation", "outpatient_appointment", "project", "pulse_survey", "site_register")


@pytest.fixture(scope="session")
def found() -> list[Seed]:
    return seeds()


def test_the_corpus_is_large_and_the_same_each_time(found: list[Seed]) -> None:
    assert {seed.feed for seed in found} == set(feeds())
    assert sum(len(list(BOOKS if seed.is_workbook else BYTES)) for seed in found) >= 500
    again = seeds()
    for mutation in ("ragged", "flipped bits, many", "two quotation marks"):
        assert list(mutated(mutation, found)) == list(mutated(mutation, again))


def test_a_sample_of_the_corpus(tmp_path: Path, found: list[Seed]) -> None:
    by_feed = {seed.feed: seed for seed in found if not seed.is_workbook}
    for number, mutation in enumerate(list(BYTES)[::4]):
        ((seed, content),) = mutated(mutation, [by_feed[SAMPLED[number % len(SAMPLED)]]])
        drop(tmp_path / "landing", f"{seed.feed}/{number}", seed.name, content)
    home, ledger, outcomes = load_all(tmp_path)
    assert problems_of(home, ledger, outcomes) == []
    assert {outcome.state for outcome in outcomes} == {"accepted", "refused"}


@pytest.mark.long
@pytest.mark.parametrize("mutation", dict.fromkeys([*BYTES, *BOOKS]))
def test_every_feed_under_one_mutation(tmp_path: Path, found: list[Seed], mutation: str) -> None:
    for seed, content in mutated(mutation, found):
        drop(tmp_path / "landing", seed.feed, seed.name, content)
    ends = [time.monotonic()]
    home, ledger, outcomes = load_all(tmp_path, lambda _: ends.append(time.monotonic()))
    assert problems_of(home, ledger, outcomes) == []
    assert len(outcomes) == sum(mutation in (BOOKS if seed.is_workbook else BYTES) for seed in found)
    assert max(end - start for start, end in pairwise(ends)) < MOST_SECONDS
    shutil.rmtree(tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("case", HEAVY)
def test_heavy_files_take_neither_long_nor_all_memory(tmp_path: Path, case: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.hostile", case, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["problems"] == []
    assert told["said"]["sound.csv"] == "accepted"
    assert told["seconds"] < MOST_SECONDS
    assert told["peak_mib"] < MOST_MIB
    shutil.rmtree(tmp_path)


def test_names(home: Home, ledger: Ledger) -> None:
    for number, name in enumerate(NAMES):
        # Each of another month, so that none takes the place of another.
        month = b"01/%02d/%d" % (number % 12 + 1, 2000 + number // 12)
        drop(home.landing, "ward_indicator", name, WARD + GOOD.replace(b"01/04/2025", month))
    outcomes = list(load(home, make_run(), ledger).outcomes)
    assert problems_of(home, ledger, outcomes) == []
    states = {
        outcome.file.path.relative_to(home.landing / "ward_indicator").as_posix(): outcome for outcome in outcomes
    }
    # A dot in front is never a delivery.
    assert set(NAMES) - set(states) == {"...csv", ".csv", "..%5c..%5cx.csv"}
    refused = {name for name, outcome in states.items() if outcome.state == "refused"}
    # Content decides, whatever the name; only a name that tells of a person is refused.
    assert refused == {"943 476 5919.csv"}
    assert {path.parent for path in home.lake.rglob("*.parquet") if not path.name.startswith("_")} == {
        home.lake / "ward_indicator"
    }
    assert {outcome.state for outcome in load(home, make_run(2), ledger).outcomes} == {"known"}


def test_what_is_no_plain_file(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    folder = home.landing / "ward_indicator"
    drop(home.landing, "ward_indicator", "good.csv", WARD + GOOD)
    (folder / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (folder / "round.csv").symlink_to(folder / "round.csv")
    (folder / "out.csv").symlink_to("/etc/passwd")
    (folder / "up").symlink_to(home.landing)
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "empty.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    outcomes = list(load(home, make_run(), ledger).outcomes)
    assert problems_of(home, ledger, outcomes) == []
    assert {outcome.file.path.name: outcome.state for outcome in outcomes} == {"good.csv": "accepted"} | dict.fromkeys(
        ("dangling.csv", "round.csv", "out.csv", "up", "device.csv", "pipe.csv"), "refused"
    )


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_loads(home: Home, ledger: Ledger, monkeypatch) -> None:
    drop(home.landing, "ward_indicator", "good.csv", WARD + GOOD)
    drop(home.landing, "site_register/shut", "a.csv", b"x")
    listed = Path.iterdir

    def denied(folder: Path):
        if folder.name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return listed(folder)

    # Root may list everything, so that real permissions would test nothing here.
    monkeypatch.setattr(Path, "iterdir", denied)
    outcomes = {outcome.file.name: outcome for outcome in load(home, make_run(), ledger).outcomes}
    assert outcomes["ward_indicator/good.csv"].state == "accepted"
    refusal = outcomes["site_register/shut"].refusal
    assert refusal is not None
    assert (refusal.rule, refusal.why) == ("readable", "it cannot be listed, so its files wait")
    assert problems_of(home, ledger, list(outcomes.values())) == []
    assert {outcome.state for outcome in load(home, make_run(2), ledger).outcomes} == {"known"}


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """A folder of an ordinary user's, as whom the test then runs: no permission binds root."""
    with TemporaryDirectory(prefix="qls-hostile-") as folder:
        # What a load imports late may lie where only root can read.
        drop(Path(folder) / "first" / "landing", "ward_indicator", "good.csv", WARD + GOOD)
        load_all(Path(folder) / "first")
        root = Path(folder) / "home"
        root.mkdir()
        if os.geteuid() != 0:
            yield root
            return
        for path in (Path(folder), root):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield root
        finally:
            os.seteuid(0)


def test_what_may_not_be_read_is_told_and_the_rest_loads(ordinary_user: Path) -> None:
    landing = ordinary_user / "landing"
    drop(landing, "ward_indicator", "good.csv", WARD + GOOD)
    drop(landing, "ward_indicator", "shut.csv", WARD + GOOD).chmod(0)
    for folder, mode in (("shut", 0), ("listed alone", 0o400), ("entered alone", 0o100)):
        drop(landing, f"site_register/{folder}", "a.csv", b"x").parent.chmod(mode)
    home, ledger, outcomes = load_all(ordinary_user)
    assert problems_of(home, ledger, outcomes) == []
    states = {outcome.file.name: outcome.state for outcome in outcomes}
    assert states.pop("ward_indicator/good.csv") == "accepted"
    assert states == dict.fromkeys(
        ("ward_indicator/shut.csv", *(f"site_register/{name}" for name in ("shut", "listed alone", "entered alone"))),
        "refused",
    )
    for path in landing.rglob("*"):
        path.chmod(0o700)
    again = {outcome.file.name: outcome.state for outcome in load(home, make_run(2), ledger, key=KEY).outcomes}
    assert again["ward_indicator/shut.csv"] == "known", "it holds what good.csv held"
    assert again["site_register/shut/a.csv"] == "refused"


@pytest.mark.parametrize("change", ["taken away", "grown", "emptied"])
@pytest.mark.parametrize("moment", ["before it is read", "while it is read", "while it is stored"])
def test_a_file_that_changes_under_the_load_waits(
    home: Home, ledger: Ledger, monkeypatch, change: str, moment: str
) -> None:
    drop(home.landing, "ward_indicator", "a.csv", WARD + GOOD)
    path = drop(home.landing, "ward_indicator", "b.csv", WARD + GOOD.replace(b"/04/", b"/05/"))
    from ingest import load as module

    def disturb(file: LandingFile | None) -> None:
        if file is not None and file.path.name != "b.csv":
            return
        if change == "taken away":
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(b"" if change == "emptied" else WARD + GOOD * 3)

    real_examine, real_store = module.examine, lake.store

    def examined(connection, file, *rest):
        if moment == "while it is read":
            disturb(file)
        return real_examine(connection, file, *rest)

    def stored(connection, home, contract, text, *rest):
        real_store(connection, home, contract, text, *rest)
        if moment == "while it is stored" and len(list((home.lake / "ward_indicator").glob("[!_]*"))) == 2:
            disturb(None)

    monkeypatch.setattr(module, "examine", examined)
    monkeypatch.setattr(lake, "store", stored)

    def after_first(outcome) -> None:
        if moment == "before it is read" and outcome.file.path.name == "a.csv":
            disturb(None)

    report = load(home, make_run(), ledger, on_file=after_first)
    assert [(outcome.file.path.name, outcome.state) for outcome in report.outcomes] == [
        ("a.csv", "accepted"),
        ("b.csv", "growing"),
    ]
    assert [row["file_name"] for row in ledger.read("file")] == ["ward_indicator/a.csv"]


@pytest.mark.parametrize("at", ["lake", "quarantine", "ledger"])
def test_a_full_disk_leaves_nothing_half_written_and_the_next_load_makes_good(
    home: Home, ledger: Ledger, monkeypatch, at: str
) -> None:
    drop(home.landing, "ward_indicator", "a.csv", WARD + GOOD * 2)
    module = ledger_module if at == "ledger" else lake
    real = module.commit

    def full(partial: Path, path: Path) -> None:
        if partial.is_relative_to(home.root / at):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        real(partial, path)

    with monkeypatch.context() as patch:
        patch.setattr(module, "commit", full)
        with pytest.raises(OSError, match="No space left"):
            load(home, make_run(), ledger)
    assert ledger.read("file") == []
    assert ledger.read("file_period") == []
    ledger.prepare()
    outcomes = list(load(home, make_run(2), ledger).outcomes)
    assert [outcome.state for outcome in outcomes] == ["accepted"]
    assert len(ledger.read("file")) == 1
    problems = problems_of(home, ledger, outcomes)
    # What lies half-written in the ledger's folders no reader's pattern matches; the lake's was written over.
    assert [problem for problem in problems if at != "ledger"] == []


def test_a_disk_that_is_full_at_the_third_table_leaves_no_table_of_the_run(
    home: Home, ledger: Ledger, monkeypatch
) -> None:
    drop(home.landing, "ward_indicator", "a.csv", WARD + GOOD * 2)
    real, written = ledger_module.write_partial, []

    def full(path: Path, *rest):
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(ledger_module, "write_partial", full)
        with pytest.raises(OSError, match="No space left"):
            load(home, make_run(), ledger)
    assert [ledger.read(path.parent.name) for path in written] == [[]] * 3
    ledger.prepare()
    assert [outcome.state for outcome in load(home, make_run(2), ledger).outcomes] == ["accepted"]


def test_the_header_of_another_sender_never_steers_a_screen_nor_tells_a_number(home: Home, ledger: Ledger) -> None:
    header = WARD.rstrip() + b",\x1b[2Jshot,No 943 476 5919," + b"y" * 9000 + b"\n"
    drop(home.landing, "ward_indicator", "a.csv", header + GOOD.rstrip() + b",,,\n")
    (outcome,) = load(home, make_run(), ledger, key=KEY).outcomes
    assert outcome.state == "accepted"
    assert problems_of(home, ledger, [outcome]) == []
    (entry,) = ledger.read("file")
    assert entry["ignored_columns"].startswith("\\x1b[2Jshot|No [number removed]|yyyy")
    assert len(entry["ignored_columns"]) < 200

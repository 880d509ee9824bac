"""What makes a run new, and what the ledger says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from ingest.landing import LandingFile, scan
from ingest.ledger import Ledger
from ingest.load import load
from orchestration import runs
from orchestration.settings import Settings

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
FILE = LandingFile(Path("landing/a/b.csv"), "a/b.csv", 10, 1_000_000_000)


@pytest.fixture
def settings(home: Home) -> Settings:
    (home.landing / "site_register").mkdir()
    (home.landing / "site_register" / "sites.csv").write_text(
        "Site Code,Site Name,Valid From\nRAJ01,Southend,01/04/2020\n"
    )
    return Settings(home)


@pytest.fixture
def begin(settings: Settings, ledger: Ledger) -> Callable[..., Any]:
    def begun(at: datetime = AT) -> Any:
        return runs.begin(settings, ledger, scan(settings.home.landing), at)

    return begun


# What makes a run new


@pytest.mark.parametrize(
    "changed",
    [
        lambda: runs.fingerprint([replace(FILE, size=11)], "c0de", DAY, "internal"),
        lambda: runs.fingerprint([replace(FILE, modified_ns=2_000_000_000)], "c0de", DAY, "internal"),
        lambda: runs.fingerprint([replace(FILE, name="a/c.csv")], "c0de", DAY, "internal"),
        lambda: runs.fingerprint([FILE, replace(FILE, name="a/c.csv")], "c0de", DAY, "internal"),
        lambda: runs.fingerprint([], "c0de", DAY, "internal"),
        lambda: runs.fingerprint([FILE], "0ther", DAY, "internal"),
        lambda: runs.fingerprint([FILE], "c0de", DAY + timedelta(days=1), "internal"),
        lambda: runs.fingerprint([FILE], "c0de", DAY, "public"),
    ],
    ids=["size", "time", "name", "one more", "one less", "code", "day", "audience"],
)
def test_a_change_of_files_code_day_or_audience_makes_a_run_new(changed: Callable[[], str]) -> None:
    assert changed() != runs.fingerprint([FILE], "c0de", DAY, "internal")


def test_the_order_in_which_files_are_listed_makes_nothing_new() -> None:
    other = replace(FILE, name="a/c.csv")
    assert runs.fingerprint([FILE, other], "c", DAY, "internal") == runs.fingerprint(
        [other, FILE], "c", DAY, "internal"
    )


def test_the_code_is_every_file_that_can_change_a_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PROJECT", tmp_path)
    (tmp_path / "requirements.lock").write_text("a==1")
    for room in ("ingest", "dbt_project", "publish", "tests"):
        (tmp_path / room).mkdir()
    seen = [runs.code_version()]
    for name, is_code in [
        ("ingest/a.py", True),
        ("ingest/contract.odcs.yaml", True),
        ("dbt_project/model.sql", True),
        ("dbt_project/seed.csv", True),
        ("dbt_project/columns.md", True),
        ("publish/page.html", True),
        ("ingest/a.pyc", False),
        ("tests/test_a.py", False),
    ]:
        (tmp_path / name).write_text("1")
        assert (runs.code_version() != seen[-1]) is is_code, name
        seen.append(runs.code_version())
    (tmp_path / "ingest" / "a.py").write_text("2")
    assert runs.code_version() not in seen
    seen.append(runs.code_version())
    (tmp_path / "requirements.lock").write_text("a==2")
    assert runs.code_version() not in seen
    assert runs.code_version() == runs.code_version()


# Beginning and ending


def test_runs_are_numbered_and_the_newest_is_the_last_begun(begin: Callable[..., Any], ledger: Ledger) -> None:
    assert runs.newest(ledger) is None
    first, second = begin(), begin(AT + timedelta(minutes=1))
    assert (first.run_no, second.run_no) == (1, 2)
    assert first.run_id != second.run_id
    assert first.run_id.startswith("2026-11-23-0600-")
    found = runs.newest(ledger)
    assert found is not None
    assert (found[0].run_id, found[1]) == (second.run_id, None)


def test_two_runs_of_one_minute_are_two(begin: Callable[..., Any]) -> None:
    assert begin().run_id != begin().run_id


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_the_day_of_a_run_is_the_trusts_day(begin: Callable[..., Any], at: datetime, day: date) -> None:
    run = begin(at)
    assert run.run_date == day
    assert run.run_id.startswith(f"{day:%Y-%m-%d}-")


def test_a_home_becomes_real_with_its_first_run_and_stays_what_it_is(begin: Callable[..., Any], ledger: Ledger) -> None:
    assert not begin().is_demonstration
    assert ledger.exists
    assert not ledger.is_demonstration


def test_a_demonstration_stays_one(begin: Callable[..., Any], ledger: Ledger) -> None:
    ledger.mark(demonstration=True)
    assert begin().is_demonstration


def test_nothing_is_new_only_after_an_end(begin: Callable[..., Any], ledger: Ledger) -> None:
    first = begin()
    assert runs.ended_like_this(ledger, first.input_fingerprint) is None, "it broke off, so it is tried again"
    runs.end(ledger, first, "published", "r1", None)
    ended = runs.ended_like_this(ledger, first.input_fingerprint)
    assert ended is not None
    assert (ended["run_id"], ended["outcome"], ended["release_id"]) == (first.run_id, "published", "r1")
    assert runs.ended_like_this(ledger, "another") is None


def test_only_the_newest_run_decides_what_is_new(begin: Callable[..., Any], ledger: Ledger) -> None:
    """What was published before the last run may be what lies there again: then the last run's figures are in force."""
    first = begin()
    runs.end(ledger, first, "published", "r1", None)
    second = begin(AT + timedelta(days=1))
    runs.end(ledger, second, "held", None, "gate.a.b")
    assert runs.ended_like_this(ledger, first.input_fingerprint) is None
    held = runs.ended_like_this(ledger, second.input_fingerprint)
    assert held is not None
    assert held["outcome"] == "held"


def test_a_run_as_of_an_earlier_day_cuts_at_what_had_been_received(
    settings: Settings, ledger: Ledger, begin: Callable[..., Any]
) -> None:
    load(settings.home, begin(), ledger)
    sites = settings.home.landing / "site_register" / "more.csv"
    sites.write_text("Site Code,Site Name,Valid From\nRAJ12,Basildon,01/04/2020\n")
    normal = begin(AT + timedelta(days=2))
    load(settings.home, normal, ledger)
    runs.end(ledger, normal, "published", "r1", None)
    assert [runs.sequence_as_of(ledger, DAY + timedelta(days=days)) for days in (0, 1, 2, 9)] == [1, 1, 2, 2]
    with pytest.raises(ValueError, match="nothing had been received by 22 November 2026"):
        runs.sequence_as_of(ledger, DAY - timedelta(days=1))
    rebuild = runs.begin(settings, ledger, [], AT + timedelta(days=3), as_of=DAY)
    assert (rebuild.run_date, rebuild.as_of_sequence) == (DAY, 1)
    assert rebuild.run_id.startswith("2026-11-26-"), "it is told by when it was made"
    runs.end(ledger, rebuild, "written_beside", rebuild.run_id, None)
    at_work, passed_over = runs.newest(ledger), runs.newest(ledger, rebuilds=False)
    assert at_work is not None
    assert passed_over is not None
    assert (at_work[0].run_id, passed_over[0].run_id) == (rebuild.run_id, normal.run_id)
    assert runs.ended_like_this(ledger, rebuild.input_fingerprint) is None
    again = runs.ended_like_this(ledger, normal.input_fingerprint)
    assert again is not None
    assert again["run_id"] == normal.run_id


# What stands refused


def refused_names(settings: Settings, ledger: Ledger) -> list[str]:
    return [row["file_name"] for row in runs.standing_refusals(ledger, scan(settings.home.landing))]


def test_a_refused_file_stands_refused_until_it_changes_or_goes(
    settings: Settings, ledger: Ledger, begin: Callable[..., Any]
) -> None:
    broken = settings.home.landing / "site_register" / "broken.csv"
    broken.write_text("Site Code,Nothing Else\nRAJ01,1\n")
    load(settings.home, begin(), ledger)
    assert refused_names(settings, ledger) == ["site_register/broken.csv"]
    load(settings.home, begin(AT + timedelta(minutes=1)), ledger)
    assert refused_names(settings, ledger) == ["site_register/broken.csv"], "told again, though not read again"
    broken.write_text("Site Code,Site Name,Valid From\nRAJ12,Basildon,01/04/2020\n")
    assert refused_names(settings, ledger) == [], "what lies there now was not refused"
    load(settings.home, begin(AT + timedelta(minutes=2)), ledger)
    assert refused_names(settings, ledger) == []
    broken.unlink()
    assert refused_names(settings, ledger) == []


def test_a_refused_file_that_is_gone_stands_no_more(
    settings: Settings, ledger: Ledger, begin: Callable[..., Any]
) -> None:
    broken = settings.home.landing / "site_register" / "broken.csv"
    broken.write_text("Site Code,Nothing Else\nRAJ01,1\n")
    load(settings.home, begin(), ledger)
    broken.unlink()
    assert refused_names(settings, ledger) == []

"""When a run starts by itself: what the sensor takes for new, and when the morning is."""

import os
from pathlib import Path

import dagster as dg
import pytest

from ingest.home import Home
from ingest.landing import LandingFile, scan
from orchestration import schedules
from orchestration.settings import Settings

JOB = dg.define_asset_job("a_job", selection="*")


def drop(home: Home, name: str, text: str, at: int = 1_700_000_000) -> Path:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))
    return path


def look(home: Home, cursor: str | None = None) -> dg.SensorResult | dg.SkipReason:
    sensor = schedules.landing_sensor(Settings(home), JOB)
    found = sensor(dg.build_sensor_context(cursor=cursor))
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def asked(result: dg.SensorResult | dg.SkipReason) -> tuple[str, str]:
    """The run key that a look asks for, and the cursor it leaves."""
    assert isinstance(result, dg.SensorResult), getattr(result, "skip_message", result)
    assert result.run_requests is not None
    (request,) = result.run_requests
    assert request.run_key is not None
    assert result.cursor is not None
    return request.run_key, result.cursor


def skipped(result: dg.SensorResult | dg.SkipReason) -> str:
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def test_the_same_landing_asks_for_the_same_run(home: Home) -> None:
    """Dagster starts no second run for a key that it knows, so that looking every five minutes costs nothing."""
    drop(home, "a/one.csv", "1")
    key, cursor = asked(look(home))
    assert asked(look(home, cursor)) == (key, cursor)
    assert asked(look(home))[0] == key, "nor does a lost cursor start one"


def test_a_corrected_file_under_the_same_name_starts_a_run(home: Home) -> None:
    drop(home, "a/one.csv", "1")
    key, cursor = asked(look(home))
    drop(home, "a/one.csv", "2", at=1_700_000_100)
    corrected, cursor = asked(look(home, cursor))
    assert corrected != key
    drop(home, "a/one.csv", "1", at=1_700_000_200)
    assert asked(look(home, cursor))[0] == key


def test_a_new_file_and_one_taken_away_change_the_key(home: Home) -> None:
    drop(home, "a/one.csv", "1")
    alone, cursor = asked(look(home))
    other = drop(home, "a/two.csv", "1")
    both, cursor = asked(look(home, cursor))
    assert both != alone
    other.unlink()
    assert asked(look(home, cursor))[0] == alone


def test_the_same_content_copied_again_starts_nothing(home: Home) -> None:
    drop(home, "a/one.csv", "1")
    key, cursor = asked(look(home))
    drop(home, "a/one.csv", "1", at=1_700_000_100)
    assert asked(look(home, cursor))[0] == key


def test_a_growing_file_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(home, "a/one.csv", "1")
    stale = scan(home.landing)
    drop(home, "a/one.csv", "1,2,3")
    monkeypatch.setattr(schedules, "scan", lambda landing: stale)
    assert skipped(look(home)) == "a/one.csv is still being written"


def test_a_landing_that_is_missing_or_empty_skips_and_says_why(home: Home) -> None:
    assert skipped(look(home)).startswith("landing is empty")
    home.landing.rmdir()
    assert skipped(look(home)).startswith("landing is missing")


def test_what_was_hashed_before_is_not_read_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(home, "a/one.csv", "1")
    drop(home, "a/two.csv", "2")
    seen, growing = schedules.content_of(scan(home.landing), {})
    assert growing is None
    assert set(seen) == {"a/one.csv", "a/two.csv"}
    drop(home, "a/two.csv", "22", at=1_700_000_100)
    read: list[str] = []

    def hashed(file: LandingFile) -> str:
        read.append(file.name)
        return "h"

    monkeypatch.setattr(schedules, "content_hash", hashed)
    again, _ = schedules.content_of(scan(home.landing), seen)
    assert read == ["a/two.csv"]
    assert again["a/one.csv"] == seen["a/one.csv"]


def test_a_file_that_nobody_may_read_stops_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused by the run; here it only counts as lying there."""
    drop(home, "a/one.csv", "1")

    def denied(file: LandingFile) -> str:
        raise PermissionError(file.name)

    monkeypatch.setattr(schedules, "content_hash", denied)
    seen, growing = schedules.content_of(scan(home.landing), {})
    assert growing is None
    assert seen["a/one.csv"][2] == ""


def test_a_link_is_not_followed(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.csv"
    target.write_text("secret")
    (home.landing / "link.csv").symlink_to(target)
    seen, growing = schedules.content_of(scan(home.landing), {})
    assert growing is None
    assert seen["link.csv"][2] == ""


def test_every_morning_at_six_british_time() -> None:
    daily = schedules.daily(JOB)
    assert daily.cron_schedule == "0 6 * * *"
    assert daily.execution_timezone == "Europe/London"
    assert daily.job_name == "a_job"

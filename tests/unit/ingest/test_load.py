"""Landing to lake and ledger: new, known, restated, refused; nothing half-loaded."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.landing import LandingError, LandingFile, scan
from ingest.ledger import Ledger
from ingest.load import load
from tests.conftest import make_run

HEADER = "Site Code,Ward,Indicator,Month,Numerator,Denominator,Value,Provisional\n"
APRIL = "RAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N\n"
MAY = "RAJ01,Ash,FALLS_1000,01/05/2025,2,100,20,N\n"


def drop(home: Home, name: str, text: str, at: int = 1_760_000_000) -> Path:
    """Put a file into landing, last changed at a time in seconds."""
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def states(home: Home, ledger: Ledger, number: int = 1) -> list[tuple[str, str]]:
    """Load, and give each file's name and state."""
    report = load(home, make_run(number), ledger)
    return [(outcome.file.name.split("/")[-1], outcome.state) for outcome in report.outcomes]


def current(home: Home, feed: str = "ward_indicator") -> list[tuple[object, ...]]:
    """Month and value of the rows that the newest versions hold, as the staging models select them."""
    return duckdb.sql(
        f"""
        with newest as (
            select scope, period, max_by(file_id, sequence) as file_id
            from read_parquet('{home.ledger}/file_period/*.parquet')
            where feed = '{feed}' group by all
        )
        select month, value::int from read_parquet('{home.lake}/{feed}/*.parquet') as lake
        join newest on newest.file_id = _file_id and scope = _scope and period = _period
        order by all
        """
    ).fetchall()


def test_a_file_goes_into_lake_and_ledger_once(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    assert states(home, ledger) == [("a.csv", "accepted")]
    (entry,) = ledger.read("file")
    assert (entry["rows_read"], entry["rows_accepted"], entry["period_from"]) == (1, 1, date(2025, 4, 1))
    assert states(home, ledger, 2) == [("a.csv", "known")]
    assert len(ledger.read("file")) == 1
    lake = duckdb.sql(f"select * from read_parquet('{home.lake}/ward_indicator/*.parquet')")
    assert lake.columns[-4:] == ["_file_id", "_row_number", "_scope", "_period"]
    assert [str(kind) for kind in lake.types][3:7] == ["DATE", "DECIMAL(18,6)", "DECIMAL(18,6)", "DECIMAL(24,12)"]


def test_landing_is_never_changed(home: Home, ledger: Ledger) -> None:
    path = drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    before = path.read_bytes(), path.stat().st_mtime_ns
    load(home, make_run(), ledger)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [item.name for item in home.landing.rglob("*") if item.is_file()] == ["a.csv"]


def test_the_newer_delivery_replaces_its_periods_and_no_others(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/b.csv", HEADER + APRIL + MAY, at=1_760_000_000)
    drop(home, "ward_indicator/a.csv", HEADER + MAY.replace(",2,100,20", ",3,100,30"), at=1_760_000_500)
    assert states(home, ledger) == [("b.csv", "accepted"), ("a.csv", "accepted")]
    assert current(home) == [(date(2025, 4, 1), 10), (date(2025, 5, 1), 30)]


def test_one_sites_file_never_replaces_anothers(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    drop(home, "ward_indicator/b.csv", HEADER + APRIL.replace("RAJ01", "RAJ12"), at=1_760_000_500)
    load(home, make_run(), ledger)
    assert len(current(home)) == 2


def test_a_revised_issue_counts_as_newer_whatever_its_time(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/april-revised.csv", HEADER + APRIL.replace(",1,100,10", ",4,100,40"), at=1_760_000_000)
    drop(home, "ward_indicator/april.csv", HEADER + APRIL, at=1_760_000_500)
    load(home, make_run(), ledger)
    assert current(home) == [(date(2025, 4, 1), 40)]


REVISIONS = """
    name                         | revision
    October-2025-AE.csv          | 0
    ae_activity_2024-04.csv      | 0
    April-2024-AE-revised.csv    | 1
    Nov 25 v2 FINAL.xlsx         | 2
    return_rev3.csv              | 3
    survey.csv                   | 0
"""


@pytest.mark.parametrize("line", REVISIONS.strip().splitlines()[1:])
def test_revisions_are_read_from_names(line: str) -> None:
    name, revision = (cell.strip() for cell in line.split("|"))
    assert LandingFile(Path(name), f"feed/{name}", 1, 1).revision == int(revision)


def test_refused_rows_go_to_quarantine_and_are_counted(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL + MAY + APRIL.replace("Ash", "Oak").replace(",10,", ",ten,"))
    load(home, make_run(), ledger)
    (entry,) = ledger.read("rejection")
    assert (entry["rule_id"], entry["column_name"], entry["row_count"], entry["sample_rows"], entry["action"]) == (
        "contract.ward_indicator.type", "value", 1, "3", "rejected",
    )  # fmt: skip
    (kept,) = duckdb.sql(f"select * from read_parquet('{home.quarantine}/*/*.parquet')").fetchall()
    assert kept[1] == 3
    assert "ten" in kept[3]
    assert home.quarantine.stat().st_mode & 0o777 == 0o700


def test_a_refused_file_is_remembered_and_tried_again_when_moved(home: Home, ledger: Ledger) -> None:
    path = drop(home, "site_register/a.csv", HEADER + APRIL)
    assert states(home, ledger) == [("a.csv", "refused")]
    report = load(home, make_run(2), ledger)
    assert [outcome.state for outcome in report.outcomes] == ["known"]
    assert report.standing[0]["refused_mend"] == "move it to landing/ward_indicator/"
    (home.landing / "ward_indicator").mkdir()
    path.rename(home.landing / "ward_indicator" / "a.csv")
    assert states(home, ledger, 3) == [("a.csv", "accepted")]


def test_every_rule_of_the_contract_has_an_outcome_for_every_file(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    load(home, make_run(), ledger)
    rules = {row["rule_id"] for row in ledger.read("rule") if row["subject"] == "ward_indicator"}
    results = ledger.read("check_result")
    assert {row["rule_id"] for row in results} == rules
    assert {row["scope"] for row in results} == {"ward_indicator/a.csv"}


def test_until_the_ledger_names_it_a_version_is_not_loaded(home: Home, ledger: Ledger, monkeypatch) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append_all", broken)
        with pytest.raises(OSError, match="No space"):
            load(home, make_run(), ledger)
    assert current(home) == []
    assert states(home, ledger, 2) == [("a.csv", "accepted")]
    assert len(current(home)) == 1


def test_the_period_comes_from_the_name_where_no_column_gives_it(home: Home, ledger: Ledger) -> None:
    from tests.unit.ingest.test_recognise import NEW_AE

    row = ["RAJ", "East", "MSE", *[1, 1, 1, 3, 1, 0, 1, 2, 0, 1, 0, 1], *["66.7%", "100%", "-", "100%"], *[1] * 8]
    text = ",".join(f'"{cell}"' for cell in NEW_AE) + "\n" + ",".join(map(str, row)) + "\n"
    drop(home, "ae_attendances/October-2025-AE.csv", text)
    drop(home, "ae_attendances/nameless.csv", text)
    assert dict(states(home, ledger)) == {"October-2025-AE.csv": "accepted", "nameless.csv": "refused"}
    (lake,) = duckdb.sql(
        f"select month, within_4_hours_type_2_pct, within_4_hours_type_2_pct_status, within_4_hours_pct "
        f"from read_parquet('{home.lake}/ae_attendances/*.parquet')"
    ).fetchall()
    assert lake[:3] == (date(2025, 10, 1), None, "not_applicable")
    assert float(lake[3]) == 66.7


def test_files_that_nobody_delivered_are_passed_over(home: Home, ledger: Ledger) -> None:
    for name in (".gitkeep", "~$a.csv", "a.csv.part", "Thumbs.db", "a.tmp"):
        drop(home, f"ward_indicator/{name}", "x")
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    assert [file.name for file in scan(home.landing)] == ["ward_indicator/a.csv"]


def test_a_landing_that_is_missing_or_empty_is_a_fault(home: Home, ledger: Ledger) -> None:
    with pytest.raises(LandingError, match="landing is empty"):
        load(home, make_run(), ledger)
    home.landing.rmdir()
    with pytest.raises(LandingError, match="landing is missing"):
        load(home, make_run(), ledger)


def test_files_of_an_appended_feed_stand_side_by_side(home: Home, ledger: Ledger, monkeypatch) -> None:
    from ingest import contract
    from ingest import load as module

    appended = replace(contract.feeds()["programme"], delivery="append")
    monkeypatch.setattr(module, "feeds", lambda: contract.feeds() | {"programme": appended})
    header = "Programme ID,Programme,Programme Type,Start Date,Lead Role\n"
    drop(home, "programme/a.csv", header + "P1,One,sixty_wards,01/01/2024,lead\n")
    drop(home, "programme/b.csv", header + "P2,Two,sixty_wards,01/01/2024,lead\n", at=1_760_000_500)
    load(home, make_run(), ledger)
    rows = duckdb.sql(
        f"""
        select programme_id from read_parquet('{home.lake}/programme/*.parquet')
        join read_parquet('{home.ledger}/file_period/*.parquet') on file_id = _file_id and scope = _scope and period = _period
        order by 1
        """
    ).fetchall()
    assert rows == [("P1",), ("P2",)]


def mended(monkeypatch: pytest.MonkeyPatch, feed: str = "ward_indicator", **changes: object) -> None:
    """From here on, the contract of a feed is of another version, and changed otherwise as given."""
    from ingest import contract

    contracts = contract.load_contracts()
    changed = replace(contracts[feed], **({"version": "9.0.0"} | changes))  # type: ignore[arg-type]
    monkeypatch.setattr(contract, "load_contracts", lambda: contracts | {feed: changed})


def test_a_contract_that_was_mended_reads_its_files_again(home: Home, ledger: Ledger, monkeypatch) -> None:
    from ingest.contract import feeds

    drop(home, "ward_indicator/april.csv", HEADER + APRIL)
    drop(home, "ward_indicator/may.csv", HEADER.replace("Denominator", "Bed Nights") + MAY)
    drop(home, "site_register/sites.csv", "Site Code,Site Name,Valid From\nRAJ01,Southend,01/04/2020\n")
    assert dict(states(home, ledger)) == {"april.csv": "accepted", "may.csv": "refused", "sites.csv": "accepted"}
    columns = tuple(
        replace(column, headers=(*column.headers, "Bed Nights")) if column.name == "denominator" else column
        for column in feeds()["ward_indicator"].columns
    )
    mended(monkeypatch, columns=columns)
    assert dict(states(home, ledger, 2)) == {"april.csv": "accepted", "may.csv": "accepted", "sites.csv": "known"}
    assert dict(states(home, ledger, 3)) == {"april.csv": "known", "may.csv": "known", "sites.csv": "known"}
    assert current(home) == [(date(2025, 4, 1), 10), (date(2025, 5, 1), 20)], "no row stands twice"
    april = sorted(
        (row["sequence"], row["contract_version"])
        for row in ledger.read("file", "file_name like '%april%' and status = 'accepted'")
    )
    assert [version for _, version in april] == ["1.0.0", "9.0.0"], "the new reading has the higher sequence"
    newest = max(ledger.read("file_period", "period = date '2025-04-01'"), key=lambda row: row["sequence"])
    assert newest["sequence"] == april[-1][0]


def test_what_is_read_again_keeps_its_place(home: Home, ledger: Ledger, monkeypatch) -> None:
    """The order of arrival, not of times of change; and a restatement stands though its file is gone."""
    older, newer = APRIL.replace(",10,", ",11,"), APRIL.replace(",10,", ",12,")
    drop(home, "ward_indicator/first.csv", HEADER + APRIL + MAY, at=1_760_000_900)
    load(home, make_run(1), ledger)
    drop(home, "ward_indicator/second.csv", HEADER + older, at=1_760_000_100)
    load(home, make_run(2), ledger)
    gone = drop(home, "ward_indicator/third.csv", HEADER + newer.replace("RAJ01", "RAJ12"), at=1_760_000_200)
    drop(home, "ward_indicator/fourth.csv", HEADER + APRIL.replace("RAJ01", "RAJ12"), at=1_760_000_000)
    restated = drop(home, "ward_indicator/fifth.csv", HEADER + MAY.replace(",20,", ",22,"), at=1_760_001_000)
    load(home, make_run(3), ledger)
    before = current(home)
    assert before == [(date(2025, 4, 1), 11), (date(2025, 4, 1), 12), (date(2025, 5, 1), 22)]
    gone.unlink()
    restated.unlink()
    mended(monkeypatch)
    assert {state for _, state in states(home, ledger, 4)} == {"accepted"}
    assert current(home) == before
    drop(home, "ward_indicator/sixth.csv", HEADER + MAY.replace(",20,", ",23,"), at=1_760_000_000)
    load(home, make_run(5), ledger)
    assert current(home)[-1] == (date(2025, 5, 1), 23), "what is new counts as ever"


def test_an_appended_file_read_again_stands_once(home: Home, ledger: Ledger, monkeypatch) -> None:
    drop(
        home,
        "programme/a.csv",
        "Programme ID,Programme,Programme Type,Start Date,Lead Role\nP1,One,sixty_wards,01/01/2024,lead\n",
    )
    mended(monkeypatch, "programme", version="8.0.0", delivery="append")
    load(home, make_run(1), ledger)
    mended(monkeypatch, "programme", delivery="append")
    load(home, make_run(2), ledger)
    assert len({(row["scope"], row["period"]) for row in ledger.read("file_period")}) == 1
    assert len(ledger.read("file_period")) == 2


def test_a_run_as_of_an_earlier_day_loads_nothing(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    report = load(home, make_run(as_of_sequence=7), ledger)
    assert (report.outcomes, ledger.read("file")) == ((), [])
    assert {row["feed"] for row in ledger.read("feed")} >= {"ward_indicator", "ae_attendances"}


def test_the_ledger_states_what_the_contracts_say_of_feeds(home: Home, ledger: Ledger, monkeypatch) -> None:
    mended(monkeypatch, "ae_attendances", revises=False)
    drop(home, "ward_indicator/a.csv", HEADER + APRIL)
    load(home, make_run(), ledger)
    stated = {row["feed"]: row for row in ledger.read("feed")}
    assert stated["pulse_survey"] == {
        "run_id": make_run().run_id, "feed": "pulse_survey", "domain": "surveys", "owner": stated["pulse_survey"]["owner"],
        "delivery": "window", "frequency": "1 quarter", "period_months": 3, "due_working_day": 20,
        "months_without": "10", "is_revisable": True,
    }  # fmt: skip
    assert not stated["ae_attendances"]["is_revisable"]


NAMES = """
    name                            | month
    October-2025-AE.csv             | 2025-10-01
    October 2025 AE (revised).csv   | 2025-10-01
    AE_by_provider_Oct-2025_x7f.csv | 2025-10-01
    AE-by-provider-202510.csv       | 2025-10-01
    Sometime-2025-AE.csv            | refused
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines()[1:])
def test_names_that_tell_a_month(home: Home, ledger: Ledger, line: str) -> None:
    from tests.unit.ingest.test_recognise import NEW_AE

    name, month = (cell.strip() for cell in line.split("|"))
    row = ["RAJ", "East", "MSE", *[1, 1, 1, 3, 1, 0, 1, 2, 0, 1, 0, 1], *["66.7%", "100%", "-", "100%"], *[1] * 8]
    drop(home, f"ae_attendances/{name}", ",".join(f'"{cell}"' for cell in NEW_AE) + "\n" + ",".join(map(str, row)))
    (outcome,) = load(home, make_run(), ledger).outcomes
    told = [str(period) for _, period, _ in outcome.examined.judged.periods] if outcome.examined else ["refused"]
    assert told == [month]


def test_name_and_rows_must_tell_the_same_month(home: Home, ledger: Ledger) -> None:
    from tests.unit.ingest.test_rows import ae_2024

    text = ae_2024([["RAJ", *range(18)]], list(range(18)))
    drop(home, "ae_attendances/May-2024-AE.csv", text)
    drop(home, "ae_attendances/ae_activity_2024-04.csv", text)
    outcomes = {outcome.file.name.split("/")[-1]: outcome for outcome in load(home, make_run(), ledger).outcomes}
    assert outcomes["ae_activity_2024-04.csv"].state == "accepted"
    refusal = outcomes["May-2024-AE.csv"].refusal
    assert refusal is not None
    assert refusal.why == "the name says May 2024, the rows say April 2024"

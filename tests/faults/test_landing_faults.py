"""Broken deliveries: each is refused with file, place and mend, and the other files load."""

import os
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import load
from tests.conftest import make_run
from tests.unit.ingest.test_load import APRIL, HEADER, MAY, drop

GOOD = HEADER + APRIL

BROKEN = {
    "empty": (b"", "readable", "the file is empty"),
    "header only": (HEADER.encode(), "some_rows", "no rows of data"),
    "cut short": ((HEADER + APRIL + MAY)[:-30].encode(), "complete", "ends in the middle of a row"),
    "open quotation": ((HEADER + APRIL + MAY.replace("Ash", '"Ash')).encode(), "complete", "opens and never closes"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "readable", "not a text file"),
    "missing column": (GOOD.replace(",Denominator", ",Other").encode(), "columns_present", "«Denominator» is missing"),
    "column twice": (GOOD.replace("Provisional", "Value").encode(), "header_once", "«Value» stands more than once"),
    "impossible dates": (GOOD.replace("01/04/2025", "31/02/2025").encode(), "some_rows", "cannot be read as a date"),
    "another feed's file": (
        b"Site Code,Site Name,Valid From\nRAJ01,Southend,01/04/2020\n",
        "recognised",
        "a file of the feed site_register",
    ),
    "nothing of ours": (b"To whom it may concern\n", "columns_present", "are missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_refused_with_place_and_mend_while_the_others_load(home: Home, ledger: Ledger, case: str) -> None:
    content, rule, why = BROKEN[case]
    path = drop(home, "ward_indicator/broken.csv", "")
    path.write_bytes(content)
    drop(home, "ward_indicator/good.csv", GOOD)
    report = load(home, make_run(), ledger)
    outcomes = {outcome.file.name.split("/")[-1]: outcome for outcome in report.outcomes}
    assert outcomes["good.csv"].state == "accepted"
    refusal = outcomes["broken.csv"].refusal
    assert refusal is not None
    assert refusal.rule == rule
    assert why in refusal.why
    assert refusal.where
    assert refusal.mend
    entry = next(row for row in ledger.read("file") if row["file_name"].endswith("broken.csv"))
    assert (entry["status"], entry["rows_accepted"]) == ("refused", 0)
    assert entry["refused_rule"] == f"contract.ward_indicator.{rule}"
    (result,) = [row for row in ledger.read("check_result") if row["scope"].endswith("broken.csv")]
    assert result["status"] == "fail"
    assert not list((home.lake / "ward_indicator").glob(f"{entry['file_id']}*"))


def test_a_locked_workbook_is_told_how_to_come(home: Home, ledger: Ledger) -> None:
    locked = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    (home.landing / "ward_indicator").mkdir()
    (home.landing / "ward_indicator" / "Nov 25.xlsx").write_bytes(locked)
    (outcome,) = load(home, make_run(), ledger).outcomes
    assert outcome.refusal is not None
    assert outcome.refusal.mend == "remove the password, save it and drop it again"


def test_a_link_out_of_landing_is_not_followed(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    (home.landing / "ward_indicator").mkdir()
    (home.landing / "ward_indicator" / "a.csv").symlink_to(secret)
    (outcome,) = load(home, make_run(), ledger).outcomes
    assert (outcome.state, outcome.refusal and outcome.refusal.why) == ("refused", "it is a link")
    assert [outcome.state for outcome in load(home, make_run(2), ledger).outcomes] == ["known"]


def test_a_pipe_does_not_stop_the_load(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/good.csv", GOOD)
    os.mkfifo(home.landing / "ward_indicator" / "pipe.csv")
    assert sorted(outcome.state for outcome in load(home, make_run(), ledger).outcomes) == ["accepted", "refused"]


def test_a_file_that_grows_while_it_is_read_waits(home: Home, ledger: Ledger, monkeypatch) -> None:
    path = drop(home, "ward_indicator/a.csv", GOOD)
    from ingest import load as module

    listed = module.scan(home.landing)
    path.write_text(GOOD + MAY)
    with monkeypatch.context() as patch:
        patch.setattr(module, "scan", lambda _: listed)
        assert [outcome.state for outcome in load(home, make_run(), ledger).outcomes] == ["growing"]
    assert ledger.read("file") == []
    assert [outcome.state for outcome in load(home, make_run(2), ledger).outcomes] == ["accepted"]


def test_a_file_that_cannot_be_read_is_refused(home: Home, ledger: Ledger, monkeypatch) -> None:
    drop(home, "ward_indicator/a.csv", GOOD)
    from ingest import load as module

    def denied(_: object) -> str:
        raise PermissionError(13, "Permission denied")

    # Root may read everything, so that real permissions would test nothing here.
    monkeypatch.setattr(module, "content_hash", denied)
    (outcome,) = load(home, make_run(), ledger).outcomes
    assert outcome.refusal is not None
    assert (outcome.refusal.why, outcome.refusal.mend) == (
        "it cannot be read: Permission denied",
        "mend its permissions",
    )


def test_a_name_that_is_not_utf8_stops_nobody_else(home: Home, ledger: Ledger) -> None:
    drop(home, "ward_indicator/good.csv", GOOD)
    with open(os.fsencode(home.landing / "ward_indicator") + b"/bad\xff.csv", "wb") as handle:  # noqa: PTH123
        handle.write(GOOD.encode())
    outcomes = {outcome.state: outcome for outcome in load(home, make_run(), ledger).outcomes}
    assert set(outcomes) == {"accepted", "refused"}
    assert outcomes["refused"].file.name == "ward_indicator/bad\\udcff.csv"

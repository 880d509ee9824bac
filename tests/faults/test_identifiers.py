"""Past landing no identifier of a patient is in any file, log line or message, wherever the sender put it.

Planted: numbers, names, postcodes and dates of birth in their own columns, in others', in columns nobody asked for, in torn
rows, in files without a header, in a file's name, in a ward's name. Then everything is read back, as bytes and as tables.
"""

import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.check import account, check_file
from ingest.home import Home
from ingest.identifiers import Door, nhs_number
from ingest.ledger import Ledger
from ingest.load import load
from tests.conftest import KEY, make_run

HEADER = (
    "Appointment ID,NHS Number,Site Code,Specialty Code,Appointment Date,Booked Date,Attendance Code,LSOA,"
    "Ethnic Category,Date of Birth,Sex"
)
NUMBERS = ("9434765919", "9990010870", "9994743546", "9998314968", "9991952179", "9990986959", "9993181390")
SPACED = "943 476 5919"
NAMES = ("Planted-Surname", "ZZ99 3WZ", "17/03/1911")
PLANTED = (*NUMBERS, SPACED, "943-476-5919", *NAMES)


def appointment(number: int, **cells: str) -> str:
    row = {
        "id": f"A{number:09d}", "nhs": NUMBERS[number % 7], "site": "RAJ01", "specialty": "110",
        "on": "01/04/2025", "booked": "01/03/2025", "code": "5", "lsoa": "E01090001", "ethnic": "A",
        "born": "17/03/1911", "sex": "2",
    } | cells  # fmt: skip
    return ",".join(row.values())


def sound(count: int) -> str:
    return "".join(appointment(number) + "\n" for number in range(100, 100 + count))


DIRTY = {
    "outpatient_appointment/sound.csv": f"{HEADER}\n{sound(12)}",
    "outpatient_appointment/columns.csv": f"{HEADER},Patient Name,Postcode\n"
    + "".join(appointment(number, sex="2,Planted-Surname,ZZ99 3WZ") + "\n" for number in range(12)),
    "outpatient_appointment/swapped.csv": f"{HEADER}\n{sound(12)}"
    + appointment(1, id=NUMBERS[1], nhs="A000000001")
    + "\n"
    + appointment(2, lsoa="943-476-5919")
    + "\n"
    + appointment(3, site="Planted-Surname")
    + "\n"
    + appointment(4, booked="17/03/1911")
    + "\n",
    "outpatient_appointment/torn.csv": f"{HEADER}\n{sound(12)}A5,{NUMBERS[2]},Planted-Surname\n",
    "outpatient_appointment/no_header.csv": sound(12),
    "outpatient_appointment/9434765919.csv": f"{HEADER}\n{sound(3)}",
    "outpatient_appointment/all_refused.csv": f"{HEADER}\n"
    + "".join(appointment(number, specialty="Planted-Surname") + "\n" for number in range(5)),
    "nowhere/patients.csv": f"Name,Number,Born\nPlanted-Surname,{NUMBERS[0]},17/03/1911\n",
    "ward_indicator/patients.csv": sound(12),
    "ward_indicator/names.csv": "Site Code,Ward,Indicator,Month,Numerator,Denominator,Value\n"
    + "".join(f"RAJ01,Ward {letter},FALLS_1000,01/04/2025,1,100,10\n" for letter in "ABCDEFGHIJKL")
    + f"RAJ01,Bed 3 {SPACED},FALLS_1000,01/04/2025,1,100,10\n"
    + f"RAJ01,Ward M,FALLS_1000,01/04/2025,{NUMBERS[3]},100,10\n"
    + f"RAJ01,Ward N,FALLS_1000,{NUMBERS[4]},1,100,10\n"
    + f"RAJ01,torn {NUMBERS[5]}\n",
}


def everything_below(root: Path) -> str:
    """All that a reader of the home could find but landing: names, bytes, and the rows of every table."""
    found = []
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_relative_to(root / "landing"):
            continue
        found.append(str(path))
        found.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            # Pages are compressed: what is in them shows only when read as a table.
            found.append(str(duckdb.execute("select * from read_parquet(?)", [str(path)]).fetchall()))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name).decode("latin-1") for name in archive.namelist()]
    return "\n".join(found)


def assert_none(text: str) -> None:
    assert [item for item in PLANTED if item in text] == []


def drop(home: Home) -> None:
    for name, text in DIRTY.items():
        path = home.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_nothing_planted_is_found_past_landing(home: Home, ledger: Ledger, capfd, caplog) -> None:
    drop(home)
    told: list[str] = []
    report = load(
        home, make_run(), ledger, on_file=lambda outcome: told.append(f"{outcome.file.name} {outcome}"), key=KEY
    )
    states = {outcome.file.path.name: outcome.state for outcome in report.outcomes if outcome.file.folder != "nowhere"}
    accepted = {name for name, state in states.items() if state == "accepted"}
    assert accepted == {"sound.csv", "columns.csv", "swapped.csv", "torn.csv", "names.csv"}
    for outcome in report.outcomes:
        told.append(str(outcome.refusal))
        if outcome.examined:
            told += [finding.message for finding in outcome.examined.judged.findings]
    assert_none(everything_below(home.root))
    shown = [line.replace(str(outcome.file.path), "") for line in told for outcome in report.outcomes[:1]]
    assert_none("\n".join(line for line in shown if "path=" not in line))
    captured = capfd.readouterr()
    assert_none(captured.out + captured.err + caplog.text)


def test_what_a_sender_is_told_quotes_nobody(home: Home) -> None:
    drop(home)
    for name in DIRTY:
        path = home.landing / name
        lines = account(check_file(path, date(2026, 11, 23)))
        assert_none("\n".join(lines).replace(str(path), ""))


def test_the_row_stays_where_its_number_is_lost(home: Home, ledger: Ledger) -> None:
    """One person by any way of writing is one pseudonym; a missing or wrong number loses the identifier alone."""
    rows = [
        appointment(1, nhs="9434765919"), appointment(2, nhs=SPACED), appointment(3, nhs=""),
        appointment(4, nhs="9434765918"), appointment(5, nhs="9999999999"), appointment(6, born="30/02/1950"),
        appointment(7, born="02/04/1935"), appointment(8, born="01/04/1935"), appointment(9, born="01/05/2025"),
        appointment(10, born="31/03/2008"),
    ]  # fmt: skip
    (home.landing / "outpatient_appointment").mkdir()
    text = HEADER + "\n" + "\n".join(rows) + "\n"
    (home.landing / "outpatient_appointment" / "a.csv").write_text(text, encoding="utf-8")
    (outcome,) = load(home, make_run(), ledger, key=KEY).outcomes
    assert outcome.examined
    assert outcome.examined.judged.counts["accepted"] == 10
    found = duckdb.execute(
        "select nhs_number_status, person_pseudonym, age_years from read_parquet(?) where _row_number is not null "
        "order by _row_number",
        [str(home.lake / "outpatient_appointment" / "*.parquet")],
    ).fetchall()
    assert [status for status, _, _ in found[:5]] == ["valid", "valid", "missing", "invalid", "invalid"]
    one = Door(KEY).pseudonym("9434765919")[0]
    assert [pseudonym for _, pseudonym, _ in found[:5]] == [one, one, None, None, None]
    assert Door(b"another key of thirty-two bytes or more").pseudonym("9434765919")[0] != one
    assert [age for _, _, age in found[5:]] == [None, 89, 90, None, 17]


def test_a_sensitive_service_leaves_its_count_alone(home: Home, ledger: Ledger) -> None:
    (home.landing / "outpatient_appointment").mkdir()
    text = f"{HEADER}\n{sound(3)}" + "".join(appointment(n, specialty="360") + "\n" for n in range(20))
    (home.landing / "outpatient_appointment" / "a.csv").write_text(text, encoding="utf-8")
    (outcome,) = load(home, make_run(), ledger, key=KEY).outcomes
    assert outcome.state == "accepted"
    counted = duckdb.execute(
        "select rule_id, row_count from read_parquet(?) where action = 'rejected'",
        [str(home.ledger / "rejection" / "*.parquet")],
    ).fetchall()
    assert counted == [("contract.outpatient_appointment.sensitive_service", 20)]
    assert not list(home.quarantine.rglob("*.parquet"))
    assert "360" not in str(
        duckdb.execute(
            "select specialty_code from read_parquet(?)", [str(home.lake / "outpatient_appointment" / "*.parquet")]
        ).fetchall()
    )


def test_without_the_key_the_rest_loads_and_with_it_the_file_is_read(home: Home, ledger: Ledger) -> None:
    drop(home)
    for name in DIRTY:
        if name not in {"outpatient_appointment/sound.csv", "ward_indicator/names.csv"}:
            (home.landing / name).unlink()
    first = load(home, make_run(), ledger)
    assert {outcome.file.name: outcome.state for outcome in first.outcomes} == {
        "outpatient_appointment/sound.csv": "refused",
        "ward_indicator/names.csv": "accepted",
    }
    assert "QLS_PSEUDONYM_KEY" in str([outcome.refusal for outcome in first.of("refused")])
    again = load(home, make_run(2), ledger)
    assert [entry["file_name"] for entry in again.standing] == ["outpatient_appointment/sound.csv"]
    third = load(home, make_run(3), ledger, key=KEY)
    assert [outcome.file.name for outcome in third.of("accepted")] == ["outpatient_appointment/sound.csv"]
    # Under another key nobody would be known again.
    more = home.landing / "outpatient_appointment" / "more.csv"
    more.write_text(f"{HEADER}\n{sound(12)}".replace("04/2025", "05/2025"), encoding="utf-8")
    other = load(home, make_run(4), ledger, key=b"another key of thirty-two bytes or more")
    assert [outcome.refusal.rule for outcome in other.of("refused") if outcome.refusal] == ["key_present"]


@pytest.mark.parametrize("text", ["", "abc", "943476591", "94347659190", "9434765918", "1111111111", "９434765919"])
def test_no_number(text: str) -> None:
    assert nhs_number(text) is None

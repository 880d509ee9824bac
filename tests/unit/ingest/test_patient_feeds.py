"""Rules of the feeds of patients: each seen holding, each seen broken, and what the door leaves of a row.

Kept out: rules that every contract has (`test_rows`), identifiers in unlikely places (`tests/faults`).
"""

from pathlib import Path

import pytest

from ingest.contract import feeds
from tests.unit.ingest.test_people_feeds import judged
from tests.unit.ingest.test_ward_feeds import cells

_PATIENT = " lsoa_code=E01015814; ethnic_category_code=A; age_years=01/06/1950; sex_code=2"
SOUND = {
    "outpatient_appointment": "appointment_id=A0001; person_pseudonym=9990000018; site_code=RAJ01; specialty_code=300;"
    f" appointment_date=10/11/2025; booked_date=01/10/2025; attendance_code=5;{_PATIENT}",
    "ward_stay": "stay_id=A0001-1; spell_id=A0001; person_pseudonym=9990000018; site_code=RAJ01; ward_name=Avocet;"
    " specialty_code=300; admission_method_code=21; admission_date=10/11/2025; start_date=10/11/2025;"
    " end_date=12/11/2025; discharge_date=14/11/2025; discharge_time=11:59; discharge_destination_code=19;"
    f" is_interpreter_needed=N; has_learning_disability=N;{_PATIENT}",
    "waiting_list": "pathway_id=W0001; snapshot_date=09/11/2025; person_pseudonym=9990000018; site_code=RAJ01;"
    f" specialty_code=300; weeks_waited=260; priority_code=1;{_PATIENT}",
}
BROKEN = """
    feed                   | changed                                                | rule
    outpatient_appointment | appointment_date=24/11/2026                            | outcome_before_day
    outpatient_appointment | booked_date=11/11/2025                                 | booked_after
    outpatient_appointment | attendance_code=0                                      | unoutcomed
    ward_stay              | end_date=09/11/2025                                    | dates_reversed
    ward_stay              | start_date=09/11/2025                                  | outside_admission
    ward_stay              | end_date=15/11/2025                                    | outside_admission
    ward_stay              | start_date=24/11/2026; end_date=; discharge_date=      | starts_in_future
    ward_stay              | discharge_time=                                        | discharge_incomplete
    ward_stay              | discharge_destination_code=                            | discharge_incomplete
    waiting_list           | snapshot_date=24/11/2026                               | snapshot_in_future
    waiting_list           | weeks_waited=261                                       | waited_implausibly
"""
CASES = [tuple(cell.strip() for cell in line.split("|")) for line in BROKEN.strip().splitlines()[1:]]
UNREADABLE = (
    ("ward_stay", "discharge_time=24:00", "discharge_time"),
    ("ward_stay", "admission_method_code=99", "admission_method_code"),
    ("waiting_list", "weeks_waited=-1", "weeks_waited"),
    ("waiting_list", "priority_code=4", "priority_code"),
)


@pytest.mark.parametrize("feed", SOUND)
def test_a_sound_row_breaks_no_rule_and_the_door_leaves_no_identifier(tmp_path: Path, feed: str) -> None:
    (row,) = judged(tmp_path, feed, cells(SOUND[feed]))
    assert (row["class"], row["problems"]) == ("accepted", [])
    assert row["age_years"] == 75
    assert row["nhs_number_status"] == "valid"
    assert "999" not in row["person_pseudonym"][:3]
    assert len(row["person_pseudonym"]) == 32


def test_a_person_has_one_pseudonym_in_every_feed(tmp_path: Path) -> None:
    assert len({judged(tmp_path, feed, cells(SOUND[feed]))[0]["person_pseudonym"] for feed in SOUND}) == 1


@pytest.mark.parametrize(("feed", "changed", "rule"), CASES, ids=["-".join(case) for case in CASES])
def test_a_broken_rule_speaks_and_refuses_what_it_must(tmp_path: Path, feed: str, changed: str, rule: str) -> None:
    sound = cells(SOUND[feed])
    key = feeds()[feed].key[0]
    bad = judged(tmp_path, feed, sound, sound | {key: sound[key].replace("0001", "0009")} | cells(changed))[1]
    severity = next(item.severity for item in feeds()[feed].rules if item.name == rule)
    assert bad["problems"] == [f"{rule}|"]
    assert bad["class"] == ("rejected" if severity == "error" else "accepted")


def test_every_rule_of_these_contracts_is_drawn() -> None:
    drawn = {(feed, rule) for feed, _, rule in CASES}
    assert {(feed, rule.name) for feed in SOUND for rule in feeds()[feed].rules} == drawn


@pytest.mark.parametrize(("feed", "changed", "column"), UNREADABLE)
def test_a_code_that_is_none_refuses_the_row(tmp_path: Path, feed: str, changed: str, column: str) -> None:
    sound = cells(SOUND[feed])
    key = feeds()[feed].key[0]
    row = judged(tmp_path, feed, sound, sound | {key: sound[key].replace("0001", "0009")} | cells(changed))[1]
    assert row["class"] == "rejected"
    assert [problem.rsplit("|", 1)[-1] for problem in row["problems"]] == [column]


@pytest.mark.parametrize("feed", SOUND)
def test_a_sensitive_service_does_not_pass_the_door(tmp_path: Path, feed: str) -> None:
    sound = cells(SOUND[feed])
    key = feeds()[feed].key[0]
    rows = judged(tmp_path, feed, sound, sound | {key: sound[key].replace("0001", "0009"), "specialty_code": "360"})
    assert [row["class"] for row in rows] == ["accepted", "rejected"]

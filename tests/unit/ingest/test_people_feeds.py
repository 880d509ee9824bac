"""Rules of the feeds on programmes, improvement, surveys, data sets and waivers: each seen holding, each seen broken.

Kept out: rules that every contract has (`test_rows`) and what the example plants (`test_examples`).
"""

import csv
import io
from pathlib import Path

import pytest

from ingest.contract import feeds
from ingest.identifiers import WITHHELD
from tests.unit.ingest.test_rows import examined

# One sound row of each feed, under canonical names; below, what makes a second row of it where a longer first key
# column does not.
SOUND = {
    "dataset": "dataset_id=ROSTERS dataset_name=Rosters question_answered=Filled? coverage=All owner_role=Lead how_to_ask=Ask",
    "survey_unit_ward": "survey_code=pulse site_code=RAJ01 unit_name=Day ward_id=W001 valid_from=01/04/2024",
    "survey_question_map": "survey_code=staff survey_year=2025 question_code=q1 question_text=Why? measure_code=voice"
    " measure_type=theme previous_question_code=q1 is_comparable=Y",
    "cohort": "cohort_id=ICB-1 programme_id=ICB cohort_name=One cohort_no=1 start_date=01/09/2021 end_date=31/05/2022"
    " planned_places=24 funding_status=funded funding_end_date=31/08/2022",
    "session": "session_id=ICB-1-1 cohort_id=ICB-1 session_no=1 session_date=16/09/2021 curriculum=qsir session_status=held",
    "participant": "participant_id=R00001 sector=trust site_code=RAJ01 ward_id=W001 staff_group=nursing_midwifery"
    " band_group=band_7 valid_from=01/04/2020 same_person_as=",
    "nomination": "nomination_id=N1 participant_id=R00001 programme_id=QSIR nominated_date=01/02/2025"
    " nomination_status=booked cohort_id=PRAC-1",
    "booking": "cohort_id=PRAC-1 participant_id=R00001 booked_date=01/02/2025 booking_status=booked"
    " certificate_date=01/06/2025",
    "attendance": "session_id=PRAC-1-1 cohort_id=PRAC-1 participant_id=R00001 attendance_status=Y",
    "system_team": "cohort_id=ICB-1 team_no=1 team_name=One problem_text=Waits population_group=All sro_role=Chief"
    " team_size=8 team_status=completed outcome_text=Shorter is_shareable=Y",
    "engagement_event": "event_id=E1 programme_id=SIXTY ward_id=W001 event_date=01/02/2024 attendee_count=9",
    "engagement_issue": "issue_id=I1 ward_id=W001 raised_date=01/02/2024 issue_text=Linen theme=Supplies category=fix"
    " is_permission_needed=N is_resource_needed=N issue_status=closed resolved_by=ward_team closed_date=02/02/2024"
    " is_shareable=Y",
    "workforce_equality": "financial_year=2024-25 measure_code=non_mandatory_training equality_group=white"
    " denominator=100 numerator=40",
    "project": "project_id=P1 snapshot_date=30/03/2026 project_name=Huddle strategic_aims=safe_care project_status=live"
    " progress_score=2.5 progress_score_date=01/03/2026 start_date=01/01/2025 end_date= lead_role=Matron is_shareable=Y"
    " aim_text=Halve",
    "project_measure": "measure_id=P1-M1 project_id=P1 measure_name=Falls measure_type=outcome unit=falls"
    " direction=decrease baseline_value=6 target_value=3",
    "measure_value": "measure_id=P1-M1 value_date=01/03/2026 denominator=700 value=5",
    "pdsa_cycle": "project_id=P1 cycle_no=1 start_date=01/02/2025 end_date=01/03/2025 plan_text=Try decision=adopt"
    " is_shareable=Y",
    "benefit": "benefit_id=B1 project_id=P1 benefit_type=safety benefit_name=Falls unit=falls realised_value=6"
    " validated_value=5 validated_by_role=Finance validated_date=01/03/2026",
    "intervention": "intervention_id=HUDDLE ward_id=W001 intervention_name=Huddle summary_text=Talk start_date=01/02/2025"
    " end_date=01/06/2025 expected_indicators=FALLS|ULCERS expected_named_date=01/01/2025 spread_from=W002 is_shareable=Y",
    "analyst_note": "ward_id=W001 indicator_code=FALLS month=01/02/2025 note_text=Late author_role=Analyst"
    " review_date=01/06/2025 is_shareable=Y",
    "data_engagement": "contact_id=C1 ward_id=W001 contact_date=01/02/2025 topic=Falls dataset_id=FALLS"
    " contact_outcome=provided",
    "waiver": "rule_id=model.fct_wave.on_plan check_scope=fct_wave granted_date=01/04/2026 until_date=29/06/2026"
    " reason_text=Withdrew asked_by_role=Head approved_by_role=Director",
    "publication_approval": "audience=public granted_date=01/04/2026 until_date=31/03/2027 reason_text=Reviewed"
    " approved_by_role=Director",
}
OTHER = {
    "survey_unit_ward": "unit_name=Night",
    "survey_question_map": "question_code=q9",
    "intervention": "ward_id=W009",
    "workforce_equality": "equality_group=bme",
    "project": "project_id=P9",
    "analyst_note": "ward_id=W009",
    "waiver": "rule_id=model.fct_wave.unique_key",
    "publication_approval": "granted_date=02/04/2026",
}


BROKEN = """
    feed                | changed                                          | rule
    dataset             | question_answered=Rosters                        | question_asked
    survey_unit_ward    | valid_to=01/04/2024                              | validity_order
    survey_question_map | previous_question_code=                          | comparable_with_nothing
    survey_question_map | measure_type=                                    | measure_without_type
    cohort              | end_date=31/08/2021                              | dates_order
    cohort              | end_date=01/09/2022                              | runs_past_funding
    session             | session_date=24/11/2026                          | held_in_future
    participant         | valid_to=01/04/2020                              | validity_order
    participant         | same_person_as=R00002                            | two_references
    participant         | participant_id=R00003 same_person_as=R00003      | own_reference
    participant         | site_code=                                       | trust_post_complete
    nomination          | cohort_id=                                       | booked_without_cohort
    nomination          | nominated_date=24/11/2026                        | in_future
    booking             | booking_status=cancelled                         | certificate_without_place
    booking             | certificate_date=31/01/2025                      | certificate_before_booking
    system_team         | team_size=7                                      | size_as_planned
    system_team         | outcome_text=                                    | outcome_missing
    engagement_event    | event_date=24/11/2026                            | in_future
    engagement_event    | attendee_count=0                                 | nobody_came
    engagement_issue    | closed_date=31/01/2024                           | dates_order
    engagement_issue    | resolved_by=                                     | closed_incomplete
    engagement_issue    | closed_date=                                     | closed_incomplete
    engagement_issue    | issue_status=open                                | closed_and_open
    engagement_issue    | is_resource_needed=Y                             | fix_needs_nothing
    engagement_issue    | is_permission_needed=Y                           | fix_needs_nothing
    workforce_equality  | numerator=101                                    | part_of_whole
    project             | end_date=31/12/2024                              | dates_order
    project             | project_status=Done                              | ended_without_date
    project             | progress_score_date=29/12/2025                   | score_stale
    project             | snapshot_date=24/11/2026 progress_score_date=     | snapshot_in_future
    project_measure     | target_value=7                                   | target_against_direction
    project_measure     | target_value=5 baseline_value=4                  | target_against_direction
    measure_value       | value_date=24/11/2026                            | in_future
    measure_value       | denominator=0                                    | denominator_zero
    pdsa_cycle          | end_date=31/01/2025                              | dates_order
    pdsa_cycle          | decision=                                        | ended_undecided
    pdsa_cycle          | end_date=                                        | decided_unended
    benefit             | validated_by_role=                               | validated_by_nobody
    benefit             | validated_date=                                  | validated_by_nobody
    benefit             | validated_value=7                                | validated_above_realised
    intervention        | end_date=31/01/2025                              | dates_order
    intervention        | ward_id=W002                                     | spread_from_itself
    intervention        | expected_indicators= expected_named_date=        | nothing_expected
    intervention        | expected_named_date=02/02/2025                   | named_afterwards
    intervention        | expected_named_date=                             | named_afterwards
    analyst_note        | review_date=31/01/2025                           | review_before_month
    analyst_note        | review_date=                                     | never_reviewed
    data_engagement     | contact_date=24/11/2026                          | in_future
    data_engagement     | dataset_id=                                      | provided_nothing
    waiver              | until_date=31/03/2026                            | dates_order
    publication_approval | until_date=31/03/2026                           | dates_order
    waiver              | until_date=01/07/2026                            | too_long
    waiver              | approved_by_role=HEAD.                           | approved_by_asker
    waiver              | rule_id=contract.project.some_rows               | holds_no_release
    waiver              | rule_id=gate.release.no_nhs_number               | not_to_be_waived
    waiver              | rule_id=model.fct_file.rows_balance              | not_to_be_waived
    waiver              | rule_id=gate.release.no_small_number             | not_to_be_waived
    waiver              | rule_id=model.fct_survey_score.base_large_enough | not_to_be_waived
"""
LINES = [[cell.strip() for cell in line.split("|", 1)] for line in BROKEN.strip().splitlines()[1:]]
CASES = [(feed, *(cell.strip() for cell in rest.rsplit("|", 1))) for feed, rest in LINES]


def cells(text: str) -> dict[str, str]:
    """Named values, `_` standing for a blank in what is no code."""
    values = dict(pair.split("=", 1) for pair in text.split())
    return {name: value.replace("_", " ") if name.endswith("_text") else value for name, value in values.items()}


def judged(tmp_path: Path, feed: str, *rows: dict[str, str]) -> list[dict]:
    names = [column.name for column in feeds()[feed].columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _, found = examined(tmp_path, text.getvalue(), feed)
    return [found[number] for number in sorted(found)]


@pytest.mark.parametrize("feed", SOUND)
def test_a_sound_row_breaks_no_rule(tmp_path: Path, feed: str) -> None:
    (row,) = judged(tmp_path, feed, cells(SOUND[feed]))
    assert (row["class"], row["problems"]) == ("accepted", [])


@pytest.mark.parametrize(("feed", "changed", "rule"), CASES, ids=["-".join(case) for case in CASES])
def test_a_broken_rule_speaks_and_refuses_what_it_must(tmp_path: Path, feed: str, changed: str, rule: str) -> None:
    contract, sound = feeds()[feed], cells(SOUND[feed])
    other = cells(OTHER[feed]) if feed in OTHER else {contract.key[0]: f"{sound[contract.key[0]]}9"}
    bad = judged(tmp_path, feed, sound, sound | other | cells(changed))[1]
    severity = next(item.severity for item in contract.rules if item.name == rule)
    # Whoever names a person's own reference also says that it is a second one.
    assert set(bad["problems"]) == {f"{rule}|"} | ({"two_references|"} if rule == "own_reference" else set())
    assert bad["class"] == ("rejected" if severity == "error" else "accepted")


def test_every_rule_of_these_contracts_is_drawn() -> None:
    drawn = {(feed, rule) for feed, _, rule in CASES}
    assert {(feed, rule.name) for feed in SOUND for rule in feeds()[feed].rules} == drawn


WORDS = """
    text                              | speaks
    Patient fell at 14:30 in bay 3    | no
    Ring bleep 1234                   | no
    The sister in charge agreed       | no
    12345 steps on 01/04/2025         | no
    Mrs Example asked                 | yes
    Dr. Example asked                 | yes
    write to a.b@example.org          | yes
    NHS 943 476 5919                  | yes
    NHS 9434765919                    | yes
    hospital number R123456           | yes
    call 01268 555 010                | yes
"""


@pytest.mark.parametrize("line", WORDS.strip().splitlines()[1:])
def test_what_free_text_may_not_hold(tmp_path: Path, line: str) -> None:
    text, speaks = (cell.strip() for cell in line.split("|"))
    sound = cells(SOUND["analyst_note"])
    row = judged(tmp_path, "analyst_note", sound, sound | {"ward_id": "W009", "note_text": text})[1]
    assert row["class"] == "accepted"
    assert row["problems"] == (["text_withheld|note_text"] if speaks == "yes" else [])
    assert row["note_text"] == (WITHHELD if speaks == "yes" else text)


MARKS = ["Y", "yes", "1", "\u2713", "Attended", "N", "No", "0", "DNA", "Did not attend", "Apologies", "cancelled"]


@pytest.mark.parametrize("mark", MARKS)
def test_registers_tick_count_or_write(tmp_path: Path, mark: str) -> None:
    (row,) = judged(tmp_path, "attendance", cells(SOUND["attendance"]) | {"attendance_status": mark})
    assert row["attendance_status"] == mark.lower()


def test_feeds_of_persons_say_so_and_name_nobody() -> None:
    personal = {feed for feed, contract in feeds().items() if contract.personal}
    assert personal >= {"participant", "nomination", "booking", "attendance"}
    for feed in ("participant", "nomination", "booking", "attendance"):
        assert not [column.name for column in feeds()[feed].columns if column.name.endswith(("_name", "_text"))]

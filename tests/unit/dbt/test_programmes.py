"""Models of training on drawn rows: who counts where, and each rule of them seen to find what it is for."""

from typing import Any

import pytest
import yaml

from tests.unit.dbt.drawn import DBT_PROJECT, answer, render_file, render_generic, same

FOLDER = "models/intermediate/programmes"
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | internal |
    """


def made(model: str, tables: dict[str, str], folder: str = FOLDER) -> list[dict[str, Any]]:
    sql, _ = render_file(f"{folder}/{model}.sql")
    return answer(sql, tables)


def rule(model: str, name: str) -> dict[str, Any]:
    """A rule of a model as its yml states it: the generic test's name and arguments."""
    stated = yaml.safe_load((DBT_PROJECT / FOLDER / "_int_programmes__models.yml").read_text(encoding="utf-8"))
    tests = next(item for item in stated["models"] if item["name"] == model)["data_tests"]
    for test in tests:
        ((kind, said),) = test.items()
        if said.get("config", {}).get("meta", {}).get("rule") == name:
            return {"kind": kind, "arguments": said["arguments"], "meta": said["config"]["meta"]}
    raise AssertionError(f"{model} has no rule {name}")


def found_by(model: str, name: str, drawn: str) -> list[dict[str, Any]]:
    stated = rule(model, name)
    assert stated["meta"]["severity"] in {"critical", "warning"}
    sql, _ = render_generic(stated["kind"], model="drawn", **stated["arguments"])
    return answer(sql, {"drawn": drawn})


PLACES = """
    | cohort_id | programme_type    | project_id | booking_status | certificate_date: date | attended_days: int | is_completed: boolean | register_versions: int |
    | earned    | qsir_practitioner | P1         | booked         | 2025-05-01             | 5                  | true                  | 2                      |
    | none      | qsir_practitioner |            | waiting        |                        | 0                  | false                 | 1                      |
    | unbooked  | qsir_practitioner |            |                |                        | 5                  | true                  | 1                      |
    | absent    | qsir_fundamentals |            | booked         | 2025-05-01             | 0                  | false                 | 2                      |
    | short     | qsir_practitioner | P2         | booked         | 2025-05-01             | 4                  | false                 | 1                      |
    | corrected | qsir_practitioner | P3         | booked         | 2025-05-01             | 4                  | false                 | 2                      |
    | queuing   | qsir_fundamentals |            | waiting        |                        | 1                  | false                 | 1                      |
    | idle      | qsir_practitioner |            | booked         | 2025-05-01             | 5                  | true                  | 1                      |
    """


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("attended_without_booking", {"unbooked"}),
        ("certificate_unearned", {"absent", "short"}),
        ("corrected_after_certificate", {"corrected"}),
        ("attended_while_waiting", {"queuing"}),
        ("certificate_without_project", {"idle"}),
    ],
)
def test_a_rule_of_places_finds_what_it_is_for(name: str, found: set[str]) -> None:
    assert {row["cohort_id"] for row in found_by("int_programmes__place", name, PLACES)} == found


def test_a_ward_enrolled_twice_and_a_wave_of_two_programmes_are_told() -> None:
    """The same ward under two of its names counts once and is told; one wave under two programmes is told too."""
    enrolments = made(
        "int_programmes__ward_enrolments",
        {
            "stg_programmes__ward_enrolment": """
                | programme_id | site_code | ward_name | wave_no: int | enrolled_date: date | diagnostic_date: date | engagement_date: date | nomination_date: date | training_date: date | action_date: date | status |
                | SIXTY        | RAJ01     | Ash       | 1            | 2024-01-01          |                       |                       |                       |                     |                   | active |
                | SIXTY        | RAJ01     | Ash Ward  | 1            | 2024-01-09          |                       |                       |                       |                     |                   | active |
                | SIXTY        | RAJ01     | Elm       | 1            | 2024-01-01          |                       |                       |                       |                     |                   | active |
                | OTHER        | RAJ01     | Elm       | 1            | 2024-01-01          |                       |                       |                       |                     |                   | active |
                """,
            "int_reference__ward_name": """
                | feed           | site_code | ward_name | match_text | used_from: date | ward_id |
                | ward_enrolment | RAJ01     | Ash       | ash        | 2024-01-01      | W1      |
                | ward_enrolment | RAJ01     | Ash Ward  | ash ward   | 2024-01-09      | W1      |
                | ward_enrolment | RAJ01     | Elm       | elm        | 2024-01-01      | W2      |
                """,
        },
    )
    assert [(row["programme_id"], row["ward_id"]) for row in enrolments if row["enrolments_delivered"] > 1] == [
        ("SIXTY", "W1")
    ]
    drawn = "| programme_id | ward_id | wave_no: int | enrolments_delivered: int |\n" + "\n".join(
        f"| {row['programme_id']} | {row['ward_id']} | {row['wave_no']} | {row['enrolments_delivered']} |"
        for row in enrolments
    )
    twice = found_by("int_programmes__ward_enrolments", "enrolled_once", drawn)
    assert [row["ward_id"] for row in twice] == ["W1"]
    shared = found_by("int_programmes__ward_enrolments", "wave_of_one_programme", drawn)
    assert [(row["ward_id"], row["wave_no"]) for row in shared] == [("W2", 1)]


def test_who_completed_counts_on_the_ward_of_the_day_while_they_are_here() -> None:
    """R1 did two courses and moves in February, R2 leaves within it, R3 is of no ward, R4 of a council, R5 completes later."""
    found = made(
        "int_programmes__coverage",
        {
            "int_programmes__completion": """
                | participant_id | programme_id | completed_date: date | is_completed: boolean |
                | R1             | F            | 2025-01-10           | true                  |
                | R1             | F            | 2024-01-10           | true                  |
                | R2             | F            | 2025-01-10           | true                  |
                | R3             | F            | 2025-01-10           | true                  |
                | R4             | F            | 2025-01-10           | true                  |
                | R5             | F            | 2025-02-28           | true                  |
                | R6             | F            | 2025-01-10           | false                 |
                """,
            "stg_programmes__programme": """
                | programme_id | programme_type    |
                | F            | qsir_fundamentals |
                """,
            "stg_programmes__participant": """
                | participant_id | valid_from: date | valid_to: date | sector  | ward_id |
                | R1             | 2020-01-01       | 2025-02-10     | trust   | W1      |
                | R1             | 2025-02-10       |                | trust   | W2      |
                | R2             | 2020-01-01       | 2025-02-28     | trust   | W1      |
                | R3             | 2020-01-01       |                | trust   |         |
                | R4             | 2020-01-01       |                | council |         |
                | R5             | 2020-01-01       |                | trust   | W2      |
                | R6             | 2020-01-01       |                | trust   | W2      |
                """,
            "int_reference__ward_month": """
                | ward_id | month: date | site_code |
                | W1      | 2025-01-01  | RAJ01     |
                | W2      | 2025-01-01  | RAJ01     |
                | W1      | 2025-02-01  | RAJ01     |
                | W2      | 2025-02-01  | RAJ01     |
                | W1      | 2025-03-01  | RAJ01     |
                """,
            "int_indicators__staff_in_post_ward": """
                | month: date | ward_id | staff_group | headcount: int |
                | 2025-01-01  | W1      | a           | 20             |
                | 2025-01-01  | W1      | b           | 4              |
                | 2025-01-01  | W2      | a           | 30             |
                | 2025-02-01  | W1      | a           | 25             |
                | 2025-02-01  |         | a           | 90             |
                """,
        },
    )
    of_all = [row for row in found if row["programme_type"] == "all"]
    same(
        of_all,
        """
        | month: date | org_level     | org_id | decision_period | trained_n: int | headcount: int | headcount_status |
        | 2025-01-01  | ward          | W1     | 2024-25:1       | 2              | 24             | reported         |
        | 2025-01-01  | ward          | W2     | 2024-25:1       | 0              | 30             | reported         |
        | 2025-01-01  | site          | RAJ01  | 2024-25:1       | 2              | 54             | reported         |
        | 2025-01-01  | trust         | RAJ    | 2024-25:1       | 2              | 54             | reported         |
        | 2025-01-01  | not_on_a_ward | RAJ    | 2024-25:1       | 1              |                | not_applicable   |
        | 2025-02-01  | ward          | W1     | 2024-25:1       | 0              | 25             | reported         |
        | 2025-02-01  | ward          | W2     | 2024-25:1       | 2              |                | missing          |
        | 2025-02-01  | site          | RAJ01  | 2024-25:1       | 2              | 25             | incomplete       |
        | 2025-02-01  | trust         | RAJ    | 2024-25:1       | 2              | 25             | incomplete       |
        | 2025-02-01  | not_on_a_ward | RAJ    | 2024-25:1       | 1              |                | not_applicable   |
        | 2025-03-01  | ward          | W1     | 2024-25:2       | 0              |                | missing          |
        | 2025-03-01  | site          | RAJ01  | 2024-25:2       | 0              |                | missing          |
        | 2025-03-01  | trust         | RAJ    | 2024-25:2       | 0              |                | missing          |
        | 2025-03-01  | not_on_a_ward | RAJ    | 2024-25:2       | 3              |                | not_applicable   |
        """,
    )
    by_type = [row for row in found if row["programme_type"] != "all" and row["month"].isoformat() == "2025-02-01"]
    same(
        by_type,
        """
        | programme_type    | org_level     | trained_n: int |
        | qsir_fundamentals | site          | 2              |
        | qsir_fundamentals | trust         | 2              |
        | qsir_fundamentals | not_on_a_ward | 1              |
        """,
    )


def test_heads_are_of_the_ward_that_pays_on_the_last_day() -> None:
    found = made(
        "int_indicators__staff_in_post_ward",
        {
            "stg_indicators__staff_in_post": """
                | cost_centre | staff_group | band_group | month: date | headcount: int |
                | C1          | a           | x          | 2025-01-01  | 3              |
                | C1          | a           | y          | 2025-01-01  | 4              |
                | C2          | a           | x          | 2025-01-01  | 5              |
                | C9          | a           | x          | 2025-01-01  | 6              |
                """,
            "stg_reference__cost_centre_ward": """
                | cost_centre_id | ward_id | valid_from: date | valid_to: date |
                | C1             | W1      | 2020-01-01       |                |
                | C1             | W2      | 2025-01-20       |                |
                | C2             | W1      | 2020-01-01       | 2025-01-31     |
                """,
        },
        folder="models/intermediate/indicators",
    )
    same(
        found,
        """
        | ward_id | headcount: int |
        | W2      | 7              |
        |         | 11             |
        """,
    )


def test_a_nomination_is_followed_to_its_course_and_its_project() -> None:
    """W3 nominated nobody; W9 is in no register; a project that nobody lists is none; two references are one person."""
    found = made(
        "int_programmes__nomination",
        {
            "stg_programmes__nomination": """
                | programme_id | ward_id | participant_id | nomination_status | cohort_id | project_id |
                | P            | W1      | R1             | booked            | C1        | P1         |
                | P            | W1      | R2             | booked            | C1        | P9         |
                | P            | W1      | R3             | waiting           |           |            |
                | P            | W2      | R4             | declined          |           |            |
                | P            | W9      | R5             | booked            | C1        | P9         |
                """,
            "stg_programmes__participant": """
                | participant_id | same_person_as |
                | R2             | R7             |
                | R7             |                |
                """,
            "int_programmes__completion": """
                | participant_id | cohort_id | is_completed: boolean |
                | R1             | C1        | false                 |
                | R7             | C1        | true                  |
                """,
            "int_reference__ward_validity": """
                | ward_id | ward_name | site_code | valid_to: date | is_latest: boolean |
                | W1      | Old name  | RAJ01     | 2024-01-01     | false              |
                | W1      | Ash       | RAJ01     |                | true               |
                | W2      | Elm       | RAJ01     | 2025-01-01     | true               |
                | W3      | Oak       | RAJ12     |                | true               |
                """,
            "stg_improvement__project": """
                | project_id |
                | P1         |
                | P1         |
                """,
        },
    )
    same(
        found,
        """
        | org_level     | org_id | ward_name | nominated_n: int | waiting_n: int | booked_n: int | completed_n: int | with_project_n: int | has_project: boolean |
        | ward          | W1     | Ash       | 3                | 1              | 2             | 1                | 2                   | true                 |
        | ward          | W2     | Elm       | 1                | 0              | 0             | 0                | 0                   | false                |
        | ward          | W3     | Oak       | 0                | 0              | 0             | 0                | 0                   | false                |
        | not_on_a_ward | RAJ    |           | 1                | 0              | 1             | 0                | 1                   | false                |
        | trust         | RAJ    |           | 5                | 1              | 3             | 1                | 3                   | true                 |
        """,
    )


def test_places_are_split_two_ways_beside_the_heads_of_the_years_last_month() -> None:
    found = made(
        "int_programmes__place_count",
        {
            "int_programmes__place": """
                | financial_year | sector  | site_code | staff_group | booking_status | attended_days: int | is_completed: boolean | certificate_date: date |
                | 2024-25        | trust   | RAJ01     | a           | booked         | 1                  | true                  | 2024-09-01             |
                | 2024-25        | trust   | RAJ12     | a           | booked         | 0                  | false                 |                        |
                | 2024-25        | trust   | RAJ12     | b           | waiting        | 0                  | false                 |                        |
                | 2024-25        | council |           |             | booked         | 1                  | false                 |                        |
                """,
            "int_indicators__staff_in_post_ward": """
                | month: date | ward_id | staff_group | headcount: int |
                | 2024-04-01  | W1      | a           | 99             |
                | 2025-03-01  | W1      | a           | 20             |
                | 2025-03-01  |         | c           | 8              |
                """,
            "int_reference__ward_month": """
                | ward_id | month: date | site_code |
                | W1      | 2025-03-01  | RAJ01     |
                """,
        },
    )
    booked = [row for row in found if row["place_stage"] == "booked"]
    same(
        booked,
        """
        | split_by    | split_group | parent_id    | places_n: int | headcount: int |
        | all         | all         |              | 3             |                |
        | sector      | trust       | all:all      | 2             | 28             |
        | sector      | council     | all:all      | 1             |                |
        | site        | RAJ01       | sector:trust | 1             | 20             |
        | site        | RAJ12       | sector:trust | 1             |                |
        | staff_group | a           | sector:trust | 2             | 20             |
        | staff_group | b           | sector:trust | 0             |                |
        | staff_group | c           | sector:trust | 0             | 8              |
        """,
    )
    assert {(row["place_stage"], row["places_n"]) for row in found if row["split_by"] == "all"} == {
        ("waiting", 1), ("booked", 3), ("attended", 2), ("completed", 1), ("certified", 1),
    }  # fmt: skip


def test_a_place_is_of_one_person_with_or_without_a_booking() -> None:
    """R2 is R1, whose second reference waits; R3 came unbooked; the register of C1 was delivered twice."""
    found = made(
        "int_programmes__place",
        {
            "stg_programmes__booking": """
                | cohort_id | participant_id | booked_date: date | booking_status | certificate_date: date | project_id |
                | C1        | R2             | 2025-01-01        | waiting        |                        | P9         |
                | C1        | R1             | 2025-01-02        | booked         | 2025-05-01             | P1         |
                | C2        | R1             | 2025-01-02        | booked         |                        |            |
                """,
            "stg_programmes__programme": """
                | programme_id | programme_type    |
                | P            | qsir_practitioner |
                """,
            "stg_programmes__cohort": """
                | cohort_id | programme_id | start_date: date |
                | C1        | P            | 2025-03-31       |
                | C2        | P            | 2025-04-01       |
                """,
            "stg_programmes__participant": """
                | participant_id | valid_from: date | valid_to: date | sector  | site_code | staff_group | same_person_as |
                | R1             | 2020-01-01       | 2025-04-01     | trust   | RAJ01     | a           |                |
                | R1             | 2025-04-01       |                | trust   | RAJ12     |             |                |
                | R2             | 2020-01-01       |                | trust   | RAJ32     | b           | R1             |
                | R3             | 2020-01-01       |                | council |           |             |                |
                """,
            "int_programmes__completion": """
                | participant_id | cohort_id | attended_days: int | is_completed: boolean |
                | R1             | C1        | 5                  | true                  |
                | R3             | C1        | 2                  | false                 |
                """,
            "ledger_file_period": """
                | feed       | scope | file_id | sequence: bigint |
                | attendance | C1    | f1      | 1                |
                | attendance | C1    | f2      | 2                |
                | booking    | C2    | f3      | 3                |
                """,
            "ledger_run": RUN,
        },
    )
    same(
        found,
        """
        | participant_id | cohort_id | programme_type    | financial_year | sector  | site_code | staff_group | booking_status | project_id | attended_days: int | is_completed: boolean | register_versions: int |
        | R1             | C1        | qsir_practitioner | 2024-25        | trust   | RAJ01     | a           | booked         | P1         | 5                  | true                  | 2                      |
        | R1             | C2        | qsir_practitioner | 2025-26        | trust   | RAJ12     | not_known   | booked         |            | 0                  | false                 | 0                      |
        | R3             | C1        | qsir_practitioner | 2024-25        | council |           |             |                |            | 2                  | false                 | 2                      |
        """,
    )


NOBODY = {
    "int_programmes__training": """
        | programme_id | quarter: date | tree_level | cell_id | parent_id | completed_n: int |
        """,
    "int_programmes__completion": "| programme_id | quarter: date | cohort_id | participant_id | is_completed: boolean |",
    "int_programmes__coverage": """
        | programme_type | month: date | decision_period | org_level | tree_level | cell_id | parent_id | trained_n: int | headcount: int |
        """,
    "int_programmes__nomination": """
        | programme_id | org_level | tree_level | cell_id | parent_id | nominated_n: int | waiting_n: int | booked_n: int | completed_n: int | with_project_n: int |
        """,
    "int_programmes__place_count": """
        | financial_year | place_stage | split_by | tree_level | cell_id | parent_id | places_n: int | headcount: int |
        """,
    "stg_programmes__workforce_equality": """
        | financial_year | measure_code | equality_group | denominator: int | numerator: int |
        """,
}


def test_a_step_between_two_shown_counts_is_a_cell_too() -> None:
    """Of ward W1 eight were nominated and five booked: three were not, and wait, or were turned down. Of W2 all were."""
    cells = made(
        "int_programmes__staff_cell",
        NOBODY
        | {
            "int_programmes__nomination": NOBODY["int_programmes__nomination"]
            + """
        | P | ward | middle | ward:W1 | all | 8 | 0 | 5 | 5 | 0 |
        | P | ward | middle | ward:W2 | all | 6 | 0 | 6 | 6 | 1 |
        """
        },
    )
    told = {(row["topic"].removeprefix("nomination_"), row["cell_id"]) for row in cells if row["is_told"]}
    assert told == {("waiting", "ward:W1"), ("booked", "ward:W1"), ("completed", "ward:W1")}


def test_of_places_attended_goes_before_completed() -> None:
    """Of 20 booked 18 came, 12 completed and 9 have a certificate: 2 did not come, so who came is hidden, and 3 have none,
    so certificates are; of 9, 7, 7 and 7 all are, and of 40, 30, 20 and 10 none."""
    rows = "".join(
        f"| 2025-26 | {stage} | sector | middle | {cell} | all:all | {people} | 90 |\n"
        for cell, counts in (
            ("sector:trust", (20, 18, 12, 9)),
            ("sector:vcse", (9, 7, 7, 7)),
            ("sector:council", (40, 30, 20, 10)),
        )
        for stage, people in zip(("booked", "attended", "completed", "certified"), counts, strict=True)
    )
    cells = made(
        "int_programmes__staff_cell",
        NOBODY | {"int_programmes__place_count": NOBODY["int_programmes__place_count"].rstrip() + "\n" + rows},
    )
    assert {(row["topic"], row["cell_id"]) for row in cells if row["is_told"]} == {
        ("place_attended", "sector:trust"), ("place_certified", "sector:trust"), ("place_attended", "sector:vcse"),
        ("place_completed", "sector:vcse"), ("place_certified", "sector:vcse"),
    }  # fmt: skip
    assert [(row["tree_level"], row["people"]) for row in cells if row["topic"] == "place_headcount"] == [
        ("top", 90),
        ("top", 90),
        ("top", 90),
    ]


def test_types_go_where_all_of_them_together_would_tell_a_small_one() -> None:
    """At RAJ01 all 24 less 20 leaves 4 for the one small type; at RAJ12 22 less 20 leaves it two, three or four."""
    rows = "".join(
        f"| {kind} | 2025-01-01 | 2024-25:1 | site | middle | {site} | all | {people} | |\n"
        for site, counts in (("RAJ01", (24, 20, 4)), ("RAJ12", (22, 20, 4)))
        for kind, people in zip(("all", "a", "b"), counts, strict=True)
    )
    cells = made(
        "int_programmes__staff_cell",
        NOBODY | {"int_programmes__coverage": NOBODY["int_programmes__coverage"].rstrip() + "\n" + rows},
    )
    assert {(row["subject_id"], row["cell_id"]) for row in cells if row["is_told"]} == {("a", "RAJ01"), ("b", "RAJ01")}


def test_what_stands_for_months_is_decided_by_the_fewest() -> None:
    rows = "".join(
        f"| all | 2025-{month:02d}-01 | 2024-25:1 | ward | leaf | RAJ01:W1 | RAJ01 | {people} | {heads} |\n"
        for month, people, heads in ((1, 7, "30"), (2, 4, ""), (3, 9, "28"))
    )
    cells = made(
        "int_programmes__staff_cell",
        NOBODY | {"int_programmes__coverage": NOBODY["int_programmes__coverage"].rstrip() + "\n" + rows},
    )
    assert {(row["topic"], row["people"]) for row in cells} == {("trained", 4), ("headcount", 28)}


EQUALITY = {
    "stg_programmes__workforce_equality": """
        | financial_year | measure_code           | equality_group       | denominator: int | numerator: int |
        | 2024-25        | non_mandatory_training | white                | 800              | 400            |
        | 2024-25        | non_mandatory_training | black_minority_ethnic | 100             | 40             |
        | 2024-25        | non_mandatory_training | not_known            | 3                | 3              |
        | 2025-26        | non_mandatory_training | white                | 800              | 797            |
        | 2025-26        | non_mandatory_training | black_minority_ethnic | 100             | 40             |
        | 2025-26        | non_mandatory_training | not_known            | 30               | 0              |
        | 2026-27        | non_mandatory_training | white                | 800              | 400            |
        """,
    "workforce_equality_measure": """
        | measure_code           | measure_name | wres_indicator_no: int | compared_group | comparator_equality_group | words_before | words_after         |
        | non_mandatory_training | Training     | 4                      | white          | black_minority_ethnic     | white were   | times as likely     |
        """,
    "ledger_run": RUN,
}


def test_a_group_of_staff_is_told_where_neither_it_nor_the_rest_of_it_is_small() -> None:
    """In 2024-25 three are of no known group: their heads go, and the next smallest with them, for all heads are known.

    In 2025-26 three of the white staff had no training, so how many had is not told; of nobody, nothing is.
    """
    cells = made("int_programmes__staff_cell", NOBODY | EQUALITY)
    columns = list(cells[0])
    drawn = "".join(f"| {' | '.join('' if row[c] is None else str(row[c]) for c in columns)} |\n" for row in cells)
    types = {"people": ": int", "least_people": ": int", "is_told": ": boolean", "step_no": ": int"}
    header = f"| {' | '.join(column + types.get(column, '') for column in columns)} |\n"
    decisions = made("int_programmes__cell_decision", {"int_programmes__staff_cell": header + drawn, "ledger_run": RUN})
    hidden = {
        (row["decision_period"], row["topic"].removeprefix("equality_"), row["cell_id"])
        for row in decisions
        if row["decision"] == "suppressed"
    }
    assert hidden == {
        ("2024-25", "denominator", "not_known"), ("2024-25", "denominator", "black_minority_ethnic"),
        ("2024-25", "numerator", "not_known"), ("2024-25", "numerator", "black_minority_ethnic"),
        ("2025-26", "numerator", "white"), ("2025-26", "numerator", "not_known"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "ratio", "sentence"),
    [
        ("", 1.25, "In 2024-25 white were 1.25 times as likely (95 % limits 0.97 to 1.60): no more than chance"),
        ("denominator", None, "Not compared: a count behind it is not shown"),
        ("numerator", None, "Not compared: a count behind it is not shown"),
    ],
)
def test_a_ratio_is_made_of_four_counts_that_are_shown(hidden: str, ratio: float | None, sentence: str) -> None:
    decisions = "| topic | subject_id | decision_period | cell_id | decision |\n" + "".join(
        f"| equality_{part} | non_mandatory_training | {year} | {group} | "
        f"{'suppressed' if (part, group) == (hidden, 'black_minority_ethnic') else 'shown'} |\n"
        for part in ("denominator", "numerator")
        for year in ("2024-25", "2026-27")
        for group in ("white", "black_minority_ethnic", "not_known")
    )
    found = made(
        "fct_workforce_equality", EQUALITY | {"int_programmes__cell_decision": decisions}, "models/marts/programmes"
    )
    rows = {(row["financial_year"], row["equality_group"]): row for row in found}
    white, others = rows["2024-25", "white"], rows["2024-25", "black_minority_ethnic"]
    assert (white["ratio"] and float(white["ratio"])) == ratio
    assert white["equality_sentence"].startswith(sentence)
    assert (others["ratio"], others["equality_sentence"]) == (None, None)
    assert others["value_status"] == ("suppressed" if hidden else "reported")
    assert (others[hidden or "value"] is None) == bool(hidden)
    # The year after next has one group alone.
    assert "were not delivered" in rows["2026-27", "white"]["equality_sentence"]


def test_a_year_without_a_group_is_told() -> None:
    stated = yaml.safe_load(
        (DBT_PROJECT / "models/staging/programmes/_stg_programmes__models.yml").read_text(encoding="utf-8")
    )
    (model,) = (item for item in stated["models"] if item["name"] == "stg_programmes__workforce_equality")
    said = model["data_tests"][1]["holds_within"]
    sql, _ = render_generic("holds_within", model="drawn", **said["arguments"])
    found = answer(sql, {"drawn": EQUALITY["stg_programmes__workforce_equality"]})
    assert [row["financial_year"] for row in found] == ["2026-27"]


def test_a_team_is_followed_by_the_project_that_its_places_name() -> None:
    """W-1 is at two sites; W-2 names two projects, the first of which no register has; I-1 is of the system programme."""
    found = made(
        "fct_course_team",
        {
            "stg_programmes__booking": """
                | cohort_id | participant_id | booking_status | team_no: int | project_id |
                | W         | R1             | booked         | 1            | P1         |
                | W         | R2             | booked         | 1            | P1         |
                | W         | R3             | withdrawn      | 1            | P7         |
                | W         | R4             | booked         | 2            | P8         |
                | W         | R5             | booked         | 2            | P9         |
                | W         | R6             | booked         |              | P1         |
                | I         | R7             | booked         | 1            | P1         |
                """,
            "int_programmes__place": """
                | cohort_id | participant_id | site_code |
                | W         | R1             | RAJ01     |
                | W         | R2             | RAJ12     |
                | W         | R3             | RAJ32     |
                | W         | R4             | RAJ01     |
                | W         | R5             |           |
                """,
            "stg_programmes__cohort": """
                | cohort_id | programme_id | cohort_name | end_date: date |
                | W         | WRAP         | Autumn      | 2024-10-09     |
                | I         | ICB          | First       | 2024-10-09     |
                """,
            "stg_programmes__programme": """
                | programme_id | programme_name | programme_type      |
                | WRAP         | Wrapped        | wrapped_improvement |
                | ICB          | System         | icb_system          |
                """,
            "int_improvement__project": """
                | project_id | project_name | project_status | progress_score: decimal(3,1) | measures: int | cycles: int | last_change_date: date |
                | P1         | Huddle       | active         | 2.5                          | 2             | 3           | 2026-03-01             |
                """,
        },
        "models/marts/programmes",
    )
    same(
        found,
        """
        | cohort_id | team_no: int | sites_in_team: int | projects_named: int | project_id | project_status | team_sentence |
        | W         | 1            | 2                  | 1                   | P1         | active         | Team 1 of Wrapped, Autumn, sites: 2. Huddle: active, measures: 2, cycles: 3, progress 2.5 of 5. |
        | W         | 2            | 1                  | 2                   | P8         |                | Team 2 of Wrapped, Autumn, sites: 1. Project P8 stands in no register. |
        """,
    )
    stated = yaml.safe_load(
        (DBT_PROJECT / "models/marts/programmes/_programmes__models.yml").read_text(encoding="utf-8")
    )
    (model,) = (item for item in stated["models"] if item["name"] == "fct_course_team")
    sql, _ = render_generic("holds", model="drawn", **model["data_tests"][1]["holds"]["arguments"])
    drawn = """
        | team_no: int | projects_named: int | project_status |
        | 1            | 1                   | active         |
        | 2            | 2                   | active         |
        | 3            | 1                   |                |
        | 4            | 0                   |                |
        """
    assert [row["team_no"] for row in answer(sql, {"drawn": drawn})] == [2, 3, 4]


CASE = {
    "stg_programmes__cohort": """
        | cohort_id | programme_id | cohort_name | cohort_no: int | start_date: date | end_date: date | planned_places: int | cost_gbp: decimal(12,2) | funder | funding_status | funding_end_date: date |
        | C1        | P            | One         | 1              | 2025-01-01       | 2025-02-01     | 16                  | 9600                    | Trust  | funded         | 2026-03-31             |
        | C2        | P            | Two         | 2              | 2025-01-01       | 2025-02-01     | 16                  |                         | Trust  | requested      |                        |
        | C3        | P            | Three       | 3              | 2026-03-01       |                | 16                  | 9600                    | Trust  | funded         | 2026-04-11             |
        | S1        | S            | Wave 1      | 1              | 2024-01-01       | 2024-03-31     |                     | 500                     |        | ended          | 2024-12-31             |
        """,
    "stg_programmes__programme": """
        | programme_id | programme_name | programme_type    |
        | P            | QSIR           | qsir_practitioner |
        | S            | Sixty          | sixty_wards       |
        """,
    "int_programmes__staff_cell": """
        | topic    | subject_id | decision_period | branch | cell_id   | people: int |
        | training | P          | 2025-01-01      | cohort | cohort:C1 | 12          |
        | training | P          | 2025-01-01      | cohort | cohort:C2 | 3           |
        """,
    "int_programmes__cell_decision": """
        | topic    | subject_id | decision_period | cell_id   | decision   |
        | training | P          | 2025-01-01      | cohort:C1 | shown      |
        | training | P          | 2025-01-01      | cohort:C2 | suppressed |
        """,
    "stg_programmes__system_team": """
        | cohort_id | project_id | problem_text | outcome_text | is_shareable: boolean |
        | C1        | P1         | Waits        | Better       | true                  |
        | C1        | P2         | Kept back    |              | false                 |
        """,
    "stg_programmes__booking": """
        | cohort_id | participant_id | booking_status | project_id |
        | C1        | R1             | booked         | P1         |
        | C2        | R2             | booked         | P1         |
        | C2        | R3             | cancelled      | P2         |
        | C2        | R4             | booked         | P9         |
        """,
    "int_programmes__ward_enrolments": """
        | programme_id | wave_no: int | status    | engagement_date: date |
        | S            | 1            | active    | 2024-02-01            |
        | S            | 1            | enrolled  |                       |
        | S            | 1            | withdrawn | 2024-02-01            |
        """,
    "int_improvement__project": """
        | project_id | cohort_id | project_status |
        | P1         |           | completed      |
        | P2         |           | active         |
        | P3         | C1        | active         |
        """,
    "stg_improvement__benefit": """
        | project_id | unit  | validated_value: decimal(18,2) | validated_by_role | validated_date: date |
        | P1         | GBP   | 100                            | Finance           | 2025-06-01           |
        | P1         | GBP   | 40                             |                   | 2025-06-01           |
        | P1         | GBP   | 7                              | Finance           |                      |
        | P3         | hours | 12                             | Matron            | 2025-06-01           |
        """,
    "ledger_run": RUN,
}


def test_a_case_counts_each_project_once_and_only_what_was_validated() -> None:
    """A team and a place name the same project: once. A place given back, and a project that nobody lists, are none."""
    found = made("rpt_programme_case", CASE, folder="models/marts/programmes")
    same(
        found,
        """
        | cohort_id | completed_n: int | cost_per_completion_gbp: decimal(12,2) | value_status   | teams_listed: int | teams_with_outcome: int | wards_engaged: int | projects_listed: int | projects_completed: int | validated_gbp: decimal(14,2) | validated_hours: decimal(14,2) | funding_left_days: int |
        | C1        | 12               | 800                                    | reported       | 2                 | 1                       | 0                  | 3                    | 1                       | 100                          | 12                             | -1                     |
        | C2        |                  |                                        | suppressed     | 0                 | 0                       | 0                  | 1                    | 1                       | 100                          | 0                              |                        |
        | C3        |                  |                                        | not_applicable | 0                 | 0                       | 0                  | 0                    | 0                       | 0                            | 0                              | 10                     |
        | S1        |                  |                                        | not_applicable | 0                 | 0                       | 1                  | 0                    | 0                       | 0                            | 0                              | -456                   |
        """,
    )
    assert [(row["problems_text"], row["outcomes_text"]) for row in found if row["cohort_id"] == "C1"] == [
        ("Waits", "Better")
    ]
    sentences = {row["cohort_id"]: row["case_sentence"] for row in found}
    assert sentences["C1"] == (
        "QSIR, One, cost 9600 pounds; 12 people completed it; 1 of 2 problems have an outcome written down; projects "
        "that came of it: 3, completed: 1; validated benefits: 100 pounds; its money ended on 2026-03-31."
    )
    assert "3 people" not in sentences["C2"]
    assert sentences["C2"].endswith("its money is requested, without a stated end.")
    assert sentences["S1"] == (
        "Sixty, Wave 1, cost 500 pounds; no register tells who completed it; wards engaged: 1; projects that came of "
        "it: 0, completed: 0; no benefit in pounds is validated; its money ended on 2024-12-31."
    )


@pytest.mark.parametrize(
    ("audience", "shown"),
    [
        (
            "internal",
            [("ward", "W1", None, True, True), ("ward", "W2", 0, False, False), ("trust", "RAJ", 9, True, None)],
        ),
        (
            "public",
            [("ward", "W1", None, None, True), ("ward", "W2", None, None, False), ("trust", "RAJ", 9, True, None)],
        ),
    ],
)
def test_the_public_sees_of_no_ward_whether_anybody_was_nominated(audience: str, shown: list[tuple[Any, ...]]) -> None:
    ward_decision = "shown" if audience == "internal" else "suppressed"
    found = made(
        "fct_nomination",
        {
            "int_programmes__nomination": """
                | programme_id | org_level | org_id | ward_name | site_code | valid_to: date | cell_id | nominated_n: int | waiting_n: int | booked_n: int | completed_n: int | with_project_n: int | has_project: boolean |
                | P            | ward      | W1     | Ash       | RAJ01     |                | ward:W1 | 3                | 0              | 3             | 3                | 1                   | true                 |
                | P            | ward      | W2     | Elm       | RAJ01     | 2026-04-01     | ward:W2 | 0                | 0              | 0             | 0                | 0                   | false                |
                | P            | trust     | RAJ    |           |           |                | all     | 9                | 0              | 9             | 9                | 1                   | true                 |
                """,
            "int_programmes__cell_decision": f"""
                | topic                | subject_id | cell_id | decision        |
                | nomination_nominated | P          | ward:W1 | suppressed      |
                | nomination_nominated | P          | ward:W2 | {ward_decision} |
                | nomination_nominated | P          | all     | shown           |
                """,
            "stg_programmes__programme": "| programme_id | programme_name |",
            "ledger_run": RUN.replace("internal", audience),
        },
        folder="models/marts/programmes",
    )
    names = ("org_level", "org_id", "nominated_n", "has_project", "is_ward_open")
    assert [tuple(row[name] for name in names) for row in found] == shown

"""Test the tests: each dbt test of ours is fed rows that must fail and rows that must pass."""

from dataclasses import dataclass
from typing import Any

import pytest

from ingest.contract import DIMENSIONS
from tests.unit.dbt.drawn import DBT_PROJECT, answer, render_file, render_generic


@dataclass(frozen=True)
class Generic:
    """A generic test with its arguments; of `rows` those marked `fails` are what it must find."""

    name: str
    arguments: dict[str, Any]
    good: str
    bad: str
    found: int
    others: tuple[tuple[str, str], ...] = ()


GENERIC = [
    Generic(
        "holds",
        {"condition": "positive_n <= base_n"},
        good="""
            | positive_n: int | base_n: int |
            | 3               | 3           |
            |                 | 3           |
            """,
        bad="""
            | positive_n: int | base_n: int |
            | 4               | 3           |
            | 5               | 3           |
            | 3               | 3           |
            """,
        found=2,
    ),
    Generic(
        "holds_within",
        {"columns": ["site_code", "ward_name"], "condition": "count(distinct division) = 1"},
        good="""
            | site_code | ward_name | division |
            | RAJ01     | Ash       | Medicine |
            | RAJ01     | Elm       | Surgery  |
            | RAJ12     | Ash       | Surgery  |
            """,
        bad="""
            | site_code | ward_name | division |
            | RAJ01     | Ash       | Medicine |
            | RAJ01     | Ash       | Surgery  |
            | RAJ12     | Ash       | Surgery  |
            """,
        found=1,
    ),
    Generic(
        "no_overlap",
        {"columns": ["site_code", "name"]},
        good="""
            | site_code | name | valid_from: date | valid_to: date |
            | RAJ01     | Ash  | 2020-04-01       | 2024-01-01     |
            | RAJ01     | Ash  | 2024-01-01       |                |
            | RAJ12     | Ash  | 2021-04-01       |                |
            """,
        bad="""
            | site_code | name | valid_from: date | valid_to: date |
            | RAJ01     | Ash  | 2020-04-01       | 2024-01-02     |
            | RAJ01     | Ash  | 2024-01-01       |                |
            | RAJ12     | Ash  | 2020-04-01       |                |
            | RAJ12     | Ash  | 2024-01-01       | 2025-01-01     |
            """,
        found=2,
    ),
    Generic(
        "never_null",
        {"columns": ["file_id", "feed"]},
        good="""
            | file_id | feed |
            | ''      | a    |
            | f1      | a    |
            """,
        bad="""
            | file_id | feed |
            |         | a    |
            | f1      |      |
            |         |      |
            | f1      | a    |
            """,
        found=3,
    ),
    Generic(
        "one_of",
        {"column_name": "org_level", "values": ["ward", "site"]},
        good="""
            | org_level | other |
            | ward      | a     |
            | site      | a     |
            |           | a     |
            """,
        bad="""
            | org_level |
            | Ward      |
            | ''        |
            | trust     |
            | site      |
            """,
        found=3,
    ),
    Generic(
        "relates_to",
        {"column_name": "ward_id", "to": "dim_ward", "field": "ward_id"},
        good="""
            | ward_id | other |
            | W1      | a     |
            | W1      | b     |
            |         | c     |
            """,
        bad="""
            | ward_id |
            | W1      |
            | W9      |
            | w1      |
            """,
        found=2,
        # A parent that stands twice, as a ward of two validities does, must not multiply a child; one that is
        # null must not hide an orphan.
        others=(
            (
                "dim_ward",
                """
                | ward_id | valid_from: date |
                | W1      | 2020-04-01       |
                | W1      | 2024-01-15       |
                |         | 2024-01-15       |
                """,
            ),
        ),
    ),
    Generic(
        "unique_key",
        {"columns": ["feed", "site_code"]},
        good="""
            | feed | site_code |
            | a    | RAJ01     |
            | a    | RAJ12     |
            | b    | RAJ01     |
            | a    |           |
            """,
        bad="""
            | feed | site_code |
            | a    | RAJ01     |
            | a    | RAJ01     |
            | a    | RAJ01     |
            | b    |           |
            | b    |           |
            | c    | RAJ01     |
            """,
        found=2,
    ),
]


def test_every_generic_test_is_tested() -> None:
    assert {case.name for case in GENERIC} == {path.stem for path in (DBT_PROJECT / "tests" / "generic").glob("*.sql")}


@pytest.mark.parametrize("case", GENERIC, ids=lambda case: case.name)
def test_a_generic_test_finds_what_is_wrong_and_nothing_else(case: Generic) -> None:
    sql, settings = render_generic(case.name, model="tested", **case.arguments)
    assert answer(sql, {"tested": case.good, **dict(case.others)}) == []
    assert len(answer(sql, {"tested": case.bad, **dict(case.others)})) == case.found
    if case.name not in {"holds", "holds_within"}:
        assert settings["meta"]["severity"] in {"critical", "warning"}
        assert settings["meta"]["dimension"] in DIMENSIONS
        assert len(settings["meta"]["description"]) > 20


@pytest.mark.parametrize("case", GENERIC, ids=lambda case: case.name)
def test_a_generic_test_passes_where_there_is_nothing(case: Generic) -> None:
    sql, _ = render_generic(case.name, model="tested", **case.arguments)
    header = case.good.strip().splitlines()[0]
    assert answer(sql, {"tested": header, **dict(case.others)}) == []


@dataclass(frozen=True)
class Singular:
    """A test of its own: the tables that must pass, the one changed to make it fail, and whom it then names."""

    name: str
    good: dict[str, str]
    bad: dict[str, str]
    found: list[str]
    told_by: str


SINGULAR = [
    Singular(
        "fct_file_use__within_accepted",
        good={
            "fct_file_use": """
                | file_id | rows_used: bigint |
                | f1      | 6                 |
                | f1      | 4                 |
                | f2      | 1                 |
                """,
            "fct_file": """
                | file_id | rows_accepted: bigint |
                | f1      | 10                    |
                | f2      | 7                     |
                | f3      | 7                     |
                """,
        },
        # f1 is used once too often; f9 was never received.
        bad={
            "fct_file_use": """
                | file_id | rows_used: bigint |
                | f1      | 6                 |
                | f1      | 5                 |
                | f2      | 1                 |
                | f9      | 1                 |
                """
        },
        found=["f1", "f9"],
        told_by="file_id",
    ),
    Singular(
        "fct_indicator_month__part_of_whole",
        good={
            "fct_indicator_month": """
                | indicator_key | org_level | org_id | indicator_code | month: date | numerator: int | denominator: int |
                | vte           | ward      | W1     | VTE_PCT        | 2025-01-01  | 9              | 9                |
                | vte           | ward      | W2     | VTE_PCT        | 2025-01-01  |                | 9                |
                | falls         | ward      | W3     | FALLS_1000     | 2025-01-01  | 9              | 2                |
                """,
            "dim_indicator": """
                | indicator_key | is_proportion: boolean |
                | vte           | true                   |
                | falls         | false                  |
                """,
        },
        bad={
            "fct_indicator_month": """
                | indicator_key | org_level | org_id | indicator_code | month: date | numerator: int | denominator: int |
                | vte           | ward      | W1     | VTE_PCT        | 2025-01-01  | 10             | 9                |
                | vte           | ward      | W2     | VTE_PCT        | 2025-01-01  | 9              | 9                |
                """
        },
        found=["W1"],
        told_by="org_id",
    ),
    Singular(
        "fct_indicator_month__plausible",
        good={
            "fct_indicator_month": """
                | indicator_key | org_level | org_id | indicator_code | month: date | value: decimal(24,12) |
                | vte           | ward      | W1     | VTE_PCT        | 2025-01-01  | 0                     |
                | vte           | ward      | W2     | VTE_PCT        | 2025-01-01  | 100                   |
                | vte           | ward      | W3     | VTE_PCT        | 2025-01-01  |                       |
                | open          | ward      | W4     | OPEN           | 2025-01-01  | 9999                  |
                """,
            "dim_indicator": """
                | indicator_key | min_value: decimal(18,6) | max_value: decimal(18,6) |
                | vte           | 0                        | 100                      |
                | open          |                          |                          |
                """,
        },
        bad={
            "fct_indicator_month": """
                | indicator_key | org_level | org_id | indicator_code | month: date | value: decimal(24,12) |
                | vte           | ward      | W1     | VTE_PCT        | 2025-01-01  | -0.000001             |
                | vte           | ward      | W2     | VTE_PCT        | 2025-01-01  | 100.5                 |
                | vte           | ward      | W3     | VTE_PCT        | 2025-01-01  | 50                    |
                """
        },
        found=["W1", "W2"],
        told_by="org_id",
    ),
    Singular(
        "fct_survey_score__no_subtraction",
        good={
            # RAJ01: 7 and 31 hidden of a shown 68. RAJ12: nothing hidden. RAJ32: the total is hidden as well.
            "int_surveys__pulse_score": """
                | survey_code | quarter: date | measure_code | org_level | org_id  | parent_id | base_n: int |
                | pulse       | 2025-01-01    | q            | site      | RAJ01   | RAJ       | 68          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:a | RAJ01     | 7           |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:b | RAJ01     | 31          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:c | RAJ01     | 30          |
                | pulse       | 2025-01-01    | q            | site      | RAJ12   | RAJ       | 41          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ12:a | RAJ12     | 41          |
                | pulse       | 2025-01-01    | q            | site      | RAJ32   | RAJ       | 6           |
                | pulse       | 2025-01-01    | q            | unit      | RAJ32:a | RAJ32     | 6           |
                | pulse       | 2025-01-01    | q            | site      | RAJ40   | RAJ       | 28          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:a | RAJ40     | 4           |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:b | RAJ40     | 4           |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:c | RAJ40     | 20          |
                """,
            "fct_survey_score": """
                | survey_code | quarter: date | measure_code | org_level | org_id  | base_n: int |
                | pulse       | 2025-01-01    | q            | site      | RAJ01   | 68          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:a |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:b | 31          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:c |             |
                | pulse       | 2025-01-01    | q            | site      | RAJ12   | 41          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ12:a | 41          |
                | pulse       | 2025-01-01    | q            | site      | RAJ32   |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ32:a |             |
                | pulse       | 2025-01-01    | q            | site      | RAJ40   | 28          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:a |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:b |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:c |             |
                """,
        },
        # RAJ01 hides one unit alone: 68 - 31 - 30. RAJ40 hides two that hold 8 people between them.
        bad={
            "fct_survey_score": """
                | survey_code | quarter: date | measure_code | org_level | org_id  | base_n: int |
                | pulse       | 2025-01-01    | q            | site      | RAJ01   | 68          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:a |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:b | 31          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ01:c | 30          |
                | pulse       | 2025-01-01    | q            | site      | RAJ12   | 41          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ12:a | 41          |
                | pulse       | 2025-01-01    | q            | site      | RAJ32   |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ32:a |             |
                | pulse       | 2025-01-01    | q            | site      | RAJ40   | 28          |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:a |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:b |             |
                | pulse       | 2025-01-01    | q            | unit      | RAJ40:c | 20          |
                """
        },
        found=["RAJ01", "RAJ40"],
        told_by="org_id",
    ),
    Singular(
        "fct_training_summary__no_subtraction",
        good={
            "int_programmes__training": """
                | programme_id | quarter: date | org_level | org_id | staff_group | cell_id | parent_id | completed_n: int |
                | QSIR         | 2025-01-01    | site      | RAJ01  | all         | RAJ01   | all       | 18               |
                | QSIR         | 2025-01-01    | site      | RAJ01  | a           | RAJ01:a | RAJ01     | 3                |
                | QSIR         | 2025-01-01    | site      | RAJ01  | b           | RAJ01:b | RAJ01     | 9                |
                | QSIR         | 2025-01-01    | site      | RAJ01  | c           | RAJ01:c | RAJ01     | 6                |
                | QSIR         | 2025-01-01    | site      | RAJ12  | all         | RAJ12   | all       | 14               |
                | QSIR         | 2025-01-01    | site      | RAJ12  | a           | RAJ12:a | RAJ12     | 1                |
                | QSIR         | 2025-01-01    | site      | RAJ12  | b           | RAJ12:b | RAJ12     | 3                |
                | QSIR         | 2025-01-01    | site      | RAJ12  | c           | RAJ12:c | RAJ12     | 10               |
                """,
            "fct_training_summary": """
                | programme_id | quarter: date | org_level | org_id | staff_group | completed_n: int |
                | QSIR         | 2025-01-01    | site      | RAJ01  | all         | 18               |
                | QSIR         | 2025-01-01    | site      | RAJ01  | a           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ01  | b           | 9                |
                | QSIR         | 2025-01-01    | site      | RAJ01  | c           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ12  | all         | 14               |
                | QSIR         | 2025-01-01    | site      | RAJ12  | a           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ12  | b           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ12  | c           |                  |
                """,
        },
        # RAJ01 hides one group alone: 18 - 9 - 6. RAJ12 hides two that hold 4 people between them.
        bad={
            "fct_training_summary": """
                | programme_id | quarter: date | org_level | org_id | staff_group | completed_n: int |
                | QSIR         | 2025-01-01    | site      | RAJ01  | all         | 18               |
                | QSIR         | 2025-01-01    | site      | RAJ01  | a           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ01  | b           | 9                |
                | QSIR         | 2025-01-01    | site      | RAJ01  | c           | 6                |
                | QSIR         | 2025-01-01    | site      | RAJ12  | all         | 14               |
                | QSIR         | 2025-01-01    | site      | RAJ12  | a           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ12  | b           |                  |
                | QSIR         | 2025-01-01    | site      | RAJ12  | c           | 10               |
                """
        },
        found=["RAJ01", "RAJ12"],
        told_by="org_id",
    ),
    Singular(
        "fct_training_coverage__no_subtraction",
        good={
            "int_programmes__coverage": """
                | programme_type | month: date | org_level | org_id | cell_id  | parent_id | trained_n: int |
                | qsir           | 2025-01-01  | site      | RAJ01  | RAJ01    | all       | 18             |
                | qsir           | 2025-01-01  | ward      | W1     | RAJ01:W1 | RAJ01     | 3              |
                | qsir           | 2025-01-01  | ward      | W2     | RAJ01:W2 | RAJ01     | 9              |
                | qsir           | 2025-01-01  | ward      | W3     | RAJ01:W3 | RAJ01     | 6              |
                | qsir           | 2025-02-01  | site      | RAJ01  | RAJ01    | all       | 14             |
                | qsir           | 2025-02-01  | ward      | W1     | RAJ01:W1 | RAJ01     | 1              |
                | qsir           | 2025-02-01  | ward      | W2     | RAJ01:W2 | RAJ01     | 10             |
                | qsir           | 2025-02-01  | ward      | W3     | RAJ01:W3 | RAJ01     | 3              |
                """,
            "fct_training_coverage": """
                | programme_type | month: date | org_level | org_id | trained_n: int |
                | qsir           | 2025-01-01  | site      | RAJ01  | 18             |
                | qsir           | 2025-01-01  | ward      | W1     |                |
                | qsir           | 2025-01-01  | ward      | W2     | 9              |
                | qsir           | 2025-01-01  | ward      | W3     |                |
                | qsir           | 2025-02-01  | site      | RAJ01  |                |
                | qsir           | 2025-02-01  | ward      | W1     |                |
                | qsir           | 2025-02-01  | ward      | W2     | 10             |
                | qsir           | 2025-02-01  | ward      | W3     |                |
                """,
        },
        # January hides one ward alone, 18 - 9 - 6; February two that hold 4 people between them.
        bad={
            "fct_training_coverage": """
                | programme_type | month: date | org_level | org_id | trained_n: int |
                | qsir           | 2025-01-01  | site      | RAJ01  | 18             |
                | qsir           | 2025-01-01  | ward      | W1     |                |
                | qsir           | 2025-01-01  | ward      | W2     | 9              |
                | qsir           | 2025-01-01  | ward      | W3     | 6              |
                | qsir           | 2025-02-01  | site      | RAJ01  | 14             |
                | qsir           | 2025-02-01  | ward      | W1     |                |
                | qsir           | 2025-02-01  | ward      | W2     | 10             |
                | qsir           | 2025-02-01  | ward      | W3     |                |
                """
        },
        found=["2025-01-01", "2025-02-01"],
        told_by="month",
    ),
    Singular(
        "int_programmes__cell_decision__no_subtraction",
        good={
            "int_programmes__staff_cell": """
                | topic | subject_id | decision_period | cell_id  | parent_id | branch | people: int | least_people: int |
                | t     | a          | all             | all      |           | top    | 20          | 0                 |
                | t     | a          | all             | RAJ01    | all       | site   | 3           | 0                 |
                | t     | a          | all             | RAJ12    | all       | site   | 17          | 0                 |
                | t     | a          | all             | cohort:1 | all       | cohort | 20          | 0                 |
                | n     | b          | all             | all      |           | ward   | 14          | 1                 |
                | n     | b          | all             | W1       | all       | ward   | 1           | 1                 |
                | n     | b          | all             | W2       | all       | ward   | 5           | 1                 |
                | n     | b          | all             | W3       | all       | ward   | 8           | 1                 |
                | n     | b          | all             | W4       | all       | ward   | 0           | 1                 |
                | n     | c          | all             | all      |           | ward   | 5           | 1                 |
                | n     | c          | all             | W1       | all       | ward   | 5           | 1                 |
                | n     | c          | all             | W2       | all       | ward   | 0           | 1                 |
                """,
            "int_programmes__cell_decision": """
                | topic | subject_id | decision_period | cell_id  | decision   |
                | t     | a          | all             | all      | shown      |
                | t     | a          | all             | RAJ01    | suppressed |
                | t     | a          | all             | RAJ12    | suppressed |
                | t     | a          | all             | cohort:1 | shown      |
                | n     | b          | all             | all      | shown      |
                | n     | b          | all             | W1       | suppressed |
                | n     | b          | all             | W2       | suppressed |
                | n     | b          | all             | W3       | shown      |
                | n     | b          | all             | W4       | shown      |
                | n     | c          | all             | all      | shown      |
                | n     | c          | all             | W1       | suppressed |
                | n     | c          | all             | W2       | suppressed |
                """,
        },
        # One site alone is hidden; a ward with nobody, hidden beside the one, is no cover for it where others show that
        # nobody is shown as 0; and one ward alone is told by the other.
        bad={
            "int_programmes__cell_decision": """
                | topic | subject_id | decision_period | cell_id  | decision   |
                | t     | a          | all             | all      | shown      |
                | t     | a          | all             | RAJ01    | suppressed |
                | t     | a          | all             | RAJ12    | shown      |
                | t     | a          | all             | cohort:1 | shown      |
                | n     | b          | all             | all      | shown      |
                | n     | b          | all             | W1       | suppressed |
                | n     | b          | all             | W2       | shown      |
                | n     | b          | all             | W3       | shown      |
                | n     | b          | all             | W4       | suppressed |
                | n     | c          | all             | all      | shown      |
                | n     | c          | all             | W1       | suppressed |
                | n     | c          | all             | W2       | shown      |
                """
        },
        found=["a", "b", "c"],
        told_by="subject_id",
    ),
    Singular(
        "int_indicators__provider_part__rows_balance",
        good={
            "stg_indicators__ae_attendances": """
                | org_code | month: date |
                | RAJ      | 2025-01-01  |
                | RAJ      | 2025-02-01  |
                """,
            "stg_indicators__sickness_absence": """
                | org_code | month: date | org_type              |
                | RAJ      | 2025-01-01  | Acute                 |
                | QH8      | 2025-01-01  | Integrated Care Board |
                """,
            "stg_indicators__rtt": """
                | org_code | month: date | pathway_type |
                | RAJ      | 2025-01-01  | part_2       |
                | RAJ      | 2025-01-01  | part_2       |
                | RDE      | 2025-01-01  | part_3       |
                """,
            "int_indicators__provider_part": """
                | org_code | month: date | indicator_code | definition_version: int |
                | RAJ      | 2025-01-01  | A              | 1                       |
                | RAJ      | 2025-01-01  | B              | 1                       |
                | RAJ      | 2025-01-01  | SICKNESS_A     | 1                       |
                | RAJ      | 2025-01-01  | RTT_A          | 1                       |
                | RAJ      | 2025-02-01  | A              | 1                       |
                """,
        },
        # RAJ lost a month, RDE has one indicator twice, RF4 has one without a definition, RQX lost its sickness and
        # RQY its waits.
        bad={
            "stg_indicators__ae_attendances": """
                | org_code | month: date |
                | RAJ      | 2025-02-01  |
                | RDE      | 2025-01-01  |
                | RF4      | 2025-01-01  |
                | RQW      | 2025-01-01  |
                """,
            "stg_indicators__sickness_absence": """
                | org_code | month: date | org_type |
                | RQX      | 2025-01-01  |          |
                """,
            "stg_indicators__rtt": """
                | org_code | month: date | pathway_type |
                | RQY      | 2025-01-01  | part_2       |
                """,
            "int_indicators__provider_part": """
                | org_code | month: date | indicator_code | definition_version: int |
                | RDE      | 2025-01-01  | A              | 1                       |
                | RDE      | 2025-01-01  | A              | 1                       |
                | RF4      | 2025-01-01  | A              |                         |
                | RQW      | 2025-01-01  | A              | 1                       |
                """,
        },
        found=["RAJ", "RDE", "RF4", "RQX", "RQY"],
        told_by="org_code",
    ),
    Singular(
        "int_indicators__ward_part__rows_balance",
        good={
            "stg_indicators__ward_indicator": """
                | site_code | ward_name | indicator_code | month: date |
                | RAJ01     | Ash       | FALLS          | 2025-01-01  |
                | RAJ01     | Ash       | ULCERS         | 2025-01-01  |
                | RAJ01     | Ash       | CHPPD          | 2025-01-01  |
                | RAJ01     | Nobody    | FALLS          | 2025-01-01  |
                """,
            # A feed of the ward stands in place of its falls; of its care hours it knows only a part.
            "int_indicators__feed_part": """
                | ward_id | indicator_code | month: date | is_whole: boolean |
                | W1      | FALLS          | 2025-01-01  | true              |
                | W1      | CHPPD          | 2025-01-01  | false             |
                | W1      | OCCUPANCY      | 2025-01-01  | true              |
                """,
            "int_indicators__ward_part": """
                | ward_id | source_feed      |
                | W1      | ward_indicator   |
                | W1      | ward_indicator   |
                | W1      | incident_summary |
                | W1      | bed_days         |
                """,
            # Names of other feeds, and names that are explained, wait for nobody.
            "int_reference__ward_name": """
                | feed           | site_code | ward_name | used_from: date | ward_id | row_count: bigint |
                | ward_indicator | RAJ01     | Ash       | 2025-01-01      | W1      | 3                 |
                | ward_indicator | RAJ01     | Nobody    | 2025-01-01      |         | 1                 |
                | pulse_survey   | RAJ01     | Ash       | 2025-01-01      |         | 5                 |
                """,
        },
        # A join that multiplied: three parts of two rows.
        bad={
            "int_indicators__ward_part": """
                | ward_id | source_feed    |
                | W1      | ward_indicator |
                | W1      | ward_indicator |
                | W2      | ward_indicator |
                """
        },
        found=["3"],
        told_by="rows_used",
    ),
]


def test_every_test_of_its_own_is_tested() -> None:
    assert {case.name for case in SINGULAR} == {path.stem for path in (DBT_PROJECT / "tests").glob("*.sql")}


@pytest.mark.parametrize("case", SINGULAR, ids=lambda case: case.name)
def test_a_test_of_its_own_finds_what_is_wrong_and_nothing_else(case: Singular) -> None:
    sql, settings = render_file(f"tests/{case.name}.sql")
    assert answer(sql, case.good) == []
    found = answer(sql, case.good | case.bad)
    assert sorted(str(row[case.told_by]) for row in found) == case.found
    assert settings["meta"]["severity"] in {"critical", "warning"}
    assert settings["meta"]["dimension"] in DIMENSIONS
    assert settings["meta"]["owner"]
    assert case.name.startswith(f"{settings['meta']['dagster']['ref']['name']}__")


def test_a_lost_row_is_found_too() -> None:
    sql, _ = render_file("tests/int_indicators__ward_part__rows_balance.sql")
    lost = {"int_indicators__ward_part": "| ward_id | source_feed |\n| W1 | ward_indicator |"}
    assert len(answer(sql, SINGULAR[-1].good | lost)) == 1

"""No suppressed count of patients can be had from a release: an integer solver tries (`attack`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import duckdb
import pytest

from ingest.examples import truth
from ingest.home import Home
from tests.faults.attack import PERIOD, Cell, Knowledge, determined, gather

LAST_YEAR = "period_start_date between date '2025-04-01' and date '2026-01-01'"
# A year of quarters, and the twelve months that overlap.
OVERLAPPING = "period_start_date between date '2024-10-01' and date '2026-01-01'"
COUNTS = [
    "past",
    "unoutcomed",
    "booked",
    "cancelled_by_patient",
    "cancelled_by_provider",
    "due",
    "missed",
    "due_first",
    "missed_first",
    "due_follow_up",
    "missed_follow_up",
    "due_medium",
    "due_face_to_face",
    "missed_face_to_face",
    "due_virtual",
    "missed_virtual",
    "interpreter_asked",
    "interpreter_needed",
    "interpreter_met",
    "travel_known",
    "travel_far",
]
WAITING = [
    "waiting",
    "over_18_weeks",
    "from_18_to_52_weeks",
    "over_52_weeks",
    "from_52_to_65_weeks",
    "over_65_weeks",
]
INPATIENT = [
    "admitted",
    "admitted_elective",
    "admitted_emergency",
    "left_alive",
    "stayed_21_days",
    "before_noon",
    "followed",
    "readmitted",
    "not_followed",
]
WARD = ["on_ward"]


@contextmanager
def release_of(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release in force as the attacker has it, beside the exact counts that he has not."""
    with duckdb.connect() as connection:
        release = home.published / "internal" / "current" / "qls.duckdb"
        connection.execute(f"attach '{release}' as release (read_only)")
        connection.execute(f"attach '{home.warehouse}' as exact (read_only)")
        connection.execute("create schema inequalities")
        for mart in (
            "fct_access_group",
            "fct_barrier",
            "fct_group_recording",
            "fct_inpatient_group",
            "fct_ward_patient_group",
        ):
            connection.execute(f"create view inequalities.{mart} as from release.inequalities.{mart}")
        connection.execute("create view access_measure as from exact.seeds.access_measure")
        yield connection


@pytest.fixture(scope="module")
def database(example: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release of the example, and its exact counts."""
    with release_of(example) as connection:
        yield connection


def truth_of(database: duckdb.DuckDBPyConnection, periods: str) -> dict[Cell, int]:
    rows = database.execute(f"""
        select org_level, org_id, period_type, {PERIOD},
            dimension_code, group_code, count_code, people
        from exact.intermediate.int_inequalities__cell
        where {periods}
    """).fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows}


def told(found: dict[Cell, list[int]], known: Knowledge) -> str:
    return f"{len(found)} of {len(known.hidden)} suppressed cells: {sorted(found)[:5]}"


def test_missed_appointments_of_a_year_cannot_be_had(database: duckdb.DuckDBPyConnection) -> None:
    known = gather(database, truth_of(database, LAST_YEAR), ["missed"])
    assert len(known.hidden) > 500
    found = determined(known)
    assert not found, told(found, known)


# Of the list the last copy: no sum goes from one copy to another.
@pytest.mark.parametrize(
    ("counts", "since"),
    [(WAITING, truth.LAST_COPY), (INPATIENT, date(2025, 4, 1)), (WARD, date(2025, 4, 1))],
    ids=["waiting", "inpatient", "ward"],
)
def test_who_waits_and_who_was_in_hospital_cannot_be_had(
    database: duckdb.DuckDBPyConnection, counts: list[str], since: date
) -> None:
    known = gather(database, truth_of(database, f"period_start_date >= date '{since}'"), counts)
    assert len(known.hidden) > 100
    found = determined(known)
    assert not found, told(found, known)


def test_the_attack_finds_what_is_there_to_find(database: duckdb.DuckDBPyConnection) -> None:
    """Shown again, the count beside a suppressed one gives it away."""
    known = gather(database, truth_of(database, LAST_YEAR), ["missed"])
    truth = truth_of(database, LAST_YEAR)
    total = ("trust", "RAJ", "rolling_12_months", 2025 * 12 + 4, "all", "all", "missed")
    quintiles = [(*total[:4], "deprivation_2025", group, "missed") for group in ("1", "2", "3", "4", "5", "no_area")]
    for cell in (total, *quintiles):
        known.low[cell] = known.high[cell] = truth[cell]
        known.hidden.discard(cell)
    assert (*total[:4], "deprivation_2025", "not_mapped", "missed") in determined(known)


@pytest.mark.long
@pytest.mark.parametrize(
    "counts",
    [["missed", "missed_first", "missed_follow_up", "missed_face_to_face", "missed_virtual"], COUNTS],
    ids=["missed", "all"],
)
def test_no_count_of_overlapping_periods_can_be_had(database: duckdb.DuckDBPyConnection, counts: list[str]) -> None:
    known = gather(database, truth_of(database, OVERLAPPING), counts)
    found = determined(known)
    assert not found, told(found, known)

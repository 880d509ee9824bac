"""Who came back, what is typical of a group, whom a ward saw, and which copies of a list are whole, as drawn tables."""

import math
from statistics import mean, median, stdev

import pytest
from scipy import stats

from tests.unit.dbt.drawn import answer, render_file, same

INEQUALITIES = "models/intermediate/inequalities/int_inequalities__"
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | internal |
    """
GROUPS = """
    | dimension_code  | group_code | parent_group_code |
    | ethnic_category | A          | white             |
    """
QUINTILES = """
    | lsoa_code | quintile_2019: int | quintile_2025: int |
    | E01000001 | 2                  |                    |
    """
STAY = """
    | stay_id | spell_id | person_pseudonym | site_code | ward_name | admission_method_code | admission_date: date | start_date: date | discharge_date: date | discharge_time | discharge_destination_code | lsoa_code | ethnic_category_code | age_years: int | sex_code | has_learning_disability: boolean | is_interpreter_needed: boolean |
    """


def stays(*drawn: str) -> str:
    """A table of ward stays: spell, person, method, admitted, discharged, and what else a row says of itself."""
    lines = [STAY.strip()]
    for number, line in enumerate(drawn):
        spell, person, method, admitted, left, *more = (cell.strip() for cell in line.split(","))
        destination, began = [*more, "", ""][:2]
        lines.append(
            f"| s{number} | {spell} | {person} | RAJ01 | Ash | {method} | {admitted} | {began or admitted} | {left} | 11:30 "
            f"| {destination} | E01000001 | A | 70 | 2 | false | |"
        )
    return "\n".join(lines)


def admissions(*drawn: str) -> dict[str, dict[str, object]]:
    sql, _ = render_file(f"{INEQUALITIES}admission.sql")
    tables = {
        "stg_inequalities__ward_stay": stays(*drawn),
        "population_group": GROUPS,
        "int_inequalities__area_quintile": QUINTILES,
        "ledger_run": RUN,
    }
    return {str(row["spell_id"]): row for row in answer(sql, tables)}


@pytest.mark.parametrize(
    ("later", "is_readmitted"),
    [
        ("b, p1, 21, 2026-01-10, 2026-01-12", True),
        ("b, p1, 21, 2026-02-09, 2026-02-10", True),
        ("b, p1, 21, 2026-02-10, 2026-02-11", False),
        ("b, p1, 11, 2026-01-12, 2026-01-14", False),
        ("b, p2, 21, 2026-01-12, 2026-01-14", False),
        ("b, , 21, 2026-01-12, 2026-01-14", False),
    ],
    ids=["on the day itself", "thirtieth day", "day after", "planned", "somebody else", "nobody knows who"],
)
def test_readmitted_is_who_came_back_as_an_emergency_within_thirty_days(later: str, is_readmitted: bool) -> None:
    found = admissions("a, p1, 21, 2026-01-02, 2026-01-10", later, "z, p9, 21, 2026-03-31,")
    assert (found["a"]["is_readmitted"], found["a"]["can_be_followed"]) == (is_readmitted, True)


def test_an_admission_of_the_same_day_is_no_readmission() -> None:
    found = admissions(
        "a, p1, 21, 2026-01-10, 2026-01-10", "b, p1, 21, 2026-01-10, 2026-01-12", "z, p9, 21, 2026-03-31,"
    )
    assert not found["a"]["is_readmitted"]


def test_who_died_is_still_here_or_has_no_number_is_not_followed() -> None:
    found = admissions(
        "died, p1, 21, 2026-01-01, 2026-01-03, 79",
        "here, p2, 21, 2026-01-01,",
        "no_number, , 21, 2026-01-01, 2026-01-03",
        "too_late, p3, 21, 2026-02-20, 2026-03-02",
        "in_time, p4, 21, 2026-02-20, 2026-03-01",
        "last, p5, 21, 2026-03-31,",
    )
    followed = {spell for spell, row in found.items() if row["has_left_alive"] and row["can_be_followed"]}
    assert followed == {"in_time"}
    assert {spell for spell, row in found.items() if row["has_left_alive"]} == {"no_number", "too_late", "in_time"}


def test_an_admission_is_one_however_many_wards_and_what_is_to_come_is_none() -> None:
    found = admissions(
        "a, p1, 21, 2026-01-01, , , 2026-01-01",
        "a, p1, 21, 2026-01-01, 2026-01-08, 19, 2026-01-04",
        "b, p2, 11, 2026-04-02,",
    )
    assert found.keys() == {"a"}
    row = found["a"]
    assert (row["days_in_hospital"], row["is_emergency"], row["is_elective"]) == (7, True, False)
    assert (row["deprivation_2019"], row["deprivation_2025"]) == ("2", "not_mapped")
    assert (row["ethnic_group_2021"], row["age_band"], row["sex"]) == ("white", "65-79", "female")
    assert row["is_before_noon"]
    assert (row["learning_disability"], row["interpreter"]) == ("not_recorded", "not_known")


def test_a_copy_of_the_list_without_a_site_is_not_complete() -> None:
    sql, _ = render_file(f"{INEQUALITIES}waiting_count.sql")
    dimensions = "ethnic_group_2021 | ethnic_category | age_band | sex | deprivation_2019 | deprivation_2025"
    listed = f"""
        | pathway_id | snapshot_date: date | site_code | weeks_waited: int | {dimensions} |
        | 1          | 2026-03-01          | RAJ01     | 17 | white | A | 0-17 | male | 1 | 1 |
        | 2          | 2026-03-01          | RAJ12     | 18 | white | A | 0-17 | male | 1 | 1 |
        | 3          | 2026-04-01          | RAJ01     | 64 | white | A | 0-17 | male | 1 | 1 |
        | 4          | 2026-04-01          | RAJ01     | 65 | white | A | 0-17 | male | 1 | 1 |
        """
    found = [
        row
        for row in answer(sql, {"int_inequalities__waiting_pathway": listed})
        if row["dimension_code"] == "all" and row["org_level"] == "trust"
    ]
    same(
        found,
        """
        | period_start_date: date | waiting: bigint | over_18_weeks: bigint | from_18_to_52_weeks: bigint | over_52_weeks: bigint | from_52_to_65_weeks: bigint | over_65_weeks: bigint | is_complete: boolean |
        | 2026-03-01 | 2 | 1 | 1 | 0 | 0 | 0 | true  |
        | 2026-04-01 | 2 | 2 | 0 | 2 | 1 | 1 | false |
        """,
    )


@pytest.mark.parametrize("people", [100, 101, 437])
def test_typical_figures_have_the_limits_of_their_sources(people: int) -> None:
    """Medians by ranks (Campbell and Gardner), means by Student's t, against SciPy's own."""
    amounts = [(7 * number * number) % 53 for number in range(people)]
    sql, _ = render_file(f"{INEQUALITIES}typical_figure.sql")
    dimensions = "ethnic_group_2021 | ethnic_category | age_band | sex | deprivation_2019 | deprivation_2025"
    of = "white | A | 0-17 | male | 1 | 1"
    head = f"| spell_id | site_code | discharge_date: date | days_in_hospital: int | has_left_alive: boolean | {dimensions} | learning_disability |"
    gone = [f"| {n} | RAJ01 | 2026-01-05 | {amount} | true | {of} | recorded |" for n, amount in enumerate(amounts)]
    place = "org_level | org_id | period_type | period_start_date: date | dimension_code | group_code"
    tables = {
        "int_inequalities__admission": "\n".join([head, *gone]),
        "int_inequalities__waiting_pathway": f"| snapshot_date: date | site_code | weeks_waited: int | {dimensions} |",
        "int_inequalities__cell": f"""
            | cell_id: bigint | {place} | count_code | people: bigint |
            | 1 | trust | RAJ | rolling_12_months | 2025-04-01 | all | all | left_alive | {people} |
            | 2 | site | RAJ12 | rolling_12_months | 2025-04-01 | all | all | left_alive | 99 |
            """,
        "access_measure": """
            | measure_code | denominator_count | statistic | unit |
            | MEDIAN       | left_alive        | median    | days |
            | MEAN         | left_alive        | mean      | days |
            """,
    }
    found = {(row["measure_code"], row["org_level"]): row for row in answer(sql, tables)}
    row = found["MEAN", "trust"]
    half = stats.t.ppf(0.975, people - 1) * stdev(amounts) / math.sqrt(people)
    expected = [mean(amounts), mean(amounts) - half, mean(amounts) + half]
    assert [row["value"], row["value_lower"], row["value_upper"]] == pytest.approx(expected, rel=1e-8)
    ordered = sorted(amounts)
    z = stats.norm.ppf(0.975)
    lower, upper = round(people / 2 - z * math.sqrt(people) / 2), round(1 + people / 2 + z * math.sqrt(people) / 2)
    row = found["MEDIAN", "trust"]
    assert [row["value"], row["value_lower"], row["value_upper"]] == [
        median(amounts), ordered[lower - 1], ordered[upper - 1]
    ]  # fmt: skip
    # Of fewer than a hundred nothing is computed.
    assert found["MEAN", "site"]["value"] is None
    assert found["MEDIAN", "site"]["value_lower"] is None


WARD_GROUPS = """
    | dimension_code  | group_code | is_known: boolean |
    | all             | all        | true  |
    | admission_route | emergency  | true  |
    | admission_route | other      | true  |
    | interpreter     | needed     | true  |
    | interpreter     | not_known  | false |
    | sex             | male       | true  |
    | sex             | not_known  | false |
    | ethnic_category | A          | true  |
    """


def test_an_admission_counts_once_on_each_ward_that_saw_it_and_a_group_of_nobody_is_a_row() -> None:
    sql, _ = render_file(f"{INEQUALITIES}ward_count.sql")
    dimensions = "age_band | sex | ethnic_group_2021 | deprivation_2025 | learning_disability"
    of = "0-17 | male | white | 1 | recorded"
    tables = {
        # In June the name means another ward than in May; on the last line it means none.
        "stg_inequalities__ward_stay": """
            | spell_id | site_code | ward_name | start_date: date |
            | a        | RAJ01     | Avocet    | 2025-05-30       |
            | a        | RAJ01     | Bittern   | 2025-05-31       |
            | a        | RAJ01     | Avocet    | 2025-05-31       |
            | b        | RAJ01     | Avocet    | 2025-05-01       |
            | c        | RAJ01     | Avocet    | 2025-06-01       |
            | d        | RAJ01     | Avocet    | 2025-03-31       |
            | e        | RAJ01     | Bittern   | 2026-04-01       |
            | f        | RAJ01     | Curlew    | 2025-05-01       |
            """,
        "int_reference__ward_name": """
            | feed      | site_code | ward_name | used_from: date | ward_id |
            | ward_stay | RAJ01     | Avocet    | 2025-03-01      | W1      |
            | ward_stay | RAJ01     | Avocet    | 2025-05-01      | W1      |
            | ward_stay | RAJ01     | Avocet    | 2025-06-01      | W3      |
            | ward_stay | RAJ01     | Bittern   | 2025-05-01      | W2      |
            | ward_stay | RAJ01     | Bittern   | 2026-04-01      | W2      |
            | ward_stay | RAJ01     | Curlew    | 2025-05-01      |         |
            | bed_days  | RAJ01     | Avocet    | 2025-05-01      | W4      |
            """,
        "int_inequalities__admission": f"""
            | spell_id | is_emergency: boolean | interpreter | {dimensions} |
            | a        | true                  | needed      | {of} |
            | b        | false                 | not_known   | {of} |
            | c        | true                  | needed      | {of} |
            | d        | true                  | needed      | {of} |
            | e        | true                  | needed      | {of} |
            | f        | true                  | needed      | {of} |
            """,
        # Of the newest period a site lacks a month; only the trust's own tells.
        "int_inequalities__inpatient_count": """
            | org_level | period_type       | period_start_date: date | is_complete: boolean |
            | trust     | rolling_12_months | 2025-01-01              | true                 |
            | trust     | rolling_12_months | 2025-04-01              | true                 |
            | trust     | rolling_12_months | 2025-07-01              | false                |
            | site      | rolling_12_months | 2025-07-01              | true                 |
            """,
        "int_inequalities__population_group": WARD_GROUPS,
    }
    same(
        answer(sql, tables),
        """
        | org_level | org_id | period_start_date: date | dimension_code  | group_code | on_ward: bigint |
        | ward      | W1     | 2025-04-01              | all             | all        | 2 |
        | ward      | W1     | 2025-04-01              | admission_route | emergency  | 1 |
        | ward      | W1     | 2025-04-01              | admission_route | other      | 1 |
        | ward      | W1     | 2025-04-01              | interpreter     | needed     | 1 |
        | ward      | W1     | 2025-04-01              | interpreter     | not_known  | 1 |
        | ward      | W1     | 2025-04-01              | sex             | male       | 2 |
        | ward      | W1     | 2025-04-01              | sex             | not_known  | 0 |
        | ward      | W2     | 2025-04-01              | all             | all        | 1 |
        | ward      | W2     | 2025-04-01              | admission_route | emergency  | 1 |
        | ward      | W2     | 2025-04-01              | admission_route | other      | 0 |
        | ward      | W2     | 2025-04-01              | interpreter     | needed     | 1 |
        | ward      | W2     | 2025-04-01              | interpreter     | not_known  | 0 |
        | ward      | W2     | 2025-04-01              | sex             | male       | 1 |
        | ward      | W2     | 2025-04-01              | sex             | not_known  | 0 |
        | ward      | W3     | 2025-04-01              | all             | all        | 1 |
        | ward      | W3     | 2025-04-01              | admission_route | emergency  | 1 |
        | ward      | W3     | 2025-04-01              | admission_route | other      | 0 |
        | ward      | W3     | 2025-04-01              | interpreter     | needed     | 1 |
        | ward      | W3     | 2025-04-01              | interpreter     | not_known  | 0 |
        | ward      | W3     | 2025-04-01              | sex             | male       | 1 |
        | ward      | W3     | 2025-04-01              | sex             | not_known  | 0 |
        """,
    )


def ward_groups(of_all: int, decisions: str, **people: int) -> dict[str, dict[str, object]]:
    """The mart's rows of one ward by sex. `decisions`: s(uppressed) or r(ounded), of all, then of each sex."""
    place = "ward | W1 | rolling_12_months | 2025-04-01"
    cells = [
        "| cell_id: bigint | org_level | org_id | period_type | period_start_date: date | dimension_code | group_code "
        "| count_code | people: bigint |",
        f"| 0 | {place} | all | all | on_ward | {of_all} |",
        *(f"| {n} | {place} | sex | {sex} | on_ward | {count} |" for n, (sex, count) in enumerate(people.items(), 1)),
        # What another count says of the same place is no part of it, nor the ward beside.
        f"| 8 | {place} | all | all | admitted | 500 |",
        f"| 9 | {place.replace('W1', 'W2')} | all | all | on_ward | 700 |",
    ]
    cell_sql, _ = render_file(f"{INEQUALITIES}ward_cell.sql")
    mart_sql, _ = render_file("models/marts/inequalities/fct_ward_patient_group.sql")
    words = {"s": "suppressed", "r": "rounded"}
    decided = ["| cell_id: bigint | decision |", *(f"| {n} | {words[d]} |" for n, d in enumerate(decisions))]
    joined = f"with int_inequalities__ward_cell as ({cell_sql}) select * from ({mart_sql}) as mart"
    tables = {"int_inequalities__cell": "\n".join(cells), "int_inequalities__cell_decision": "\n".join(decided)}
    return {str(row["group_code"]): row for row in answer(joined, tables)}


@pytest.mark.parametrize(
    ("of_all", "decisions", "male", "expected"),
    [
        (137, "rrr", 52, (50, 135, 38, "reported")),
        (137, "rsr", 3, (None, 135, None, "suppressed")),
        (137, "rsr", 52, (None, 135, None, "suppressed")),
        (137, "srr", 52, (50, None, None, "suppressed")),
        (137, "rrr", 130, (130, 135, None, "suppressed")),
        (99, "rrr", 52, (50, 100, None, "suppressed")),
        (137, "rrr", 0, (0, 135, None, "suppressed")),
    ],
    ids=["share", "few", "for another's sake", "all hidden", "few are not", "of less than a hundred", "nobody"],
)
def test_a_wards_share_needs_both_counts_and_a_hundred(
    of_all: int, decisions: str, male: int, expected: tuple[int | None, ...]
) -> None:
    found = ward_groups(of_all, decisions, male=male, female=of_all - male)
    assert found.keys() == {"male", "female"}
    row = found["male"]
    assert (row["numerator"], row["denominator"], row["value"], row["value_status"]) == expected


def test_what_is_told_of_wards_alone_is_no_gap_in_outpatients_records() -> None:
    sql, _ = render_file(f"{INEQUALITIES}recording_cell.sql")
    cells = """
        | cell_id: bigint | org_level | org_id | period_type | period_start_date: date | dimension_code | group_code | count_code | people: bigint |
        | 1 | trust | RAJ | quarter | 2025-04-01 | all | all       | due | 300 |
        | 2 | trust | RAJ | quarter | 2025-04-01 | sex | not_known | due | 20  |
        """
    found = answer(sql, {"int_inequalities__cell": cells, "int_inequalities__population_group": WARD_GROUPS})
    assert [(row["dimension_code"], row["numerator"]) for row in found] == [("sex", 20)]

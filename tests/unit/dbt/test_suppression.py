"""Secondary suppression of people trained, whatever the sizes of staff groups: nothing hidden is had by subtraction.

Every site of up to four staff groups of telling sizes is tried, beside two sites of twenty.
"""

import itertools

import duckdb
import pytest

from tests.unit.dbt.drawn import VARS, answer, draw, render_file, same

DECISION = "models/intermediate/programmes/int_programmes__cell_decision.sql"
MINIMUM = VARS["staff_minimum_people"]
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | {}       |
    """


def test_a_small_group_takes_the_smallest_other_with_it_and_the_public_sees_no_group() -> None:
    training = """
        | programme_id | quarter: date | tree_level  | cell_id | parent_id | completed_n: int |
        | QSIR         | 2025-01-01    | trust       | all     |           | 29               |
        | QSIR         | 2025-01-01    | site        | RAJ01   | all       | 18               |
        | QSIR         | 2025-01-01    | site        | RAJ12   | all       | 11               |
        | QSIR         | 2025-01-01    | staff_group | RAJ01:a | RAJ01     | 3                |
        | QSIR         | 2025-01-01    | staff_group | RAJ01:b | RAJ01     | 9                |
        | QSIR         | 2025-01-01    | staff_group | RAJ01:c | RAJ01     | 6                |
        | QSIR         | 2025-01-01    | staff_group | RAJ12:a | RAJ12     | 5                |
        | QSIR         | 2025-01-01    | staff_group | RAJ12:b | RAJ12     | 6                |
        """
    sql, _ = render_file(DECISION)
    same(
        answer(sql, {"int_programmes__training": training, "ledger_run": RUN.format("internal")}),
        """
        | cell_id | decision   | rule      |
        | all     | shown      | none      |
        | RAJ01   | shown      | none      |
        | RAJ12   | shown      | none      |
        | RAJ01:a | suppressed | primary   |
        | RAJ01:b | shown      | none      |
        | RAJ01:c | suppressed | secondary |
        | RAJ12:a | shown      | none      |
        | RAJ12:b | shown      | none      |
        """,
    )
    public = answer(sql, {"int_programmes__training": training, "ledger_run": RUN.format("public")})
    assert {row["cell_id"] for row in public if row["decision"] == "shown"} == {"all", "RAJ01", "RAJ12"}


@pytest.fixture(scope="module")
def decided() -> list[tuple[str, list[int], list[int]]]:
    """Of each tried site its decision, the counts shown and the counts hidden of its groups."""
    sizes = (0, 1, 2, 4, 5, 6, 20)
    worlds = [groups for count in (1, 2, 3, 4) for groups in itertools.combinations_with_replacement(sizes, count)]
    cells: list[tuple[str, str, str, str | None, int]] = []
    for number, groups in enumerate(worlds):
        programme = f"p{number}"
        cells.append((programme, "trust", "all", None, sum(groups) + 40))
        for site, counts in (("RAJ01", groups), ("RAJ12", (20,)), ("RAJ32", (8, 12))):
            cells.append((programme, "site", site, "all", sum(counts)))
            cells += [(programme, "staff_group", f"{site}:{place}", site, n) for place, n in enumerate(counts)]
    sql, _ = render_file(DECISION)
    with duckdb.connect() as connection:
        draw(connection, {"ledger_run": RUN.format("internal")})
        connection.execute(
            "create table int_programmes__training (programme_id varchar, quarter date, tree_level varchar, "
            "cell_id varchar, parent_id varchar, completed_n int)"
        )
        connection.executemany("insert into int_programmes__training values (?, date '2025-01-01', ?, ?, ?, ?)", cells)
        decisions = {
            (programme, cell): decision
            for programme, cell, decision in connection.execute(
                f"select programme_id, cell_id, decision from ({sql})"
            ).fetchall()
        }
    assert len(decisions) == len(cells)
    found = []
    for number, groups in enumerate(worlds):
        shown = [decisions[f"p{number}", f"RAJ01:{place}"] == "shown" for place in range(len(groups))]
        sides = ([n for n, is_shown in zip(groups, shown, strict=True) if is_shown is side] for side in (True, False))
        found.append((decisions[f"p{number}", "RAJ01"], *sides))
    return found


def test_no_fewer_than_five_are_shown(decided: list[tuple[str, list[int], list[int]]]) -> None:
    for site, shown, hidden in decided:
        assert all(count >= MINIMUM for count in shown)
        assert site == "suppressed" or sum(shown) + sum(hidden) >= MINIMUM


def test_what_is_hidden_of_a_shown_total_has_three_values_or_more(
    decided: list[tuple[str, list[int], list[int]]],
) -> None:
    for site, shown, hidden in decided:
        if site != "shown" or not hidden:
            continue
        told = f"shown {shown}, hidden {hidden}"
        rest = sum(hidden)
        assert len(hidden) >= 2, told
        assert rest >= MINIMUM, told
        if all(count < MINIMUM for count in hidden):
            lowest = max(0, rest - (len(hidden) - 1) * (MINIMUM - 1))
            assert min(rest, MINIMUM - 1) - lowest >= 2, told


def test_below_a_hidden_total_the_rest_does_not_add_up(decided: list[tuple[str, list[int], list[int]]]) -> None:
    for site, shown, hidden in decided:
        if site == "suppressed" and shown:
            assert len(hidden) >= 2, f"shown {shown}, hidden {hidden}"


def test_nothing_is_hidden_without_need(decided: list[tuple[str, list[int], list[int]]]) -> None:
    for site, shown, hidden in decided:
        if site == "shown" and hidden:
            assert any(count < MINIMUM for count in hidden), f"shown {shown}, hidden {hidden}"

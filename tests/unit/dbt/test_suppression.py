"""Secondary suppression of people trained, whatever the sizes of staff groups: nothing hidden is had by subtraction.

Every site of up to four staff groups of telling sizes is tried, beside two sites of twenty.
"""

import itertools

import duckdb
import pytest

from tests.unit.dbt.drawn import VARS, answer, draw, render_file, same

DECISION = "models/intermediate/programmes/int_programmes__cell_decision.sql"
CELLS = """
        | topic | subject_id | decision_period | tree_level | org_level | cell_id | parent_id | branch | people: int | \
least_people: int | is_told: boolean | chain_id | step_no: int |"""
MINIMUM = VARS["staff_minimum_people"]
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | {}       |
    """


def test_a_small_group_takes_the_smallest_other_with_it_and_the_public_sees_no_group() -> None:
    training = (
        CELLS
        + """
        | training | QSIR | 2025-01-01 | top    | trust       | all     |       | trust       | 29 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | middle | site        | RAJ01   | all   | site        | 18 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | middle | site        | RAJ12   | all   | site        | 11 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | leaf   | staff_group | RAJ01:a | RAJ01 | staff_group | 3  | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | leaf   | staff_group | RAJ01:b | RAJ01 | staff_group | 9  | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | leaf   | staff_group | RAJ01:c | RAJ01 | staff_group | 6  | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | leaf   | staff_group | RAJ12:a | RAJ12 | staff_group | 5  | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | leaf   | staff_group | RAJ12:b | RAJ12 | staff_group | 6  | 0 | false | own | 1 |
        """
    )
    sql, _ = render_file(DECISION)
    same(
        answer(sql, {"int_programmes__staff_cell": training, "ledger_run": RUN.format("internal")}),
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
    public = answer(sql, {"int_programmes__staff_cell": training, "ledger_run": RUN.format("public")})
    assert {row["cell_id"] for row in public if row["decision"] == "shown"} == {"all", "RAJ01", "RAJ12"}


@pytest.fixture(scope="module")
def decided() -> list[tuple[str, list[int], list[int]]]:
    """Of each tried site its decision, the counts shown and the counts hidden of its groups."""
    sizes = (0, 1, 2, 4, 5, 6, 20)
    worlds = [groups for count in (1, 2, 3, 4) for groups in itertools.combinations_with_replacement(sizes, count)]
    cells: list[tuple[str, str, str, str, str | None, str, int]] = []
    for number, groups in enumerate(worlds):
        programme = f"p{number}"
        cells.append((programme, "top", "trust", "all", None, "trust", sum(groups) + 40))
        for site, counts in (("RAJ01", groups), ("RAJ12", (20,)), ("RAJ32", (8, 12))):
            cells.append((programme, "middle", "site", site, "all", "site", sum(counts)))
            cells += [
                (programme, "leaf", "staff_group", f"{site}:{place}", site, "group", n)
                for place, n in enumerate(counts)
            ]
    sql, _ = render_file(DECISION)
    with duckdb.connect() as connection:
        draw(connection, {"ledger_run": RUN.format("internal")})
        connection.execute(
            "create table int_programmes__staff_cell (topic varchar, subject_id varchar, decision_period varchar, "
            "tree_level varchar, org_level varchar, cell_id varchar, parent_id varchar, branch varchar, people int, "
            "least_people int, is_told boolean, chain_id varchar, step_no int)"
        )
        connection.executemany(
            "insert into int_programmes__staff_cell values ('training', ?, '2025', ?, ?, ?, ?, ?, ?, 0, false, 'own', 1)",
            cells,
        )
        decisions = {
            (programme, cell): decision
            for programme, cell, decision in connection.execute(
                f"select subject_id, cell_id, decision from ({sql})"
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


def _decisions(cells: str, audience: str = "internal") -> dict[str, str]:
    sql, _ = render_file(DECISION)
    tables = {"int_programmes__staff_cell": CELLS + cells, "ledger_run": RUN.format(audience)}
    return {row["cell_id"]: row["decision"] for row in answer(sql, tables)}


def test_nobody_is_shown_as_0_and_a_total_that_tells_each_one_is_not() -> None:
    """Three wards with one nominee each: the total of 3 is small, of six it is 6, and tells every one of them."""
    one_each = """
        | nominated | QSIR | all | top    | trust | all |     | ward | 6 | 1 | false | own | 1 |
        """ + "".join(
        f"| nominated | QSIR | all | middle | ward | W{place} | all | ward | {people} | 1 | false | own | 1 |\n"
        for place, people in enumerate((0, 1, 1, 1, 1, 1, 1))
    )
    decided = _decisions(one_each)
    assert decided.pop("W0") == "shown"
    assert set(decided.values()) == {"suppressed"}
    assert set(_decisions(one_each.replace("| 6 |", "| 9 |").replace("W6 | all | ward | 1", "W6 | all | ward | 4")).items()) >= {
        ("all", "shown"), ("W0", "shown"), ("W1", "suppressed"), ("W6", "suppressed"),
    }  # fmt: skip
    assert _decisions(one_each, "public")["W0"] == "suppressed"


def test_a_count_goes_where_the_step_from_one_beside_it_is_small() -> None:
    told = """
        | place_completed | all | 2025-26 | top | trust | all:all |  | all | 58 | 0 | true | own | 1 |
        """
    assert _decisions(told) == {"all:all": "suppressed"}


def test_each_way_to_split_a_total_keeps_its_secrets() -> None:
    """Two cohorts of 8, 4 and 4, would tell each other; the sites of the same 8 would not."""
    training = """
        | training | QSIR | 2025-01-01 | top    | trust | all      |     | trust  | 8 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | middle | site  | RAJ01    | all | site   | 8 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | middle | trust | cohort:a | all | cohort | 4 | 0 | false | own | 1 |
        | training | QSIR | 2025-01-01 | middle | trust | cohort:b | all | cohort | 4 | 0 | false | own | 1 |
        """
    assert set(_decisions(training).values()) == {"suppressed"}
    uneven = training.replace("| 8 |", "| 23 |").replace("cohort:a | all | cohort | 4", "cohort:a | all | cohort | 19")
    assert _decisions(uneven) == {
        "all": "shown", "RAJ01": "shown", "cohort:a": "suppressed", "cohort:b": "suppressed",
    }  # fmt: skip


def test_no_number_of_nominees_can_be_had_whatever_the_wards_nominated() -> None:
    """Trusts of up to five wards: whoever knows the rule finds three numbers or more that each hidden ward can have."""
    worlds = [
        wards
        for count in (1, 2, 3, 4, 5)
        for wards in itertools.combinations_with_replacement((0, 1, 2, 4, 5, 9), count)
    ]
    cells: list[tuple[str, str, str, str | None, int]] = []
    for number, wards in enumerate(worlds):
        cells.append((f"p{number}", "top", "all", None, sum(wards)))
        cells += [(f"p{number}", "middle", f"W{place}", "all", people) for place, people in enumerate(wards)]
    sql, _ = render_file(DECISION)
    with duckdb.connect() as connection:
        draw(connection, {"ledger_run": RUN.format("internal"), "int_programmes__staff_cell": CELLS})
        connection.executemany(
            "insert into int_programmes__staff_cell "
            "values ('nominated', ?, 'all', ?, 'ward', ?, ?, 'ward', ?, 1, false, 'own', 1)",
            cells,
        )
        decisions = {
            (programme, cell): decision
            for programme, cell, decision in connection.execute(
                f"select subject_id, cell_id, decision from ({sql})"
            ).fetchall()
        }
    assert len(decisions) == len(cells)
    for number, wards in enumerate(worlds):
        hidden = [people for place, people in enumerate(wards) if decisions[f"p{number}", f"W{place}"] != "shown"]
        assert 0 not in hidden
        assert not [people for place, people in enumerate(wards) if 0 < people < 5 and people not in hidden]
        if decisions[f"p{number}", "all"] != "shown" or not hidden:
            continue
        rest, others = sum(hidden), len(hidden) - 1
        # A secondary cell can be anything; where all are small, none is above four.
        most = MINIMUM - 1 if all(people < MINIMUM for people in hidden) else rest
        highest, lowest = min(most, rest - others), max(1, rest - others * most)
        assert highest - lowest >= 2, f"{wards}: hidden {hidden}"


def test_a_narrow_count_goes_where_the_wider_one_had_to() -> None:
    """Of W1 one is nominated, so W2 with five is hidden; its five booked would say that the six hidden are 1 and 5."""
    decided = answer(
        render_file(DECISION)[0],
        {
            "int_programmes__staff_cell": CELLS
            + """
            | nominated | P | all | top    | trust | all |     | ward | 35 | 1 | false | P | 1 |
            | nominated | P | all | middle | ward  | W1  | all | ward | 1  | 1 | false | P | 1 |
            | nominated | P | all | middle | ward  | W2  | all | ward | 5  | 1 | false | P | 1 |
            | nominated | P | all | middle | ward  | W3  | all | ward | 14 | 1 | false | P | 1 |
            | nominated | P | all | middle | ward  | W4  | all | ward | 15 | 1 | false | P | 1 |
            | booked    | P | all | top    | trust | all |     | ward | 34 | 1 | false | P | 2 |
            | booked    | P | all | middle | ward  | W1  | all | ward | 0  | 1 | false | P | 2 |
            | booked    | P | all | middle | ward  | W2  | all | ward | 5  | 1 | false | P | 2 |
            | booked    | P | all | middle | ward  | W3  | all | ward | 14 | 1 | false | P | 2 |
            | booked    | P | all | middle | ward  | W4  | all | ward | 15 | 1 | false | P | 2 |
            | completed | P | all | middle | ward  | W3  | all | ward | 14 | 1 | false | P | 3 |
            | completed | P | all | middle | ward  | W2  | all | ward | 5  | 1 | false | P | 3 |
            | completed | P | all | middle | ward  | W4  | all | ward | 15 | 1 | false | P | 3 |
            | completed | P | all | top    | trust | all |     | ward | 34 | 1 | false | P | 3 |
            """,
            "ledger_run": RUN.format("internal"),
        },
    )
    hidden = {(row["topic"], row["cell_id"], row["rule"]) for row in decided if row["decision"] == "suppressed"}
    # And each takes another with it, or its total less the others would give it back.
    assert hidden == {
        ("nominated", "W1", "primary"), ("nominated", "W2", "secondary"),
        ("booked", "W2", "primary"), ("booked", "W3", "secondary"),
        ("completed", "W2", "primary"), ("completed", "W3", "primary"),
    }  # fmt: skip

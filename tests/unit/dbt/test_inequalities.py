"""Suppression where cells stand in several sums, what bad input makes of a slope, and which gaps of a month are drawn, as
drawn tables."""

import pytest

from tests.unit.dbt.drawn import answer, render, render_file, rows_of, same

# Two rows and two columns with a total each, and one of all: a small cell in the corner.
CELLS = """
    | cell_id | people: int | low: int | high: int | priority: int | own_decision |
    | all     | 100         | 100      | 100       | 1             | rounded      |
    | row_1   | 33          | 33       | 33        | 1             | rounded      |
    | row_2   | 67          | 67       | 67        | 1             | rounded      |
    | col_1   | 42          | 42       | 42        | 1             | rounded      |
    | col_2   | 58          | 58       | 58        | 1             | rounded      |
    | c_11    | 3           | 8        | 2         | 1             | suppressed   |
    | c_12    | 30          | 30       | 30        | 1             | rounded      |
    | c_21    | 39          | 39       | 39        | 1             | rounded      |
    | c_22    | 28          | 28       | 28        | 1             | rounded      |
    """
MEMBERS = "| relation_id: int | cell_id | is_total: boolean |\n" + "\n".join(
    f"| {number} | {cell} | {'true' if place == 0 else 'false'} |"
    for number, cells in enumerate(
        (
            ("row_1", "c_11", "c_12"),
            ("row_2", "c_21", "c_22"),
            ("col_1", "c_11", "c_21"),
            ("col_2", "c_12", "c_22"),
            ("all", "row_1", "row_2"),
            ("all", "col_1", "col_2"),
        )
    )
    for place, cell in enumerate(cells)
)


def test_a_small_cell_of_a_table_takes_three_more_with_it() -> None:
    """One in its row, one in its column, and the one that closes the rectangle: else each is had by subtraction."""
    sql = render("{{ suppressed_relations('cells', 'members', 'below', 7) }}")
    found = answer(sql, {"cells": CELLS, "members": MEMBERS, "below": "| cell_id |"})
    same(
        found,
        """
        | cell_id | rule      |
        | c_11    | primary   |
        | c_12    | secondary |
        | c_21    | secondary |
        | c_22    | secondary |
        """,
    )


def test_what_rounding_already_hides_takes_nothing_with_it() -> None:
    """A total known within two either way leaves a small part five numbers."""
    cells = """
        | cell_id | people: int | low: int | high: int | priority: int | own_decision |
        | all     | 60          | 58       | 62        | 1             | rounded      |
        | small   | 4           | 8        | 7         | 1             | suppressed   |
        | large   | 56          | 56       | 56        | 1             | rounded      |
        """
    members = """
        | relation_id: int | cell_id | is_total: boolean |
        | 1                | all     | true              |
        | 1                | small   | false             |
        | 1                | large   | false             |
        """
    sql = render("{{ suppressed_relations('cells', 'members', 'below', 7) }}")
    same(
        answer(sql, {"cells": cells, "members": members, "below": "| cell_id |"}),
        "| cell_id | rule |\n| small | primary |",
    )


def test_a_slope_of_bad_input_is_named_and_has_no_figure() -> None:
    rows = []
    for slope, quintiles in {
        "sound": {1: 0.11, 2: 0.1, 3: 0.08, 4: 0.07, 5: 0.05},
        "one_group": {1: 0.1},
        "one_missing": {1: 0.11, 2: 0.1, 4: 0.07, 5: 0.05},
        "none_missed": {1: 0.11, 2: 0.1, 3: 0.0, 4: 0.07, 5: 0.05},
        "all_missed": {1: 0.11, 2: 0.1, 3: 1.0, 4: 0.07, 5: 0.05},
        "above_whole": {1: 1.2, 2: 0.1, 3: 0.08, 4: 0.07, 5: 0.05},
    }.items():
        rows += [
            f"| {slope} | {q} | 500 | | {v} | {v * 0.8} | {min(v * 1.2, 1)} | | -100 |" for q, v in quintiles.items()
        ]
    header = (
        "| slope_id | quantile: int | population: double | count: double | value: double | lower_cl: double "
        "| upper_cl: double | se: double | multiplier: int |"
    )
    sql = render("{{ sii('quintiles', ['slope_id'], value_type=2, transform='true', quantiles=5) }}")
    found = {
        row["slope_id"]: (row["sii"] is not None, row["fault"] or row["state"])
        for row in answer(sql, {"quintiles": "\n".join([header, *rows])})
    }
    assert found["sound"] == (True, None)
    assert [has for has, _ in found.values()].count(True) == 1
    assert all(state for name, (_, state) in found.items() if name != "sound")


def gap_months(counts: str, comparison_decision: str = "shown") -> list[dict[str, object]]:
    """The months' gaps of missed appointments, from counts of a month by group (`due`, `missed`)."""
    sql, _ = render_file("models/intermediate/inequalities/int_inequalities__gap_month.sql")
    names = render("{{ access_counts('outpatient') }}").split()
    columns, rows = rows_of(counts)
    widened = [*(f"{name}: {kind}" for name, kind in columns), *(f"{n}: bigint" for n in names if n not in counts)]
    blank = ["0"] * (len(widened) - len(columns))
    drawn = [f"| {' | '.join(line)} |" for line in (widened, *([*map(str, row), *blank] for row in rows))]
    return answer(
        sql,
        {
            "int_inequalities__appointment_count": "\n".join(drawn),
            "access_measure": """
                | measure_code | direction | numerator_count | denominator_count |
                | MISSED_PCT   | decrease  | missed          | due               |
                """,
            "int_inequalities__population_group": """
                | dimension_code | group_code | imd_year: int | is_known: boolean | is_comparator: boolean |
                | sex            | female     |               | true              | false                  |
                | sex            | male       |               | true              | true                   |
                """,
            "int_inequalities__access_figure": """
                | measure_code | org_level | period_type | period_start_date: date | dimension_code | group_code | denominator_id: bigint |
                | MISSED_PCT   | trust     | quarter     | 2026-01-01              | sex            | female     | 7                      |
                """,
            "int_inequalities__figure_decision": f"""
                | measure_code | denominator_id: bigint | comparison_decision   |
                | MISSED_PCT   | 7                      | {comparison_decision} |
                """,
        },
    )


COUNTED = """
    | site_code | month: date | dimension_code | group_code | due: bigint | missed: bigint |
    | RAJ01     | 2026-01-01  | all            | all        | 900         | 90             |
    | RAJ12     | 2026-01-01  | all            | all        | 900         | 90             |
    | RAJ01     | 2026-01-01  | sex            | female     | 300         | 36             |
    | RAJ12     | 2026-01-01  | sex            | female     | 100         | 12             |
    | RAJ01     | 2026-01-01  | sex            | male       | 500         | 50             |
    """


def test_a_months_gap_is_of_the_whole_trust() -> None:
    (found,) = gap_months(COUNTED)
    assert (found["difference"], found["decision"], found["smaller_denominator"]) == (2, "shown", 400)


@pytest.mark.parametrize(
    ("counts", "of_quarter"),
    [
        (COUNTED, "suppressed"),
        (COUNTED.replace("| 300         | 36 ", "| 299         | 36 "), "shown"),
        (COUNTED + "| RAJ32 | 2026-02-01 | all | all | 1 | 0 |\n", "shown"),
        (COUNTED.replace("| 36  ", "| 0   ").replace("| 12  ", "| 7   "), "shown"),
    ],
    ids=["the quarter is hidden", "too few", "a site sent nothing", "too few missed"],
)
def test_a_months_gap_is_not_drawn_where(counts: str, of_quarter: str) -> None:
    found = gap_months(counts, of_quarter)
    assert [row["decision"] for row in found] == ["suppressed"]

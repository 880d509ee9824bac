"""Suppression where cells stand in several sums, what bad input makes of a slope, and which gaps of a month are drawn, as
drawn tables."""

import pytest

from tests.unit.dbt.drawn import answer, render, render_file, rows_of, same

# Two rows and two columns with a total each, and one of all: a small cell in the corner.
CELLS = """
    | cell_id | people: int | low: int | high: int | priority: int | is_known: boolean | own_decision |
    | all     | 100         | 100      | 100       | 1             | false             | rounded      |
    | row_1   | 33          | 33       | 33        | 1             | false             | rounded      |
    | row_2   | 67          | 67       | 67        | 1             | false             | rounded      |
    | col_1   | 42          | 42       | 42        | 1             | false             | rounded      |
    | col_2   | 58          | 58       | 58        | 1             | false             | rounded      |
    | c_11    | 3           | 8        | 2         | 1             | false             | suppressed   |
    | c_12    | 30          | 30       | 30        | 1             | false             | rounded      |
    | c_21    | 39          | 39       | 39        | 1             | false             | rounded      |
    | c_22    | 28          | 28       | 28        | 1             | false             | rounded      |
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
        | cell_id | people: int | low: int | high: int | priority: int | is_known: boolean | own_decision |
        | all     | 60          | 58       | 62        | 1             | false             | rounded      |
        | small   | 4           | 8        | 7         | 1             | false             | suppressed   |
        | large   | 56          | 56       | 56        | 1             | false             | rounded      |
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


def test_what_a_reader_knows_from_before_hides_nothing_and_is_hidden_last() -> None:
    """Of a total that has changed as a small part has, that part is had by the others, which stand as they stood."""
    cells = """
        | cell_id | people: int | low: int | high: int | priority: int | is_known: boolean | own_decision |
        | all     | 144         | 144      | 144       | 1             | false             | rounded      |
        | small   | 7           | 8        | 7         | 1             | false             | suppressed   |
        | stands  | 37          | 37       | 37        | 1             | true              | rounded      |
        | hidden  | 100         | 100      | 100       | 1             | false             | remembered   |
        """
    members = """
        | relation_id: int | cell_id | is_total: boolean |
        | 1                | all     | true              |
        | 1                | small   | false             |
        | 1                | stands  | false             |
        | 2                | hidden  | true              |
        | 2                | hidden  | false             |
        """
    sql = render("{{ suppressed_relations('cells', 'members', 'below', 7) }}")
    same(
        answer(sql, {"cells": cells, "members": members, "below": "| cell_id |"}),
        """
        | cell_id | rule       |
        | small   | primary    |
        | all     | secondary  |
        | hidden  | remembered |
        """,
    )


RUNS = """
    | run_id   | run_no: int | run_date: date | as_of_sequence: int | audience |
    | first    | 1           | 2026-11-20     |                     | internal |
    | second   | 2           | 2026-11-21     |                     | internal |
    | held     | 3           | 2026-11-21     |                     | internal |
    | public   | 4           | 2026-11-22     |                     | public   |
    """
ENDS = """
    | run_id | outcome        |
    | first  | published      |
    | second | published      |
    | held   | held           |
    | public | published      |
    """


@pytest.mark.parametrize(
    ("run", "before"),
    [
        ("| now | 5 | 2026-11-23 | | internal |", "public"),
        ("| now | 5 | 2026-11-22 | 7 | internal |", "second"),
        ("| now | 5 | 2026-11-21 | 7 | public |", "first"),
        ("| now | 5 | 2026-11-20 | 7 | internal |", None),
    ],
    ids=["the newest, whoever it was for", "before a day, but not held", "before another", "before the first"],
)
def test_the_release_before_is_the_newest_that_was_published(run: str, before: str | None) -> None:
    cells = "| run_id | org_level | org_id | period_type | period_start_date: date | dimension_code | group_code "
    cells += "| count_code | shown_from: int | shown_to: int |\n"
    cells += "\n".join(
        f"| {made_by} | trust | {made_by} | quarter | 2026-01-01 | all | all | missed | 10 | 10 |"
        for made_by in ("first", "second", "held", "public")
    )
    sql, _ = render_file("models/intermediate/evidence/int_evidence__disclosed_before.sql")
    found = answer(sql, {"ledger_run": RUNS + run, "ledger_run_end": ENDS, "ledger_disclosed_cell": cells})
    assert [row["org_id"] for row in found] == ([before] if before else [])


def decided(people: dict[str, int], shown_before: dict[str, int | None]) -> dict[str, str]:
    """The rule of each count of a year (`all`) and its quarters, where a release before showed or hid them."""

    def row(name: str) -> str:
        kind, start = ("rolling_12_months", "2025-04-01") if name == "all" else ("quarter", f"2025-{name}-01")
        return f"trust | RAJ | {kind} | {start} | all | all | missed"

    columns = "org_level | org_id | period_type | period_start_date: date | dimension_code | group_code | count_code"
    cells = [f"| cell_id: int | {columns} | people: int |"]
    ranges = ["| cell_id: int | low: int | high: int |"]
    members = ["| relation_id: int | cell_id: int | is_total: boolean |"]
    before = [f"| {columns} | shown_from: int | shown_to: int |"]
    for number, (name, count) in enumerate(people.items()):
        cells.append(f"| {number} | {row(name)} | {count} |")
        ranges.append(f"| {number} | {count} | {count} |")
        members.append(f"| 1 | {number} | {'true' if name == 'all' else 'false'} |")
    for name, shown in shown_before.items():
        number = "" if shown is None else str(shown)
        before.append(f"| {row(name)} | {number} | {number} |")
    sql, _ = render_file("models/intermediate/inequalities/int_inequalities__cell_decision.sql")
    found = answer(
        sql,
        {
            "int_inequalities__cell": "\n".join(cells),
            "int_inequalities__cell_relation": "\n".join(members),
            "int_inequalities__shown_range": "\n".join(ranges),
            "access_measure": "| numerator_count | denominator_count | priority: int |\n| missed | due | 1 |",
            "int_inequalities__population_group": "| dimension_code | group_code | is_known: boolean |\n| all | all | true |",
            "ledger_run": RUNS,
            "int_evidence__disclosed_before": "\n".join(before),
        },
    )
    names = {(str(r["period_type"]), str(r["period_start_date"])): str(r["rule"]) for r in found}
    return {
        name: names["rolling_12_months" if name == "all" else "quarter", f"2025-{'04' if name == 'all' else name}-01"]
        for name in people
    }


def test_what_the_release_before_hid_stays_hidden() -> None:
    people = {"all": 60, "04": 20, "07": 21, "10": 19}
    assert set(decided(people, {}).values()) == {"none"}
    assert decided(people, people | {"04": None, "07": None}) == {
        "all": "none", "04": "remembered", "07": "remembered", "10": "none",
    }  # fmt: skip


def test_what_hidden_counts_add_up_to_is_remembered_too() -> None:
    """Two quarters were hidden, and their sum told; a third has become small: the new total would tell of it."""
    before = {"all": 49, "04": None, "07": None, "10": 11}
    assert decided({"all": 45, "04": 13, "07": 25, "10": 7}, before) == {
        "all": "secondary", "04": "remembered", "07": "remembered", "10": "primary",
    }  # fmt: skip
    # As long as nothing shown has changed there is nothing to tell.
    assert decided({"all": 49, "04": 13, "07": 25, "10": 11}, before)["all"] == "none"


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

"""What each macro does, as drawn tables."""

import pytest
import sqlglot

from tests.unit.dbt.drawn import VARS, answer, render, same

# Disclosure


def test_what_may_be_seen_of_a_cell() -> None:
    """A class or an audience that nobody thought of shows nothing; neither does a base that nobody knows."""
    drawn = """
        | class         | audience | base: int | level | decision   |
        | none          | internal |           | ward  | shown      |
        | none          | public   |           | ward  | shown      |
        | ward_event    | internal |           | ward  | shown      |
        | ward_event    | public   |           | ward  | suppressed |
        | survey        | internal | 11        | unit  | shown      |
        | survey        | internal | 10        | unit  | suppressed |
        | survey        | internal | 0         | unit  | suppressed |
        | survey        | internal |           | unit  | suppressed |
        | survey        | public   | 11        | site  | shown      |
        | survey        | public   | 500       | trust | shown      |
        | survey        | public   | 500       | unit  | suppressed |
        | survey        | public   | 500       |       | suppressed |
        | survey        | press    | 500       | trust | suppressed |
        | survey        |          | 500       | trust | suppressed |
        | patient_group | internal | 500       | trust | rounded    |
        | patient_group | public   | 8         | ward  | rounded    |
        | patient_group | internal | 7         | trust | suppressed |
        | patient_group | public   | 1         | trust | suppressed |
        | patient_group | internal | 0         | ward  | rounded    |
        | patient_group | internal |           | trust | suppressed |
        | patient_group | internal | -1        | trust | suppressed |
        | patient_group | press    | 500       | trust | suppressed |
        | ward_event    | public   | 7         | ward  | suppressed |
        | ward_event    | public   | 8         | ward  | rounded    |
        | ward_event    | press    | 8         | ward  | suppressed |
        | staff         | internal | 4         | trust | suppressed |
        | staff         | internal | 5         | ward  | shown      |
        | staff         | public   | 500       | ward  | suppressed |
        | staff         | public   | 500       | trust | shown      |
        | fft           | internal | 5         | ward  | shown      |
        | fft           | public   | 5         | ward  | shown      |
        | fft           | public   | 4         | ward  | suppressed |
        | fft           | internal | 1         | trust | suppressed |
        | fft           | internal | 0         | ward  | shown      |
        | fft           | internal |           | trust | suppressed |
        | fft           | internal | -1        | trust | suppressed |
        | fft           | press    | 500       | trust | suppressed |
        | Survey        | internal | 500       | trust | suppressed |
        | a_new_class   | internal | 500       | trust | suppressed |
        |               | internal | 500       | trust | suppressed |
        """
    sql = render(
        'select class, audience, base, level, {{ disclosure_decision("class", "audience", "base", "level") }} as decision '
        "from cells"
    )
    same(answer(sql, {"cells": drawn}), drawn)


def test_without_a_base_no_survey_is_shown() -> None:
    cells = "| class |\n| survey |\n| none |"
    found = answer(
        render("""select class, {{ disclosure_decision('class', "'internal'") }} as decision from cells"""),
        {"cells": cells},
    )
    same(found, "| class | decision |\n| survey | suppressed |\n| none | shown |")


def test_a_value_is_written_only_where_its_cell_is_shown() -> None:
    """A cell without a decision, as a join that found none leaves it, is not shown."""
    sql = render(
        "select id, {{ disclosed('value', 'decision') }} as value, {{ disclosed_status('status', 'decision') }} as status "
        "from cells"
    )
    cells = """
        | id | decision   | value: int | status         |
        | a  | shown      | 7          | reported       |
        | b  | suppressed | 7          | reported       |
        | c  |            | 7          | reported       |
        | d  | shown      |            | missing        |
        | e  | suppressed |            | not_applicable |
        | f  | Shown      | 7          | reported       |
        | g  | rounded    | 70         | reported       |
        """
    same(
        answer(sql, {"cells": cells}),
        """
        | id | value: int | status     |
        | a  | 7          | reported   |
        | b  |            | suppressed |
        | c  |            | suppressed |
        | d  |            | missing    |
        | e  |            | suppressed |
        | f  |            | suppressed |
        | g  |            | reported   |
        """,
    )


def test_a_count_of_patients_is_suppressed_from_1_to_7_and_rounded_to_5() -> None:
    """A decision made for another count of the cell does not show a small one."""
    drawn = """
        | count: int | decision   | displayed: bigint |
        | 0          | rounded    | 0                 |
        | 1          | rounded    |                   |
        | 7          | rounded    |                   |
        | 8          | rounded    | 10                |
        | 12         | rounded    | 10                |
        | 13         | rounded    | 15                |
        | 2147483647 | rounded    | 2147483645        |
        | 500        | suppressed |                   |
        | 3          | shown      | 3                 |
        | 500        |            |                   |
        |            | rounded    |                   |
        """
    sql = render("select count, decision, {{ disclosed_count('count', 'decision') }} as displayed from cells")
    same(answer(sql, {"cells": drawn}), drawn)


def test_a_percentage_of_patients_is_shown_only_where_it_gives_nobody_away() -> None:
    drawn = """
        | n: int | of: int | decision   | pct: decimal(24,12) | displayed: decimal(24,12) |
        | 8      | 100     | rounded    | 8                   | 8                         |
        | 7      | 100     | rounded    | 7                   |                           |
        | 0      | 100     | rounded    | 0                   |                           |
        | 92     | 100     | rounded    | 92                  | 92                        |
        | 93     | 100     | rounded    | 93                  |                           |
        | 100    | 100     | rounded    | 100                 | 100                       |
        | 50     | 99      | rounded    | 50.505050505051     |                           |
        | 99     | 99      | rounded    | 100                 |                           |
        | 23     | 341     | rounded    | 6.744868035191      | 7                         |
        | 1333   | 3999    | rounded    | 33.333333333333     | 33                        |
        | 1333   | 4000    | rounded    | 33.325              | 33.3                      |
        | 2040   | 7140    | rounded    | 28.571428571429     | 28.6                      |
        | 2040   | 7140    | suppressed | 28.571428571429     |                           |
        | 3      | 7       | shown      | 42.857142857143     | 42.857142857143           |
        | 2040   |         | rounded    |                     |                           |
        | 2040   | 7140    |            | 28.571428571429     |                           |
        """
    sql = render(
        'select n, "of", decision, pct, '
        "{{ disclosed_percentage('pct', 'n', '\"of\"', 'decision') }} as displayed from cells"
    )
    same(answer(sql, {"cells": drawn}), drawn)


# Versions

LAKE = """
    | n: int | _file_id | _scope | _period: date |
    | 1      | first    | RAJ12  | 2025-01-01    |
    | 2      | first    | RAJ12  | 2025-02-01    |
    | 3      | first    | RAJ32  | 2025-02-01    |
    | 4      | restated | RAJ12  | 2025-02-01    |
    | 5      | third    | RAJ12  | 2025-03-01    |
    """
PERIODS = """
    | feed   | file_id  | scope | period: date | sequence: bigint |
    | a_feed | first    | RAJ12 | 2025-01-01   | 1                |
    | a_feed | first    | RAJ12 | 2025-02-01   | 1                |
    | a_feed | first    | RAJ32 | 2025-02-01   | 1                |
    | a_feed | restated | RAJ12 | 2025-02-01   | 2                |
    | a_feed | third    | RAJ12 | 2025-03-01   | 3                |
    | b_feed | other    | RAJ32 | 2025-02-01   | 9                |
    """


@pytest.mark.parametrize(
    ("cut", "current"),
    [
        # No cut: the restated month has taken its place, one site's month alone.
        ("", [1, 3, 4, 5]),
        ("9", [1, 3, 4, 5]),
        ("2", [1, 3, 4]),
        ("1", [1, 2, 3]),
        ("0", []),
    ],
)
def test_the_version_that_was_current_at_a_cut(cut: str, current: list[int]) -> None:
    """The newest run says where to cut; what an older one said counts no more."""
    run = f"""
        | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
        | older  | 1              | 2026-04-01     | 0                      | internal |
        | newest | 2              | 2026-04-02     | {cut}                  | internal |
        """
    tables = {"lake_a_feed": LAKE, "ledger_file_period": PERIODS, "ledger_run": run}
    found = answer(render("{{ current_version('a_feed') }}"), tables)
    assert sorted(row["n"] for row in found) == current


def test_a_period_that_a_newer_file_leaves_empty_is_withdrawn_whole() -> None:
    """The newer file has one row for the month where the older had two: the second is gone, not mixed in."""
    tables = {
        "lake_a_feed": """
            | n: int | _file_id | _scope | _period: date |
            | 1      | old      | ''     | 2025-01-01    |
            | 2      | old      | ''     | 2025-01-01    |
            | 3      | new      | ''     | 2025-01-01    |
            """,
        "ledger_file_period": """
            | feed   | file_id | scope | period: date | sequence: bigint |
            | a_feed | old     | ''    | 2025-01-01   | 1                |
            | a_feed | new     | ''    | 2025-01-01   | 2                |
            """,
        "ledger_run": """
            | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
            | only   | 1              | 2026-04-01     |                        | internal |
            """,
    }
    assert [row["n"] for row in answer(render("{{ current_version('a_feed') }}"), tables)] == [3]


def test_before_the_first_run_nothing_is_current() -> None:
    run = "| run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |"
    tables = {"lake_a_feed": LAKE, "ledger_file_period": PERIODS, "ledger_run": run}
    assert answer(render("{{ current_version('a_feed') }}"), tables) == []


# Figures, calendar, keys


def test_a_ratio_is_exact_and_of_nothing_it_is_null() -> None:
    drawn = """
        | numerator: decimal(18,6) | denominator: decimal(18,6) | multiplier: decimal(12,4) | ratio: decimal(24,12) |
        | 10                       | 400                        | 1000                      | 25                    |
        | 1                        | 3                          | 100                       | 33.333333333333       |
        | 1                        | 0                          | 1000                      |                       |
        | 1                        |                            | 1000                      |                       |
        |                          | 4                          | 1000                      |                       |
        | 0                        | 4                          | 1000                      | 0                     |
        | 123456789                | 1000000000                 | 100000                    | 12345.6789            |
        """
    sql = render(
        "select numerator, denominator, multiplier, {{ ratio('numerator', 'denominator', 'multiplier') }} as ratio from parts"
    )
    same(answer(sql, {"parts": drawn}), drawn)


def test_a_financial_year_runs_from_april_to_march() -> None:
    drawn = """
        | day: date  | financial_year |
        | 2024-03-31 | 2023-24        |
        | 2024-04-01 | 2024-25        |
        | 2025-01-01 | 2024-25        |
        | 1999-04-01 | 1999-00        |
        | 2009-12-31 | 2009-10        |
        | 2100-03-31 | 2099-00        |
        """
    same(answer(render("select day, {{ financial_year('day') }} as financial_year from days"), {"days": drawn}), drawn)


def test_a_surrogate_key_keeps_keys_apart_and_stays_the_same() -> None:
    keys = """
        | id | one | two |
        | 1  | a   | bc  |
        | 2  | ab  | c   |
        | 3  | a   | bc  |
        | 4  | a   |     |
        | 5  | ''  | a   |
        """
    found = {
        row["id"]: row["key"]
        for row in answer(render("select id, {{ surrogate_key(['one', 'two']) }} as key from keys"), {"keys": keys})
    }
    assert found["1"] == found["3"]
    assert len(set(found.values())) == 4
    # A tool that joined on it yesterday joins on it tomorrow.
    assert found["1"] == "8a7d22c8204c8d23ca1da728c29313ad"


# Where platforms differ


def test_ward_names_are_compared_without_case_and_extra_spaces() -> None:
    names = {
        " Avocet  WARD ": "avocet ward",
        "Avocet\u00a0Ward": "avocet ward",
        "avocet\tward": "avocet ward",
        "Avocet-Ward": "avocet-ward",
        "": "",
    }
    for given, expected in names.items():
        (row,) = answer(render(f"select {{{{ match_text(\"'{given}'\") }}}} as compared"), {})
        assert row["compared"] == expected


def test_one_wrong_letter_is_still_alike_enough_for_a_suggestion() -> None:
    def alike(one: str, other: str) -> float:
        (row,) = answer(render(f"""select {{{{ similarity("'{one}'", "'{other}'") }}}} as similarity"""), {})
        return float(row["similarity"])

    assert alike("avocet ward", "avocet ward") == 1
    assert alike("kitiwake ward", "kittiwake ward") >= VARS["suggestion_minimum_similarity"]
    assert alike("zebra", "kittiwake ward") < VARS["suggestion_minimum_similarity"]


def test_days_and_months_between_dates() -> None:
    drawn = """
        | day: date  | months: int | later: date | days: int |
        | 2024-01-31 | 1           | 2024-02-29  | 29        |
        | 2024-01-01 | 12          | 2025-01-01  | 366       |
        | 2024-03-31 | 0           | 2024-03-31  | 0         |
        | 2024-03-30 | 1           | 2024-04-30  | 31        |
        |            | 1           |             |           |
        """
    sql = render(
        "select day, months, {{ months_later('day', 'months') }} as later, "
        "{{ days_between('day', months_later('day', 'months')) }} as days from dates"
    )
    found = answer(sql, {"dates": drawn})
    same(found, drawn)
    assert {type(row["later"]).__name__ for row in found} == {"date", "NoneType"}, "a date, never a timestamp"


@pytest.mark.parametrize(
    "call",
    [
        "match_text('name')",
        "similarity('one', 'other')",
        "days_between('from_date', 'to_date')",
        "months_later('from_date', '3')",
        "ordered_sum('value', 'position')",
        "listed('name')",
        "listed('name', '; ', 'position')",
    ],
)
def test_the_other_platforms_side_is_its_own_sql(call: str) -> None:
    parsed = sqlglot.parse_one(render(f"select {{{{ {call} }}}} as answer", side="spark"), dialect="spark")
    unknown = [call.name for call in parsed.find_all(sqlglot.exp.Anonymous)]
    assert unknown == []

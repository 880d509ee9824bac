"""Which figures of wards are shown where a smallest number of people counts: answers of the friends and family test, staff.

A small ward is hidden, and with it what would give it away; every reader's view is that of one decision. Days between
rare events are somebody's, and shown inside the trust alone.
"""

import itertools

import duckdb
import pytest

from tests.unit.dbt.drawn import VARS, answer, draw, render_file, same

DECISION = "models/intermediate/indicators/int_indicators__cell_decision.sql"
PEOPLE = "models/intermediate/indicators/int_indicators__people.sql"
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | {}       |
    """
FIGURES = """
    | org_level | org_id | indicator_code | month: date | disclosure_class | numerator: decimal(18, 6) | \
denominator: decimal(18, 6) | value: decimal(24, 12) | answers: decimal(18, 6) |"""
NO_INTERVALS = "| org_level | org_id | indicator_code | month: date | disclosure_class |"


def decide(figures: str, people: str, audience: str = "internal") -> list[dict[str, object]]:
    sql, _ = render_file(DECISION)
    tables = {
        "int_indicators__level_month": FIGURES + figures,
        "int_indicators__people": "| disclosure_class | ward_id | site_code | month: date | people: bigint |" + people,
        "int_indicators__event_interval": NO_INTERVALS,
        "ledger_run": RUN.format(audience),
    }
    return answer(sql, tables)


ANSWERS = """
    | fft | W1 | RAJ01 | 2026-01-01 | 3  |
    | fft | W2 | RAJ01 | 2026-01-01 | 12 |
    | fft | W3 | RAJ01 | 2026-01-01 | 40 |
    | fft | W4 | RAJ01 | 2026-01-01 | 0  |
    | fft | W5 | RAJ12 | 2026-01-01 | 5  |
    | fft | W6 | RAJ12 | 2026-01-01 | 9  |
    | fft | W7 | RAJ12 | 2026-01-01 |    |
    """


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_one_to_four_answers_take_the_smallest_other_ward_with_them(audience: str) -> None:
    """Of W7 a share came without its answers. Whoever answered nobody's question hides nobody."""
    figures = """
        | ward  | W1    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 3  | 3  | 100  | 3  |
        | ward  | W1    | FFT_RESPONSE_PCT | 2026-01-01 | fft | 3  | 80 | 3.75 | 3  |
        | ward  | W2    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 12 | 12 | 100  | 12 |
        | ward  | W3    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 2  | 40 | 5    | 40 |
        | ward  | W4    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 0  | 0  |      | 0  |
        | ward  | W4    | FFT_RESPONSE_PCT | 2026-01-01 | fft |    |    |      |    |
        | ward  | W5    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 5  | 5  | 100  | 5  |
        | ward  | W6    | FFT_POSITIVE_PCT | 2026-01-01 | fft | 9  | 9  | 100  | 9  |
        | ward  | W7    | FFT_POSITIVE_PCT | 2026-01-01 | fft |    |    | 90   |    |
        | site  | RAJ01 | FFT_POSITIVE_PCT | 2026-01-01 | fft | 17 | 55 | 31   | 55 |
        | site  | RAJ12 | FFT_POSITIVE_PCT | 2026-01-01 | fft |    |    |      |    |
        | trust | RAJ   | FFT_POSITIVE_PCT | 2026-01-01 | fft |    |    |      |    |
        """
    same(
        decide(figures, ANSWERS, audience),
        """
        | org_id | indicator_code   | decision   | rule      |
        | W1     | FFT_POSITIVE_PCT | suppressed | fft       |
        | W1     | FFT_RESPONSE_PCT | suppressed | fft       |
        | W2     | FFT_POSITIVE_PCT | suppressed | secondary |
        | W3     | FFT_POSITIVE_PCT | shown      | fft       |
        | W4     | FFT_POSITIVE_PCT | shown      | fft       |
        | W4     | FFT_RESPONSE_PCT | shown      | fft       |
        | W5     | FFT_POSITIVE_PCT | suppressed | secondary |
        | W6     | FFT_POSITIVE_PCT | shown      | fft       |
        | W7     | FFT_POSITIVE_PCT | suppressed | fft       |
        | RAJ01  | FFT_POSITIVE_PCT | shown      | fft       |
        | RAJ12  | FFT_POSITIVE_PCT | shown      | fft       |
        | RAJ    | FFT_POSITIVE_PCT | shown      | fft       |
        """,
    )


def test_an_audience_that_nobody_thought_of_sees_no_answers() -> None:
    figures = "\n| ward | W3 | FFT_POSITIVE_PCT | 2026-01-01 | fft | 2 | 40 | 5 | 40 |"
    (row,) = decide(figures, ANSWERS, "press")
    assert row["decision"] == "suppressed"


@pytest.mark.parametrize(("audience", "shown"), [("internal", {"W2", "RAJ"}), ("public", {"RAJ"})])
def test_staff_are_shown_of_eleven_and_to_the_public_below_no_site(audience: str, shown: set[str]) -> None:
    """W1 and W4 take W3 with them; RAJ12 is too small, so RAJ01 goes too, or the trust would tell of it."""
    staff = """
        | staff | W1 | RAJ01 | 2026-01-01 | 10 |
        | staff | W2 | RAJ01 | 2026-01-01 | 40 |
        | staff | W3 | RAJ01 | 2026-01-01 | 11 |
        | staff | W4 | RAJ01 | 2026-01-01 |    |
        | staff | W5 | RAJ12 | 2026-01-01 | 6  |
        """
    places = [*(("ward", f"W{n}") for n in range(1, 6)), ("site", "RAJ01"), ("site", "RAJ12"), ("trust", "RAJ")]
    figures = "".join(
        f"\n| {level} | {org} | SICKNESS_PCT | 2026-01-01 | staff | 5 | 300 | 2 | |" for level, org in places
    )
    assert {row["org_id"] for row in decide(figures, staff, audience) if row["decision"] == "shown"} == shown


def test_nothing_hidden_of_a_site_is_had_by_subtraction() -> None:
    """Every site of up to four wards, beside one of two large wards: what is hidden may still be three things or more."""
    sizes = (0, 1, 2, 4, 5, 6, 9, 30)
    sql, _ = render_file(DECISION)
    sites = [combo for count in (1, 2, 3, 4) for combo in itertools.combinations_with_replacement(sizes, count)]
    people, figures = [], []
    for number, combo in enumerate(sites):
        month = f"{1800 + number // 12}-{number % 12 + 1:02d}-01"
        wards = {f"A{place}": size for place, size in enumerate(combo)} | {"B0": 30, "B1": 30}
        people += [("fft", ward, ward[0], month, size) for ward, size in wards.items()]
        levels = [("ward", ward, size) for ward, size in wards.items()]
        levels += [("site", "A", sum(combo)), ("site", "B", 60), ("trust", "RAJ", 60 + sum(combo))]
        figures += [(level, org, "F", month, "fft", size, size, None, size) for level, org, size in levels]
    with duckdb.connect() as connection:
        empty = {
            "int_indicators__level_month": FIGURES,
            "int_indicators__people": "| disclosure_class | ward_id | site_code | month: date | people: bigint |",
            "int_indicators__event_interval": NO_INTERVALS,
            "ledger_run": RUN.format("internal"),
        }
        draw(connection, empty)
        connection.executemany("insert into int_indicators__people values (?, ?, ?, ?, ?)", people)
        connection.executemany("insert into int_indicators__level_month values (?, ?, ?, ?, ?, ?, ?, ?, ?)", figures)
        decisions = {
            (str(month), org): decision
            for org, month, decision in connection.execute(f"select org_id, month, decision from ({sql})").fetchall()
        }
    least = VARS["fft_minimum_responses"]
    for number, combo in enumerate(sites):
        month = f"{1800 + number // 12}-{number % 12 + 1:02d}-01"
        hidden = [size for place, size in enumerate(combo) if decisions[month, f"A{place}"] == "suppressed"]
        assert all(size in hidden for size in combo if 0 < size < least), combo
        assert all(size > 0 for size in hidden), combo
        if hidden and decisions[month, "A"] == "shown":
            # Somebody answered in each, so the largest that one may be is what the others leave.
            assert len(hidden) > 1, combo
            assert sum(hidden) - len(hidden) >= 2, combo


def test_how_many_answered_and_how_many_work_there_is_told_by_any_indicator() -> None:
    figures = """
        | org_level | org_id | site_code | indicator_code   | month: date | disclosure_class | numerator: decimal(18, 6) | denominator: decimal(18, 6) | value: decimal(24, 12) | answers: decimal(18, 6) |
        | ward      | W1     | RAJ01     | FFT_POSITIVE_PCT | 2026-01-01  | fft              | 2  | 3   | 66  | 3  |
        | ward      | W1     | RAJ01     | FFT_RESPONSE_PCT | 2026-01-01  | fft              | 3  |     |     | 3  |
        | ward      | W2     | RAJ01     | FFT_POSITIVE_PCT | 2026-01-01  | fft              |    |     | 90  |    |
        | ward      | W3     | RAJ01     | FFT_POSITIVE_PCT | 2026-01-01  | fft              |    |     |     |    |
        | site      | RAJ01  | RAJ01     | FFT_POSITIVE_PCT | 2026-01-01  | fft              | 2  | 3   | 66  | 3  |
        | ward      | W1     | RAJ01     | SICKNESS_PCT     | 2026-02-01  | staff            | 9  | 307 | 3   |    |
        | ward      | W1     | RAJ01     | APPRAISAL_PCT    | 2026-02-01  | staff            | 9  | 12  | 75  |    |
        | ward      | W2     | RAJ01     | SICKNESS_PCT     | 2026-02-01  | staff            | 9  | 308 | 3   |    |
        | ward      | W2     | RAJ01     | VACANCY_PCT      | 2026-02-01  | staff            | 4  | 14  | 28  |    |
        | ward      | W3     | RAJ01     | BANK_PCT         | 2026-02-01  | staff            | 4  | 40  | 10  |    |
        | ward      | W1     | RAJ01     | FALLS_1000       | 2026-02-01  | ward_event       | 4  | 400 | 10  |    |
        """
    sql, _ = render_file(PEOPLE)
    same(
        answer(sql, {"int_indicators__level_month": figures}),
        """
        | disclosure_class | ward_id | month: date | people: bigint |
        | fft              | W1      | 2026-01-01  | 3              |
        | fft              | W2      | 2026-01-01  |                |
        | staff            | W1      | 2026-02-01  | 12             |
        | staff            | W2      | 2026-02-01  | 11             |
        | staff            | W3      | 2026-02-01  |                |
        """,
    )


@pytest.mark.parametrize(("audience", "expected"), [("internal", "shown"), ("public", "suppressed")])
def test_days_between_rare_events_of_wards_are_for_the_trust_alone(audience: str, expected: str) -> None:
    sql, _ = render_file(DECISION)
    intervals = """
        | org_level | org_id | indicator_code     | month: date | disclosure_class |
        | ward      | W1     | CDIFF_DAYS_BETWEEN | 2026-01-01  | ward_event       |
        | ward      | W1     | CDIFF_DAYS_BETWEEN | 2026-01-01  | ward_event       |
        | trust     | RAJ    | CDIFF_DAYS_BETWEEN | 2026-01-01  | ward_event       |
        | trust     | RAJ    | NOBODY_CLASSED     | 2026-01-01  | patient_group    |
        """
    tables = {
        "int_indicators__level_month": FIGURES,
        "int_indicators__people": "| disclosure_class | ward_id | site_code | month: date | people: bigint |",
        "int_indicators__event_interval": intervals,
        "ledger_run": RUN.format(audience),
    }
    same(
        answer(sql, tables),
        f"""
        | org_id | indicator_code     | decision   |
        | W1     | CDIFF_DAYS_BETWEEN | {expected} |
        | RAJ    | CDIFF_DAYS_BETWEEN | {expected} |
        | RAJ    | NOBODY_CLASSED     | suppressed |
        """,
    )

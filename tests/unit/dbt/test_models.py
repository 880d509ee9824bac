"""dbt's own unit tests of the models, and what must hold of survey suppression whatever the sizes of the units."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from tests.unit.dbt.drawn import DBT_PROJECT, VARS, answer, draw, render_file, same

MINIMUM = VARS["survey_minimum_responses"]
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | internal |
    """


def test_the_unit_tests_beside_the_models_hold(example: Home, tmp_path: Path) -> None:
    """Each is given rows and expects rows, in the `_unit_tests.yml` beside its model; dbt runs them."""
    for name in ("lake", "ledger", "warehouse"):
        shutil.copytree(example.root / name, tmp_path / name)
    told = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "dbt"), "test", "--select", "test_type:unit", "--threads", "2"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(tmp_path / "dbt"), "--log-path", str(tmp_path / "dbt" / "logs"), "--no-use-colors"),
        ],
        env=os.environ | {"QLS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    stated = sum(path.read_text(encoding="utf-8").count("\n    model: ") for path in DBT_PROJECT.rglob("*.yml"))
    assert f"PASS={stated} WARN=0 ERROR=0 SKIP=0" in told.stdout, told.stdout[-500:]


def test_a_small_unit_takes_the_smallest_other_with_it() -> None:
    """7 of 68 is small; 30 goes with it, else 68 - 31 - 30 gives it back. Nothing is small in RAJ12."""
    scores = """
        | survey_code | quarter: date | measure_code | org_level | org_id  | parent_id | base_n: int |
        | pulse       | 2025-01-01    | q            | trust     | RAJ     |           | 109         |
        | pulse       | 2025-01-01    | q            | site      | RAJ01   | RAJ       | 68          |
        | pulse       | 2025-01-01    | q            | site      | RAJ12   | RAJ       | 41          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ01:a | RAJ01     | 7           |
        | pulse       | 2025-01-01    | q            | unit      | RAJ01:b | RAJ01     | 31          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ01:c | RAJ01     | 30          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ12:a | RAJ12     | 11          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ12:b | RAJ12     | 30          |
        """
    sql, _ = render_file("models/intermediate/surveys/int_surveys__cell_decision.sql")
    same(
        answer(sql, {"int_surveys__pulse_score": scores, "ledger_run": RUN}),
        """
        | org_id  | decision   | rule      |
        | RAJ     | shown      | none      |
        | RAJ01   | shown      | none      |
        | RAJ12   | shown      | none      |
        | RAJ01:a | suppressed | primary   |
        | RAJ01:b | shown      | none      |
        | RAJ01:c | suppressed | secondary |
        | RAJ12:a | shown      | none      |
        | RAJ12:b | shown      | none      |
        """,
    )


@pytest.fixture(scope="module")
def decided() -> list[tuple[str, int, list[int], list[int]]]:
    """Every site of up to four units of telling sizes, beside two sites of 50: each with the site's decision, its
    base, the bases shown and the bases hidden."""
    sizes = (0, 1, 5, 10, 11, 12, 40)
    worlds = [units for count in (1, 2, 3, 4) for units in itertools.combinations_with_replacement(sizes, count)]
    cells: list[tuple[str, str, str, str | None, int]] = []
    for number, units in enumerate(worlds):
        measure = f"q{number}"
        cells.append((measure, "trust", "RAJ", None, sum(units) + 100))
        for site, bases in (("RAJ01", units), ("RAJ12", (20, 30)), ("RAJ32", (50,))):
            cells.append((measure, "site", site, "RAJ", sum(bases)))
            cells += [(measure, "unit", f"{site}:{place}", site, base) for place, base in enumerate(bases)]
    sql, _ = render_file("models/intermediate/surveys/int_surveys__cell_decision.sql")
    with duckdb.connect() as connection:
        draw(connection, {"ledger_run": RUN})
        connection.execute(
            "create table int_surveys__pulse_score (survey_code varchar, quarter date, measure_code varchar, "
            "org_level varchar, org_id varchar, parent_id varchar, base_n int)"
        )
        connection.executemany(
            "insert into int_surveys__pulse_score values ('pulse', date '2025-01-01', ?, ?, ?, ?, ?)", cells
        )
        decisions = {
            (measure, org_id): decision
            for measure, org_id, decision in connection.execute(
                f"select measure_code, org_id, decision from ({sql})"
            ).fetchall()
        }
    assert len(decisions) == len(cells)
    found = []
    for number, units in enumerate(worlds):
        shown = [decisions[f"q{number}", f"RAJ01:{place}"] == "shown" for place in range(len(units))]
        found.append(
            (
                decisions[f"q{number}", "RAJ01"],
                sum(units),
                [base for base, is_shown in zip(units, shown, strict=True) if is_shown],
                [base for base, is_shown in zip(units, shown, strict=True) if not is_shown],
            )
        )
    return found


def test_no_small_cell_is_shown_anywhere(decided: list[tuple[str, int, list[int], list[int]]]) -> None:
    for site, total, shown, _ in decided:
        assert all(base >= MINIMUM for base in shown)
        assert site == "suppressed" or total >= MINIMUM


def test_what_is_hidden_of_a_shown_total_stays_hidden(decided: list[tuple[str, int, list[int], list[int]]]) -> None:
    """Who subtracts learns a sum of two cells or more, of as many people as one shown cell must have, and for no
    cell fewer than three possible values: a small one may be anything from 0 to 10."""
    for site, total, shown, hidden in decided:
        if site != "shown" or not hidden:
            continue
        told = f"units {sorted(shown + hidden)}, hidden {hidden}"
        rest = total - sum(shown)
        assert len(hidden) >= 2, told
        assert rest >= MINIMUM, told
        small = sum(base < MINIMUM for base in hidden)
        if small == len(hidden):
            lowest = max(0, rest - (small - 1) * (MINIMUM - 1))
            assert min(rest, MINIMUM - 1) - lowest >= 2, told


def test_below_a_hidden_total_the_rest_does_not_add_up(decided: list[tuple[str, int, list[int], list[int]]]) -> None:
    for site, _, shown, hidden in decided:
        if site == "suppressed" and shown:
            assert len(hidden) >= 2, f"shown {shown}, hidden {hidden}"


def test_nothing_is_hidden_without_need(decided: list[tuple[str, int, list[int], list[int]]]) -> None:
    for site, total, shown, hidden in decided:
        if site == "shown" and hidden:
            assert any(base < MINIMUM for base in hidden), f"of {total}: shown {shown}, hidden {hidden}"

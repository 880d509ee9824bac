"""dbt's own unit tests of the models, and what must hold of survey suppression whatever the sizes of the units."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.contract import feeds
from ingest.home import Home
from ingest.parquet import sql_type
from tests.conftest import PROJECT
from tests.unit.dbt.drawn import DBT_PROJECT, VARS, answer, draw, render_file, same

MINIMUM = VARS["survey_minimum_responses"]
RUN = """
    | run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |
    | r1     | 1              | 2026-04-01     |                        | internal |
    """


# In a process of its own, on the project as it was parsed for the runs: dbt's own parse took as long as the tests.
UNIT_TESTS = """
import json, sys
from pathlib import Path
from ingest.home import Home
from orchestration import dbt
from orchestration.settings import Settings
settings = Settings(Home(Path(sys.argv[1])))
arguments = ["test", "--select", "test_type:unit", "--threads", "2"]
told = dbt._invoke(settings, arguments, lambda _: None, manifest=dbt._manifest_of(settings))
print(json.dumps({result["unique_id"]: [result["status"], result["message"]] for result in told["results"]}))
"""


def test_the_unit_tests_beside_the_models_hold(example: Home, tmp_path: Path) -> None:
    """Each is given rows and expects rows, in the `_unit_tests.yml` beside its model; dbt runs them."""
    for name in ("lake", "ledger", "warehouse"):
        shutil.copytree(example.root / name, tmp_path / name)
    command = [sys.executable, "-c", UNIT_TESTS, str(tmp_path)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    broken = {name: message for name, (status, message) in told.items() if status != "pass"}
    assert not broken
    stated = sum(path.read_text(encoding="utf-8").count("\n    model: ") for path in DBT_PROJECT.rglob("*.yml"))
    assert len(told) == stated


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


def test_a_site_that_would_tell_its_units_takes_another_with_it() -> None:
    """Nine answered in RAJ01. RAJ12's two units of ten would be told by its 20, so it goes; together they are 29, which
    leaves RAJ01 nine or ten, for two units are never more than 20: so RAJ32 goes too."""
    scores = """
        | survey_code | quarter: date | measure_code | org_level | org_id  | parent_id | base_n: int |
        | pulse       | 2025-01-01    | q            | trust     | RAJ     |           | 83          |
        | pulse       | 2025-01-01    | q            | site      | RAJ01   | RAJ       | 9           |
        | pulse       | 2025-01-01    | q            | site      | RAJ12   | RAJ       | 20          |
        | pulse       | 2025-01-01    | q            | site      | RAJ32   | RAJ       | 14          |
        | pulse       | 2025-01-01    | q            | site      | RAJ40   | RAJ       | 40          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ12:a | RAJ12     | 10          |
        | pulse       | 2025-01-01    | q            | unit      | RAJ12:b | RAJ12     | 10          |
        """
    sql, _ = render_file("models/intermediate/surveys/int_surveys__cell_decision.sql")
    found = answer(sql, {"int_surveys__pulse_score": scores, "ledger_run": RUN})
    assert {row["org_id"] for row in found if row["decision"] == "shown"} == {"RAJ", "RAJ40"}


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


RESTATED = "models/staging/evidence/stg_evidence__restated_value.sql"
ENDS = "| run_id | outcome |"
# Columns that are not compared, with the reason.
NOT_COMPARED = {
    ("ward_alias", "approved_by"): "may name a person",
    ("cost_centre_ward", "approved_by"): "may name a person",
}


def restated(run: str, run_end: str, file_periods: str, **lake: str) -> list[dict[str, object]]:
    """What `stg_evidence__restated_value` tells of drawn lake tables; columns and feeds not drawn are empty."""
    sql, _ = render_file(RESTATED)
    with duckdb.connect() as connection:
        draw(connection, {"ledger_run": run, "ledger_run_end": run_end, "ledger_file_period": file_periods} | lake)
        for name, contract in feeds().items():
            drawn = f"_{name}" if name in lake else "(select 1 as nothing where false)"
            if name in lake:
                connection.execute(f"alter table {name} rename to _{name}")
            has = {
                column
                for (column,) in connection.execute(f"select column_name from (describe from {drawn})").fetchall()
            }
            columns = (
                f"cast({column if column in has else 'null'} as {sql_type(kind)}) as {column}"
                for column, kind in contract.lake_types.items()
            )
            connection.execute(f"create table lake_{name} as select {', '.join(columns)} from {drawn}")
        found = connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_what_a_later_version_changed_withdrew_or_added() -> None:
    """Within one scope and period, version by version; nothing of another site or from behind the cut."""
    run, run_end = (
        RUN.replace("2026-04-01     |                        |", "2026-04-01     | 8                      |"),
        ENDS,
    )
    file_periods = """
        | feed           | run_id | file_id | scope | period: date | sequence: bigint |
        | ward_indicator | r1     | one     | RAJ12 | 2025-02-01   | 1                |
        | ward_indicator | r1     | two     | RAJ12 | 2025-02-01   | 2                |
        | ward_indicator | r1     | three   | RAJ12 | 2025-02-01   | 3                |
        | ward_indicator | r1     | other   | RAJ32 | 2025-02-01   | 4                |
        | ward_indicator | r1     | later   | RAJ12 | 2025-02-01   | 9                |
        | site_register  | r1     | s1      | ''    | 1900-01-01   | 5                |
        | site_register  | r1     | s2      | ''    | 1900-01-01   | 6                |
        """
    ward_indicator = """
        | _file_id | _scope | _period    | site_code | ward_name | indicator_code | month      | numerator | value |
        | one      | RAJ12  | 2025-02-01 | RAJ12     | Cedar     | FALLS          | 2025-02-01 | 3         | 0.50  |
        | one      | RAJ12  | 2025-02-01 | RAJ12     | Rowan     | FALLS          | 2025-02-01 | 5         |       |
        | one      | RAJ12  | 2025-02-01 | RAJ12     | Ash       | FALLS          | 2025-02-01 | 100       |       |
        | two      | RAJ12  | 2025-02-01 | RAJ12     | Cedar     | FALLS          | 2025-02-01 | 80        | 0.5   |
        | two      | RAJ12  | 2025-02-01 | RAJ12     | Hazel     | FALLS          | 2025-02-01 | 2         |       |
        | two      | RAJ12  | 2025-02-01 | RAJ12     | Ash       | FALLS          | 2025-02-01 | 100       |       |
        | three    | RAJ12  | 2025-02-01 | RAJ12     | Cedar     | FALLS          | 2025-02-01 | 80        | 0.5   |
        | three    | RAJ12  | 2025-02-01 | RAJ12     | Hazel     | FALLS          | 2025-02-01 |           |       |
        | three    | RAJ12  | 2025-02-01 | RAJ12     | Ash       | FALLS          | 2025-02-01 | 100       |       |
        | other    | RAJ32  | 2025-02-01 | RAJ32     | Cedar     | FALLS          | 2025-02-01 | 7         |       |
        | later    | RAJ12  | 2025-02-01 | RAJ12     | Cedar     | FALLS          | 2025-02-01 | 99        |       |
        """
    site_register = """
        | _file_id | _scope | _period    | site_code | valid_from | site_name |
        | s1       | ''     | 1900-01-01 | RAJ01     | 2020-04-01 | Southend  |
        | s2       | ''     | 1900-01-01 | RAJ01     | 2020-04-01 | South End |
        """
    found = restated(run, run_end, file_periods, ward_indicator=ward_indicator, site_register=site_register)
    same(
        # A bar within a cell cannot be drawn.
        [row | {"restated_row": str(row["restated_row"]).replace("|", "/")} for row in found],
        """
        | feed           | file_sequence: bigint | restated_row                       | column_name | superseded_file_id | file_id | restatement_kind | old_value | new_value |
        | ward_indicator | 2                     | RAJ12/Cedar/FALLS/2025-02-01       | numerator   | one                | two     | changed          | 3         | 80        |
        | ward_indicator | 2                     | RAJ12/Rowan/FALLS/2025-02-01       | numerator   | one                | two     | withdrawn        | 5         |           |
        | ward_indicator | 2                     | RAJ12/Hazel/FALLS/2025-02-01       | numerator   | one                | two     | added_late       |           | 2         |
        | ward_indicator | 3                     | RAJ12/Hazel/FALLS/2025-02-01       | numerator   | two                | three   | changed          | 2         |           |
        | site_register  | 6                     | RAJ01/2020-04-01                   | site_name   | s1                 | s2      | changed          | Southend  | South End |
        """,
    )


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ({"r1": "published", "r2": "published"}, [("A", "B"), ("B", "C")]),
        ({"r1": "published", "r2": "held"}, [("A", "C")]),
        ({"r1": "held", "r2": "published"}, [("B", "C")]),
        ({"r1": "held", "r2": "held"}, []),
        ({"r1": "published", "r2": "written_beside"}, [("A", "C")]),
    ],
)
def test_a_version_that_no_release_showed_is_never_told(ends: dict[str, str], told: list[tuple[str, str]]) -> None:
    """An identifier that the gate held back must not come to light as the old value of what mended it."""
    runs = "| run_id | run_no: bigint | run_date: date | as_of_sequence: bigint | audience |\n" + "\n".join(
        f"| r{number} | {number} | 2026-04-0{number} | | internal |" for number in (1, 2, 3)
    )
    run_end = "\n".join([ENDS, *(f"| {run_id} | {outcome} |" for run_id, outcome in ends.items())])
    file_periods = "| feed | run_id | file_id | scope | period: date | sequence: bigint |\n" + "\n".join(
        f"| site_register | r{number} | s{number} | '' | 1900-01-01 | {number} |" for number in (1, 2, 3)
    )
    sites = "| _file_id | _scope | _period | site_code | valid_from | site_name |\n" + "\n".join(
        f"| s{number} | '' | 1900-01-01 | RAJ01 | 2020-04-01 | {name} |" for number, name in enumerate("ABC", 1)
    )
    found = restated(runs, run_end, file_periods, site_register=sites)
    assert sorted((row["old_value"], row["new_value"]) for row in found) == told


def test_every_column_of_every_feed_that_replaces_is_compared() -> None:
    sql, _ = render_file(RESTATED)
    lacking = []
    for contract in feeds().values():
        # What is about single people is never told one by one, restated or not.
        if contract.delivery != "append" and not contract.personal:
            found = sql.split(f"\n{contract.id}_columns as (")[-1].split("),")[0]
            lacking += [
                f"{contract.id}.{column.name}"
                for column in contract.columns
                if column.key_position is None
                and not column.is_free_text
                and (contract.id, column.name) not in NOT_COMPARED
                and f"'{column.name}' as column_name" not in found
            ]
    assert not lacking, f"{lacking}: name them in {RESTATED}, and a new feed's class in int_evidence__cell_decision"


def test_no_row_of_a_person_is_compared() -> None:
    sql, _ = render_file(RESTATED)
    personal = [contract.id for contract in feeds().values() if contract.personal]
    assert personal
    assert not [feed for feed in personal if f"{feed}_columns as (" in sql]


def test_who_completed_is_counted_once_by_the_post_of_the_first_day() -> None:
    """Two references are one person; a cancelled day is none; whoever misses a day has not completed."""
    sql, _ = render_file("models/intermediate/programmes/int_programmes__completion.sql")
    tables = {
        "stg_programmes__cohort": """
            | cohort_id | programme_id | start_date: date | end_date: date |
            | C1        | QSIR         | 2025-02-01       | 2025-04-15     |
            """,
        "stg_programmes__session": """
            | session_id | cohort_id | session_status |
            | S1         | C1        | held           |
            | S2         | C1        | held           |
            | S3         | C1        | cancelled      |
            """,
        "stg_programmes__participant": """
            | participant_id | valid_from: date | valid_to: date | sector  | site_code | staff_group | same_person_as |
            | R1             | 2020-01-01       | 2025-03-01     | trust   | RAJ01     | medical     |                |
            | R1             | 2025-03-01       |                | trust   | RAJ12     | medical     |                |
            | R2             | 2020-01-01       |                | trust   | RAJ01     | medical     | R1             |
            | R3             | 2020-01-01       |                | council |           |             |                |
            | R4             | 2026-01-01       |                | trust   | RAJ32     |             |                |
            """,
        "stg_programmes__attendance": """
            | session_id | participant_id | attendance_status |
            | S1         | R1             | attended          |
            | S2         | R2             | attended          |
            | S1         | R3             | attended          |
            | S2         | R3             | did_not_attend    |
            | S3         | R3             | attended          |
            | S1         | R4             | attended          |
            | S2         | R4             | attended          |
            | S1         | R9             | apologies         |
            """,
    }
    same(
        answer(sql, tables),
        """
        | participant_id | quarter: date | org_id    | staff_group | session_days: int | attended_days: int | is_completed: boolean |
        | R1             | 2025-04-01    | RAJ01     | medical     | 2                 | 2                  | true                  |
        | R3             | 2025-04-01    | outside   | outside     | 2                 | 1                  | false                 |
        | R4             | 2025-04-01    | RAJ32     | not_known   | 2                 | 2                  | true                  |
        | R9             | 2025-04-01    | not_known | not_known   | 2                 | 0                  | false                 |
        """,
    )

"""The trust's own results of the staff survey: a wide sheet becomes a row per unit and measure; each rule seen broken.

Kept out: the nation's detailed sheets (`test_sheets`, and the real ones in `tests/integration`).
"""

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.check import check_file
from ingest.contract import feeds
from ingest.examples import truth
from ingest.examples.workbook import Sheet, workbook
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import load
from ingest.readers.staff_survey import MEASURE_HEADER, one_row_per_measure
from tests.conftest import RUN_DATE, make_run
from tests.unit.ingest.test_people_feeds import judged
from tests.unit.ingest.test_ward_feeds import cells

HEAD = [
    ["NHS Staff Survey 2025", "", "", "", "", "", "", "", ""],
    ["Local results, unweighted", "", "", "", "", "", "", "", ""],
    ["", "", "", "We are a team", "", "Morale", "", "Q20a I would feel secure", ""],
    ["Site Code", "Level", "Unit", "Base", "Score", "Base", "Score", "Base", "% Positive"],
]
ROW = ["RAJ01", "Division", "Medicine", "120", "6.71", "118", "5.8", "", ""]
RESULTS = """
    above                                        | leaf       | type            | code
    We are compassionate and inclusive           | Score      | promise_element | compassionate_and_inclusive
    We are recognised and rewarded               | Score      | promise_element | recognised_and_rewarded
    We each have a voice that counts             | Score      | promise_element | voice_that_counts
    We are safe and healthy                      | Score      | promise_element | safe_and_healthy
    We are always learning                       | Score      | promise_element | always_learning
    We work flexibly                             | Score      | promise_element | work_flexibly
    We are a team                                | Score      | promise_element | team
    Staff Engagement                             | Score      | theme           | staff_engagement
    MORALE                                       | Score      | theme           | morale
    We are punctual                              | Score      |                 | punctual
    Q3c I have frequent opportunities            | % positive | question        | q3c
    I have frequent opportunities                | % positive |                 | i have frequent opportunities
"""
SOUND = (
    "survey_year=2025; weighting=unweighted; site_code=RAJ01; unit_level=Division; unit_name=Medicine;"
    " measure_type=theme; measure_code=morale; base_n=120; score=5.8; positive_pct=-"
)
BROKEN = [
    ("base_n=10", "base_below_11"),
    ("base_n=", "result_without_base"),
    ("positive_pct=61.5", "result_of_measure"),
    ("measure_type=question; measure_code=q3c", "result_of_measure"),
]


def test_each_pair_of_a_unit_is_a_row() -> None:
    header, *rows = one_row_per_measure("Results", iter([*HEAD, ROW, [""] * 9]))
    assert header == list(MEASURE_HEADER)
    unit = ["2025", "unweighted", "RAJ01", "Division", "Medicine"]
    assert rows == [
        [*unit, "promise_element", "team", "120", "6.71", "-"],
        [*unit, "theme", "morale", "118", "5.8", "-"],
        [*unit, "question", "q20a", "", "-", ""],
    ]


@pytest.mark.parametrize(
    ("above", "leaf", "kind", "code"),
    [[cell.strip() for cell in line.split("|")] for line in RESULTS.strip().splitlines()[1:]],
)
def test_a_measure_is_told_by_its_published_name(above: str, leaf: str, kind: str, code: str) -> None:
    head = [["Staff Survey 2025, weighted", "", "", "", ""], ["", "", "", above, ""], [*HEAD[3][:4], leaf]]
    row = list(one_row_per_measure("Results", iter([*head, ["RAJ", "Trust", "All", "900", "6"]])))[1]
    assert (row[1], row[5], row[6]) == ("weighted", kind, code)


@pytest.mark.parametrize("sheet", [[["Unit", "Score"], ["A", "6"]], [HEAD[3]], [["Notes"]], []])
def test_another_sheet_is_not_of_this_layout(sheet: list[list[str]]) -> None:
    assert list(one_row_per_measure("Results", iter(sheet))) == []


def test_a_workbook_is_recognised_by_its_content_and_an_unknown_measure_refuses_its_rows(tmp_path: Path) -> None:
    folder = tmp_path / "staff_survey"
    folder.mkdir()
    rows = [[*row] for row in HEAD]
    rows[2][5] = "Moral"
    units = [["RAJ01", "Division", f"Unit {number}", 50, 6.5, 50, 5.5, 40, 61.5] for number in range(3)]
    path = folder / "anything.xlsx"
    path.write_bytes(workbook({"Results": Sheet([*rows, *units])}))
    checked = check_file(path, RUN_DATE)
    assert checked.refusal is None
    assert checked.examined.match.contract.id == "staff_survey"
    assert checked.examined.judged.counts == {"accepted": 6, "rejected": 3, "total": 0, "blank": 0}


def test_a_sound_row_breaks_no_rule(tmp_path: Path) -> None:
    (row,) = judged(tmp_path, "staff_survey", cells(SOUND))
    assert (row["class"], row["problems"]) == ("accepted", [])
    assert (row["score_status"], row["positive_pct_status"]) == ("reported", "not_applicable")


@pytest.mark.parametrize(("changed", "rule"), BROKEN)
def test_a_broken_rule_speaks_and_refuses_what_it_must(tmp_path: Path, changed: str, rule: str) -> None:
    bad = judged(tmp_path, "staff_survey", cells(SOUND), cells(SOUND) | {"unit_name": "Surgery"} | cells(changed))[1]
    severity = next(item.severity for item in feeds()["staff_survey"].rules if item.name == rule)
    assert bad["problems"] == [f"{rule}|"]
    assert bad["class"] == ("rejected" if severity == "error" else "accepted")


def test_every_rule_of_the_contract_is_drawn() -> None:
    assert {rule.name for rule in feeds()["staff_survey"].rules} == {rule for _, rule in BROKEN}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, example_files: Path) -> list[dict]:
    """Rows of the example's workbooks, as they are read."""
    home = Home(tmp_path_factory.mktemp("staff_survey"))
    shutil.copytree(example_files / "staff_survey", home.landing / "staff_survey")
    load(home, make_run(), Ledger(home.ledger))
    found = duckdb.execute(f"select * from read_parquet('{home.lake}/staff_survey/*.parquet')")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_example_holds_what_truth_says(rows) -> None:
    trust = {
        (row["survey_year"].year, row["measure_code"]): float(row["score"])
        for row in rows
        if row["unit_level"] == "trust" and row["weighting"] == "unweighted" and row["score"] is not None
    }
    first, last = truth.STAFF_SURVEY_YEARS[0], truth.STAFF_SURVEY_YEARS[-1]
    rise = {code: trust[last, code] - score for (year, code), score in trust.items() if year == first}
    assert len(rise) == 9
    assert rise.pop("voice_that_counts") == pytest.approx(truth.VOICE_RISE * (last - first), abs=0.1)
    assert all(abs(change) < 0.1 for change in rise.values())

    year, site, unit = truth.STAFF_SURVEY_FEW
    hidden = [row for row in rows if row["base_n"] is None]
    assert {(row["survey_year"].year, row["site_code"], row["unit_name"]) for row in hidden} == {(year, site, unit)}
    assert {row["base_n_status"] for row in hidden} == {"suppressed_at_source"}
    assert {row["unit_level"] for row in rows if row["weighting"] == "weighted"} == {"trust"}

"""A feed whose sheets are its measures: which sheets count, how they become one table, and where a row stands."""

from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ingest.check import account, check_file
from ingest.examples.workbook import Sheet, workbook
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import load
from ingest.readers import staff_survey
from ingest.refusal import Refusal
from tests.conftest import RUN_DATE, make_run

TITLE = [["Workforce"], [], []]
SICKNESS = ["Division", "Cost Centre", "Cost Centre Name", "Month", "FTE Days Lost", "FTE Days Available", "Absence %"]
VACANCY = ["Cost Centre", "Month", "FTE Established", "FTE Vacant", "Vacancy %", "Comment"]
MARCH = date(2026, 3, 1)
SICK_ROWS = [["Medicine", 410001, "A", MARCH, 3, 60, 0.05], ["Medicine", "Sub-total", None, MARCH, 3, 60, 0.05]]
VACANT_ROWS = [["410001", "Mar-26", 20, -1, -0.05], [], ["410002", "Mar-26", 20, 2, 0.1, "recruiting"]]


def sheets(**more: Sheet) -> dict[str, Sheet]:
    return {
        "About": Sheet([["Ask the workforce team"]]),
        "Sickness ": Sheet([*TITLE, SICKNESS, *SICK_ROWS]),
        "VACANCY": Sheet([*TITLE, VACANCY, *VACANT_ROWS]),
        **more,
    }


def written(folder: Path, of: dict[str, Sheet], name: str = "report.xlsx") -> Path:
    path = folder / "workforce" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook(of))
    return path


def refusal(tmp_path: Path, of: dict[str, Sheet]) -> Refusal:
    found = check_file(written(tmp_path, of), RUN_DATE).refusal
    assert found
    return found


def test_sheets_are_joined_and_each_tells_its_measure(home: Home, ledger: Ledger) -> None:
    written(home.landing, sheets())
    (outcome,) = load(home, make_run(), ledger).outcomes
    assert outcome.state == "accepted"
    judged = outcome.examined.judged
    assert judged.counts == {"accepted": 3, "rejected": 0, "total": 1, "blank": 1}
    assert outcome.examined.text.sheets == [(1, "Sickness "), (3, "VACANCY")]
    assert judged.periods == (("sickness", MARCH, 1), ("vacancy", MARCH, 2))
    rows = lake_rows(home)
    assert rows == [
        ("sickness", "Medicine", "410001", "A", 3, 60, 1),
        ("vacancy", None, "410001", None, -1, 20, 3),
        ("vacancy", None, "410002", None, 2, 20, 5),
    ]


def lake_rows(home: Home) -> list[tuple[object, ...]]:
    return duckdb.execute(
        "select measure, division, cost_centre_id, cost_centre_name, numerator, denominator, _row_number "
        f"from read_parquet('{home.lake / 'workforce'}/*.parquet') order by _row_number"
    ).fetchall()


def test_a_column_that_only_one_sheet_has_and_no_contract_knows_is_told(tmp_path: Path) -> None:
    checked = check_file(written(tmp_path, sheets()), RUN_DATE)
    assert checked.examined.match.unknown == {8: "Comment"}
    (told,) = (result for result in checked.examined.judged.results if result[0] == "unknown_column")
    assert told[1:4] == ("fail", 3, 1)


def test_a_row_is_told_by_its_place_in_its_sheet(tmp_path: Path) -> None:
    wrong = sheets(Agency=Sheet([*TITLE, ["CC", "Month", "Agency FTE", "FTE Worked", "Agency %"],
                                 ["410001", MARCH, 1, 20, 0.05], ["410002", MARCH, 0, 0, "#DIV/0!"]]))  # fmt: skip
    lines = account(check_file(written(tmp_path, wrong), RUN_DATE))
    assert any("data row 2 of sheet «Agency»" in line and "Share" in line for line in lines), lines


def test_a_workbook_of_one_sheet_replaces_that_measure_alone(home: Home, ledger: Ledger) -> None:
    written(home.landing, sheets())
    load(home, make_run(), ledger)
    only = {"Sickness": Sheet([*TITLE, SICKNESS, ["Medicine", 410001, "A", MARCH, 6, 60, 0.1]])}
    written(home.landing, only, "report v2.xlsx")
    load(home, make_run(), ledger)
    periods = {}
    for row in ledger.read("file_period"):
        periods.setdefault(row["scope"], []).append(row["rows_accepted"])
    assert periods == {"sickness": [1, 1], "vacancy": [2]}


@pytest.mark.parametrize(
    ("more", "where", "why"),
    [
        ({"Sickness (2)": Sheet([*TITLE, SICKNESS, *SICK_ROWS])}, "sheet «Sickness (2)»", "tells none of its measures"),
        ({"Vacancies": Sheet([*TITLE, VACANCY, *VACANT_ROWS])}, "«VACANCY», «Vacancies»", "more than one"),
        ({"Bank": Sheet([*TITLE, ["CC", "Month", "FTE Worked", "Bank %"]])}, "sheet «Bank», row 4", "Numerator"),
        ({"Bank": Sheet([*TITLE, SICKNESS, *SICK_ROWS], is_hidden=True)}, "sheet «Bank»", "hidden or empty"),
        ({"Bank": Sheet([])}, "sheet «Bank»", "hidden or empty"),
    ],
)
def test_a_sheet_that_may_or_may_not_count_refuses_the_workbook(
    tmp_path: Path, more: dict[str, Sheet], where: str, why: str
) -> None:
    found = refusal(tmp_path, sheets(**more))
    assert where in found.where
    assert why in found.why


def test_measures_without_named_sheets_are_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, {"Sheet1": Sheet([*TITLE, SICKNESS, *SICK_ROWS])})
    assert (found.rule, found.where) == ("recognised", "sheet «Sheet1»")
    assert "vacancy" in found.why


def test_figures_below_zero_are_of_vacancy_alone(tmp_path: Path) -> None:
    lost = Sheet([*TITLE, SICKNESS, *([["Medicine", number, "A", MARCH, 1, 60, 1 / 60] for number in range(410001, 410009)]),
                  ["Medicine", 410009, "A", MARCH, -3, 60, -0.05]])  # fmt: skip
    judged = check_file(written(tmp_path, {"Sickness": lost}), RUN_DATE).examined.judged
    assert [(finding.rule, finding.rows) for finding in judged.findings] == [("negative_measure", 1)]


def test_shares_of_a_hundred_beside_shares_of_one_are_told(tmp_path: Path) -> None:
    rows = [["Medicine", 410001, "A", MARCH, 3, 60, 0.05], ["Medicine", 410002, "B", MARCH, 3, 60, 5]]
    judged = check_file(written(tmp_path, {"Sickness": Sheet([*TITLE, SICKNESS, *rows])}), RUN_DATE).examined.judged
    assert [(finding.rule, finding.samples, finding.kept) for finding in judged.findings] == [
        ("share_recomputes", (2,), True)
    ]


def test_formulas_without_a_stored_value_are_told_by_sheet_and_row(tmp_path: Path) -> None:
    sick = Sheet([*TITLE, SICKNESS, *SICK_ROWS, []], formulas={"G1": "1", "G5": "E5/F5", "F7": "1", "G7": "1"})
    vacant = Sheet([*TITLE, VACANCY, *VACANT_ROWS], formulas={"D7": "1", "E7": "1"})
    checked = check_file(written(tmp_path, {"Sickness": sick, "Vacancy": vacant}), RUN_DATE)
    lines = "\n".join(account(checked))
    told = "2 rows (data row 1 of sheet «Sickness», 3 of sheet «Vacancy»): A formula of a workbook has a stored value;"
    assert told in lines
    (result,) = (result for result in checked.examined.judged.results if result[0] == "stored_value")
    assert result[1:4] == ("fail", 3, 2)


def test_what_other_programs_write_is_read_alike(tmp_path: Path) -> None:
    """openpyxl shares texts, writes an empty value for a formula, and counts days from 1904 where it is told to."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "Vacancy"
    for row in ([], [], [], VACANCY, ["410001", MARCH, 20, -1, "=D5/C5"], ["410002", MARCH, 20, "#N/A", 0.1]):
        sheet.append(row)
    # The first rows and the first column of a sheet may be wholly blank, and a place is still its place.
    sheet.insert_cols(1)
    path = written(tmp_path, {})
    book.save(path)
    checked = check_file(path, RUN_DATE)
    assert checked.examined.encoding == "xlsx, days from 1904"
    assert checked.examined.judged.periods == (("vacancy", MARCH, 1),)
    assert [(found.rule, found.samples) for found in checked.examined.judged.findings] == [
        ("type", (2,)),
        ("stored_value", (1,)),
    ]


def test_a_survey_sheet_without_end_is_refused_before_it_takes_the_time() -> None:
    width = 1 + staff_survey.MOST_ANSWERS // 1000
    head = [["", "Q1", *[""] * (width - 1)], ["", *["Never"] * width], ["", *["%"] * (width - 1), "n"]]
    one = ["ALL TRUSTS", *["1"] * width]
    rows = staff_survey.one_row_per_answer("x - y.xls", "s", iter([*head, *[one] * 1001]))
    with pytest.raises(Refusal, match="more than 4,000,000 answers"):
        for _ in rows:
            pass

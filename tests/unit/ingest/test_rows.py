"""Row rules as drawn tables: what a cell holds, what the lake holds, which rule spoke."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.check import Checked, check_file, files_of
from ingest.identifiers import Door
from ingest.landing import LandingFile
from ingest.load import connect, examine
from ingest.refusal import Refusal
from tests.conftest import KEY, RUN_DATE

HEADER = "Site Code,Ward,Indicator,Month,Numerator,Denominator,Value,Provisional"


def examined(tmp_path: Path, text: str, feed: str = "ward_indicator", name: str = "file.csv"):
    """Examine a file's text as one in its feed's folder; gives the outcome and the judged rows by number."""
    folder = tmp_path / feed
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    stat = path.stat()
    with connect() as connection:
        file = LandingFile(path, f"{feed}/{name}", stat.st_size, stat.st_mtime_ns)
        outcome = examine(connection, file, RUN_DATE, tmp_path / "judged.parquet", Door(KEY))
        rows = connection.execute(
            "select * replace (coalesce(problems, []) as problems) from judged order by _row_number"
        ).fetchall()
        names = [column[0] for column in connection.description]
    return outcome.judged, {row[names.index("_row_number")]: dict(zip(names, row, strict=True)) for row in rows}


VALUES = """
    delivered  | value    | value_status         | broken
    12.5       | 12.5     | reported             |
    1,234.5    | 1234.5   | reported             |
    0,951      | null     | null                 | type
    95%        | 95       | reported             |
    0          | 0        | reported             |
    -3.25      | -3.25    | reported             |
    *          | null     | suppressed_at_source |
    -          | null     | not_applicable       |
               | null     | missing              |
    n/a        | null     | null                 | type
    1e3        | null     | null                 | type
    12,5       | null     | null                 | type
    =1+1       | null     | null                 | type
"""


@pytest.mark.parametrize("line", VALUES.strip().splitlines()[1:])
def test_value_and_status(tmp_path: Path, line: str) -> None:
    delivered, value, status, broken = (cell.strip() for cell in line.split("|"))
    good = "RAJ01,Ash,FALLS_1000,01/05/2025,1,100,10,N"
    _, rows = examined(tmp_path, f'{HEADER}\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,"{delivered}",N\n{good}\n')
    row = rows[1]
    assert row["value"] == (None if value == "null" else Decimal(value))
    assert row["value_status"] == (None if status == "null" else status)
    assert row["problems"] == ([f"{broken}|value"] if broken else [])
    assert row["class"] == ("rejected" if broken else "accepted")


MONTHS = """
    delivered   | month
    01/04/2025  | 2025-04-01
    30/04/2025  | 2025-04-01
    17/04/2025  | refused
    04/01/2025  | refused
    2025-04-01  | 2025-04-01
    Apr-25      | 2025-04-01
    April 2025  | 2025-04-01
    45748       | 2025-04-01
    45748.0     | 2025-04-01
    2025-04-01 00:00:00 | 2025-04-01
    04/13/2025  | refused
    31/02/2025  | refused
    01/04/25    | refused
    20250401    | refused
    soon        | refused
"""


@pytest.mark.parametrize("line", MONTHS.strip().splitlines()[1:])
def test_months_are_read_strictly(tmp_path: Path, line: str) -> None:
    delivered, month = (cell.strip() for cell in line.split("|"))
    good = "RAJ01,Ash,FALLS_1000,01/05/2025,1,100,10,N"
    _, rows = examined(tmp_path, f"{HEADER}\nRAJ01,Ash,FALLS_1000,{delivered},1,100,10,N\n{good}\n")
    assert rows[1]["month"] == (None if month == "refused" else date.fromisoformat(month))
    assert rows[1]["problems"] == (["type|month"] if month == "refused" else [])


CLASSES = """
    row                                               | class    | problems
    RAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N        | accepted |
    RAJ01,Oak,FALLS_1000,01/04/2025,2,100,20,N        | rejected | duplicate_conflict|
    RAJ01,Oak,FALLS_1000,01/04/2025,3,100,30,N        | rejected | duplicate_conflict|
    RAJ01,Elm,FALLS_1000,01/04/2025,4,100,40,N        | accepted |
    RAJ01,Elm,FALLS_1000,01/04/2025,4,100,40,N        | rejected | duplicate_row|
    ,,,,,,,                                           | blank    |
    RAJ01,Total,FALLS_1000,01/04/2025,5,200,,         | total    |
    RAJ1,Fir,FALLS_1000,01/04/2025,1,100,10,N         | rejected | pattern|site_code
    RAJ01,,FALLS_1000,01/04/2025,1,100,10,N           | rejected | required|ward_name
    RAJ01,Yew,FALLS_1000,01/04/2025,1,-1,10,N         | rejected | range|denominator
    RAJ01,Bay,FALLS_1000,01/04/2025,1,0,10,N          | accepted | denominator_zero|
    RAJ01,Box,FALLS_1000,01/12/2026,1,100,10,N        | rejected | month_in_future|
    RAJ01,Pear,FALLS_1000,01/04/2025,1,100,10,perhaps | rejected | type|is_provisional
    RAJ01,Plum,FALLS_1000,01/04/2025,1,100            | rejected | row_shape|
    RAJ01,{long},FALLS_1000,01/04/2025,1,100,10,N     | rejected | length|ward_name
    RAJ01,Quince,FALLS_1000,01/04/2025,1,100,10,N     | accepted |
    RAJ01,Haw,FALLS_1000,01/04/2025,1,100,10,N,9,9    | rejected | row_shape|
                                                      | blank    |
    RAJ01, Beech\u00a0\u00a0Ward ,FALLS_1000,01/04/2025,1,100,10,N | accepted |
    RAJ01,Rowan,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
    RAJ01,Holly,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
    RAJ01,Hazel,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
    RAJ01,Lime,FALLS_1000,01/04/2025,1,100,10,N       | accepted |
    RAJ01,Alder,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
    RAJ01,Birch,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
    RAJ01,Cedar,FALLS_1000,01/04/2025,1,100,10,N      | accepted |
"""


def test_every_row_has_one_class_and_says_why(tmp_path: Path) -> None:
    table = [[cell.strip(" ") for cell in line.split("|", 2)] for line in CLASSES.strip().splitlines()[1:]]
    judged, rows = examined(
        tmp_path, HEADER + "\n" + "".join(f"{row}\n" for row, _, _ in table).replace("{long}", "x" * 501)
    )
    assert [rows[number]["class"] for number in range(1, len(table) + 1)] == [kind for _, kind, _ in table]
    assert [",".join(rows[number]["problems"]) for number in range(1, len(table) + 1)] == [why for _, _, why in table]
    assert judged.rows_read == len(table) == sum(judged.counts.values())
    assert rows[19]["ward_name"] == "Beech Ward"


def test_a_refused_row_does_not_take_a_good_one_with_it(tmp_path: Path) -> None:
    _, rows = examined(
        tmp_path,
        f"{HEADER}\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,ten,N\n",
    )
    assert [rows[1]["class"], rows[2]["class"]] == ["accepted", "rejected"]


def test_findings_name_rule_column_rows_and_mean_something(tmp_path: Path) -> None:
    lines = "".join(f"RAJ01,Ward {n},FALLS_1000,01/04/2025,1,100,{'x' if n % 3 == 0 else 10},N\n" for n in range(1, 13))
    judged, _ = examined(tmp_path, f"{HEADER}\n{lines}")
    (finding,) = judged.findings
    assert (finding.rule, finding.column, finding.rows, finding.samples) == ("type", "value", 4, (3, 6, 9, 12))
    assert finding.message == "«Value» cannot be read as a number."
    assert ("type", "fail", 12, 4, "4 rows: «Value» cannot be read as a number.") in judged.results


def test_unknown_columns_are_left_out_and_told(tmp_path: Path) -> None:
    judged, _ = examined(tmp_path, f"{HEADER},,a\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N,,\n")
    assert (
        "unknown_column",
        "fail",
        1,
        0,
        "2 columns are not in the contract and were left out: «», «a»; all are empty",
    ) in judged.results
    judged, _ = examined(tmp_path, f"{HEADER},Note\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N,see here\n")
    (result,) = [result for result in judged.results if result[0] == "unknown_column"]
    assert result[3] == 1
    assert judged.counts["accepted"] == 1


def test_scope_and_period_are_told_per_row(tmp_path: Path) -> None:
    judged, _ = examined(
        tmp_path,
        f"{HEADER}\nRAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N\nRAJ12,Ash,FALLS_1000,01/05/2025,1,100,10,N\n",
    )
    assert judged.periods == (("RAJ01", date(2025, 4, 1), 1), ("RAJ12", date(2025, 5, 1), 1))


def test_totals_are_held_against_the_sum_of_the_rest(tmp_path: Path) -> None:
    rows = "RAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N\nRAJ01,Oak,FALLS_1000,01/04/2025,2,100,20,N\n"
    judged, _ = examined(tmp_path, f"{HEADER}\n{rows}RAJ01,Site Total,FALLS_1000,01/04/2025,3,200,15,N\n")
    assert ("totals_reconcile", "pass", 1, 0, None) in judged.results
    judged, _ = examined(tmp_path, f"{HEADER}\n{rows}RAJ01,Site Total,FALLS_1000,01/04/2025,4,200,15,N\n")
    assert (
        "totals_reconcile",
        "fail",
        1,
        1,
        "data row 3: the total of numerator is 4, its rows add up to 3",
    ) in judged.results


def ae_2024(providers: list[list[object]], total: list[object] | None, period: str = "MSitAE-APRIL-2024") -> str:
    """A file in the layout of 2024-25 with these figures for each provider, and a row of totals if any."""
    from ingest.contract import feeds

    contract = feeds()["ae_attendances"]
    old = contract.layouts[0].required
    headers = ["Period", "Org Code", "Parent Org", "Org name", *(contract.column(name).headers[0] for name in old[3:])]
    lines = [",".join(headers)]
    lines += [
        ",".join(map(str, [period, code, "NHS ENGLAND", f"TRUST {code}", *figures])) for code, *figures in providers
    ]
    if total:
        lines.append(",".join(map(str, ["Total ", "Total ", "Total ", "Total ", *total])))
    return "\r\n".join(lines) + "\r\n"


def test_a_published_total_that_does_not_add_up_refuses_the_file(tmp_path: Path) -> None:
    providers = [["RAJ", *range(18)], ["RDD", *range(18)]]
    double = [2 * figure for figure in range(18)]
    judged, rows = examined(tmp_path, ae_2024(providers, double), "ae_attendances")
    assert ("totals_reconcile", "pass", 18, 0, None) in judged.results
    assert rows[3]["class"] == "total"
    # A total that leaves the code blank tells itself by the name.
    named = ae_2024(providers, double).replace("Total ,Total ,Total ,Total ", "MSitAE-APRIL-2024,,,England")
    assert ("totals_reconcile", "pass", 18, 0, None) in examined(tmp_path, named, "ae_attendances")[0].results
    with pytest.raises(Refusal, match="the total says 35, the rows add up to 34") as refusal:
        examined(tmp_path, ae_2024(providers, [*double[:17], 35]), "ae_attendances")
    assert refusal.value.rule == "totals_reconcile"
    assert "other_emergency_admissions" in refusal.value.where
    with pytest.raises(Refusal, match="row of totals .* is missing"):
        examined(tmp_path, ae_2024(providers, None), "ae_attendances")


def test_a_file_of_one_period_must_be_of_one(tmp_path: Path) -> None:
    text = ae_2024([["RAJ", *range(18)], ["RDD", *range(18)]], [2 * figure for figure in range(18)])
    with pytest.raises(Refusal, match="holds several: April 2024, May 2024"):
        examined(tmp_path, text.replace("MSitAE-APRIL-2024,RDD", "MSitAE-MAY-2024,RDD"), "ae_attendances")


def test_most_rows_refused_refuses_the_file(tmp_path: Path) -> None:
    lines = "".join(
        f"RAJ01,Ward {n},FALLS_1000,{'31/02/2025' if n > 1 else '01/04/2025'},1,100,10,N\n" for n in range(4)
    )
    with pytest.raises(Refusal) as refusal:
        examined(tmp_path, f"{HEADER}\n{lines}".replace("Ward 1,FALLS_1000,01/04/2025", "Ward 1,FALLS_1000,99/99/2025"))
    assert refusal.value.where == "data row 2, column month"
    assert (
        "3 of 4 rows cannot be accepted; most often: «Month» cannot be read as a date as dd/mm/yyyy"
        in refusal.value.why
    )


def test_allowed_values_are_read_without_regard_to_case(tmp_path: Path) -> None:
    header = "Programme ID,Programme,Programme Type,Start Date,End Date,Lead Role,Funder"
    _, rows = examined(
        tmp_path, f"{header}\nP1,One,Sixty_Wards,01/01/2024,,lead,\nP2,Two,qsir,01/01/2024,,lead,\n", "programme"
    )
    assert rows[1]["programme_type"] == "sixty_wards"
    assert rows[2]["problems"] == ["allowed|programme_type"]


def test_check_says_it_in_words_and_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "ward_indicator"
    folder.mkdir()
    path = folder / "november.csv"
    path.write_text(HEADER.replace(",Denominator", "") + "\nRAJ01,Ash,FALLS_1000,01/04/2025,1,10,N\n")
    checked: Checked = check_file(path, RUN_DATE)
    assert not checked.is_clean
    assert checked.refusal is not None
    assert checked.refusal.why == (
        "the column «Denominator» is missing (found: Site Code, Ward, Indicator, Month, Numerator, Value, Provisional)"
    )
    assert checked.refusal.mend == "add the column, named: Denominator or Denom or OBD; then drop the file again"
    assert list(tmp_path.rglob("*.parquet")) == []


def test_the_row_for_england_is_a_total_in_the_later_layout_too(tmp_path: Path) -> None:
    from tests.unit.ingest.test_recognise import NEW_AE

    header = ",".join(f'"{cell}"' for cell in NEW_AE)
    trust = ["RAJ", "East", "MSE", *[10, 0, 5, 15, 6, 0, 5, 11, 4, 0, 0, 4], *["73.3%", "60%", "-", "100%"], *[1] * 8]
    england = ["-", "-", "England", *trust[3:]]
    judged, rows = examined(
        tmp_path,
        "\n".join([header, ",".join(map(str, trust)), ",".join(map(str, england))]),
        "ae_attendances",
        "May-2025-AE.csv",
    )
    assert [rows[number]["class"] for number in (1, 2)] == ["accepted", "total"]
    assert ("totals_reconcile", "pass", 20, 0, None) in judged.results


def test_check_takes_folders_and_leaves_out_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/two.csv", "a.csv"):
        (tmp_path / name).write_text("x")
    assert files_of([tmp_path, tmp_path / "none.csv"]) == [tmp_path / "a.csv", tmp_path / "b" / "two.csv"]


def test_two_spellings_of_one_name_compete_for_one_key(tmp_path: Path) -> None:
    row = "RAJ01,{},FALLS_1000,01/04/2025,1,100,10,N\n"
    others = "".join(row.format(f"Ward {n}") for n in range(4))
    _, rows = examined(tmp_path, HEADER + "\n" + row.format("Ash Ward") + row.format("ASH  WARD") + others)
    assert [rows[1]["class"], rows[2]["problems"]] == ["accepted", ["duplicate_row|"]]


def test_signs_that_look_like_line_ends_lose_no_row(tmp_path: Path) -> None:
    rows = "".join(f"RAJ01,Ward {n},FALLS_1000,01/04/2025,1,100,10,N\n" for n in range(5))
    judged, _ = examined(tmp_path, "note \x0b x \x0c y \u2028 z\n" + HEADER + "\n" + rows)
    assert judged.counts["accepted"] == 5


def test_a_giant_cell_is_no_crash(tmp_path: Path) -> None:
    rows = "".join(f"RAJ01,Ward {n},FALLS_1000,01/04/2025,1,100,10,N\n" for n in range(5))
    judged, _ = examined(tmp_path, f"{HEADER}\n{rows}RAJ01,{'x' * 200_000},FALLS_1000,01/04/2025,1,100,10,N\n")
    assert judged.counts == {"accepted": 5, "rejected": 1, "total": 0, "blank": 0}


TOTALS = ["Total", "Grand total", "Sub-total", "Basildon total", "Trust", "Overall"]


@pytest.mark.parametrize("name", TOTALS)
def test_totals_by_any_name_are_no_units(tmp_path: Path, name: str) -> None:
    header = "Quarter,Site Code,Unit,Question,Base,Positive"
    row = "01/04/2025,RAJ01,{},q1,20,10"
    _, rows = examined(tmp_path, "\n".join([header, row.format(name), row.format("Total Care Unit")]), "pulse_survey")
    assert [rows[1]["class"], rows[2]["class"]] == ["total", "accepted"]

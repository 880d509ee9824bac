"""`qls spc`: what it refuses and how it says so, what it answers where there is little to judge."""

import csv
from pathlib import Path
from typing import Any

import pytest

from ingest.refusal import Refusal
from orchestration.spc import Request, run
from tests.conftest import qls

HEADER = (
    "series_id,period,value,improvement_direction,target,rebase_flag,exclude_flag,fix_after_n_points,screen_outliers"
)


def months(count: int) -> list[str]:
    return [f"{2020 + number // 12}-{number % 12 + 1:02d}-01" for number in range(count)]


def series(name: str, values: list[object], options: str = "increase,,0,0,,") -> list[str]:
    """Lines of one series; the options of the first line may differ from the others' by `rebase`."""
    return [f"{name},{month},{value},{options}" for month, value in zip(months(len(values)), values, strict=True)]


def judge(
    folder: Path, lines: list[str], header: str = HEADER, **options: Any
) -> tuple[list[dict[str, str]], dict[str, dict[str, str]], list[str]]:
    """Points, series by name, and what was said."""
    source, out, summary = folder / "in.csv", folder / "out.csv", folder / "summary.csv"
    source.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    said = list(run(Request(source, out, summary, **options)))
    with out.open() as handle:
        points = list(csv.DictReader(handle))
    with summary.open() as handle:
        return points, {row["series_id"]: row for row in csv.DictReader(handle)}, said


NOISE: list[object] = [50, 53, 48, 51, 47, 52, 50, 54, 49, 46, 51, 50, 53, 48, 52]


def test_three_columns_are_enough_and_nobody_is_judged_by_them(tmp_path: Path) -> None:
    lines = [f"a,{month},{value}" for month, value in zip(months(15), NOISE, strict=True)]
    lines[-1] = f"a,{months(15)[-1]},99"
    points, found, _ = judge(tmp_path, lines, "series_id,period,value")
    assert points[-1]["point_type"] == "special_cause_neutral_high"
    assert found["a"]["variation_icon"] == "neutral_high.svg"
    assert found["a"]["assurance_type"] == ""


# What is left without an answer, and what is answered nonetheless

LITTLE = {
    "one point": ([50], ""),
    "two points": ([50, 52], ""),
    "twelve points": (NOISE[:12], ""),
    "thirteen points": (NOISE[:13], "common_cause"),
    "thirteen points, one of them missing": ([*NOISE[:12], ""], ""),
    "constant": ([7] * 24, ""),
    "constant at a tenth": ([20.1] * 24, ""),
    "all missing": ([""] * 24, ""),
    "one value among missing": (["", "", 3, *[""] * 20], ""),
    "enough": (NOISE, "common_cause"),
    "a missing last month": ([*NOISE, ""], "common_cause"),
}


@pytest.mark.parametrize("name", LITTLE)
def test_no_icon_where_there_is_too_little_to_judge(tmp_path: Path, name: str) -> None:
    values, variation = LITTLE[name]
    points, found, _ = judge(tmp_path, series("a", values, "increase,40,0,0,,"))
    assert len(points) == len(values)
    assert found["a"]["variation_type"] == variation
    assert bool(found["a"]["assurance_type"]) == bool(variation)
    assert not [point for point in points if point["special_cause_flag"] != "FALSE"]


def test_the_reference_answers_where_we_do_not(tmp_path: Path) -> None:
    strict = {"profile": "nhsrplotthedots", "strict_reference": True}
    values: list[object] = [*[0] * 23, 1]
    _, found, _ = judge(tmp_path, series("a", values), **strict)
    assert found["a"]["n_special"] == "24"
    _, found, said = judge(tmp_path, series("a", values), profile="nhsrplotthedots")
    assert (found["a"]["n_special"], found["a"]["variation_type"]) == ("0", "")
    assert any("degenerate" in line for line in said)


def test_points_beyond_the_limits_count_as_close_by_making_data_count(tmp_path: Path) -> None:
    """One point beyond three sigma and one between two and three, on one side with the point between them."""
    values = [*NOISE[:12], 48, 62, 52, 58, 48]
    counted, _, _ = judge(tmp_path, series("a", values, "increase,,0,0,12,FALSE"))
    package, _, _ = judge(tmp_path, series("a", values, "increase,,0,0,12,FALSE"), profile="nhsrplotthedots")
    assert [point["rule_two_in_three"] for point in counted[13:16]] == ["TRUE", "FALSE", "TRUE"]
    assert [point["rule_two_in_three"] for point in package[13:16]] == ["FALSE", "FALSE", "FALSE"]


def test_a_profile_that_never_screens_says_so(tmp_path: Path) -> None:
    values = [*NOISE, 90, *NOISE]
    with_it, _, said = judge(tmp_path, series("a", values, "increase,,0,0,,TRUE"))
    without, _, _ = judge(tmp_path, series("a", values, "increase,,0,0,,FALSE"))
    assert [point["upl"] for point in with_it] == [point["upl"] for point in without]
    assert any("never screens" in line for line in said)
    screened, _, _ = judge(tmp_path, series("a", values, "increase,,0,0,,"), profile="nhsrplotthedots")
    assert float(screened[0]["upl"]) < float(without[0]["upl"])


def test_a_rebase_on_the_first_month_is_one_group(tmp_path: Path) -> None:
    lines = series("a", NOISE)
    lines[0] = lines[0].replace(",0,0,,", ",1,0,,")
    points, found, _ = judge(tmp_path, lines)
    assert {point["rebase_group"] for point in points} == {"1"}
    assert found["a"]["n_groups"] == "1"


def test_a_rebase_on_an_excluded_row_is_reported(tmp_path: Path) -> None:
    lines = series("a", NOISE)
    lines[3] = lines[3].replace(",0,0,,", ",1,1,,")
    points, _, said = judge(tmp_path, lines)
    assert len(points) == 14
    assert {point["rebase_group"] for point in points} == {"0"}
    assert any("rebase dates stand on excluded rows" in line for line in said)


def test_missing_months_are_counted(tmp_path: Path) -> None:
    lines = series("a", NOISE)
    _, _, said = judge(tmp_path, [*lines[:4], *lines[6:]])
    assert any(line.startswith("Note        2 months have no row") for line in said)


def test_two_points_in_a_month_are_two_points_and_told(tmp_path: Path) -> None:
    lines = series("a", NOISE)
    again = lines[3].replace("2020-04-01", "2020-04-30")
    points, _, said = judge(tmp_path, [*lines, again])
    assert len(points) == 16
    assert any("more than one point in a month" in line for line in said)
    _, _, said = judge(tmp_path, lines)
    assert not any("in a month" in line for line in said)


@pytest.mark.parametrize(
    ("values", "target", "is_asked"),
    [
        ([12, 14, 13], 0.95, True),
        ([0.2, 0.3, 0.9], 9.5, True),
        ([120, 140, 130], 1.3, True),
        ([12, 14, 13], 2, False),
        ([12, 14, 13], 0, False),
        ([0, 1, 0], 0.5, False),
        ([91, 95, 93], 95, False),
    ],
)
def test_a_target_far_from_its_values_is_asked_after(
    tmp_path: Path, values: list[object], target: float, is_asked: bool
) -> None:
    _, _, said = judge(tmp_path, series("a", values, f"increase,{target},0,0,,"))
    assert any("another unit" in line and "a has" in line for line in said) == is_asked


def test_a_neutral_series_is_held_against_no_target(tmp_path: Path) -> None:
    points, found, _ = judge(tmp_path, series("a", [*NOISE, 99], "neutral,40,0,0,,"))
    assert points[-1]["point_type"] == "special_cause_neutral_high"
    assert (found["a"]["assurance_type"], found["a"]["assurance_icon"]) == ("", "")


def test_a_target_that_changes_is_judged_by_its_last(tmp_path: Path) -> None:
    lines = [*series("a", NOISE[:14], "increase,90,0,0,,"), *series("a", NOISE, "increase,20,0,0,,")[14:]]
    points, found, _ = judge(tmp_path, lines)
    assert (points[0]["target"], points[-1]["target"]) == ("90", "20")
    assert found["a"]["assurance_type"] == "consistent_pass"


def test_a_thousand_series_each_by_its_own_options(tmp_path: Path) -> None:
    choices = ("increase,40,0,0,,", "decrease,60,0,0,12,", "neutral,,0,0,,FALSE", "increase,,0,0,,TRUE")
    lines = [line for number in range(1000) for line in series(f"s{number:04d}", NOISE, choices[number % 4])]
    _, together, _ = judge(tmp_path, lines, profile="nhsrplotthedots")
    assert len(together) == 1000
    for number in range(4):
        _, alone, _ = judge(tmp_path, series(f"s{number:04d}", NOISE, choices[number]), profile="nhsrplotthedots")
        assert together[f"s{number:04d}"] == alone[f"s{number:04d}"]
        assert together[f"s{996 + number:04d}"] | {"series_id": ""} == alone[f"s{number:04d}"] | {"series_id": ""}


# What is refused, with its line and its mend

ROW = "a,2024-01-01,5,increase,,0,0,,"
REFUSED = {
    "a missing column": ("series_id,value", ["a,5"], "line 1", "the column period is missing"),
    "a column twice": ("series_id,period,value,value", ["a,2024-01-01,5,6"], "line 1", "stands there twice"),
    "no rows": (HEADER, [], "the file", "a header and no rows"),
    "an unreadable date": (HEADER, [ROW, ROW.replace("2024-01-01", "01/02/2024")], "line 3", "period is '01/02/2024'"),
    "an impossible date": (HEADER, [ROW.replace("2024-01-01", "2024-02-30")], "line 2", "period is '2024-02-30'"),
    "a blank date": (HEADER, [ROW.replace("2024-01-01", "")], "line 2", "period is blank"),
    "a blank series": (HEADER, [ROW.replace("a,2", ",2")], "line 2", "series_id is blank"),
    "an unreadable number": (HEADER, [ROW.replace(",5,", ",5 days,")], "line 2", "value is '5 days'"),
    "a thousands comma": (HEADER, [ROW.replace(",5,", ',"1,234",')], "line 2", "value is '1,234'"),
    "an endless number": (HEADER, [ROW.replace(",5,", ",inf,")], "line 2", "value is 'inf'"),
    "an enormous number": (HEADER, [ROW.replace(",5,", ",123456789012345,")], "line 2", "value is"),
    "an unreadable target": (HEADER, [ROW.replace("increase,,", "increase,95%,")], "line 2", "target is '95%'"),
    "an unknown direction": (HEADER, [ROW.replace("increase", "up")], "line 2", "improvement_direction is 'up'"),
    "a short baseline": (HEADER, [ROW.replace("0,0,,", "0,0,6,")], "line 2", "fix_after_n_points is '6'"),
    "a flag of another kind": (HEADER, [ROW.replace(",0,0,", ",yes,0,")], "line 2", "rebase_flag is 'yes'"),
    "too many cells": (HEADER, [ROW, ROW + ",x,"], "line 3", "11 cells"),
    "two points on one date": (HEADER, [ROW, ROW.replace(",5,", ",6,")], "lines 2 and 3", "two points for 2024-01-01"),
    "two directions": (HEADER, [ROW, "a,2024-02-01,5,decrease,,0,0,,"], "line", "something else in other rows"),
    "a percentage against shares": (
        HEADER,
        series("a", [0.91, 0.95, 0.93], "increase,95,0,0,,"),
        "line 2",
        "another unit",
    ),
    "a share against percentages": (
        HEADER,
        series("a", [91, 95, 93.5], "increase,0.95,0,0,,"),
        "line 2",
        "another unit",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_with_its_line_and_its_mend(tmp_path: Path, name: str) -> None:
    header, lines, where, why = REFUSED[name]
    with pytest.raises(Refusal) as refused:
        judge(tmp_path, lines, header)
    assert refused.value.where.startswith(where)
    assert why in refused.value.why
    assert refused.value.mend
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"PK\x03\x04\x00\x00", b'series_id,period,value\na,"2024'])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(Refusal):
        list(run(Request(tmp_path / "in.csv", tmp_path / "out.csv")))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in.csv", "--out", "in.csv"], "the same file"),
        (["none.csv", "--out", "out.csv"], "no such file"),
        (["in.csv", "--out", "none/out.csv"], "folder that exists"),
        (["in.csv", "--out", "out.csv", "--profile", "mine"], "making_data_count_2023"),
        (["in.csv", "--out", "out.csv", "--strict-reference"], "--profile nhsrplotthedots"),
    ],
)
def test_a_wrong_request_ends_with_two_and_words(tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "in.csv").write_text(f"{HEADER}\n{ROW}\n")
    at = [str(tmp_path / part) if part.endswith(".csv") else part for part in arguments]
    done = qls(tmp_path, "spc", *at)
    assert done.returncode == 2
    assert says in done.stdout
    assert "Traceback" not in done.stdout


def test_semicolons_windows_text_and_more_than_twelve_places_are_read(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    cells = ["0.0000000000005", "0.0000000000015", "-0.0000000000015", "1e-05", "0.00085800000000000004"]
    lines = [f"Père;{month};{cell}" for month, cell in zip(months(5), cells, strict=True)]
    source.write_bytes("\r\n".join(["series_id;period;value", *lines, ";;", ""]).encode("cp1252"))
    list(run(Request(source, out)))
    with out.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["value"] for row in rows] == ["0", "0.000000000002", "-0.000000000002", "0.00001", "0.000858"]
    assert rows[0]["series_id"] == "Père"


def test_the_chart_is_one_page_with_every_series(tmp_path: Path) -> None:
    page = tmp_path / "chart.html"
    lines = [*series("falls", [*NOISE, 90]), *series("ulcers", NOISE[:5])]
    lines[3] += ",New team"
    lines = [line if line.count(",") == 9 else line + "," for line in lines]
    judge(tmp_path, lines, f"{HEADER},annotation", chart=page)
    text = page.read_text(encoding="utf-8")
    assert text.count("<figure>") == 2
    assert "falls: far higher than usual in the last point: improvement." in text
    assert "ulcers: there are fewer than 13 values" in text
    assert "01 Apr 2020: New team" in text
    assert "profile making_data_count_2023" in text


def test_too_many_charts_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    lines = [line for number in range(201) for line in series(f"s{number}", [5])]
    with pytest.raises(Refusal, match="at most 200"):
        judge(tmp_path, lines, chart=tmp_path / "chart.html")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_of_excluded_rows_has_headers_for_an_answer(tmp_path: Path) -> None:
    points, found, said = judge(tmp_path, series("a", NOISE, "increase,,0,1,,"))
    assert (points, found) == ([], {})
    assert any("no row that is not excluded" in line for line in said)


def test_an_engine_that_fails_is_a_fault_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.spc.render", lambda *_: "select nothing")
    with pytest.raises(RuntimeError, match="could not judge"):
        judge(tmp_path, series("a", NOISE))
    assert not (tmp_path / "out.csv").exists()

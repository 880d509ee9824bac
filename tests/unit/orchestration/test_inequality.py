"""`qls inequality` on what people send: refused with line and mend, or said in the column `state`; never silently off."""

from pathlib import Path
from typing import Any

import pytest

from ingest.refusal import Refusal
from orchestration import tidy
from orchestration.inequality import Options, compute
from tests.conftest import qls

SLOPE = "area,quantile,population,value,lower_cl,upper_cl\n"
QUINTILES = [
    "1,2560,0.104,0.093,0.116",
    "2,3201,0.102,0.092,0.113",
    "3,1049,0.078,0.063,0.096",
    "4,2236,0.067,0.057,0.078",
    "5,3325,0.052,0.045,0.061",
]
BANDS = "group,ageband,numerator,denominator,stdpop\n"
PROPORTION = {"value_type": 2, "transform": True}


def write(folder: Path, text: str) -> Path:
    path = folder / "in.csv"
    path.write_text(text, encoding="utf-8")
    return path


def answer(folder: Path, method: str, text: str, **options: Any) -> list[dict[str, Any]]:
    found = compute(write(folder, text), method, Options(**options))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def slope(*quintiles: str, area: str = "A") -> str:
    return SLOPE + "".join(f"{area},{row}\n" for row in quintiles)


# Method, text, options; the line that is named and the rule.
REFUSED: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "an empty file": ("proportion", "", {}, "line 1", "empty"),
    "a header alone": ("proportion", "case_id,numerator,denominator\n", {}, "line 2", "empty"),
    "no denominator": ("proportion", "case_id,numerator\na,1\n", {}, "line 1", "header"),
    "a column nobody knows": ("rate", "case_id,site,numerator,denominator\na,b,1,2\n", {}, "line 1", "header"),
    "a column twice": ("rate", "case_id,numerator,numerator,denominator\na,1,1,2\n", {}, "line 1", "header"),
    "no column to group by": ("mean", "ward,value\na,1\n", {"group": ("site",)}, "line 1", "header"),
    "a row of another length": ("rate", "case_id,numerator,denominator\na,1\n", {}, "line 2", "ragged"),
    "a thousands comma": ("rate", 'case_id,numerator,denominator\na,"1,000",20\n', {}, "line 2", "cell"),
    "a decimal comma": ("mean", 'group,value\na,"1,5"\n', {}, "line 2", "cell"),
    "an infinite figure": ("mean", "group,value\na,Inf\n", {}, "line 2", "cell"),
    "a blank group": ("mean", "group,value\n,1\n", {}, "line 2", "key"),
    "a denominator of 0": ("proportion", "case_id,numerator,denominator\na,1,2\nb,0,0\n", {}, "line 3", "denominator_not_positive"),
    "more than all": ("proportion", "case_id,numerator,denominator\na,3,2\n", {}, "line 2", "numerator_above_denominator"),
    "a group of more than all": ("proportion", "group,numerator,denominator\na,3,2\na,0,9\n", {}, "line 2", "numerator_above_denominator"),
    "a case twice": ("rate", "case_id,numerator,denominator\na,1,2\na,3,4\n", {}, "line 3", "repeated"),
    "a summed row twice": ("rate", "group,numerator,denominator\na,1,2\na,1,2\n", {}, "line 3", "repeated"),
    "two levels of our own": ("rate", "case_id,numerator,denominator\na,1,2\n", {"confidence": (0.9, 0.95)}, "--confidence", "confidence"),
    "a certain rate": ("rate", "case_id,numerator,denominator\na,1,2\n", {"confidence": (100.0,)}, "--confidence", "confidence"),
    "a certain rate in a column": ("rate", "case_id,numerator,denominator,confidence\na,1,2,1\n", {}, "line 2", "confidence"),
    "a multiplier of 0": ("rate", "case_id,numerator,denominator\na,1,2\n", {"multiplier": 0.0}, "--multiplier", "multiplier"),
    "a negative multiplier": ("rate", "case_id,numerator,denominator,multiplier\na,1,2,-1\n", {}, "line 2", "multiplier"),
    "confidence of a summed row": ("rate", "group,numerator,denominator,confidence\na,1,2,0.95\n", {}, "line 1", "header"),
    "an age band twice": ("dsr", BANDS + "a,0-4,1,10,5000\na,0-4,2,10,5000\n", {}, "line 3", "repeated"),
    "a blank age band": ("dsr", BANDS + "a,,1,10,5000\n", {}, "line 2", "age_band_missing"),
    "two populations in a band": ("dsr", "group,ageband,eventfreq,individuals,denominator,stdpop\na,0-4,1,9,100,5000\na,0-4,2,9,99,5000\n", {}, "line 2", "band_differs_within_itself"),
    "no frequency": ("dsr", "group,ageband,eventfreq,individuals,denominator,stdpop\na,0-4,1,9,100,5000\na,0-4,,9,100,5000\n", {}, "line 3", "frequency_not_positive"),
    "an age band less than others": ("isratio", "group,ageband,numerator,denominator,ref_numerator,ref_denominator\na,0-4,1,9,1,99\na,5-9,1,9,1,99\nb,0-4,1,9,1,99\n", {}, "line 4 and on", "bands_missing"),
    "more than can be summed": ("dsr", "ageband,eventfreq,individuals,denominator,stdpop\n0-4,1e14,1e14,10,5000\n", {}, "the whole file", "too_large"),
    "no reference": ("israte", "group,ageband,numerator,denominator,ref_numerator,ref_denominator\na,0-4,1,9,1,\n", {}, "line 2", "reference_denominator_missing"),
    "deciles as text": ("sii", slope("Q1" + QUINTILES[0][1:], *QUINTILES[1:]), PROPORTION, "line 2", "cell"),
    "quintiles from 0": ("sii", slope("0" + QUINTILES[0][1:], *QUINTILES[:4]), PROPORTION, "line 2", "quantile_no_number"),
    "a quintile twice": ("sii", slope(*QUINTILES, QUINTILES[4]), PROPORTION, "line 7", "repeated"),
    "everybody in one quintile": ("sii", slope(QUINTILES[0]), PROPORTION, "line 2 and on", "quantiles_out_of_range"),
    "the fifth quintile missing": ("sii", slope(*QUINTILES[:4]), PROPORTION, "line 2 and on", "quantiles_out_of_range"),
    "more quantiles than said": ("sii", slope(*QUINTILES, "6" + QUINTILES[4][1:]), PROPORTION | {"quantiles": 5}, "line 2 and on", "quantiles_out_of_range"),
    "no kind of value": ("sii", slope(*QUINTILES), {}, "line 2", "value_type"),
    "a slope times 0": ("sii", slope(*QUINTILES).replace("upper_cl\n", "upper_cl,multiplier\n").replace("0.116\n", "0.116,0\n").replace("0.113\n", "0.113,0\n").replace("0.096\n", "0.096,0\n").replace("0.078\n", "0.078,0\n").replace("0.061\n", "0.061,0\n"), PROPORTION, "line 2 and 4 more", "multiplier_zero"),
    "per cent for parts of 1": ("sii", slope("1,2560,10.4,9.3,11.6", *QUINTILES[1:]), PROPORTION, "line 2", "value_no_proportion"),
    "limits crossed": ("sii", slope("1,2560,0.104,0.2,0.1", *QUINTILES[1:]), PROPORTION, "line 2", "limits_crossed"),
    "nobody in a quintile": ("sii", slope("1,2560,0,0,0.01", *QUINTILES[1:]), PROPORTION, "line 2", "no_log_of_zero"),
    "everybody in a quintile": ("sii", slope("1,2560,1,0.9,1", *QUINTILES[1:]), PROPORTION, "line 2", "no_log_of_zero"),
    "one unit": ("funnel_rate", "unit,numerator,denominator\na,1,9\n", {}, "line 2", "one_unit"),
    "units without a name": ("funnel_rate", "numerator,denominator\n1,9\n2,9\n", {}, "line 1", "header"),
    "a rate per something else": ("funnel_rate", "unit,numerator,denominator,rate\na,1,10,100\nb,1,20,50\n", {}, "line 2", "rate_does_not_recompute"),
    "nothing expected": ("funnel_ratio", "unit,expected,observed\na,0,1\nb,1,1\n", {}, "line 2", "expected_not_positive"),
    "areas without a name": ("quantile", "region,value\na,1\n", {}, "line 1", "header"),
    "an area twice": ("quantile", "region,area,value\nr,a,1\nr,a,2\n", {}, "line 3", "repeated"),
    "one quantile": ("quantile", "area,value\na,1\n", {"quantiles": 1}, "--quantiles", "quantiles"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_line_and_what_mends_it(case: str, tmp_path: Path) -> None:
    method, text, options, where, rule = REFUSED[case]
    with pytest.raises(Refusal) as refused:
        answer(tmp_path, method, text, **options)
    assert (refused.value.rule, refused.value.where) == (rule, where)
    assert refused.value.why
    assert refused.value.mend


def test_a_missing_band_and_another_standard_are_said_beside_the_figure(tmp_path: Path) -> None:
    """The figure is that of the reference; without a word it would be of a standard that nobody chose."""
    bands = ["0-4", "5-9", "10-14"]
    rows = "".join(f"{group},{band},9,1000,5000\n" for group in "abc" for band in bands)
    rows = rows.replace("c,5-9,9,1000,5000", "c,5-9,9,1000,0").replace("b,10-14,9,1000,5000\n", "")
    found = answer(tmp_path, "dsr", BANDS + rows)
    states = {row["group"]: row["state"] for row in found}
    european = (
        "15-19, 20-24, 25-29, 30-34, 35-39, 40-44, 45-49, 50-54, 55-59, 60-64, 65-69, 70-74, 75-79, 80-84, 85-89, 90+"
    )
    assert states["a"] == f"age bands missing: {european}"
    assert states["b"] == f"age bands missing: 10-14, {european}"
    assert states["c"] == f"age bands missing: {european}; standard population not as in other groups: 5-9"
    assert all(row["value"] == pytest.approx(900) for row in found)
    # Bands of one's own: whole is what the file names.
    own = answer(tmp_path, "dsr", (BANDS + rows).replace("0-4", "under 5"))
    assert [row["state"] for row in own] == [
        None,
        "age bands missing: 10-14",
        "standard population not as in other groups: 5-9",
    ]


def test_a_group_without_population_somewhere_says_so(tmp_path: Path) -> None:
    header = "group,ageband,numerator,denominator,ref_numerator,ref_denominator\n"
    rows = "a,0-4,1,9,1,99\na,5-9,1,,1,99\nb,0-4,0,0,1,99\nb,5-9,0,0,1,99\n"
    first, second = answer(tmp_path, "isratio", header + rows)
    assert first["state"] == "population missing: 5-9"
    assert second["state"] == "nothing is expected"
    assert second["value"] is None


def test_a_group_without_a_quintile_has_a_state_and_no_figures(tmp_path: Path) -> None:
    other = "".join(f"B,{row}\n" for number, row in enumerate(QUINTILES, 1) if number != 2)
    whole, part = answer(tmp_path, "sii", slope(*QUINTILES) + other, **PROPORTION)
    assert whole["state"] is None
    assert whole["sii"] == pytest.approx(-0.0794, abs=1e-4)
    assert part["state"] == "quantile missing: 2"
    assert part["sii"] is part["rii"] is part["intercept"] is part["sii_lower95_0cl"] is None
    # Quintiles said: what ends at the fourth lacks the fifth.
    short = slope(*QUINTILES) + "".join(f"B,{row}\n" for row in QUINTILES[:4])
    assert answer(tmp_path, "sii", short, **PROPORTION, quantiles=5)[1]["state"] == "quantile missing: 5"


def test_where_the_last_quantiles_may_be_missing_it_is_said(tmp_path: Path) -> None:
    """Nine deciles look like nine quantiles; only the state tells."""
    nine = [*QUINTILES, *(f"{k}{QUINTILES[4][1:]}" for k in (6, 7, 8, 9))]
    ten = slope(*nine, "10" + QUINTILES[4][1:], area="B") + "".join(f"A,{row}\n" for row in nine)
    whole, part = answer(tmp_path, "sii", ten, **PROPORTION)
    assert whole["state"] is None
    assert part["state"] == "ends at quantile 9: neither quintiles nor deciles"
    five = slope(*nine, "10" + QUINTILES[4][1:], area="B") + "".join(f"A,{row}\n" for row in QUINTILES)
    assert answer(tmp_path, "sii", five, **PROPORTION)[1]["state"] == "5 quantiles, and others have 10"
    refused = answer(tmp_path, "sii", ten, **PROPORTION, quantiles=10)[1]
    assert refused["state"] == "quantile missing: 10"
    assert refused["sii"] is None
    assert answer(tmp_path, "sii", slope(*nine), **PROPORTION, quantiles=9)[0]["state"] is None


def test_the_order_of_rows_does_not_matter_and_text_does_not_sort_deciles(tmp_path: Path) -> None:
    """Sorted as texts 1, 10, 2, ... the slope would be another one."""
    deciles = [
        f"{k},{1000 + 17 * k},{0.2 - 0.01 * k:.3f},{0.19 - 0.01 * k:.3f},{0.21 - 0.01 * k:.3f}" for k in range(1, 11)
    ]
    (one,) = answer(tmp_path, "sii", slope(*deciles), **PROPORTION)
    (other,) = answer(tmp_path, "sii", slope(*sorted(deciles)), **PROPORTION)
    assert one == other
    assert one["sii"] < -0.08


@pytest.mark.parametrize("value_type", [0, 1, 2])
@pytest.mark.parametrize("transform", [False, True])
def test_a_negative_multiplier_turns_the_slope_round_and_nothing_else(
    value_type: int, transform: bool, tmp_path: Path
) -> None:
    if value_type == 0 and transform:
        return
    asked = {"value_type": value_type, "transform": transform}
    (given,) = answer(tmp_path, "sii", slope(*QUINTILES), **asked, multiplier=0.5)
    (turned,) = answer(tmp_path, "sii", slope(*QUINTILES), **asked, multiplier=-0.5)
    for level in ("95_0", "99_8"):
        assert given[f"sii_lower{level}cl"] < given["sii"] < given[f"sii_upper{level}cl"] < 0
        assert given[f"rii_lower{level}cl"] < given["rii"] < given[f"rii_upper{level}cl"] < 1
        assert turned[f"sii_lower{level}cl"] == pytest.approx(-given[f"sii_upper{level}cl"])
        assert turned[f"rii_lower{level}cl"] == pytest.approx(1 / given[f"rii_upper{level}cl"])
    assert turned["rii"] == pytest.approx(1 / given["rii"])


def test_limits_beyond_all_numbers_are_none(tmp_path: Path) -> None:
    wild = slope("1,2560,0.104,1e-300,0.116", *QUINTILES[1:])
    (row,) = answer(tmp_path, "sii", wild, value_type=1)
    assert row["sii"] == pytest.approx(-0.0758, abs=1e-4)
    assert row["sii_lower95_0cl"] is None


def test_one_level_gives_one_pair_of_limits(tmp_path: Path) -> None:
    text = "group,numerator,denominator\na,1,9\na,2,9\n"
    (row,) = answer(tmp_path, "proportion", text, confidence=(99.0,), multiplier=1.0)
    assert list(row) == ["group", "x", "n", "value", "lowercl", "uppercl", "confidence", "statistic", "method"]
    assert (row["x"], row["n"], row["confidence"], row["statistic"]) == (3, 18, "99%", "proportion of 1")
    (certain,) = answer(tmp_path, "proportion", text, confidence=(1.0,), multiplier=1.0)
    assert (certain["lowercl"], certain["uppercl"]) == (pytest.approx(0), pytest.approx(1))


def test_a_single_group_is_summed_like_any_other(tmp_path: Path) -> None:
    """The reference leaves the rows of an only group as they are."""
    (row,) = answer(tmp_path, "rate", "group,numerator,denominator\na,10,900\na,20,100\n")
    assert row["value"] == pytest.approx(3000)


def test_without_names_each_row_is_a_case_of_its_line(tmp_path: Path) -> None:
    found = answer(tmp_path, "rate", "numerator,denominator\n1,100\n1,100\n")
    assert [row["line"] for row in found] == [2, 3]


def test_where_nobody_has_an_event_a_funnel_has_no_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "unit,numerator,denominator\na,0,10\nb,0,20\n")
    found = compute(path, "funnel_rate", Options())
    assert found.lines is None
    assert found.notes
    assert [row[-1] for row in found.rows] == ["Not significant"] * 2


def test_the_command_writes_an_answer_or_says_what_mends_it(tmp_path: Path) -> None:
    given = write(tmp_path, "unit,numerator,denominator\na,30,100\nb,90,100\n")
    out, lines = tmp_path / "out.csv", tmp_path / "lines.csv"
    asked = ["inequality", str(given), "--method", "funnel_proportion", "--out", str(out), "--lines", str(lines)]
    done = qls(tmp_path, *asked)
    assert done.returncode == 0, done.stdout
    assert out.read_text().splitlines()[1] == "a,100,30,Low (0.001)"
    assert len(lines.read_text().splitlines()) == 101
    given.write_text("unit,numerator,denominator\na,30,100\nb,190,100\n")
    out.unlink()
    refused = qls(tmp_path, *asked)
    assert refused.returncode == 2
    assert "line 3" in refused.stdout
    assert "mend" in refused.stdout
    assert not out.exists()
    assert qls(tmp_path, *asked[:-4], "--out", str(given)).returncode == 2
    assert qls(tmp_path, *asked, "--confidence", "most").returncode == 2
    assert qls(tmp_path, "inequality", str(tmp_path / "none.csv"), *asked[2:]).returncode == 2


def test_cells_are_written_as_the_golden_tables_are(tmp_path: Path) -> None:
    tidy.write(tmp_path / "out.csv", ["a", "b"], [[None, True], [1 / 3, 100000.0], ["x, y", 7]])
    assert (tmp_path / "out.csv").read_text() == 'a,b\n,TRUE\n0.333333333333333,100000\n"x, y",7\n'

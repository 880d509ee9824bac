"""The yearly staff survey in the example's release, against what `truth` planted."""

from typing import Any

import duckdb

from ingest.examples import truth
from ingest.home import Home

SCORES = "surveys.fct_staff_survey_score"


def rows(example: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(example.published / "internal" / "current" / "qls.duckdb"), read_only=True) as release:
        return release.execute(query).fetchall()


def test_the_voice_that_counts_rises_as_planted_and_nothing_else_does(example: Home) -> None:
    found = rows(
        example,
        f"select measure_code, survey_year, cast(score_change as double) from {SCORES} where org_level = 'trust' "
        "and weighting = 'unweighted' and change_status = 'compared' and survey_measure_type <> 'question'",
    )
    assert {year for _, year, _ in found} == set(truth.STAFF_SURVEY_YEARS[1:])
    for measure, _, change in found:
        rise = truth.VOICE_RISE if measure == "voice_that_counts" else 0
        assert abs(change - rise) < truth.VOICE_RISE / 2, measure


def test_a_unit_of_few_is_hidden_with_a_second_one(example: Home) -> None:
    year, site, unit = truth.STAFF_SURVEY_FEW
    hidden = rows(
        example,
        f"select measure_code, list(unit_name order by unit_name) from {SCORES} where survey_year = {year} "
        f"and site_code = '{site}' and value_status = 'suppressed' group by all",
    )
    assert len(hidden) == len(truth.STAFF_SURVEY_MEASURES) + 7
    for _, units in hidden:
        assert unit in units
        assert len(units) >= 2
    assert rows(example, f"select count(*) from {SCORES} where value_status = 'suppressed' and base_n is not null") == [
        (0,)
    ]


def test_a_change_is_told_of_the_same_question_and_of_the_same_weighting_alone(example: Home) -> None:
    assert rows(
        example,
        f"select count(*) from {SCORES} where change_status <> 'compared' "
        "and (score_change is not null or positive_change_pct is not null)",
    ) == [(0,)]
    assert rows(
        example,
        f"select distinct change_status from {SCORES} where weighting = 'weighted'",
    ) == [("no_year_before",)]
    ((changed,),) = rows(
        example, f"select count(*) from {SCORES} where survey_year = 2024 and change_status = 'not_comparable'"
    )
    assert changed > 0


def test_a_unit_of_several_wards_is_shown_as_shared_and_of_none_of_them(example: Home) -> None:
    shared = rows(example, f"select wards_covered, ward_id from {SCORES} where is_shared_by_wards")
    assert shared
    assert all(wards > 1 and ward_id is None for wards, ward_id in shared)

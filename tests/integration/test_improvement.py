"""What was tried and what happened, in the example's release, against what `truth` planted."""

from typing import Any

import duckdb

from ingest.examples import truth
from ingest.home import Home


def _rows(example: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(example.published / "internal" / "current" / "qls.duckdb"), read_only=True) as release:
        return release.execute(query).fetchall()


def test_nothing_is_estimated_where_nothing_can_be_said(example: Home) -> None:
    name = truth.INTERVENTION_WITHOUT_EFFECT[0]
    found = _rows(
        example,
        "select ward_id, effect_status from improvement.fct_intervention_effect "
        f"where intervention_id = '{name}' order by ward_id",
    )
    assert found == [
        (truth.NOTHING_EXPECTED, "none_named"),
        (truth.MERGED.into, "ward_changed"),
        (truth.NAMED_AFTERWARDS, "named_after_start"),
        (truth.INTERVENTION_ORPHAN, "ward_unknown"),
    ]


def test_the_planted_effect_gives_more_signals_to_the_better_than_the_wards_beside(example: Home) -> None:
    for indicator in truth.EFFECTS:
        ((estimated, improved, comparisons, improved_beside),) = _rows(
            example,
            "select count(*), count(case when signal_type = 'improvement' then 1 end), sum(comparison_wards), "
            "sum(comparison_wards_with_signal) from improvement.fct_intervention_effect "
            f"where effect_status = 'estimated' and signal_type <> 'concern' and indicator_code = '{indicator}'",
        )
        assert improved / estimated > improved_beside / comparisons


def test_only_what_was_validated_by_a_role_on_a_day_counts(example: Home) -> None:
    assert _rows(example, "select sum(validated_value) from improvement.fct_benefit where benefit_unit = 'GBP'") == [
        (truth.VALIDATED_GBP,)
    ]


def test_projects_stand_as_the_last_copy_has_them(example: Home) -> None:
    found = _rows(example, "select project_status, count(*) from improvement.dim_project group by project_status")
    assert dict(found) == dict(truth.PROJECT_STATUSES)
    assert _rows(example, "select project_id from improvement.dim_project where is_identifier_reused") == [
        (truth.PROJECT_ID_REUSED[0],)
    ]


def test_the_caseload_names_running_projects_without_measure(example: Home) -> None:
    found = _rows(
        example,
        "select project_id from improvement.rpt_coach_caseload "
        "where is_without_measure and project_status = 'active' order by project_id",
    )
    assert found == [(project_id,) for project_id in truth.NO_MEASURE]

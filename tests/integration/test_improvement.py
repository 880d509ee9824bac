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
            "sum(comparison_wards_improved) from improvement.fct_intervention_effect "
            f"where effect_status = 'estimated' and indicator_code = '{indicator}'",
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


def test_a_project_names_the_problems_that_it_answers(example: Home) -> None:
    ((linked,),) = _rows(example, "select count(issues_linked) from improvement.dim_project")
    ((projects,),) = _rows(
        example,
        "select count(distinct project_id) from programmes.fct_engagement_issue "
        "semi join improvement.dim_project using (project_id)",
    )
    assert linked == projects > 0


def test_a_card_counts_the_wards_of_its_intervention_and_shows_no_text_that_is_not_shared(example: Home) -> None:
    huddle, board = _rows(
        example,
        "select intervention_id, wards_tried, wards_adopted, certainty, problem_text from improvement.rpt_learning_library "
        "order by intervention_id desc",
    )
    ((tried, adopted),) = _rows(
        example,
        "select count(*) filter (is_ward_known), count(adopted_from_ward_id) filter (is_ward_known) "
        f"from improvement.fct_intervention where intervention_id = '{truth.INTERVENTION}'",
    )
    assert huddle[:3] == (truth.INTERVENTION, tried, adopted)
    assert huddle[3] in {"more_often_than_beside", "no_more_often_than_beside"}
    name, wards, _ = truth.INTERVENTION_WITHOUT_EFFECT
    assert board[:4] == (name, len(wards), 0, "not_looked_at")
    ((sentences,),) = _rows(
        example, "select what_followed from improvement.rpt_learning_library where intervention_id = 'HUDDLE'"
    )
    for indicator in truth.EFFECTS:
        ((estimated, improved),) = _rows(
            example,
            "select count(*), count(*) filter (signal_type = 'improvement') from improvement.fct_intervention_effect "
            f"where effect_status = 'estimated' and indicator_code = '{indicator}'",
        )
        assert f"of {estimated} wards looked at, {improved} showed a signal to the better" in sentences


def test_the_library_is_searched_by_words_by_their_beginnings_and_with_a_slip(example: Home) -> None:
    def found(words: str) -> list[str]:
        rows = _rows(example, f"select intervention_id from improvement.search_library('{words}')")
        return [intervention for (intervention,) in rows]

    assert found("falls") == found("falling") == found("hudde") == ["HUDDLE"]
    assert found("discharge") == ["DISCHARGE_BOARD"]
    assert found("board families")[0] == "DISCHARGE_BOARD"
    assert found("") == found("zzz") == []


def test_what_was_not_tried_is_offered_to_open_wards_of_the_same_specialty_and_about_the_same_size(
    example: Home,
) -> None:
    found = _rows(
        example,
        """
        select match.intervention_id, match.ward_id, match.wards_alike, count(tried.ward_id) as candidates
        from improvement.rpt_learning_match as match
        inner join reference.dim_ward as here on match.ward_id = here.ward_id and here.is_latest
        left join improvement.fct_intervention as used
            on match.intervention_id = used.intervention_id and match.ward_id = used.ward_id
        inner join improvement.fct_intervention as tried on match.intervention_id = tried.intervention_id
        inner join reference.dim_ward as there
            on tried.ward_id = there.ward_id and there.is_latest and here.specialty_code = there.specialty_code
            and abs(here.beds - there.beds) <= 0.25 * there.beds
        where used.ward_id is null and here.valid_to is null
        group by all
        """,
    )
    ((rows,),) = _rows(example, "select count(*) from improvement.rpt_learning_match")
    assert len(found) == rows > 0
    assert all(0 < alike <= candidates for _, _, alike, candidates in found)


def test_the_rollout_gives_back_what_was_planted_and_nothing_else(example: Home) -> None:
    found = _rows(
        example,
        "select indicator_code, variant, estimate, estimate_lower, estimate_upper, level_before, smallest_detectable, p_value "
        "from improvement.fct_rollout_effect where rollout_status = 'estimated'",
    )
    estimates = {(code, variant): figures for code, variant, *figures in found}
    _, _, upper, before, detectable, p_value = estimates["FALLS_1000", "primary"]
    assert upper < 0
    assert p_value <= 0.05
    planted = (truth.EFFECTS["FALLS_1000"] - 1) * before
    assert abs(planted) > detectable
    # Dated by the engagement event, the planted fall begins a month after the start.
    _, lower, upper, *_ = estimates["FALLS_1000", "engagement_date"]
    assert lower <= planted <= upper < 0
    for (code, _), (_, lower, upper, *_) in estimates.items():
        assert code in truth.EFFECTS or lower <= 0 <= upper
    # The single month before the start is the noisier base.
    assert estimates["FALLS_1000", "month_before"][4] > 1.5 * detectable
    states = _rows(
        example,
        "select indicator_code, rollout_status, estimate from improvement.fct_rollout_effect "
        "where variant = 'primary' and indicator_code in ('PRESSURE_ULCERS_1000', 'VTE_PCT', 'CDIFF') order by 1",
    )
    assert states == [
        ("CDIFF", "too_few_months", None),
        ("PRESSURE_ULCERS_1000", "too_few_events", None),
        ("VTE_PCT", "definition_changed", None),
    ]


def test_nothing_of_the_rollout_is_told_once_the_last_wave_has_joined(example: Home) -> None:
    last = truth.WAVE_STARTS[-1]
    ((to_month, waves),) = _rows(
        example,
        "select max(to_month_date), max(waves_contributing) from improvement.fct_rollout_effect "
        "where variant = 'primary' and rollout_status = 'estimated'",
    )
    assert to_month < last
    assert waves < len(truth.WAVE_STARTS)
    ((fewest,),) = _rows(example, "select min(enrolled_wards) from improvement.fct_rollout_month")
    assert fewest >= 10

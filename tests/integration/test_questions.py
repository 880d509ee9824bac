"""The queries of docs/questions.md, each run on the example's release and held against what `truth` planted."""

import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from ingest.examples import truth
from ingest.home import Home
from tests.conftest import PROJECT

PAGE = PROJECT / "docs" / "questions.md"


@pytest.fixture
def release(example: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example.published / "internal" / "current" / "qls.duckdb"), read_only=True) as connection:
        yield connection


def queries() -> dict[str, str]:
    """The query under each heading."""
    found = re.findall(r"^## (.+?)\n.*?^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return dict(found)


def answer(release: duckdb.DuckDBPyConnection, start: str) -> list[dict[str, Any]]:
    (query,) = (query for heading, query in queries().items() if heading.startswith(start))
    cursor = release.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_every_heading_has_a_query_and_every_query_an_answer(release: duckdb.DuckDBPyConnection) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert list(queries()) == re.findall(r"^## (.+)$", text, re.M)
    empty = [heading for heading, query in queries().items() if not release.execute(query).fetchall()]
    assert empty == []


def test_late_wards_are_those_that_stopped_short(release: duckdb.DuckDBPyConnection) -> None:
    late = {(row["site_code"], row["wave_no"], row["current_stage"]) for row in answer(release, "Which wards are late")}
    stopped = {
        (item.site, item.wave, next((stage for stage in reversed(truth.STAGES) if stage in item.reached), "enrolled"))
        for item in truth.ENROLMENTS
        if item.status in {"active", "enrolled"}
    }
    assert late
    assert late <= stopped


def test_the_share_that_staff_closed_themselves_is_that_of_the_issues(release: duckdb.DuckDBPyConnection) -> None:
    rows = {row["issue_category"]: row for row in answer(release, "What share of issues")}
    assert set(rows) == {"fix", "improve", "change", "uncategorised"}
    for row in rows.values():
        assert 0 <= row["closed_by_ward_alone"] <= row["closed"] <= row["issues"]
    assert rows["fix"]["closed_by_ward_alone_pct"] > rows["change"]["closed_by_ward_alone_pct"]


def test_nominations_that_led_to_a_project_are_as_many_as_planted(release: duckdb.DuckDBPyConnection) -> None:
    assert len(answer(release, "Which nominations")) == truth.NOMINEES_WITH_PROJECT


def test_a_ward_is_not_offered_what_it_was_helped_with(release: duckdb.DuckDBPyConnection) -> None:
    offered = {row["dataset_name"] for row in answer(release, "Which data sets")}
    helped = {
        name
        for (name,) in release.execute(
            "select dataset_name from improvement.fct_data_engagement where ward_id = 'W001' and dataset_name is not null"
        ).fetchall()
    }
    everything = {name for (name,) in release.execute("select dataset_name from reference.dim_dataset").fetchall()}
    assert helped
    assert offered == everything - helped


def test_the_wards_pack_has_every_section_and_says_nothing_of_what_is_not_judged(
    release: duckdb.DuckDBPyConnection,
) -> None:
    sections = release.execute(
        "select distinct section_no, section from indicators.rpt_ward_profile where ward_id = 'W001' order by 1"
    ).fetchall()
    assert [section for _, section in sections] == [
        "signals",
        "survey",
        "issues",
        "training",
        "nominations",
        "who_we_care_for",
        "data_to_ask_for",
    ]
    contradictory = release.execute(
        "select line_sentence from indicators.rpt_ward_profile where section = 'signals' "
        "and (line_sentence like '%not shown%' or line_sentence like '%too few to judge%') "
        "and line_sentence like '%twelve months%'"
    ).fetchall()
    assert contradictory == []
    assert release.execute(
        "select count(*) from indicators.rpt_ward_profile where line_sentence is null"
    ).fetchone() == (0,)


def test_the_pack_tells_the_yearly_survey_of_the_wards_unit_as_what_it_is(release: duckdb.DuckDBPyConnection) -> None:
    """Each ward has its unit's elements and themes, those that are shown with their score; a shared unit says so."""
    lines = release.execute("""
        select pack.ward_id, pack.line_sentence, score.staff_survey_score, score.wards_covered, score.measure_code
        from indicators.rpt_ward_profile as pack
        inner join surveys.fct_staff_survey_score as score
            on pack.line_about = concat('staff_survey:', score.org_id, ':', score.measure_code)
            and score.survey_year = (select max(survey_year) from surveys.fct_staff_survey_score)
            and score.weighting = 'unweighted'
    """).fetchall()
    wards = {
        ward_id for (ward_id,) in release.execute("select distinct ward_id from indicators.rpt_ward_profile").fetchall()
    }
    assert {ward_id for ward_id, *_ in lines} == wards
    assert len(lines) == len(wards) * len(truth.STAFF_SURVEY_MEASURES)
    for _, sentence, score, covered, measure in lines:
        assert ("wards together" in sentence) == (covered > 1)
        assert f"{measure.replace('_', ' ')}: " in sentence
        told = re.search(r": ([0-9.]+) of 10", sentence)
        assert (abs(float(told[1]) - float(score)) <= 0.005) if told else (score is None and "not shown" in sentence)
    (rows,) = release.execute(
        "select count(*) from indicators.rpt_ward_profile where line_about like 'staff_survey:%'"
    ).fetchone() or (0,)
    assert rows == len(lines)


def test_the_pack_tells_whom_a_ward_cares_for_as_far_as_that_may_be_told(release: duckdb.DuckDBPyConnection) -> None:
    """A ward has a line of all and one of each dimension, with each group that is shown, in order, and no other."""
    lines = release.execute("""
        select pack.ward_id, pack.line_about, pack.line_no, pack.line_sentence, wards.denominator,
            list(struct_pack(group_name, numerator, value) order by group_no) filter (told.ward_id is not null)
        from indicators.rpt_ward_profile as pack
        inner join (select distinct ward_id, denominator from inequalities.fct_ward_patient_group) as wards using (ward_id)
        left join inequalities.fct_ward_patient_group as told
            on pack.ward_id = told.ward_id and pack.line_about = told.dimension_code
        left join inequalities.dim_population_group as named using (dimension_code, group_code)
        where pack.section = 'who_we_care_for'
        group by all
    """).fetchall()
    wards = {ward_id for ward_id, *_ in lines}
    assert len(wards) > 40
    assert {line[1] for line in lines if line[0] == "W001"} == {
        "all", "admission_route", "age_band", "sex", "ethnic_group_2021", "deprivation_2025", "learning_disability",
        "interpreter",
    }  # fmt: skip
    assert sorted(line_no for _, _, line_no, *_ in lines) == sorted(list(range(1, 9)) * len(wards))
    some_shown = some_hidden = 0
    for _, about, _, sentence, of_all, groups in lines:
        if about == "all":
            assert sentence.endswith(
                f": about {of_all:.0f}." if of_all is not None else "are not shown, to protect people."
            )
            continue
        told = [
            f"{group['group_name']} "
            + (f"({group['value']:.0f} in 100)" if group["value"] is not None else f"(about {group['numerator']:.0f})")
            for group in groups
            if group["numerator"]
        ]
        is_hidden = any(group["numerator"] is None for group in groups)
        assert ("not shown, to protect people" in sentence) == (is_hidden or not told), sentence
        assert "; ".join(told) in sentence
        assert sentence.count("(") - sum(group["group_name"].count("(") for group in groups) == len(told)
        some_shown += bool(told)
        some_hidden += is_hidden
    assert some_shown > 100
    assert some_hidden > 100


def test_a_line_of_the_newest_month_does_not_contradict_the_year(release: duckdb.DuckDBPyConnection) -> None:
    usual = release.execute(
        "select count(*), count(case when line_sentence like '%That is the newest month; of the last twelve%' then 1 end) "
        "from indicators.rpt_ward_profile where section = 'signals' and line_sentence like '%as usual%' "
        "and line_sentence like '%stood out to the%'"
    ).fetchone() or (0, 1)
    assert usual[0] == usual[1] > 0


def test_a_wards_manager_sees_open_issues_of_the_ward_and_the_text_only_where_it_is_shared(
    release: duckdb.DuckDBPyConnection,
) -> None:
    (rows,) = release.execute(
        "select count(*) from programmes.rpt_ward_actions where issue_status <> 'closed'"
    ).fetchone() or (0,)
    (issues,) = release.execute(
        "select count(*) from programmes.fct_engagement_issue where issue_status <> 'closed'"
    ).fetchone() or (1,)
    assert rows == issues > 0
    told = release.execute(
        "select count(*) from programmes.rpt_ward_actions as actions "
        "inner join programmes.fct_engagement_issue as issues using (issue_id) "
        "where not issues.is_shareable and actions.issue_text is not null"
    ).fetchone()
    assert told == (0,)


def test_a_wards_survey_shows_what_the_score_shows_and_no_more(release: duckdb.DuckDBPyConnection) -> None:
    differing = release.execute("""
        select count(*)
        from surveys.rpt_ward_survey as page
        inner join surveys.fct_survey_score as score
            on page.survey_code = score.survey_code and page.quarter = score.quarter
            and page.measure_code = score.measure_code and page.ward_id = score.ward_id and score.org_level = 'unit'
        where page.ward_positive_pct is distinct from round(score.positive_pct, 1)
            or page.value_status is distinct from score.value_status
    """).fetchone()
    assert differing == (0,)
    hidden = release.execute(
        "select count(*), count(ward_positive_pct) from surveys.rpt_ward_survey where value_status = 'suppressed'"
    ).fetchone() or (0, 1)
    assert hidden[0] > 0
    assert hidden[1] == 0

"""Who was trained, who waits and what came of it, in the example's release, against what `truth` planted."""

import math
from collections import Counter
from datetime import date
from typing import Any

import duckdb
import pytest

from ingest.examples import courses, truth
from ingest.home import Home

MONTH_ENDS = (date(2024, 6, 30), date(2026, 3, 31))


def _rows(example: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(example.published / "internal" / "current" / "qls.duckdb"), read_only=True) as release:
        return release.execute(query).fetchall()


@pytest.fixture(scope="module")
def world() -> courses.World:
    return courses.world()


def _completed(world: courses.World, by: date, programme: str = "") -> dict[str, courses.Person]:
    """Everybody who completed a course (of that programme) by then, by reference, after every correction."""
    return {
        person.ref: person
        for course in truth.COURSES
        if course.programme.startswith(programme) and course.end <= by
        for seat, person in enumerate(world.seats[course.cohort_id][: course.completing])
        if (course.cohort_id, seat) != truth.CORRECTED
    }


def _still_here(people: dict[str, courses.Person], on: date) -> Counter[str]:
    """How many of them hold a post on the day, by its ward; '' for a post of none."""
    open_wards = {ward.ward_id for ward in truth.wards_on(on)}
    found: Counter[str] = Counter()
    for person in people.values():
        for begins, ends, _, ward_id, _, _ in person.posts:
            if person.sector == "trust" and begins <= on and (ends is None or ends > on):
                found[ward_id if ward_id in open_wards else ""] += 1
    return found


@pytest.mark.parametrize("on", MONTH_ENDS)
def test_coverage_counts_who_completed_and_is_still_here(example: Home, world: courses.World, on: date) -> None:
    here = _still_here(_completed(world, on), on)
    found = {
        (level, org_id): (trained, status)
        for level, org_id, trained, status in _rows(
            example,
            "select org_level, org_id, trained_n, value_status from programmes.fct_training_coverage "
            f"where programme_type = 'all' and month = date '{on.replace(day=1)}'",
        )
    }
    wards = {ward.ward_id: ward.site for ward in truth.wards_on(on)}
    assert {org_id for level, org_id in found if level == "ward"} == set(wards)
    shown = {org_id: trained for (level, org_id), (trained, _) in found.items() if level == "ward" and trained}
    assert len(shown) > len(wards) / 4
    assert shown == {ward_id: here[ward_id] for ward_id in shown}
    assert all(here[ward_id] >= 5 for ward_id in shown)
    assert {found["ward", ward_id][1] for ward_id in wards if here[ward_id] < 5} <= {"suppressed"}
    assert {found["ward", ward_id][1] for ward_id in set(wards) - set(shown)} == {"suppressed"}
    for site in truth.SITES:
        assert found["site", site.code] == (sum(here[w] for w, code in wards.items() if code == site.code), "reported")
    assert found["not_on_a_ward", "RAJ"] == (here[""], "reported")
    # Of all who were trained some left, and some never were the trust's.
    assert found["trust", "RAJ"][0] + here[""] == here.total() < truth.TRAINED


def test_coverage_by_type_stands_for_sites_and_the_trust(example: Home, world: courses.World) -> None:
    on = MONTH_ENDS[-1]
    here = _still_here(_completed(world, on, "QSIR_FUNDAMENTALS"), on)
    found = _rows(
        example,
        "select org_level, trained_n from programmes.fct_training_coverage where programme_type = 'qsir_fundamentals' "
        f"and month = date '{on.replace(day=1)}' and org_level in ('trust', 'ward')",
    )
    assert found == [("trust", here.total() - here[""])]


def test_a_ward_is_shown_in_all_months_of_a_stretch_or_in_none(example: Home) -> None:
    """One ward merges and another moves in these years: where the wards change, the decision may."""
    changes = _rows(
        example,
        """
        select month
        from (
            select month, org_id, value_status, lag(value_status) over (partition by org_id order by month) as before
            from programmes.fct_training_coverage
            where programme_type = 'all' and org_level = 'ward'
        )
        where value_status <> before
        group by month
        order by month
        """,
    )
    ends = {month.replace(month=4, day=1) for (month,) in changes if month.month == 4}
    others = {month for (month,) in changes} - ends
    register = [row for row in truth.REGISTER if row.valid_from > truth.BEGAN or row.valid_to]
    turns = {day.replace(day=1) for row in register for day in (row.valid_from, row.valid_to) if day}
    assert ends
    assert others <= turns | {truth.next_month(month) for month in turns}


def test_coverage_says_where_payroll_told_no_heads(example: Home) -> None:
    found = _rows(
        example,
        "select month < date '2025-04-01', headcount_status, count(headcount) > 0, count(trained_pct) > 0 "
        "from programmes.fct_training_coverage where org_level = 'ward' group by all order by all",
    )
    assert found == [(False, "reported", True, True), (True, "missing", False, False)]


def test_a_hidden_ward_cannot_be_had_from_its_site(example: Home) -> None:
    lone = _rows(
        example,
        """
        select count(*)
        from (
            select
                month,
                site_code,
                max(case when org_level = 'site' then trained_n end) as total,
                sum(case when org_level = 'ward' then trained_n end) as shown,
                count(case when org_level = 'ward' and value_status = 'suppressed' then 1 end) as hidden
            from programmes.fct_training_coverage
            where programme_type = 'all' and org_level in ('site', 'ward')
            group by month, site_code
        )
        where hidden > 0 and total is not null and (hidden < 2 or total - coalesce(shown, 0) < 5)
        """,
    )
    assert lone == [(0,)]


def test_wards_with_nobody_nominated_stand_there_and_projects_of_the_others(
    example: Home, world: courses.World
) -> None:
    found = _rows(
        example,
        "select org_id, nominated_n, has_project from programmes.fct_nomination "
        "where programme_id = 'QSIR_PRACTITIONER' and org_level = 'ward'",
    )
    wards = {row.ward_id for row in truth.REGISTER}
    assert {org_id for org_id, _, _ in found} == wards
    assert {org_id for org_id, nominated, _ in found if nominated == 0} == wards - set(world.nominees)
    # One nominee each: none of them is shown, nor the total that would tell each.
    assert {nominated for org_id, nominated, _ in found if org_id in world.nominees} == {None}
    assert _rows(
        example,
        "select nominated_n, value_status from programmes.fct_nomination "
        "where programme_id = 'QSIR_PRACTITIONER' and org_level = 'trust'",
    ) == [(None, "suppressed")]
    brought = {ward_id for ward_id, (person, _) in world.nominees.items() if courses.project_of(world, person)}
    assert {org_id for org_id, _, has_project in found if has_project} == brought
    assert len(brought) == truth.NOMINEES_WITH_PROJECT


def test_who_waits_for_the_next_fundamentals_is_told(example: Home) -> None:
    waiting = _rows(
        example,
        "select waiting_n from programmes.fct_nomination where programme_id = 'QSIR_FUNDAMENTALS' "
        "and org_level = 'not_on_a_ward'",
    )
    places = _rows(
        example,
        "select places_n from programmes.fct_training_place "
        "where financial_year = '2026-27' and split_by = 'all' and place_stage = 'waiting'",
    )
    assert waiting == places == [(truth.WAITING_FOR_NEXT,)]


def test_certificates_are_counted_beside_completions(example: Home, world: courses.World) -> None:
    """In 2023-24 all but practitioners without a project have theirs, and one who did not come to a fundamentals day."""
    expected = 1 + sum(
        course.completing
        if course.programme != "QSIR_PRACTITIONER"
        else sum(bool(courses.project_of(world, person)) for person in world.seats[course.cohort_id])
        for course in truth.COURSES
        if date(2023, 4, 1) <= course.start < date(2024, 4, 1)
    )
    assert _rows(
        example,
        "select places_n from programmes.fct_training_place "
        "where financial_year = '2023-24' and split_by = 'all' and place_stage = 'certified'",
    ) == [(expected,)]


def test_places_by_staff_group_stand_beside_the_heads_of_payroll(example: Home, world: courses.World) -> None:
    booked: Counter[str] = Counter()
    for course in truth.COURSES:
        if not date(2025, 4, 1) <= course.start < date(2026, 4, 1):
            continue
        for seat, person in enumerate(world.seats[course.cohort_id]):
            if person.sector == "trust" and not (course.programme == "QSIR_PRACTITIONER" and seat == 15):
                held = [post for post in person.posts if post[0] <= course.start < (post[1] or date.max)]
                booked[(held or person.posts[-1:])[0][4]] += 1
    found = _rows(
        example,
        "select split_group, places_n, headcount, headcount_status, places_pct from programmes.fct_training_place "
        "where financial_year = '2025-26' and split_by = 'staff_group' and place_stage = 'booked'",
    )
    assert {group: places for group, places, *_ in found} == dict(booked)
    # Payroll of the example knows three groups.
    told = {group for group, _, _, status, _ in found if status == "reported"}
    assert told == {"nursing_midwifery", "clinical_support", "administrative"}
    assert all((share is not None) == (group in told) for group, _, _, _, share in found)


def test_each_team_around_the_course_is_followed_by_its_project(example: Home) -> None:
    found = _rows(
        example,
        "select cohort_id, team_no, project_id, project_status, projects_named, sites_in_team "
        "from programmes.fct_course_team order by cohort_id, team_no",
    )
    expected = [
        (course.cohort_id, team, f"P{4 * (course.start.year - 2023) + team:04d}", "completed", 1)
        for course in truth.COURSES
        if course.cohort_id.startswith("WRAP")
        for team in range(1, 5)
    ]
    assert [row[:5] for row in found] == expected
    assert {row[5] for row in found} == {len(truth.SITES)}


def test_white_staff_got_more_training_and_the_gap_is_closing(example: Home) -> None:
    found = _rows(
        example,
        "select financial_year, numerator, denominator, ratio, ratio_lower, ratio_upper, equality_sentence "
        "from programmes.fct_workforce_equality "
        "where measure_code = 'non_mandatory_training' and equality_group = 'white' order by financial_year",
    )
    assert len(found) == 3
    for year, numerator, denominator, ratio, lower, upper, sentence in found:
        (people, took), (others, others_took), _ = truth.WORKFORCE_EQUALITY[year, "non_mandatory_training"]
        assert (denominator, numerator) == (people, took)
        expected = (took / people) / (others_took / others)
        width = 1.959964 * (1 / took - 1 / people + 1 / others_took - 1 / others) ** 0.5
        assert [float(figure) for figure in (ratio, lower, upper)] == [
            round(expected, 2), round(expected * math.exp(-width), 2), round(expected * math.exp(width), 2),
        ]  # fmt: skip
        assert f"white staff were {ratio:.2f} times as likely" in sentence
        assert ("more than chance alone would give" in sentence) == (lower > 1)
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)
    assert found[0][4] > 1 > found[-1][4]


def test_a_ratio_stands_where_the_counts_of_both_groups_may_be_seen(example: Home) -> None:
    """Four of a group, or none, are not shown, and no ratio is made of them; three of whom it is not known hide alone."""
    found = {
        (year, measure, group): rest
        for year, measure, group, *rest in _rows(
            example,
            "select financial_year, measure_code, equality_group, numerator, denominator, value_status, ratio, "
            "equality_sentence from programmes.fct_workforce_equality where measure_code <> 'non_mandatory_training'",
        )
    }
    process, appointed = "formal_disciplinary_process", "appointed_from_shortlisting"
    for group, people in (("black_minority_ethnic", 4580), ("not_known", 390)):
        assert found["2024-25", process, group][:4] == [None, people, "suppressed", None]
    assert "Not compared: a count behind it" in found["2024-25", process, "black_minority_ethnic"][4]
    assert found["2025-26", process, "not_known"][:3] == [None, 370, "suppressed"]
    assert float(found["2025-26", process, "black_minority_ethnic"][3]) == round((22 / 4910) / (31 / 9960), 2)
    assert found["2025-26", process, "white"][3:] == [None, None]
    assert ("2024-25", appointed, "black_minority_ethnic") not in found
    assert "were not delivered" in found["2024-25", appointed, "white"][4]


def test_no_count_of_one_to_four_is_in_the_marts_of_training(example: Home) -> None:
    for mart, columns in {
        "fct_training_coverage": ("trained_n", "headcount"),
        "fct_nomination": ("nominated_n", "waiting_n", "booked_n", "completed_n", "with_project_n"),
        "fct_training_place": ("places_n", "headcount"),
        "rpt_programme_case": ("completed_n",),
        "fct_workforce_equality": ("numerator", "denominator"),
    }.items():
        for column in columns:
            small = _rows(example, f"select count(*) from programmes.{mart} where {column} between 1 and 4")
            assert small == [(0,)], f"{mart}.{column}"


def test_the_case_tells_cost_completions_and_validated_benefits(example: Home) -> None:
    found = {
        cohort: rest
        for cohort, *rest in _rows(
            example,
            "select cohort_id, completed_n, cost_gbp, cost_per_completion_gbp, validated_gbp, value_status, "
            "case_sentence from programmes.rpt_programme_case",
        )
    }
    assert set(found) == {course.cohort_id for course in truth.COURSES} | {f"SIXTY-{wave}" for wave in range(1, 5)}
    for course in truth.COURSES:
        completed, cost, each, _, status, sentence = found[course.cohort_id]
        if course.cohort_id == truth.CORRECTED[0]:
            # Twelve, four at each site: their total would tell them, here as in the summary of training.
            assert (completed, each, status) == (None, None, "suppressed")
            assert "is not shown" in sentence
        elif course.completing:
            assert (completed, status) == (course.completing, "reported")
            assert round(float(cost) / completed, 2) == float(each)
            assert f"{completed} people completed it" in sentence
    assert 0 < sum(row[3] for row in found.values()) <= truth.VALIDATED_GBP + 4100


@pytest.mark.parametrize(
    ("rule_id", "rows_failed"),
    [
        ("model.int_programmes__place.attended_without_booking", 1),
        ("model.int_programmes__place.certificate_unearned", 1),
        ("model.int_programmes__place.corrected_after_certificate", 1),
        ("model.int_programmes__place.certificate_without_project", 1),
        ("model.int_programmes__place.attended_while_waiting", 0),
        ("model.int_programmes__ward_enrolments.enrolled_once", 1),
        ("model.int_programmes__ward_enrolments.wave_of_one_programme", 1),
        ("model.int_programmes__cell_decision.no_subtraction", 0),
        ("model.fct_training_coverage.no_subtraction", 0),
        ("contract.participant.two_references", 1),
        ("contract.ward_enrolment.stage_order", 1),
        ("contract.workforce_equality.part_of_whole", 1),
        ("model.stg_programmes__workforce_equality.every_group", 1),
    ],
)
def test_a_rule_of_training_speaks_in_the_evidence(example: Home, rule_id: str, rows_failed: int) -> None:
    """What is planted is found, once each; a person's key is told nowhere."""
    found = _rows(
        example,
        "select check_status, rows_failed, sample_keys from evidence.fct_check_result "
        f"where rule_id = '{rule_id}' and run_no = (select max(run_no) from evidence.fct_check_result)",
    )
    assert [(status, failed) for status, failed, _ in found] == [("fail" if rows_failed else "pass", rows_failed)]
    assert all("R0" not in (keys or "") for _, _, keys in found)


def test_the_control_totals_of_the_published_case_study_hold(example: Home) -> None:
    """Over 700 trained (each once: from the working warehouse, for no release knows), 469 ideas, 45 completed, 99 in
    progress, 60 wards."""
    with duckdb.connect(str(example.warehouse), read_only=True) as warehouse:
        ((trained,),) = warehouse.execute(
            "select count(distinct participant_id) from intermediate.int_programmes__place where is_completed"
        ).fetchall()
    assert trained == truth.TRAINED > 700
    ((ideas, completed, in_progress),) = _rows(
        example,
        "select count(*), count(case when project_status = 'completed' then 1 end), "
        "count(case when project_status in ('approved', 'active', 'paused') then 1 end) from improvement.dim_project",
    )
    assert (ideas, completed, in_progress) == (469, 45, 99) == (truth.IDEAS, truth.COMPLETED, truth.IN_PROGRESS)
    assert _rows(example, "select count(distinct ward_id) from programmes.fct_ward_progress") == [(60,)]
    assert _rows(
        example,
        "select sum(wards_enrolled + wards_withdrawn) from programmes.fct_wave "
        f"where programme_id = '{truth.PROGRAMME}'",
    ) == [(60,)]


def test_a_ward_on_the_list_twice_counts_once_and_one_on_two_programmes_under_each(example: Home) -> None:
    twice, _, _ = truth.ENROLLED_TWICE
    shared, other = truth.ON_TWO_PROGRAMMES
    waves = {item.ward_id: item.wave for item in truth.ENROLMENTS}
    assert _rows(
        example,
        "select ward_id, programme_id, wave_no from programmes.fct_ward_progress "
        f"where ward_id in ('{twice}', '{shared}') order by all",
    ) == [
        (shared, truth.PROGRAMME, waves[shared]),
        (shared, other, waves[shared]),
        (twice, truth.PROGRAMME, waves[twice]),
    ]

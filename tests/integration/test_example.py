"""The small example, end to end, read from the release alone: what was planted is found, and nothing else is lost."""

import csv
import itertools
import json
import math
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.examples import SEED, truth
from ingest.examples.indicators import ward_month
from ingest.home import Home
from ingest.ledger import Ledger
from tests.conftest import PROJECT, qls

pytestmark = pytest.mark.usefixtures("example")


@pytest.fixture(scope="module")
def release(example: Home) -> Path:
    """The release in force."""
    return example.published / "internal" / "current"


@pytest.fixture(scope="module")
def marts(release: Path) -> duckdb.DuckDBPyConnection:
    """The release's database, opened as a BI tool opens it."""
    return duckdb.connect(str(release / "qls.duckdb"), read_only=True)


def test_what_a_person_reads_at_the_end(example: Home) -> None:
    said = (example.root / "said.txt").read_text(encoding="utf-8")
    files, refused = len(truth.EXPECTED), sum(rows.rejected for rows in truth.EXPECTED.values())
    assert re.search(rf"Loaded +{files} files, \d\d,\d{{3}} rows +{refused:,} rows refused, 0 files refused", said)
    assert re.search(r"Built +70 marts in \d+ s", said)
    assert re.search(r"Checked .* 0 critical", said)
    assert "demonstration data" in said
    assert "Open next" in said


def test_every_row_is_accounted_for(marts: duckdb.DuckDBPyConnection) -> None:
    counted = marts.execute(
        "select count(*), sum(rows_read), sum(rows_accepted + rows_rejected + rows_total + rows_blank) "
        "from evidence.fct_file"
    ).fetchone()
    assert counted is not None
    assert counted[0] == len(truth.EXPECTED)
    assert counted[1] == counted[2]
    for name, expected in truth.EXPECTED.items():
        found = marts.execute(
            "select rows_accepted, rows_rejected, rows_total, rows_blank from evidence.fct_file where file_name like ?",
            [f"%{name}%"],
        ).fetchone()
        assert found is not None, name
        assert found == (expected.accepted, expected.rejected, expected.totals, expected.blank), name


def test_a_site_is_the_sum_of_its_wards_and_rates_are_not_averaged(marts: duckdb.DuckDBPyConnection) -> None:
    whole, numerator, denominator, mean = (
        marts.execute(
            """
        with wards as (
            select sum(numerator) as numerator, sum(denominator) as denominator, avg(value) as mean
            from indicators.fct_indicator_month
            where org_level = 'ward' and site_code = 'RAJ12' and indicator_code = 'FALLS_1000'
                and month = '2025-02-01' and value_status = 'reported'
        )
        select value, wards.numerator, wards.denominator, wards.mean
        from indicators.fct_indicator_month, wards
        where org_level = 'site' and org_id = 'RAJ12' and indicator_code = 'FALLS_1000' and month = '2025-02-01'
        """
        ).fetchone()
        or (None,) * 4
    )
    assert whole is not None
    assert abs(whole - numerator * 1000 / denominator) < Decimal("1e-9")
    assert abs(float(whole) - float(mean)) > 1e-3


def test_the_restated_month_stands_as_restated(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "select numerator, denominator from indicators.fct_indicator_month "
        "where org_level = 'ward' and org_id = 'W027' and indicator_code = 'FALLS_1000' and month = '2025-02-01'"
    ).fetchone()
    assert found == (Decimal(8), Decimal(700))


def test_the_restatement_shows_old_and_new_and_timeliness_says_revised(marts: duckdb.DuckDBPyConnection) -> None:
    told = marts.execute(
        "select delivery_scope, period_start_date::varchar, column_name, restatement_kind, old_value, new_value "
        "from evidence.fct_restatement where feed = 'ward_indicator' order by all"
    ).fetchall()
    assert told == [
        ("RAJ12", "2025-02-01", "numerator", "changed", "3", "8"),
        ("RAJ12", "2025-02-01", "value", "changed", "4.29", "11.43"),
    ]
    revised = marts.execute(
        "select feed, period_start_date::varchar, revisions from evidence.fct_feed_timeliness where revisions > 0"
    ).fetchall()
    assert sorted(revised) == [
        ("incident_summary", f"{truth.INCIDENTS_RESTATED[2]}", 1),
        ("outpatient_appointment", f"{truth.LAST_MONTH}", 1),
        ("rtt", f"{truth.RTT_REVISED[1]}", 1),
        ("sickness_absence", f"{truth.SICKNESS_REVISED_MONTH}", 1),
        ("ward_indicator", "2025-02-01", 1),
    ]
    sickness = marts.execute(
        "select period_start_date::varchar, column_name, new_value::decimal(18, 4) - old_value::decimal(18, 4) "
        "from evidence.fct_restatement where feed = 'sickness_absence' and column_name = 'fte_days_lost'"
    ).fetchall()
    assert sickness == [(f"{truth.SICKNESS_REVISED_MONTH}", "fte_days_lost", Decimal("412.5"))]
    waits = marts.execute(
        "select count(*) > 0, count(distinct period_start_date) from evidence.fct_restatement where feed = 'rtt'"
    ).fetchone()
    assert waits == (True, 1)
    quarters = marts.execute(
        "select count(*) from evidence.fct_feed_timeliness "
        "where feed = 'pulse_survey' and extract(month from period_start_date) = 10"
    ).fetchone()
    assert quarters == (0,), "the pulse survey does not run in the third quarter"


def test_renamed_merged_and_moved_wards_keep_their_rows(marts: duckdb.DuckDBPyConnection) -> None:
    names = marts.execute(
        "select ward_name from reference.dim_ward where ward_id = 'W005' order by valid_from"
    ).fetchall()
    assert names == [("Dunlin Ward",), ("Sanderling Ward",)]
    months = "select count(*) from indicators.fct_indicator_month where org_id = ? and indicator_code = 'FALLS_1000'"
    assert marts.execute(months, ["W005"]).fetchone() == (36,)
    assert marts.execute(months, ["W014"]).fetchone() == (36,)
    moved = marts.execute(
        "select distinct site_code, month < '2025-01-01' from indicators.fct_indicator_month "
        "where org_id = 'W014' order by 2"
    ).fetchall()
    assert moved == [("RAJ12", False), ("RAJ01", True)]


def test_a_name_that_nothing_explains_waits_with_a_suggestion(marts: duckdb.DuckDBPyConnection) -> None:
    waiting = marts.execute(
        "select feed, unmatched_name, rows_waiting, suggested_ward_id from evidence.fct_unmatched_name order by 1"
    ).fetchall()
    assert waiting == [
        ("safer_staffing", truth.NO_WARD[1], 12, None),
        ("ward_indicator", "Kitiwake Ward", 12, "W010"),
        ("workforce", "410099 Siskin Ward Escalation Beds", 42, "W020"),
    ]


def test_the_feeds_of_the_wards_are_their_figures(marts: duckdb.DuckDBPyConnection) -> None:
    """Two falls more than the return reports, in the month that the incidents restate; care hours never averaged."""
    ward_id, _, month, more = truth.INCIDENTS_RESTATED
    reported = marts.execute(
        "select numerator from indicators.fct_indicator_month where org_level = 'ward' and org_id = ? "
        "and indicator_code = 'FALLS_1000' and month = ?",
        [ward_id, month],
    ).fetchone()
    (ward,) = (ward for ward in truth.wards_on(month) if ward.ward_id == ward_id)
    assert reported == (ward_month(SEED, ward, month)["FALLS_1000"][0] + more,)
    statuses = marts.execute(
        """
        select org_id, indicator_code, month::varchar, value_status
        from indicators.fct_indicator_month
        where org_level = 'ward' and value_status = 'missing' and month >= '2025-04-01'
            and indicator_code in ('OCCUPANCY_PCT', 'CHPPD_ALL')
        order by all
        """
    ).fetchall()
    gap, empty = truth.CENSUS_GAP, truth.STAFFED_WITHOUT_CENSUS
    unsent = [(truth.MISSING[0], "CHPPD_ALL", f"2025-{number:02d}-01", "missing") for number in (7, 8, 9)]
    assert statuses == sorted(
        [
            *unsent,
            (gap[0], "CHPPD_ALL", f"{gap[1]:%Y-%m}-01", "missing"),
            (gap[0], "OCCUPANCY_PCT", f"{gap[1]:%Y-%m}-01", "missing"),
            (empty[0], "CHPPD_ALL", f"{empty[1]}", "missing"),
            (truth.TWO_DIVISIONS_DIFFERENT[0], "CHPPD_ALL", f"{truth.TWO_DIVISIONS_DIFFERENT[1]}", "missing"),
        ]
    )
    trust = marts.execute(
        "select count(*) filter (where value between 7 and 10), count(*) from indicators.fct_indicator_month "
        "where org_level = 'trust' and indicator_code = 'CHPPD_ALL' and value_status = 'reported'"
    ).fetchone()
    assert trust == (7, 7)
    levels = marts.execute(
        "select distinct org_level from indicators.fct_indicator_month where indicator_code in ('CDIFF', 'FFT_POSITIVE_PCT')"
    ).fetchall()
    assert {level for (level,) in levels} == {"ward", "site", "trust"}


def test_what_was_written_of_an_incident_is_nowhere_past_landing(example: Home) -> None:
    told = truth.INCIDENT_NARRATIVE.encode()
    assert any(told in path.read_bytes() for path in (example.root / "landing" / "incident_summary").iterdir())
    for path in example.root.rglob("*"):
        if path.is_file() and "landing" not in path.parts:
            assert told not in path.read_bytes(), path
    with duckdb.connect(str(example.warehouse), read_only=True) as warehouse:
        columns = warehouse.execute(
            "select lower(column_name) from duckdb_columns() where table_name like '%incident_summary%'"
        ).fetchall()
    assert columns
    assert ("description",) not in columns


def test_each_index_stands_on_its_own_areas(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "select lsoa_vintage, imd_year, count(*), count(imd_decile) from reference.dim_lsoa group by all order by all"
    ).fetchall()
    assert found == [("2011", 2019, 99, 99), ("2021", 2025, 100, 100)]
    wrong = marts.execute(
        "select imd_decile from reference.dim_lsoa where lsoa_vintage = '2021' and lsoa_code = ?",
        [truth.IMD_WRONG_DECILE],
    ).fetchone()
    assert wrong == (dict(truth.LSOAS)[truth.IMD_WRONG_DECILE] + 1,), "the published decile, not that of the rank"


def planted_slope(people: list[float], planted: dict[int, float]) -> float:
    """The slope in per cent, on the logit scale, of planted shares over quintiles of so many people."""
    share = [count / sum(people) for count in people]
    place = [sum(share[:q]) + share[q] / 2 - 0.5 for q in range(5)]
    logit = [math.log(planted[q] / (1 - planted[q])) for q in range(1, 6)]
    slope = sum(a * b * y for a, b, y in zip(share, place, logit, strict=True)) / sum(
        a * b * b for a, b in zip(share, place, strict=True)
    )
    middle = sum(a * y for a, y in zip(share, logit, strict=True))
    most, least = (1 / (1 + math.exp(-(middle + side * slope / 2))) for side in (-1, 1))
    return 100 * (most - least)


@pytest.mark.parametrize(
    ("measure", "planted", "periods"),
    [
        ("MISSED_PCT", truth.MISSED_BY_QUINTILE, "period_type = 'rolling_12_months'"),
        # The copy for which it is planted.
        ("WAITING_OVER_18_WEEKS_PCT", truth.WAITED_18_WEEKS_BY_QUINTILE, f"period_end_date = '{truth.LAST_COPY}'"),
    ],
)
def test_the_planted_slope_comes_back(
    marts: duckdb.DuckDBPyConnection, measure: str, planted: dict[int, float], periods: str
) -> None:
    """Under the index by which it was planted, within its limits; and worse for the most deprived is positive."""
    found = marts.execute(
        f"""
        select period_start_date, sii, sii_lower, sii_upper, rii, rii_lower, orientation
        from inequalities.fct_inequality_slope
        where org_level = 'trust' and measure_code = ? and imd_year = 2025 and {periods} and slope_status = 'reported'
        """,
        [measure],
    ).fetchall()
    assert found
    for start, sii, lower, upper, rii, rii_lower, orientation in found:
        people = marts.execute(
            """
            select cast(group_code as int), cast(denominator as double) from inequalities.fct_access_group
            where org_level = 'trust' and measure_code = ? and dimension_code = 'deprivation_2025'
                and period_type <> 'quarter' and period_start_date = ? and group_code <= '5'
            order by 1
            """,
            [measure, start],
        ).fetchall()
        assert [quintile for quintile, _ in people] == [1, 2, 3, 4, 5]
        # Limits are rounded to whole per cent.
        expected = planted_slope([count for _, count in people], planted)
        assert float(lower) - 0.5 <= expected <= float(upper) + 0.5
        assert sii > 0
        assert rii > 1
        assert rii_lower > 1
        assert orientation == "positive_is_worse_for_most_deprived"


@pytest.mark.parametrize(
    ("measure", "planted", "is_steep"),
    [
        ("READMITTED_30_DAYS_PCT", truth.READMITTED_BY_QUINTILE, True),
        ("STAY_21_DAYS_PCT", truth.LONG_STAY_BY_QUINTILE, True),
        ("BEFORE_NOON_PCT", dict.fromkeys(range(1, 6), truth.BEFORE_NOON), False),
    ],
)
def test_the_planted_slope_of_inpatients_comes_back(
    example: Home, measure: str, planted: dict[int, float], is_steep: bool
) -> None:
    """On exact figures: of a thousand discharges a year most quintiles have too few who came back to be shown."""
    with duckdb.connect(str(example.warehouse), read_only=True) as warehouse:
        found = warehouse.execute(
            """
            select slope.period_start_date, slope.sii_lower, slope.sii_upper,
                list(cast(figure.denominator as double) order by figure.group_code)
            from intermediate.int_inequalities__slope as slope
            inner join intermediate.int_inequalities__access_figure as figure
                using (measure_code, org_level, org_id, period_type, period_start_date)
            where org_level = 'trust' and measure_code = ? and slope.imd_year = 2025
                and figure.dimension_code = 'deprivation_2025' and figure.group_code <= '5'
                -- Years that do not overlap.
                and month(slope.period_start_date) = 4
            group by all
            """,
            [measure],
        ).fetchall()
    # Three limits at 95 % hold what was planted all at once in six of seven worlds, two of them in all but one of 140.
    assert len(found) == 3
    assert sum(lower <= planted_slope(people, planted) <= upper for _, lower, upper, people in found) >= 2, found
    assert is_steep == any(lower > 0 for _, lower, _, _ in found)


def test_patients_without_a_known_group_stay_and_a_small_count_does_not_show(marts: duckdb.DuckDBPyConnection) -> None:
    groups = marts.execute(
        "select distinct group_code from inequalities.fct_access_group where org_level = 'trust' "
        "and dimension_code in ('ethnic_group_2021', 'deprivation_2025')"
    ).fetchall()
    assert {("not_stated",), ("not_known",), ("no_area",), ("not_mapped",)} <= set(groups)
    for mart in (
        "fct_access_group",
        "fct_inpatient_group",
        "fct_barrier",
        "fct_group_recording",
        "fct_standardised_rate",
        "fct_ward_patient_group",
    ):
        small = marts.execute(
            f"select count(*) from inequalities.{mart} where numerator between 1 and 7 or numerator % 5 <> 0 "
            "or denominator between 1 and 7 or denominator % 5 <> 0"
        ).fetchone()
        assert small == (0,), mart
    rules = marts.execute(
        "select suppression_rule from evidence.fct_suppression where domain = 'inequalities' and is_suppressed"
    ).fetchall()
    assert {("primary",), ("secondary",)} <= set(rules)


def test_a_gap_stands_beside_the_projects_that_name_its_group(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        marts.execute(
            "select plan_status, count(*) from inequalities.rpt_gap_and_plan where comparisons_made > 50 group by all"
        ).fetchall()
    )
    assert found.keys() == {"gap_with_project", "gap_without_project", "project_without_gap"}
    most = marts.execute(
        "select count(*) from inequalities.rpt_gap_and_plan where measure_code = 'MISSED_PCT' "
        "and dimension_code = 'deprivation_2025' and group_code = '1' and plan_status = 'gap_with_project'"
    ).fetchone()
    assert most
    assert most[0] > 0


def test_a_wave_with_four_wards_on_a_site_is_seen(marts: duckdb.DuckDBPyConnection) -> None:
    short = marts.execute(
        "select wave_no, site_code, wards_planned, wards_enrolled from programmes.fct_wave "
        "where wards_ahead_of_plan < 0"
    ).fetchall()
    assert short == [(4, "RAJ12", 5, 4)]
    unplanned = marts.execute(
        "select programme_id, wards_planned, wards_enrolled from programmes.fct_wave where wards_ahead_of_plan > 0"
    ).fetchall()
    assert unplanned == [(truth.ON_TWO_PROGRAMMES[1], 0, 1)]
    assert marts.execute("select sum(wards_planned) from programmes.fct_wave").fetchone() == (60,)


def test_control_totals_of_the_courses_issues_and_teams(marts: duckdb.DuckDBPyConnection) -> None:
    cohorts = marts.execute(
        "select programme_type, count(*), sum(sessions_planned), sum(sessions_planned - sessions_held) "
        "from programmes.dim_cohort group by all order by all"
    ).fetchall()
    assert cohorts == [
        ("icb_system", 5, 45, 2),
        ("qsir_fundamentals", 17, 17, 1),
        ("qsir_practitioner", 16, 80, 0),
        ("sixty_wards", 4, 0, 0),
        ("wrapped_improvement", 2, 10, 0),
    ]
    issues = marts.execute(
        "select count(*), count(*) filter (where issue_status = 'closed'), "
        "count(*) filter (where is_closed_by_ward_alone), "
        "count(*) filter (where issue_text is not null and not is_shareable), "
        "count(*) filter (where issue_text is not null) > 250 from programmes.fct_engagement_issue"
    ).fetchone()
    expected = (truth.ISSUES, truth.ISSUES_CLOSED, truth.ISSUES_CLOSED_BY_WARD_ALONE)
    assert issues == (*expected, 0, True)
    teams = marts.execute(
        "select count(*), count(*) filter (where team_size = 8), count(outcome_text) "
        "filter (where not is_shareable), count(*) filter (where team_status = 'completed' and outcome_text is null "
        "and is_shareable) from programmes.fct_system_team"
    ).fetchone()
    assert teams == (15, 14, 0, 1)


def test_over_seven_hundred_are_trained_each_once(example: Home) -> None:
    """From the working warehouse: who was trained is in no release."""
    with duckdb.connect(str(example.warehouse), read_only=True) as warehouse:
        trained = warehouse.execute(
            "select count(distinct participant_id) from intermediate.int_programmes__completion where is_completed"
        ).fetchone()
    assert trained == (truth.TRAINED,)


def test_people_trained_are_counted_and_small_counts_hidden(marts: duckdb.DuckDBPyConnection) -> None:
    whole = marts.execute(
        "select programme_id, sum(completed_n) from programmes.fct_training_summary "
        "where org_level = 'trust' group by all order by all"
    ).fetchall()
    # Of 207 practitioners twelve are hidden: four at each site, so that the total would tell them all.
    assert whole == [
        ("ICB_SYSTEM", 95),
        ("QSIR_FUNDAMENTALS", 416),
        ("QSIR_PRACTITIONER", 195),
        ("WRAPPED_FRAILTY", 15),
        ("WRAPPED_IMPROVEMENT", 15),
    ]
    assert marts.execute(
        "select count(*) filter (where completed_n < 5), count(*) filter (where value_status = 'suppressed') > 0, "
        "count(completed_n) filter (where org_level = 'site' and staff_group = 'all') > 30 "
        "from programmes.fct_training_summary"
    ).fetchone() == (0, True, True)


def test_no_row_of_a_person_is_in_a_release(release: Path, marts: duckdb.DuckDBPyConnection) -> None:
    named = "select count(*) from duckdb_columns() where column_name in ('participant_id', 'same_person_as')"
    assert marts.execute(named).fetchone() == (0,)
    referred = re.compile(rb"\bR\d{5}\b")
    for path in release.resolve().rglob("*"):
        if path.suffix in {".json", ".html"}:
            assert not referred.search(path.read_bytes()), path.name


def test_a_small_cell_cannot_be_had_by_subtraction(marts: duckdb.DuckDBPyConnection) -> None:
    assert marts.execute("select count(*) from surveys.fct_survey_score where base_n < 11").fetchone() == (0,)
    lone = marts.execute(
        """
        select count(*)
        from (
            select quarter, measure_code, site_code, count(*) as hidden
            from surveys.fct_survey_score
            where org_level = 'unit' and value_status = 'suppressed'
            group by all
        ) as units
        inner join surveys.fct_survey_score as site
            on site.org_level = 'site' and site.org_id = units.site_code
            and site.quarter = units.quarter and site.measure_code = units.measure_code
        where site.value_status = 'reported' and units.hidden = 1
        """
    ).fetchone()
    assert lone == (0,)
    esk = marts.execute(
        "select distinct value_status from surveys.fct_survey_score "
        "where org_name like 'Esk%' and quarter = '2025-01-01'"
    ).fetchall()
    assert esk == [("suppressed",)]


def test_bodies_that_treat_nobody_are_no_providers(marts: duckdb.DuckDBPyConnection) -> None:
    providers = {
        org
        for (org,) in marts.execute(
            "select distinct org_id from indicators.fct_indicator_month where indicator_code = 'SICKNESS_ABSENCE_PCT'"
        ).fetchall()
    }
    assert truth.TRUST in providers
    assert len(providers) == truth.SIZES["small"].providers
    assert providers.isdisjoint(code for code, *_ in truth.SICKNESS_BODIES)


def test_planted_dirt_of_the_publications_is_told(marts: duckdb.DuckDBPyConnection) -> None:
    told = marts.execute(
        "select rule_id, check_scope, rows_failed from evidence.fct_check_result where check_status = 'fail' "
        "and rule_id in ('contract.rtt.weeks_sum_to_total', 'contract.sickness_absence.rate_recomputes') order by all"
    ).fetchall()
    assert [(rule, rows) for rule, _, rows in told] == [
        ("contract.rtt.weeks_sum_to_total", 1),
        ("contract.sickness_absence.rate_recomputes", 1),
    ]
    assert f"{truth.RTT_WRONG_SUM[1]:%B-%Y}" in told[0][1]
    assert f"{truth.SICKNESS_WRONG_RATE[1]:%Y-%m}" in told[1][1]


def test_every_assessment_of_a_ward_is_told_and_the_newest_is_marked(
    example: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    (path,) = (example.landing / "ward_accreditation").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        delivered = sorted(
            (row["Site Code"], "-".join(reversed(row["Assessed"].split("/"))), row["Level"].lower().replace(" ", "_"))
            for row in csv.DictReader(handle)
        )
    told = marts.execute(
        "select site_code, assessed_date::varchar, accreditation_level from indicators.fct_ward_accreditation order by all"
    ).fetchall()
    assert told == delivered
    newest = marts.execute(
        "select count(*), count(distinct ward_id), min(assessed_date) >= date '2025-06-01' "
        "from indicators.fct_ward_accreditation where is_latest"
    ).fetchone()
    assert newest == (len(delivered) // 2, len(delivered) // 2, True)


def test_what_came_of_each_waiver_is_in_the_release_and_was_said(
    example: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    found = {
        rule: (status, why)
        for rule, status, why in marts.execute(
            "select rule_id, waiver_status, waiver_status_reason from evidence.fct_waiver"
        ).fetchall()
    }
    refused = {rule for rule, (status, _) in found.items() if status == "refused"}
    assert refused == set(truth.WAIVERS_REFUSED)
    assert {rule for rule, (status, _) in found.items() if status == "expired"} == truth.WAIVERS_EXPIRED
    assert len(found) == len(truth.WAIVERS_REFUSED) + len(truth.WAIVERS_EXPIRED)
    assert [rule for rule, words in truth.WAIVERS_REFUSED.items() if words not in found[rule][1]] == []
    said = (example.root / "said.txt").read_text(encoding="utf-8")
    assert [rule for rule in found if f"  waiver   {rule} in " not in said] == []


def test_wrong_zeros_and_extra_headers_are_visible_as_evidence(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "select check_scope, rows_failed from evidence.fct_check_result where check_status = 'fail' "
        "and rule_id = 'contract.ae_attendances.wrong_zero_percentage'"
    ).fetchall()
    assert found == [("ae_attendances/April-2025-AE.csv", 22)]
    headers = marts.execute("select ignored_columns from evidence.fct_file where file_name like '%2024-09%'").fetchone()
    assert headers == ("|||||a",)


def test_every_table_and_column_carries_its_text(marts: duckdb.DuckDBPyConnection) -> None:
    bare = marts.execute("select table_name, column_name from duckdb_columns() where not internal and comment is null")
    assert bare.fetchall() == []
    assert marts.execute("select table_name from duckdb_tables() where comment is null").fetchall() == []
    dictionary = marts.execute("select count(*) from evidence.dim_column").fetchone()
    columns = marts.execute("select count(*) from duckdb_columns() where not internal").fetchone()
    assert dictionary == columns


def test_the_folder_is_complete_and_says_what_it_is(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["is_demonstration"] is True
    folder = release.resolve()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"qls.duckdb", "manifest.json", "datapackage.json", "evidence/index.html"} <= files
    assert set(manifest["files"]) == files - {"manifest.json"}
    for page in folder.rglob("*.html"):
        assert not re.search(r"(src|href)=[\"']?https?://", page.read_text(encoding="utf-8")), page.name


def test_parquet_and_database_hold_the_same_rows(release: Path, marts: duckdb.DuckDBPyConnection) -> None:
    for schema, table in marts.execute("select schema_name, table_name from duckdb_tables()").fetchall():
        path = release / "parquet" / schema / f"{table}.parquet"
        counts = marts.execute(
            f"select (select count(*) from {schema}.{table}), (select count(*) from read_parquet('{path}'))"
        ).fetchone()
        assert counts is not None
        assert counts[0] == counts[1], table


def test_nothing_new_says_so_and_status_tells_the_rest(example: Home) -> None:
    again = qls(example.root, "run")
    assert again.returncode == 0
    assert "Nothing new since run" in again.stdout
    status = qls(example.root, "status")
    assert status.returncode == 0
    assert "In force" in status.stdout
    assert "ward_indicator_2025-26.csv" in status.stdout


def test_examples_and_real_files_never_mix(example: Home, tmp_path: Path) -> None:
    (tmp_path / "landing" / "site_register").mkdir(parents=True)
    (tmp_path / "landing" / "site_register" / "sites.csv").write_text("Site Code,Site Name,Valid From\n")
    refused = qls(tmp_path, "example")
    assert refused.returncode == 2
    assert "examples never mix" in refused.stdout
    assert qls(tmp_path, "example", "--if-new").returncode == 0
    assert [path.name for path in (tmp_path / "landing").rglob("*.csv")] == ["sites.csv"]


def test_tests_that_share_this_run_are_kept_on_one_worker(example: Home, request: pytest.FixtureRequest) -> None:
    """Else each worker makes the run anew, and nothing but the time tells."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("tests do not run side by side")
    assert request.node.nodeid.endswith("@example")


def test_no_file_of_a_run_lands_in_the_tree() -> None:
    assert not (PROJECT / "dbt_project" / "target").exists()
    assert not (PROJECT / "dbt_project" / "logs").exists()


def test_every_page_and_manifest_of_a_demonstration_says_so(release: Path) -> None:
    pages = list(release.resolve().rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        assert "Demonstration: this release is made from example files" in page.read_text(encoding="utf-8"), page.name
    assert "Demonstration" in json.loads((release / "datapackage.json").read_text(encoding="utf-8"))["description"]


def test_a_scorecard_says_what_changed_how_old_it_is_and_what_the_analyst_wrote(
    example: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    lines = {
        code: line
        for code, *line in marts.execute(
            "select indicator_code, month, sentence, has_kite_mark, note_text, days_since_month_end "
            "from indicators.rpt_ward_scorecard where ward_id = 'W027'"
        ).fetchall()
    }
    month, sentence, has_kite_mark, note, age = lines["FALLS_1000"]
    assert (month, has_kite_mark) == (truth.LAST_MONTH, True)
    assert sentence.startswith("Falls per 1,000 occupied bed days, ")
    assert note == "Five falls were reported late; the month was sent again."
    (run,) = Ledger(example.ledger).read("run")
    assert age == (run["run_date"] - date(2026, 3, 31)).days
    # Signed off, and never audited.
    assert lines["PRESSURE_ULCERS_1000"][2] is False
    withheld = marts.execute(
        "select count(*), count(note_text) from improvement.fct_analyst_note where not is_shareable"
    ).fetchone()
    assert withheld == (1, 0)
    closed = "select count(*) from indicators.rpt_ward_scorecard where ward_id = 'W036'"
    assert marts.execute(closed).fetchone() == (0,)


def test_the_overview_counts_signals_beside_those_of_chance(marts: duckdb.DuckDBPyConnection) -> None:
    judged, signals, least, most, aim = marts.execute(
        "select series_judged, series_improvement + series_concern + series_neutral, chance_signals_from, "
        "chance_signals_to, strategic_aim from indicators.rpt_trust_overview "
        "where chart_level = 'ward' and indicator_code = 'FALLS_1000'"
    ).fetchone() or (0, 0, 0, 0, "")
    assert aim == "safe_care"
    assert judged > 50
    assert float(least) == round(judged * 0.016, 1)
    assert float(most) == round(judged * 0.024, 1)
    drawn = marts.execute(
        "select count(*) from indicators.rpt_ward_scorecard "
        "where indicator_code = 'FALLS_1000' and variation_type like 'special_cause%'"
    ).fetchone()
    assert drawn == (signals,)


def test_what_was_decided_of_a_chart_shows_in_it(marts: duckdb.DuckDBPyConnection) -> None:
    def at(level: str, org: str, code: str, month: str) -> tuple[object, ...]:
        return (
            marts.execute(
                "select annotation, is_excluded, limits_status, rebase_group from indicators.fct_spc_point "
                "where org_level = ? and org_id = ? and indicator_code = ? and month = cast(? as date)",
                [level, org, code, month],
            ).fetchone()
            or ()
        )

    assert at("trust", "RAJ", "VTE_PCT", "2024-04-01") == (
        "New limits from here: Assessment within 14 hours counts from here", False, "ok", 1,
    )  # fmt: skip
    assert at("trust", "RAJ", "VTE_PCT", "2024-03-01")[3] == 0
    assert at("ward", "W027", "FALLS_1000", "2025-02-01")[0] == "Five falls were reported late"
    assert at("site", "RAJ01", "SICKNESS_PCT", "2024-12-01")[:2] == ("Left out: Roster system down for two weeks", True)
    fixed = marts.execute(
        "select count(distinct centre_line) from indicators.fct_spc_point "
        "where org_level = 'ward' and org_id = 'W001' and indicator_code = 'FALLS_1000' and centre_line is not null"
    ).fetchone()
    assert fixed == (1,)


def test_days_between_rare_events_are_those_of_the_files(example: Home, marts: duckdb.DuckDBPyConnection) -> None:
    """C. difficile of healthcare, at the trust, the sites and each ward: every day, and the days since the one before."""
    events: dict[tuple[str, str], list[date]] = {}
    names = {(ward.site, ward.name): ward.ward_id for ward in truth.REGISTER}
    for path in sorted((example.landing / "infection").iterdir()):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["Organism"] == "C. difficile" and row["Onset"] in ("HOHA", "COHA"):
                    day, month, year = map(int, row["Specimen Date"].split("/"))
                    ward_id = names[row["Site Code"], row["Ward"]]
                    for key in (("trust", "RAJ"), ("site", row["Site Code"]), ("ward", ward_id)):
                        events.setdefault(key, []).append(date(year, month, day))
    expected = set()
    for (level, org), days in events.items():
        days.sort()
        expected |= {
            (level, org, number, after, float((after - before).days))
            for number, (before, after) in enumerate(itertools.pairwise(days), start=2)
        }
    found = marts.execute(
        "select org_level, org_id, event_no, point_date, value::double from indicators.fct_spc_point "
        "where indicator_code = 'CDIFF_DAYS_BETWEEN'"
    ).fetchall()
    assert len(found) == len(expected) > 300
    assert set(found) == expected
    trust = [value for level, *_, value in sorted(expected) if level == "trust"]
    centre, upper, status, sentence, last = marts.execute(
        "select centre_line, upper_process_limit, limits_status, sentence, last_point_date "
        "from indicators.fct_spc_summary where org_level = 'trust' and indicator_code = 'CDIFF_DAYS_BETWEEN'"
    ).fetchone() or (0.0, 0.0, "", "", None)
    moved = [abs(second - first) for first, second in itertools.pairwise(trust)]
    mean = sum(trust) / len(trust)
    assert (round(centre, 9), round(upper, 9), status) == (
        round(mean, 9),
        round(mean + 2.66 * sum(moved) / len(moved), 9),
        "ok",
    )
    assert last == max(events["trust", "RAJ"])
    assert sentence.endswith(f" The last was on {last}.")


def test_rare_events_have_a_line_on_the_scorecard_and_no_mart_says_more_of_them(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    lines = marts.execute(
        "select count(*), count(distinct ward_id), bool_or(is_behind), any_value(unit) "
        "from indicators.rpt_ward_scorecard where indicator_code = 'CDIFF_DAYS_BETWEEN'"
    ).fetchone()
    assert lines == (45, 45, False, "days")
    kinds = marts.execute(
        "select distinct indicator_code from indicators.fct_spc_summary where chart = 'time_between'"
    ).fetchall()
    assert {kind for (kind,) in kinds} == set(truth.BETWEEN_INDICATORS)
    # The event of 2062 was refused at the door.
    assert marts.execute("select max(year(point_date)) from indicators.fct_spc_point").fetchone() == (2026,)


def test_twelve_months_at_once_are_a_line_without_signals(marts: duckdb.DuckDBPyConnection) -> None:
    for code in ("TURNOVER_12M_PCT", "APPRAISAL_PCT", "MANDATORY_TRAINING_PCT"):
        shown, limits, judged, said = marts.execute(
            "select count(value), count(upper_process_limit), count(variation_type), "
            "count(*) filter (sentence like '%: shown as a line; no signals are looked for,%') "
            "from indicators.rpt_ward_scorecard where indicator_code = ?",
            [code],
        ).fetchone() or (0, 0, 0, 0)
        assert shown == said > 60
        assert (limits, judged) == (0, 0)


def test_a_few_answers_hide_a_ward_and_the_one_that_would_tell_of_it(marts: duckdb.DuckDBPyConnection) -> None:
    ward, month = truth.FFT_FEW
    hidden = marts.execute(
        "select distinct org_id, site_code, month from indicators.fct_indicator_month "
        "where indicator_code like 'FFT%' and value_status = 'suppressed'"
    ).fetchall()
    assert len(hidden) == 2
    assert {when for *_, when in hidden} == {month}
    assert len({site for _, site, _ in hidden}) == 1
    assert ward in {org for org, *_ in hidden}
    (other,) = {org for org, *_ in hidden} - {ward}
    # What is not in the limits cannot be had from them: the few answers are not, the other ward's are.
    limits = dict(
        marts.execute(
            "select org_id, limits_status from indicators.fct_spc_summary "
            "where indicator_code = 'FFT_POSITIVE_PCT' and org_id in (?, ?)",
            [ward, other],
        ).fetchall()
    )
    assert limits == {ward: "provisional", other: "suppressed"}


def test_sickness_of_a_ward_shows_where_enough_people_work_there(marts: duckdb.DuckDBPyConnection) -> None:
    shown = marts.execute(
        "select org_level, count(*) filter (value_status = 'reported') * 100 / count(*) "
        "from indicators.fct_indicator_month where indicator_code = 'SICKNESS_PCT' and org_level <> 'provider' group by 1"
    ).fetchall()
    assert {level for level, share in shown if share > 95} == {"ward", "site", "trust"}

"""Each rule of the gate is seen passing on sound marts, failing on a fault planted for it, silent without rows."""

from collections.abc import Iterator

import duckdb
import pytest

from expectations.engine import Engine, Judged, Verdict
from expectations.gate import catalogue, judge_frame, load_suites
from expectations.rule import Frame
from expectations.small_numbers import shows_small
from tests.conftest import make_run
from tests.unit.expectations.world import MARTS, make_marts

# Rule | the fault, as SQL on sound marts | the key of the row that must be named.
FAULTS = [
    (
        "gate.reference.ward_open",
        "update reference.dim_ward set valid_to = '2024-02-01' where ward_id = 'W003'",
        "ward_id=W003 mart_name=fct_indicator_month",
    ),
    (
        "gate.reference.ward_reports",
        "insert into reference.dim_ward values ('W009', 'RAJ12', '2023-01-01', null)",
        "site_code=RAJ12 ward_id=W009",
    ),
    (
        "gate.indicators.no_small_number",
        "update indicators.fct_indicator_month set denominator = 10 where indicator_code = 'APPRAISAL_PCT'",
        "indicator_code=APPRAISAL_PCT org_level=ward",
    ),
    (
        "gate.indicators.no_small_number",
        "update indicators.fct_indicator_month set numerator = 4 where indicator_code = 'FFT_RESPONSE_PCT' and org_id = 'RAJ12'",
        "indicator_code=FFT_RESPONSE_PCT org_level=site",
    ),
    (
        "gate.indicators.no_small_number",
        "update reference.dim_indicator set disclosure_class = 'unheard_of' where indicator_code = 'APPRAISAL_PCT'",
        "indicator_code=APPRAISAL_PCT org_level=ward",
    ),
    (
        "gate.indicators.no_part_by_subtraction",
        "update indicators.fct_indicator_month set value_status = 'reported', numerator = 5 where org_id = 'W003' "
        "and indicator_code = 'FFT_RESPONSE_PCT'",
        "org_id=RAJ12 indicator_code=FFT_RESPONSE_PCT month=2024-03-01",
    ),
    (
        "gate.indicators.rare_events_inside_alone",
        "update reference.dim_indicator set disclosure_class = 'patient_group' where indicator_code = 'MRSA_DAYS'",
        "org_level=ward indicator_code=MRSA_DAYS",
    ),
    (
        "gate.indicators.scorecard_newest",
        "update indicators.rpt_ward_scorecard set month = '2024-02-01' where ward_id = 'W002'",
        "ward_id=W002 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.scorecard_tells_the_fact",
        "update indicators.rpt_ward_scorecard set value = 6 where ward_id = 'W001' and indicator_code = 'MRSA_DAYS'",
        "ward_id=W001 indicator_code=MRSA_DAYS",
    ),
    (
        "gate.indicators.scorecard_tells_the_chart",
        "update indicators.rpt_ward_scorecard set variation_icon = 'concern_high' where ward_id = 'W002'",
        "ward_id=W002 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.scorecard_words_fit_icons",
        "update indicators.rpt_ward_scorecard set sentence = 'Falls, W001: as usual.' where indicator_code = 'FALLS_1000' "
        "and ward_id = 'W001'",
        "ward_id=W001 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.scorecard_words_fit_icons",
        "update indicators.rpt_ward_scorecard set sentence = 'Falls, W002: as usual. The target is consistently met.' "
        "where indicator_code = 'FALLS_1000' and ward_id = 'W002'",
        "ward_id=W002 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.scorecard_complete",
        "delete from indicators.rpt_ward_scorecard where ward_id = 'W002'",
        "ward_id=W002 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.overview_counts_charts",
        "update indicators.rpt_trust_overview set series_concern = 2 where series_concern = 1",
        "chart_level=ward indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.overview_complete",
        "delete from indicators.rpt_trust_overview where chart_level = 'trust'",
        "chart_level=trust indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.overview_beside_chance",
        "update indicators.rpt_trust_overview set sentence = '1 of 2 charts show a signal.' where series_concern = 1",
        "chart_level=ward indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.site_sums_wards",
        "update indicators.fct_indicator_month set denominator = 600.6 where org_id = 'W004' and month = '2024-02-01'",
        "org_id=RAJ12 indicator_code=FALLS_1000 month=2024-02-01",
    ),
    (
        "gate.indicators.trust_sums_sites",
        "update indicators.fct_indicator_month set numerator = 11 where org_level = 'trust' and month = '2024-03-01'",
        "org_id=RAJ indicator_code=FALLS_1000 month=2024-03-01",
    ),
    (
        "gate.indicators.month_complete",
        "delete from indicators.fct_indicator_month where org_id = 'RAJ12' and month = '2024-03-01'",
        "site_code=RAJ12 indicator_code=FALLS_1000",
    ),
    (
        "gate.indicators.ward_completeness",
        "update indicators.fct_indicator_month set wards_reporting = 1 where org_id = 'RAJ01' and month = '2024-01-01'",
        "site_code=RAJ01 indicator_code=FALLS_1000 month=2024-01-01",
    ),
    (
        "gate.indicators.providers_steady",
        "delete from indicators.fct_indicator_month where org_id = 'RQW' and month = '2024-02-01'",
        "indicator_code=AE_TOTAL month=2024-02-01; indicator_code=AE_TOTAL month=2024-03-01",
    ),
    (
        "gate.indicators.national_month_complete",
        "delete from indicators.fct_indicator_month where org_level = 'provider' and month = '2024-02-01'",
        "indicator_code=AE_TOTAL month=2024-03-01",
    ),
    (
        "gate.surveys.suppressed_shows_nothing",
        "update surveys.fct_survey_score set base_n = 12 where value_status = 'suppressed'",
        "survey_code=pulse quarter=2024-01-01 org_level=unit org_id=RAJ12:c measure_code=Q1",
    ),
    (
        "gate.surveys.site_sums_units",
        "update surveys.fct_survey_score set base_n = 51 where org_id = 'RAJ01' and quarter = '2024-01-01'",
        "survey_code=pulse quarter=2024-01-01 org_id=RAJ01 measure_code=Q1",
    ),
    (
        "gate.surveys.quarter_complete",
        "delete from surveys.fct_survey_score where org_id = 'RAJ12' and quarter = '2024-04-01'",
        "survey_code=pulse quarter=2024-04-01 org_id=RAJ12",
    ),
    (
        "gate.programmes.ward_in_its_wave",
        "insert into programmes.fct_ward_progress values ('P', 'W003', 'RAJ12', 1, '2024-01-20')",
        "programme_id=P wave_no=1 site_code=RAJ12",
    ),
    (
        "gate.programmes.case_tells_training",
        "update programmes.rpt_programme_case set completed_n = 11 where cohort_id = 'C1'",
        "cohort_id=C1",
    ),
    (
        "gate.improvement.named_beforehand",
        "update improvement.fct_intervention_effect set effect_status = 'estimated' where ward_id = 'W002'",
        "intervention_id=HUDDLE ward_id=W002 indicator_code=FALLS_1000",
    ),
    (
        "gate.improvement.credits_no_cause",
        "update improvement.fct_intervention_effect set effect_sentence = 'The huddle worked.' where ward_id = 'W001'",
        "intervention_id=HUDDLE ward_id=W001 indicator_code=FALLS_1000",
    ),
    (
        "gate.improvement.card_credits_no_cause",
        "update improvement.rpt_learning_library set what_followed = 'It led to fewer falls.'",
        "intervention_id=HUDDLE",
    ),
    (
        "gate.improvement.rollout_within_its_bounds",
        "update improvement.fct_rollout_effect set rollout_status = 'too_few_events'",
        "programme_id=P indicator_code=FALLS_1000 variant=primary",
    ),
    (
        "gate.improvement.rollout_credits_no_cause",
        "update improvement.fct_rollout_effect set rollout_sentence = 'The programme worked.'",
        "programme_id=P indicator_code=FALLS_1000 variant=primary",
    ),
    (
        "gate.improvement.intervention_answered",
        "delete from improvement.fct_intervention_effect where ward_id = 'W002'",
        "intervention_id=HUDDLE ward_id=W002",
    ),
    (
        "gate.inequalities.one_count",
        "update inequalities.fct_barrier set numerator = null where group_code = '2'",
        "org_level=trust org_id=RAJ measure_code=VIRTUAL_PCT dimension_code=deprivation_2025 group_code=2 "
        "period_type=rolling_12_months period_start_date=2024-01-01",
    ),
    (
        "gate.inequalities.one_share",
        "update inequalities.fct_barrier set value = 9 where group_code = '3'",
        "org_level=trust org_id=RAJ measure_code=VIRTUAL_PCT dimension_code=deprivation_2025 group_code=3 "
        "period_type=rolling_12_months period_start_date=2024-01-01",
    ),
    (
        "gate.inequalities.slope_of_five",
        "update inequalities.fct_access_group set value = null where measure_code = 'MISSED_PCT' and group_code = '1'",
        "org_level=trust org_id=RAJ measure_code=MISSED_PCT imd_year=2025 period_type=rolling_12_months "
        "period_start_date=2024-01-01",
    ),
    (
        "gate.inequalities.slope_of_five",
        "delete from inequalities.fct_inpatient_group where group_code = '5'",
        "org_level=trust org_id=RAJ measure_code=STAY_21_DAYS_PCT imd_year=2025 period_type=rolling_12_months "
        "period_start_date=2024-01-01",
    ),
    (
        "gate.inequalities.gap_if_shown",
        "update inequalities.fct_access_group set value = null where period_type = 'quarter' and group_code = '5'",
        "measure_code=MISSED_PCT dimension_code=deprivation_2025 group_code=1 month=2024-02-01",
    ),
    (
        "gate.inequalities.no_ward_group_by_subtraction",
        "update inequalities.fct_ward_patient_group set numerator = null, value = null where group_code = 'male'",
        "ward_id=W001 dimension_code=sex",
    ),
    (
        "gate.inequalities.ethnicity_known",
        "update inequalities.fct_group_recording set value = 18",
        "org_level=trust org_id=RAJ group_code=not_known period_start_date=2024-01-01",
    ),
    (
        "gate.evidence.rejections_explained",
        "update evidence.fct_rejection set rows_affected = 1 where row_action = 'rejected'",
        "file_id=f1",
    ),
    ("gate.evidence.current_file_used", "delete from evidence.fct_file_use", "feed=ward_indicator file_id=f1"),
    (
        "gate.evidence.never_revised",
        "update evidence.fct_feed_timeliness set revisions = 1 where feed = 'fft'",
        "feed=fft period_start_date=2024-01-01",
    ),
    (
        "gate.evidence.restatement_protected",
        "update evidence.fct_restatement set new_value = '3' where restatement_key = 'k2'",
        "feed=pulse_survey restatement_key=k2",
    ),
    (
        "gate.evidence.restatement_protected",
        "update evidence.fct_restatement set value_status = 'reported', restated_row = 'RAJ01|a' where restatement_key = 'k2'",
        "feed=pulse_survey restatement_key=k2",
    ),
    (
        "gate.evidence.restatement_protected",
        "update evidence.fct_restatement set indicator_code = 'APPRAISAL_PCT' where restatement_key = 'k1'",
        "feed=ward_indicator restatement_key=k1",
    ),
    (
        "gate.evidence.checks_described",
        "insert into evidence.fct_check_result values ('model.gone.unique_key')",
        "rule_id=model.gone.unique_key",
    ),
    (
        "gate.release.no_nhs_number",
        "update indicators.fct_indicator_month set org_name = 'Bed 4, 943 476 5919' where org_id = 'W001'",
        "mart_name=fct_indicator_month column_name=org_name",
    ),
    (
        "gate.release.no_postcode",
        "update indicators.fct_indicator_month set org_name = 'Home of SS16 5NL' where org_id = 'W001'",
        "mart_name=fct_indicator_month column_name=org_name",
    ),
    (
        "gate.release.no_small_number",
        "update surveys.fct_survey_score set base_n = 10 where org_id = 'RAJ01:a'",
        "mart_name=fct_survey_score column_name=base_n; mart_name=fct_survey_score column_name=positive_n; "
        "mart_name=fct_survey_score column_name=positive_pct",
    ),
    (
        "gate.release.columns_built",
        "alter table programmes.fct_wave drop column wards_withdrawn",
        "mart_name=fct_wave column_name=wards_withdrawn",
    ),
    (
        "gate.release.approved",
        "delete from evidence.fct_publication_approval where is_in_force",
        "audience=public",
    ),
    ("gate.release.mart_not_empty", "delete from surveys.fct_survey_score", "mart_name=fct_survey_score"),
]
# Silent in a release for the trust itself.
OF_THE_PUBLIC = {"gate.release.approved"}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        make_marts(connection)
        yield connection


def _frames() -> list[tuple[str, Frame]]:
    return [(suite, frame) for suite, frames in load_suites().items() for frame in frames]


def _judge(warehouse: duckdb.DuckDBPyConnection, engine: Engine, rule_id: str) -> tuple[Verdict, Judged]:
    """The verdict on one rule, with all that is kept of its frame."""
    for suite, frame in _frames():
        if any(expectation.meta["rule_id"] == rule_id for expectation in frame.expectations):
            audience = "public" if rule_id in OF_THE_PUBLIC else "internal"
            judged = judge_frame(warehouse, engine, suite, frame, MARTS, make_run(audience=audience))
            return next(verdict for verdict in judged.verdicts if verdict.rule_id == rule_id), judged
    raise KeyError(rule_id)


def test_every_rule_passes_on_sound_marts(warehouse: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    stated = [expectation.meta["rule_id"] for _, frame in _frames() for expectation in frame.expectations]
    verdicts = [_judge(warehouse, engine, rule_id)[0] for rule_id in stated]
    assert {verdict.rule_id: (verdict.status, verdict.detail) for verdict in verdicts if verdict.status != "pass"} == {}
    assert all(verdict.rows_tested for verdict in verdicts)


@pytest.mark.parametrize(("rule_id", "fault", "keys"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found_and_named(
    warehouse: duckdb.DuckDBPyConnection, engine: Engine, rule_id: str, fault: str, keys: str
) -> None:
    warehouse.execute(fault)
    verdict, _ = _judge(warehouse, engine, rule_id)
    assert (verdict.status, verdict.sample_keys) == ("fail", keys)
    assert verdict.rows_failed == keys.count(";") + 1


def test_a_run_id_that_reads_like_a_time_is_only_a_name(warehouse: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    frame = next(frame for name, frame in _frames() if name == "evidence")
    run = make_run(run_id="2026-11-23-1030-4713")
    assert judge_frame(warehouse, engine, "evidence", frame, MARTS, run).page


def test_every_rule_has_a_fault_planted_for_it() -> None:
    stated = [expectation.meta["rule_id"] for _, frame in _frames() for expectation in frame.expectations]
    assert sorted(stated) == sorted(set(stated))
    assert set(stated) == {fault[0] for fault in FAULTS}


def test_the_trust_itself_needs_no_approval(warehouse: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    warehouse.execute("delete from evidence.fct_publication_approval")
    frame = next(frame for _, frame in _frames() if frame.name == "approval of publication")
    judged = judge_frame(warehouse, engine, "release", frame, MARTS, make_run())
    assert [verdict.status for verdict in judged.verdicts] == ["not_applicable"]


def test_the_catalogue_reads_what_the_suites_state() -> None:
    stated = {
        expectation.meta["rule_id"]: (expectation.severity.value, expectation.meta["because"])
        for _, frame in _frames()
        for expectation in frame.expectations
    }
    assert {entry.rule_id: (entry.severity, entry.because) for entry in catalogue()} == stated


def test_no_rule_speaks_of_marts_without_rows(engine: Engine) -> None:
    with duckdb.connect() as warehouse:
        make_marts(warehouse, "select 1")
        for suite, frame in _frames():
            for verdict in judge_frame(warehouse, engine, suite, frame, MARTS, make_run()).verdicts:
                # What the dictionary promises must be built, rows or none.
                expected = "pass" if verdict.rule_id == "gate.release.columns_built" else "not_applicable"
                assert (verdict.rule_id, verdict.status) == (verdict.rule_id, expected)


def test_a_rule_that_cannot_be_asked_is_an_error(warehouse: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    warehouse.execute("drop table evidence.fct_rejection")
    verdict, judged = _judge(warehouse, engine, "gate.evidence.rejections_explained")
    assert verdict.status == "error"
    assert "fct_rejection" in verdict.detail
    assert judged.result is None


def test_an_expectation_on_a_column_that_is_not_there_is_an_error(
    warehouse: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    (frame, *_) = load_suites()["evidence"]
    broken = Frame("broken", "fct_file", "select file_id from evidence.fct_file", ("file_id",), frame.expectations)
    (verdict,) = judge_frame(warehouse, engine, "evidence", broken, [], make_run()).verdicts
    assert verdict.status == "error"


def test_nothing_that_a_hidden_frame_finds_is_kept(warehouse: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    warehouse.execute("update indicators.fct_indicator_month set org_name = '943 476 5919'")
    verdict, judged = _judge(warehouse, engine, "gate.release.no_nhs_number")
    kept = f"{verdict}{judged.result}{judged.page}"
    assert verdict.status == "fail"
    assert "943" not in kept
    assert judged.result is not None
    assert all(result["result"] == {} for result in judged.result["results"])


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("9434765919", True),
        ("943-476-5919", True),
        ("NHS no 943 476 5919.", True),
        ("9434765918", False),
        ("0000000000", False),
        ("19434765919", False),
        ("2026-11-23-0600-a1f3", False),
        ("SS16 5NL", True),
        ("lives at ss165nl", True),
        ("EC1A 1BB", True),
        ("ward w1 2nd floor", False),
        ("RAJ01", False),
        ("AE_DTA_4_TO_12H", False),
        ("a3f9c1b2", False),
    ],
)
def test_what_looks_like_an_identifier(
    warehouse: duckdb.DuckDBPyConnection, engine: Engine, text: str, is_found: bool
) -> None:
    warehouse.execute("update indicators.fct_indicator_month set org_name = ? where org_id = 'W001'", [text])
    _, judged = _judge(warehouse, engine, "gate.release.no_postcode")
    assert any(verdict.status == "fail" for verdict in judged.verdicts) == is_found
    assert all(verdict.status in ("pass", "fail") for verdict in judged.verdicts)


def test_a_share_of_staff_may_be_small_where_its_counts_are_not() -> None:
    assert shows_small("staff", "public", '"trained_n"') == '"trained_n" between 1 and 4'
    assert shows_small("staff", "public", '"trained_pct"') is None
    assert shows_small("staff", "public", '"ratio"') is None
    assert shows_small("staff", "public", '"numerator"') is not None
    assert shows_small("survey", "public", '"positive_pct"') is not None


def test_the_public_may_not_see_what_a_trust_sees_of_its_wards(
    warehouse: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    frame = next(frame for _, frame in _frames() if frame.name == "small numbers by class of indicator")
    public = judge_frame(warehouse, engine, "indicators", frame, MARTS, make_run(audience="public"))
    assert [verdict.status for verdict in public.verdicts] == ["fail"]
    assert "indicator_code=FALLS_1000 org_level=ward" in str(public.verdicts[0].sample_keys)


def test_the_public_sees_no_ward_of_staff_and_no_rare_event(
    warehouse: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    told = {}
    for audience in ("internal", "public"):
        for frame in (frame for name, frame in _frames() if name == "indicators" and frame.hidden):
            for verdict in judge_frame(
                warehouse, engine, "indicators", frame, MARTS, make_run(audience=audience)
            ).verdicts:
                told[audience, verdict.rule_id.split(".")[-1]] = verdict.sample_keys or ""
    assert "APPRAISAL_PCT" in told["public", "no_small_number"]
    assert "FFT_POSITIVE_PCT" not in told["public", "no_small_number"]
    assert not told["internal", "rare_events_inside_alone"]
    assert told["public", "rare_events_inside_alone"] == "org_level=ward indicator_code=MRSA_DAYS"

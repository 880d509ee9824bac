"""The gate as a whole: what holds a release, what it writes, how it is spoken to."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.data_docs import docs_folder, read_account
from expectations.gate import decide, judge, load_suites, order, read_order, read_outcome
from expectations.waivers import Waiver, read_waivers, waivers_of
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run
from tests.conftest import PROJECT, make_run
from tests.unit.expectations.world import MARTS, make_marts

# Rule | severity | status | what it does.
DECISIONS = """
    model.dim_ward.unique_key      | critical | fail           | holds
    model.dim_ward.unique_key      | critical | error          | holds
    model.dim_ward.unique_key      | critical | not_run        | holds
    model.dim_ward.unique_key      | critical |                | holds
    model.dim_ward.unique_key      | critical | pass           | nothing
    model.dim_ward.unique_key      | critical | not_applicable | nothing
    model.dim_ward.unique_key      | critical | too_early      | nothing
    model.dim_ward.unique_key      | warning  | fail           | warns
    model.dim_ward.unique_key      | warning  |                | warns
    gate.release.no_nhs_number     | critical | fail           | holds
    gate.release.no_nhs_number     | critical | error          | holds
    gate.release.mart_not_empty    | warning  | error          | warns
    contract.ward_indicator.broken | critical | fail           | warns
    contract.ward_indicator.broken | error    | fail           | warns
    contract.ward_indicator.broken | critical |                | nothing
"""


def _rule(rule_id: str, severity: str) -> dict[str, Any]:
    return {"rule_id": rule_id, "severity": severity, "subject": "dim_ward", "description": "It must hold."}


def _result(rule_id: str, status: str) -> dict[str, Any]:
    return {
        "rule_id": rule_id,
        "scope": "dim_ward",
        "status": status,
        "detail": "Two rows.",
        "sample_keys": "ward_id=W1",
    }


SOUND_RULE = _rule("model.dim_site.unique_key", "critical")
SOUND_RESULT = _result("model.dim_site.unique_key", "pass")


@pytest.mark.parametrize("line", [line for line in DECISIONS.splitlines() if line.strip()])
def test_what_a_rule_does_to_a_release(line: str) -> None:
    rule_id, severity, status, does = (cell.strip() for cell in line.split("|"))
    results = [SOUND_RESULT, *([_result(rule_id, status)] if status else [])]
    outcome = decide(make_run(), [SOUND_RULE, _rule(rule_id, severity)], results)
    assert outcome.held == (does == "holds")
    assert [finding.rule_id for finding in outcome.failures] == ([rule_id] if does == "holds" else [])
    assert [finding.rule_id for finding in outcome.warnings] == ([rule_id] if does == "warns" else [])


def test_a_run_whose_models_were_not_tested_is_held() -> None:
    outcome = decide(
        make_run(), [_rule("gate.release.no_postcode", "critical")], [_result("gate.release.no_postcode", "pass")]
    )
    assert outcome.held
    assert outcome.failures[0].scope == "all models"


# The run is of 23 November 2026. What the waiver says other than below | what comes of it | lets it the rule through?
WAIVERS = """
                                                  | used       | yes
    until_date=2026-11-23                         | used       | yes
    granted_date=2026-11-23                       | used       | yes
    until_date=2027-01-30                         | used       | yes
    until_date=2027-01-31                         | refused    | no
    until_date=2026-11-22                         | expired    | no
    granted_date=2026-11-24                       | not_begun  | no
    granted_date=2026-12-01 until_date=2026-11-30 | refused    | no
    approved_by_role=Head_of_improvement          | refused    | no
    approved_by_role=HEAD_of__Improvement.        | refused    | no
    check_scope=fct_wave                          | not_needed | no
    rule_id=gate.indicators.site_sums_wards       | not_needed | no
    rule_id=gate.surveys.quarter_complete         | not_needed | no
    rule_id=gate.indicators.gone                  | refused    | no
    rule_id=gate.release.no_nhs_number            | refused    | no
    rule_id=contract.ward_indicator.row_balance   | refused    | no
    rule_id=contract.ward_indicator.some_rows     | refused    | no
"""
BREAKS_TRUST_SUMS = (
    "update indicators.fct_indicator_month set numerator = 99 where org_id = 'RAJ' and month = '2024-03-01'"
)
WAIVED = {
    "rule_id": "gate.indicators.trust_sums_sites",
    "check_scope": "fct_indicator_month",
    "granted_date": "2026-11-01",
    "until_date": "2026-12-31",
    "reason_text": "One site delivers late",
    "asked_by_role": "Head of improvement",
    "approved_by_role": "Director of strategy",
}


@pytest.fixture
def built(tmp_path: Path) -> tuple[Home, Run, Ledger]:
    """A home as the dbt step leaves it: sound marts, their columns and one passed test in the ledger."""
    return _build(tmp_path / "qls")


def _build(root: Path) -> tuple[Home, Run, Ledger]:
    home, run = Home(root), make_run()
    ledger = Ledger(home.ledger)
    ledger.prepare()
    home.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        make_marts(warehouse)
    described = {"mart_description": "A mart.", "mart_grain": "row", "mart_owner": "analytics", "is_key": False}
    columns = [
        described
        | {
            "run_id": run.run_id,
            "domain": mart.domain,
            "mart_name": mart.name,
            "column_name": column,
            "column_no": number,
            "data_type": data_type,
            "description": "A column.",
            "disclosure": disclosure,
        }
        for mart in MARTS
        for number, (column, data_type, disclosure) in enumerate(mart.columns, 1)
    ]
    ledger.append("published_column", run.run_id, "dbt", columns)
    rule = {"domain": "reference", "dimension": "uniqueness", "owner": "analytics"}
    ledger.append("rule", run.run_id, "dbt", [SOUND_RULE | rule | {"run_id": run.run_id}])
    ledger.append("check_result", run.run_id, "dbt", [SOUND_RESULT | {"run_id": run.run_id, "code_version": "c0de"}])
    return home, run, ledger


def _plant(home: Home, fault: str) -> None:
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute(fault)


def test_sound_marts_are_let_through_and_every_rule_is_entered(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    outcome = judge(home, run, ledger)
    stated = {e.meta["rule_id"] for frames in load_suites().values() for frame in frames for e in frame.expectations}
    results = ledger.read("check_result", "rule_id like 'gate.%'")
    assert not outcome.held
    # Of the trust's own release no approval is asked; and there is the one outcome of a model.
    assert outcome.statuses == {"pass": len(stated), "not_applicable": 1}
    assert {row["rule_id"] for row in ledger.read("rule", "rule_id like 'gate.%'")} == stated
    assert {row["rule_id"] for row in results} == stated
    assert {row["code_version"] for row in results} == {run.code_version}
    assert {row["domain"] for row in ledger.read("rule", "rule_id like 'gate.release.%'")} == {"evidence"}


def test_a_critical_fault_holds_the_run_and_says_where(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    _plant(home, BREAKS_TRUST_SUMS)
    _plant(home, "delete from surveys.fct_survey_score where quarter = '2024-04-01' and org_id = 'RAJ12'")
    outcome = judge(home, run, ledger)
    (failure,) = outcome.failures
    assert outcome.held
    assert (failure.rule_id, failure.scope) == ("gate.indicators.trust_sums_sites", "fct_indicator_month")
    assert failure.sample_keys == "org_id=RAJ indicator_code=FALLS_1000 month=2024-03-01"
    assert failure.detail.startswith("1 of 3 rows break the rule: The trust's numerator")
    assert [warning.rule_id for warning in outcome.warnings] == ["gate.surveys.quarter_complete"]
    account = read_account(docs_folder(home))
    assert account is not None
    assert (account["run_id"], account["held"]) == (run.run_id, True)


def _waivers() -> list[tuple[dict[str, str], str, str]]:
    """Of each line the waiver, its status, and whether it lets the rule through."""
    found = []
    for line in WAIVERS.splitlines():
        if line.strip():
            said, status, lets_through = (cell.strip() for cell in line.split("|"))
            given = dict(pair.split("=") for pair in said.split())
            given = {name: value.replace("_", " ") if "role" in name else value for name, value in given.items()}
            found.append((WAIVED | given, status, lets_through))
    return found


@pytest.fixture(scope="module")
def trust_sums_broken(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], list[dict[str, Any]]]]:
    """The marts of a run that is held for one rule, and the run's rules and outcomes; judged once, without a waiver."""
    home, run, ledger = _build(tmp_path_factory.mktemp("broken") / "qls")
    _plant(home, BREAKS_TRUST_SUMS)
    judge(home, run, ledger)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        yield warehouse, ledger.read("rule"), ledger.read("check_result")


@pytest.mark.parametrize(("waiver", "status", "lets_through"), _waivers())
def test_what_a_waiver_does(
    trust_sums_broken: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], list[dict[str, Any]]],
    waiver: dict[str, str],
    status: str,
    lets_through: str,
) -> None:
    warehouse, rules, results = trust_sums_broken
    warehouse.execute(
        "create or replace table staging.stg_evidence__waiver as from staging.stg_evidence__waiver limit 0;"
        f"insert into staging.stg_evidence__waiver values {(*waiver.values(), 'f1', 4)}"
    )
    outcome = decide(make_run(), rules, results, read_waivers(warehouse))
    assert outcome.held == (lets_through == "no")
    broken = ["gate.indicators.trust_sums_sites"]
    assert [finding.rule_id for finding in outcome.failures] == (broken if outcome.held else [])
    assert [finding.rule_id for finding in outcome.waived] == ([] if outcome.held else broken)
    (judged,) = outcome.waivers
    assert (judged.waiver_status, judged.row_number) == (status, 4)


def test_what_came_of_waivers_is_entered_and_told(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    _plant(home, BREAKS_TRUST_SUMS)
    for row, (waiver, _, _) in enumerate(_waivers(), 1):
        _plant(home, f"insert into staging.stg_evidence__waiver values {(*waiver.values(), 'f1', row)}")
    outcome = judge(home, run, ledger)
    assert not outcome.held
    # What was found stays found; the account and the pages say which waiver counted, and which did not and why.
    assert ledger.read("check_result", "rule_id = 'gate.indicators.trust_sums_sites'")[0]["status"] == "fail"
    entered = waivers_of(ledger, run.run_id)
    assert tuple(entered) == outcome.waivers
    assert [waiver.waiver_status for waiver in entered] == [status for _, status, _ in _waivers()]
    page = html.unescape((docs_folder(home) / "index.html").read_text(encoding="utf-8"))
    for judged in entered:
        if judged.told:
            assert judged.told in page
        else:
            assert f"{judged.rule_id} in {judged.scope}" not in page


def test_a_waiver_does_not_stand_for_models_that_were_not_tested() -> None:
    waiver = Waiver("model", "all models", *[date(2026, 11, 23)] * 2, None, "a", "b", "f1", 1, "granted", "")
    assert decide(make_run(), [], [], [waiver]).held


def test_the_lines_between_gate_and_caller_carry_everything(built: tuple[Home, Run, Ledger]) -> None:
    home, run, _ = built
    assert read_order(order(home, run)) == (home, run)


def _process(line: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "expectations.gate"]
    return subprocess.run(command, cwd=PROJECT, input=line, text=True, capture_output=True, check=False)


def test_the_gate_as_a_process_answers_with_one_line(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    _plant(home, "update surveys.fct_survey_score set base_n = 12 where value_status = 'suppressed'")
    _plant(home, f"insert into staging.stg_evidence__waiver values {(*WAIVED.values(), 'f1', 4)}")
    ended = _process(order(home, run) + "\n")
    assert ended.returncode == 0, ended.stderr
    outcome = read_outcome(ended.stdout)
    assert ended.stdout.count("\n") == 1
    assert [failure.rule_id for failure in outcome.failures] == ["gate.surveys.suppressed_shows_nothing"]
    assert list(outcome.waivers) == waivers_of(ledger, run.run_id)
    assert ledger.read("check_result", "rule_id = 'gate.surveys.suppressed_shows_nothing' and status = 'fail'")


def test_a_gate_without_orders_ends_quietly() -> None:
    ended = _process("")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_listing_the_rules_does_not_import_great_expectations() -> None:
    code = (
        "import sys, expectations.gate, publish.release; expectations.gate.catalogue(); "
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_no_file_of_the_results_names_an_outside_host(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    _plant(home, "delete from surveys.fct_survey_score where quarter = '2024-04-01' and org_id = 'RAJ12'")
    judge(home, run, ledger)
    files = [path for path in docs_folder(home).rglob("*") if path.is_file()]
    pages = [path for path in files if path.suffix == ".html"]
    assert len(pages) > 10
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "//" not in text.replace("//-->", ""), path
        assert str(PROJECT) not in text, path
        assert "site-packages" not in text, path
    for path in pages:
        assert "<script" not in path.read_text(encoding="utf-8"), path


def test_pages_link_only_to_what_lies_beside_them(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    judge(home, run, ledger)
    for page in docs_folder(home).rglob("*.html"):
        for link in _links(page):
            assert (page.parent / link).is_file(), (page, link)


def _links(page: Path) -> list[str]:
    return re.findall(r'(?:href|src)="([^"#]+)"', page.read_text(encoding="utf-8"))


def test_a_page_shows_what_the_marts_show(built: tuple[Home, Run, Ledger]) -> None:
    home, run, ledger = built
    _plant(home, "update indicators.fct_indicator_month set wards_reporting = 1 where org_id = 'RAJ01'")
    judge(home, run, ledger)
    folder = docs_folder(home)
    page = (folder / "pages" / "indicators.wards_of_each_site.html").read_text(encoding="utf-8")
    assert "RAJ01" in page
    assert "Nine in ten wards" in (folder / "index.html").read_text(encoding="utf-8")
    result: Mapping[str, Any] = json.loads((folder / "results" / "indicators.wards_of_each_site.json").read_text())
    assert result["results"][0]["result"]["unexpected_count"] == 3

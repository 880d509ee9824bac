"""House rules of the rules: each has one id, one home, an owner, a severity, a dimension, and an outcome in every run."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb
import pytest

from expectations.gate import catalogue
from ingest import rules
from ingest.contract import DIMENSIONS, DOMAINS, SEVERITIES, feeds
from ingest.home import Home
from ingest.ledger import Ledger
from orchestration import dbt
from orchestration.assets import Translator
from tests.conftest import PROJECT
from tests.house.test_graph import definitions_of

# Critical rules that a waiver may let through. A new rule goes in here, or its name into the rule `not_to_be_waived` of
# the contract `waiver`, if it is on identifiers, disclosure, the balance of rows or hashes. Keys, blanks and relations
# of a model go without saying.
MAY_BE_WAIVED = {
    "gate.evidence.current_file_used",
    "gate.improvement.card_credits_no_cause",
    "gate.improvement.credits_no_cause",
    "gate.improvement.intervention_answered",
    "gate.improvement.named_beforehand",
    "gate.improvement.rollout_credits_no_cause",
    "gate.improvement.rollout_within_its_bounds",
    "gate.indicators.overview_beside_chance",
    "gate.indicators.overview_complete",
    "gate.indicators.overview_counts_charts",
    "gate.indicators.scorecard_newest",
    "gate.indicators.scorecard_tells_the_chart",
    "gate.indicators.scorecard_words_fit_icons",
    "gate.indicators.site_sums_wards",
    "gate.indicators.trust_sums_sites",
    "gate.programmes.ward_in_its_wave",
    "gate.release.columns_built",
    "gate.surveys.site_sums_units",
    "model.dim_lsoa.vintages_apart",
    "model.fct_access_group.limits_around_value",
    "model.fct_file.refusal_explained",
    "model.fct_indicator_month.reporting_within_applicable",
    "model.fct_inequality_slope.limits_around_slope",
    "model.fct_inpatient_group.limits_around_value",
    "model.fct_spc_point.event_or_month",
    "model.fct_spc_point.no_signal_without_limits",
    "model.fct_spc_summary.icon_only_of_sound_limits",
    "model.fct_staff_survey_score.change_on_the_same_basis",
    "model.fct_survey_score.positive_within_base",
    "model.rpt_trust_overview.signals_add_up",
    "model.rpt_ward_scorecard.kite_mark_only_if_good",
    "model.stg_reference__population.persons_or_sexes",
}
OF_ITS_SHAPE = {"unique_key", "never_null", "relates_to", "one_of", "no_overlap"}
PATTERNS = {
    "contract": r"contract\.[a-z_]+\.[a-z0-9_]+",
    "model": r"model\.[a-z_]+(\.[a-z_]+)?\.[a-z0-9_]+",
    "gate": r"gate\.[a-z]+\.[a-z0-9_]+",
}
# `error` refuses a row, and only ingest has rows to refuse.
SEVERITIES_OF = {"contract": set(SEVERITIES), "model": {"critical", "warning"}, "gate": {"critical", "warning"}}
# What only a refused file makes speak: under these an accepted file has no outcome.
REFUSES_FILES = {rule.name for rule in rules.IMPLIED if rule.severity == "critical"}


@dataclass(frozen=True)
class StatedRule:
    """A rule where it is written: its id, the home it was found in, and what is said of it."""

    id: str
    home: str
    severity: str
    dimension: str
    owner: str
    description: str


def stated_rules(manifest: Mapping[str, Any]) -> Iterator[StatedRule]:
    """Every rule of the house, from contracts, dbt tests and suites."""
    for contract in feeds().values():
        for rule in rules.all_rules(contract):
            yield StatedRule(rule.id, "contract", rule.severity, rule.dimension, contract.owner, rule.description)
    for rule_id, node in dbt.tests(manifest):
        meta = node["config"]["meta"]
        owner = meta.get("owner") or owner_of(manifest, rule_id)
        yield StatedRule(
            rule_id, "model", meta.get("severity", ""), meta.get("dimension", ""), owner, meta.get("description", "")
        )
    for entry in catalogue():
        said = f"{entry.holds} {entry.because}" if entry.holds and entry.because else ""
        yield StatedRule(entry.rule_id, "gate", entry.severity, entry.dimension, entry.owner, said)


def owner_of(manifest: Mapping[str, Any], rule_id: str) -> str:
    """The owner of the model that a rule is about."""
    name = rule_id.split(".")[1]
    found = [node for node in manifest["nodes"].values() if node["name"] == name]
    return found[0]["config"]["meta"].get("owner", "") if found else ""


@pytest.fixture(scope="module")
def stated(manifest: dict[str, Any]) -> list[StatedRule]:
    return list(stated_rules(manifest))


@pytest.fixture(scope="module")
def graph(example: Home) -> Any:
    return definitions_of(example.root).resolve_asset_graph()


def test_every_id_is_one_rule(stated: list[StatedRule]) -> None:
    twice = [rule_id for rule_id, count in Counter(rule.id for rule in stated).items() if count > 1]
    assert not twice, f"written twice: {twice}; a second test of one model needs meta.rule, its own name"


def test_every_critical_rule_is_one_that_may_be_waived_or_one_that_may_not(stated: list[StatedRule]) -> None:
    (forbidden,) = (rule.condition for rule in feeds()["waiver"].rules if rule.name == "not_to_be_waived")
    holding = {
        rule.id
        for rule in stated
        if rule.home != "contract" and rule.severity == "critical" and rule.id.split(".")[-1] not in OF_ITS_SHAPE
    }
    listed = "(values " + ", ".join(f"('{rule_id}')" for rule_id in sorted(holding)) + ") as rules (rule_id)"
    never = {rule_id for (rule_id,) in duckdb.sql(f"select rule_id from {listed} where {forbidden}").fetchall()}
    assert holding - never == MAY_BE_WAIVED
    assert {"gate.release.no_nhs_number", "model.fct_file.rows_balance"} <= never


def test_an_id_says_where_its_rule_lives(stated: list[StatedRule], manifest: dict[str, Any]) -> None:
    models = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    places = {"contract": set(feeds()), "model": models, "gate": {*DOMAINS, "release"}}
    wrong = [
        f"{rule.id} (found in {rule.home})"
        for rule in stated
        if not re.fullmatch(PATTERNS[rule.home], rule.id) or rule.id.split(".")[1] not in places[rule.home]
    ]
    assert not wrong, f"{wrong}: contract.<feed>.<rule>, model.<model>.<rule>, gate.<domain>.<rule>"


def test_every_rule_has_severity_dimension_owner_and_words(stated: list[StatedRule]) -> None:
    wrong = []
    for rule in stated:
        if rule.severity not in SEVERITIES_OF[rule.home]:
            wrong.append(f"{rule.id}: severity {rule.severity!r}")
        if rule.dimension not in DIMENSIONS:
            wrong.append(f"{rule.id}: dimension {rule.dimension!r}")
        if not re.fullmatch(r"[a-z_]+", rule.owner):
            wrong.append(f"{rule.id}: owner {rule.owner!r}")
        if len(rule.description.strip()) < 20:
            wrong.append(f"{rule.id}: says nothing of what must hold")
    assert not wrong, "\n".join(wrong)


def test_dbt_itself_never_stops_at_a_test(manifest: dict[str, Any]) -> None:
    """An error would skip what lies downstream, so that later rules never speak: only the gate decides."""
    wrong = [rule_id for rule_id, node in dbt.tests(manifest) if node["config"]["severity"].lower() != "warn"]
    assert not wrong, f"{wrong}: leave dbt's severity alone; ours is in meta.severity"


def test_ids_and_marts_in_the_docs_exist(stated: list[StatedRule], manifest: dict[str, Any]) -> None:
    known = {rule.id for rule in stated}
    marts = {f"{node['schema']}.{node['name']}" for node in dbt.marts(manifest)}
    wrong = []
    for path in [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"\b(?:contract|model|gate)\.[a-z_]+\.[a-z0-9_.]*[a-z0-9_]", text)
        wrong += [f"{path.name}: the rule {name}" for name in named if name not in known]
        tables = re.findall(rf"\b(?:{'|'.join(DOMAINS)})\.(?:dim|fct|rpt)_[a-z_]+", text)
        wrong += [f"{path.name}: the mart {name}" for name in tables if name not in marts]
    assert not wrong, f"the docs name what is not there: {wrong}"


def test_every_rule_has_an_outcome_in_the_run(example: Home, stated: list[StatedRule]) -> None:
    ledger = Ledger(example.ledger)
    first = min(ledger.read("run"), key=lambda row: row["run_no"])
    of_run = f"run_id = '{first['run_id']}'"
    written = {row["rule_id"]: row for row in ledger.read("rule", of_run)}
    spoken = {row["rule_id"] for row in ledger.read("check_result", of_run)}
    fresh = {row["feed"] for row in ledger.read("file", of_run)}
    assert {rule.id for rule in stated} <= set(written), "a rule that the ledger's table `rule` does not know"
    assert spoken <= set(written), "an outcome of a rule that the ledger's table `rule` does not know"
    silent = [
        rule_id
        for rule_id, row in written.items()
        if rule_id not in spoken
        and not (rule_id.startswith("contract.") and (row["subject"] not in fresh or _refuses_files(rule_id)))
    ]
    assert not silent, f"no row of check_result: {silent}"


def _refuses_files(rule_id: str) -> bool:
    return rule_id.split(".")[-1] in REFUSES_FILES


def test_the_ledger_says_of_a_rule_what_its_home_says(example: Home, stated: list[StatedRule]) -> None:
    ledger = Ledger(example.ledger)
    last = max(ledger.read("run"), key=lambda row: row["run_no"])
    written = {row["rule_id"]: row for row in ledger.read("rule", f"run_id = '{last['run_id']}'")}
    wrong = [
        rule.id
        for rule in stated
        if (rule.severity, rule.dimension, rule.owner)
        != tuple(written[rule.id][name] for name in ("severity", "dimension", "owner"))
    ]
    assert not wrong, f"severity, dimension or owner differ between home and ledger: {wrong}"


def test_every_dbt_test_is_a_check_on_its_own_model(graph: Any, manifest: dict[str, Any]) -> None:
    placed = {key.name: key.asset_key for key in graph.asset_check_keys}
    wrong = []
    for rule_id, node in dbt.tests(manifest):
        subject = next(n for n in manifest["nodes"].values() if n["name"] == rule_id.split(".")[1])
        expected = Translator().get_asset_key(subject)
        if placed.get(node["name"]) != expected:
            wrong.append(f"{node['name']}: on {placed.get(node['name'])}, not on {expected}")
    assert not wrong, "\n".join(
        [*wrong, "Mend: meta={…, 'dagster': {'ref': {'name': '<model>'}}} in the test's config"]
    )


def test_every_rule_of_the_gate_and_every_contract_is_a_check(graph: Any) -> None:
    names = {key.name for key in graph.asset_check_keys if key.asset_key.path[0] == "gate"}
    assert names == {entry.rule_id.replace(".", "__") for entry in catalogue()}
    checked = {key.asset_key.path[1] for key in graph.asset_check_keys if key.asset_key.path[0] == "lake"}
    assert checked == set(feeds())


def test_every_mart_is_an_asset_that_says_what_it_is(graph: Any, manifest: dict[str, Any]) -> None:
    wrong = []
    for mart in dbt.marts(manifest):
        key = dg.AssetKey([mart["schema"], mart["name"]])
        if not graph.has(key):
            wrong.append(f"{mart['name']} is no asset")
            continue
        node = graph.get(key)
        if node.group_name != dbt.domain_of(mart):
            wrong.append(f"{mart['name']}: group {node.group_name}")
        if list(node.owners) != [f"team:{mart['config']['meta']['owner']}"]:
            wrong.append(f"{mart['name']}: owners {node.owners}")
        if not node.kinds:
            wrong.append(f"{mart['name']}: no kinds")
        if not (node.description or "").startswith(mart["description"].strip().split("\n")[0]):
            wrong.append(f"{mart['name']}: no description")
    assert not wrong, "\n".join(wrong)


def test_every_asset_has_group_owner_kinds_and_description(graph: Any) -> None:
    bare = [
        node.key.to_user_string()
        for node in graph.asset_nodes
        if not (node.group_name in DOMAINS and node.owners and node.kinds and node.description)
    ]
    assert not bare, f"group, owner, kinds or description is missing: {bare}"

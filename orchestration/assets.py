"""The steps of a run as Dagster assets: feeds in the lake, dbt models, the gate of each domain, the release.

Thin: each calls a function that is tested without Dagster. A step reads what the one before left on disk; nothing is
handed over in memory.

Kept out: the functions themselves (`ingest`, `dbt`, `expectations`, `publish`), jobs and schedules.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from expectations.gate import GateOutcome
from ingest.contract import DOMAINS, Contract, feeds
from ingest.landing import scan
from ingest.load import FileOutcome, LoadReport, load
from orchestration import dbt, runs
from orchestration.checks import feed_checks, gate_check, gate_checks, gate_key
from orchestration.desk import Desk
from publish.release import publish

RELEASE = dg.AssetKey("release")


def retried(error: Exception) -> dg.RetryRequested:
    """Ask for two more tries, a minute apart in all: for what a disk or a mount does, never for a wrong file."""
    return dg.RetryRequested(max_retries=2, seconds_to_wait=20)


def lake_key(feed: str) -> dg.AssetKey:
    """The asset of a feed: also the key of the dbt source that reads it."""
    return dg.AssetKey(["lake", feed])


def feed_spec(contract: Contract) -> dg.AssetSpec:
    """A feed as an asset, made from its contract."""
    due = f"by working day {contract.due_working_day}" if contract.due_working_day else "no day set"
    return dg.AssetSpec(
        lake_key(contract.id),
        description=f"{contract.purpose}\n\n{contract.limitations}".strip(),
        group_name=contract.domain,
        owners=[f"team:{contract.owner}"],
        kinds={"parquet"},
        metadata={
            "grain": contract.grain,
            "delivery": contract.delivery or "",
            "frequency": contract.frequency or "",
            "due": due,
            "contract_version": contract.version,
        },
    )


@dg.multi_asset(
    name="ingest",
    specs=[feed_spec(contract) for contract in feeds().values()],
    check_specs=feed_checks(),
    required_resource_keys={"desk"},
)
def lake_assets(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """Load all that is new in landing: one new run in the ledger, one Parquet file in the lake per new file."""
    desk: Desk = context.resources.desk
    home = desk.settings.home
    try:
        files = [] if desk.as_of else scan(home.landing)
        run = runs.begin(desk.settings, desk.ledger, files, desk.at, desk.audience, desk.as_of)
        report = load(
            home,
            run,
            desk.ledger,
            on_file=lambda outcome: _say_file(desk, outcome),
            key=desk.settings.pseudonym_key,
            threads=desk.settings.threads,
        )
    except (OSError, duckdb.IOException) as error:
        raise retried(error) from error
    desk.say(f"As of       {desk.as_of:%d %B %Y}: nothing new is loaded" if desk.as_of else _loaded(report))
    yield from (_feed_result(contract, report) for contract in feeds().values())


def _say_file(desk: Desk, outcome: FileOutcome) -> None:
    if outcome.refusal:
        desk.say(f"  refused  {outcome.file.name}: {outcome.refusal.why}")
    if outcome.state == "growing":
        desk.say(f"  waits    {outcome.file.name}: still being written")


def _loaded(report: LoadReport) -> str:
    accepted = report.of("accepted")
    rows = Counter[str]()
    for outcome in accepted:
        if outcome.examined:
            rows.update(outcome.examined.judged.counts)
    known = len(report.of("known"))
    return (
        f"Loaded      {len(accepted)} files, {rows['accepted']:,} rows   {rows['rejected']:,} rows refused, "
        f"{len(report.of('refused')) + len(report.standing)} files refused, {known} files known"
    )


def _feed_result(contract: Contract, report: LoadReport) -> dg.MaterializeResult[None]:
    mine = [outcome for outcome in report.outcomes if outcome.feed == contract.id]
    new = [outcome.examined for outcome in mine if outcome.examined]
    counts = Counter[str]()
    for examined in new:
        counts.update(examined.judged.counts)
    periods = sorted({period for examined in new for _, period, _ in examined.judged.periods})
    return dg.MaterializeResult(
        asset_key=lake_key(contract.id),
        metadata={
            "files_new": len(new),
            "files_refused": sum(outcome.refusal is not None for outcome in mine),
            "rows_accepted": counts["accepted"],
            "rows_rejected": counts["rejected"],
            "period_from": str(periods[0]) if periods else "",
            "period_to": str(periods[-1]) if periods else "",
        },
        check_results=[checks_result(contract, mine)],
    )


def checks_result(contract: Contract, outcomes: list[FileOutcome]) -> dg.AssetCheckResult:
    """What the contract's rules said of a feed's new files, as one check."""
    broken = Counter[str]()
    for outcome in outcomes:
        if outcome.refusal:
            broken[contract.rule_id(outcome.refusal.rule)] += 1
        if outcome.examined:
            broken.update(
                {
                    contract.rule_id(name): failed or 1
                    for name, status, _, failed, _ in outcome.examined.judged.results
                    if status == "fail"
                }
            )
    refused = any(outcome.refusal for outcome in outcomes)
    return dg.AssetCheckResult(
        passed=not broken,
        asset_key=lake_key(contract.id),
        check_name="contract",
        severity=dg.AssetCheckSeverity.ERROR if refused else dg.AssetCheckSeverity.WARN,
        metadata=dict(sorted(broken.items())),
    )


class Translator(DagsterDbtTranslator):
    """How a dbt node shows in Dagster: group by domain, owner from its meta."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The domain of the node."""
        return dbt.domain_of(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The owner that the node's meta names."""
        return [f"team:{dbt_resource_props['config']['meta'].get('owner', 'analytics')}"]


def warehouse_assets(manifest: Path) -> dg.AssetsDefinition:
    """All dbt models and seeds as assets, all data tests as their checks."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), required_resource_keys={"desk"}, name="dbt")
    def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        """Build seeds and models and run data tests, in one dbt run, into a new warehouse file."""
        desk: Desk = context.resources.desk
        built = dbt.build(desk.settings)
        results, counts = dbt.account(desk.settings.home, desk.run, desk.ledger, built)
        # Dagster takes as long to write down what dbt told as the gate takes to judge.
        desk.begin_to_judge(desk.run)
        failed = sum(result["status"] not in {"pass", "not_applicable"} for result in results)
        desk.say(
            f"Built       {len(dbt.marts(built.manifest))} marts in {built.seconds:.0f} s   "
            f"{len(results)} tests, {failed} not passed"
        )
        # One for all events: it keeps what it has worked out of the manifest.
        translator = Translator()
        for event in built.events:
            message = DbtCoreCliEventMessage(event, event_history_metadata={})
            for told in message.to_default_asset_events(built.manifest, translator, context):
                yield _with_rows(told, event["data"]["node_info"]["node_name"], counts)

    return models


def _with_rows(told: Any, name: str, counts: Mapping[str, int]) -> Any:
    if isinstance(told, dg.Output) and name in counts:
        return dg.Output(told.value, told.output_name, metadata={**told.metadata, "dagster/row_count": counts[name]})
    return told


def mart_keys(manifest: Mapping[str, Any]) -> dict[str, list[dg.AssetKey]]:
    """The asset keys of all marts by domain."""
    keys: dict[str, list[dg.AssetKey]] = {}
    for node in dbt.marts(manifest):
        keys.setdefault(dbt.domain_of(node), []).append(Translator().get_asset_key(node))
    return keys


def gate_assets(marts: Mapping[str, list[dg.AssetKey]]) -> dg.AssetsDefinition:
    """The gate: one asset per domain that has marts, with the domain's rules as checks."""
    domains = [domain for domain in DOMAINS if domain in marts]
    checks = gate_checks(domains)

    @dg.multi_asset(
        name="gate",
        specs=[
            dg.AssetSpec(
                gate_key(domain, domains),
                deps=marts[domain],
                description=f"What must hold across the marts of {domain} before a release.",
                group_name=domain,
                owners=["team:analytics"],
                kinds={"greatexpectations"},
            )
            for domain in domains
        ],
        check_specs=checks,
        required_resource_keys={"desk"},
    )
    def gate(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        """Judge all suites on the marts just built; a critical failure holds the release."""
        desk: Desk = context.resources.desk
        run = desk.run
        outcome = desk.judge(run)
        if outcome.held:
            runs.end(desk.ledger, run, "held", None, "; ".join(finding.rule_id for finding in outcome.failures))
        for line in _checked(outcome):
            desk.say(line)
        for domain in domains:
            yield dg.MaterializeResult(asset_key=gate_key(domain, domains), metadata={"held": outcome.held})
        results = desk.ledger.read("check_result", f"run_id = '{run.run_id}' and rule_id like 'gate.%'")
        yield from (gate_check(spec, results) for spec in checks)

    return gate


def _checked(outcome: GateOutcome) -> Iterator[str]:
    passed = outcome.statuses.get("pass", 0)
    yield (
        f"Checked     {sum(outcome.statuses.values())} outcomes: {passed} pass, {len(outcome.warnings)} warn, "
        f"{len(outcome.failures)} critical, {len(outcome.waived)} waived"
    )
    for finding in outcome.warnings:
        yield f"  warning  {finding.rule_id} in {finding.scope}: {finding.detail}"
    for finding in outcome.waived:
        yield f"  waived   {finding.rule_id} in {finding.scope}: {finding.detail}"
    for waiver in outcome.waivers:
        if waiver.told:
            yield f"  waiver   {waiver.told}"
    for finding in outcome.failures:
        sample = f" (such as {finding.sample_keys})" if finding.sample_keys else ""
        yield f"  HELD     {finding.rule_id} in {finding.scope}: {finding.detail}{sample}"


def release_asset(gates: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release folder and the switch to it; not made where the gate holds the run."""

    @dg.asset(
        key=RELEASE,
        deps=gates,
        output_required=False,
        group_name="evidence",
        owners=["team:analytics"],
        kinds={"duckdb", "parquet"},
        required_resource_keys={"desk"},
        description="All marts as one release folder, to which `current` points after one atomic step.",
    )
    def release(context: dg.AssetExecutionContext) -> Iterator[dg.Output[None]]:
        desk: Desk = context.resources.desk
        last = runs.newest(desk.ledger)
        if last is None or last[1] is not None:
            desk.say("Held        nothing is published; in force stays what was (see qls status)")
            return
        run = last[0]
        try:
            made = publish(desk.settings.home, run, desk.ledger)
        except OSError as error:
            raise retried(error) from error
        runs.end(desk.ledger, run, "written_beside" if desk.as_of else "published", made.release_id, None)
        yield dg.Output(None, metadata={"release_id": made.release_id, "path": str(made.path)})

    return release

"""The gate: every suite judged in one process, the outcome written to the ledger, and whether the release is held.

It decides over all critical rules of the run, the models' (`model.*`, judged by dbt) and its own (`gate.*`). Rules of
contracts do not hold a release: ingest already kept the last good version of the feed.

`python -m expectations.gate` imports Great Expectations at once and only then waits for its orders on standard input,
so that the import (about five seconds) passes while dbt parses, and it can judge as soon as dbt has built.

Kept out: rules (`suites`), Great Expectations (`engine`, imported only when there is work), the environment.
"""

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.data_docs import docs_folder, write_docs
from expectations.rule import Frame, Mart
from expectations.waivers import Waiver, read_waivers, used
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run

if TYPE_CHECKING:
    from expectations.engine import Engine, Judged

STATION = "expectations"
SUITES = ("reference", "indicators", "surveys", "programmes", "improvement", "inequalities", "evidence", "release")
# Statuses that count as broken: a rule that could not be judged says nothing good.
BROKEN = ("fail", "error", "not_run")


@dataclass(frozen=True)
class Finding:
    """A rule that did not hold: where, how it came out, and what was found in plain words."""

    rule_id: str
    scope: str
    status: str
    detail: str
    sample_keys: str | None = None


@dataclass(frozen=True)
class GateOutcome:
    """Whether the run is held, by which critical rules, what else did not hold, and all checks of the run by status.

    `waived` are critical rules that did not hold and that a waiver let through, `waivers` what came of each.
    """

    run_id: str
    held: bool
    failures: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    statuses: Mapping[str, int]
    waived: tuple[Finding, ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class CatalogueEntry:
    """A rule of the gate as its suite states it."""

    rule_id: str
    domain: str
    severity: str
    dimension: str
    owner: str
    holds: str
    because: str


def judge(home: Home, run: Run, ledger: Ledger, engine: "Engine | None" = None) -> GateOutcome:
    """Judge every suite on the marts of this run, write rules, results, uses of waivers and Data Docs, and decide.

    Reads the warehouse (opened read-only: dbt must have ended) and the ledger rows that the dbt step wrote for this
    run. Raises `duckdb.Error` where there is no warehouse to open; a query that fails is an `error` of its rules.
    """
    suites = load_suites()
    if engine is None:
        engine = new_engine()
    marts = marts_of(ledger, run)
    judged: list[tuple[str, str, Frame, Judged]] = []
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        waivers = read_waivers(warehouse)
        for name, frames in suites.items():
            for frame in frames:
                judged.append(
                    (name, f"{name}.{frame.name}", frame, judge_frame(warehouse, engine, name, frame, marts, run))
                )
    rules, results, checks = _accounts(judged, run)
    ledger.append("rule", run.run_id, STATION, rules)
    ledger.append("check_result", run.run_id, STATION, results)
    of_run = f"run_id = '{run.run_id}'"
    outcome = decide(run, ledger.read("rule", of_run), ledger.read("check_result", of_run), waivers)
    ledger.append("waiver_use", run.run_id, STATION, [{"run_id": run.run_id, **asdict(w)} for w in outcome.waivers])
    told = [waiver.told for waiver in outcome.waivers if waiver.told]
    account = {**asdict(outcome), "notice": run.notice, "checks": checks, "told_of_waivers": told}
    write_docs(docs_folder(home), account, [(name, found) for _, name, _, found in judged])
    return outcome


def decide(
    run: Run,
    rules: Iterable[Mapping[str, Any]],
    results: Iterable[Mapping[str, Any]],
    waivers: Iterable[Waiver] = (),
) -> GateOutcome:
    """Hold or let pass: the one place where a broken rule becomes a held release.

    `rules` and `results` are ledger rows of one run. A critical `model.*` or `gate.*` rule holds it by `fail`, `error`
    or `not_run`, and a rule of which no result was written counts as `not_run`; so does a run in which the models' own
    tests left no account at all, which nothing can waive. A waiver that is in order on the day of the run lets its rule
    through in its scope.
    """
    known = {rule["rule_id"]: rule for rule in rules}
    results = sorted(results, key=lambda result: (result["rule_id"], result["scope"]))
    broken = [_finding(result) for result in results if result["status"] in BROKEN]
    spoken = {result["rule_id"] for result in results}
    broken += [
        Finding(rule_id, rule["subject"], "not_run", f"Not judged in this run: {rule['description']}")
        for rule_id, rule in sorted(known.items())
        if rule_id not in spoken and rule_id.startswith(("model.", "gate."))
    ]
    severities = {rule_id: rule["severity"] for rule_id, rule in known.items()}
    critical = [finding for finding in broken if _holds(known, finding.rule_id)]
    holding = {(finding.rule_id, finding.scope) for finding in critical}
    judged = tuple(used(waiver, run.run_date, severities, holding) for waiver in waivers)
    passed = {(waiver.rule_id, waiver.scope) for waiver in judged if waiver.waiver_status == "used"}
    failures = [finding for finding in critical if (finding.rule_id, finding.scope) not in passed]
    if not any(rule_id.startswith("model.") for rule_id in known):
        failures.insert(
            0, Finding("model", "all models", "not_run", "The models' own tests left no account of this run.")
        )
    return GateOutcome(
        run_id=run.run_id,
        held=bool(failures),
        failures=tuple(failures),
        warnings=tuple(finding for finding in broken if not _holds(known, finding.rule_id)),
        statuses=dict(sorted(Counter(result["status"] for result in results).items())),
        waived=tuple(finding for finding in critical if (finding.rule_id, finding.scope) in passed),
        waivers=judged,
    )


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Every rule of the gate, in the order of suites, read from their text.

    Read, not imported: who only wants to list the rules need not pay for the import of Great Expectations. Raises
    ValueError where a rule is not stated in plain literals.
    """
    folder = Path(__file__).parent / "suites"
    entries = []
    for name in SUITES:
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rule":
                stated = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg}
                rule_id = ast.literal_eval(node.args[0])
                entries.append(CatalogueEntry(rule_id=rule_id, domain=_domain(rule_id), **stated))
    return tuple(entries)


def judge_frame(
    warehouse: duckdb.DuckDBPyConnection, engine: "Engine", suite: str, frame: Frame, marts: list[Mart], run: Run
) -> "Judged":
    """The verdicts on one frame: `error` where it cannot be made or judged, `not_applicable` where it is empty."""
    from expectations.engine import same_verdict

    try:
        query = frame.query(marts, run.audience) if callable(frame.query) else frame.query
        if not query:
            return same_verdict(frame, "not_applicable", "There is nothing of this kind in the marts.")
        values = warehouse.execute(query).df()
    except duckdb.Error as error:
        # The message of a hidden frame could quote a value.
        why = type(error).__name__ if frame.hidden else str(error).strip().splitlines()[0]
        return same_verdict(frame, "error", f"The frame could not be made: {why}")
    try:
        return engine.judge(suite, frame, values, run.run_id, run.started_at)
    except Exception as error:
        # Whatever the library stumbles over, its rules have not spoken: `error` holds the release, a crash would only
        # look like a fault of the machine. Its message may quote values.
        return same_verdict(frame, "error", f"The frame could not be judged: {type(error).__name__}.")


def load_suites() -> dict[str, list[Frame]]:
    """The frames of every suite by its name; the first call imports Great Expectations."""
    from importlib import import_module

    modules: dict[str, ModuleType] = {name: import_module(f"expectations.suites.{name}") for name in SUITES}
    return {name: list(module.FRAMES) for name, module in modules.items()}


def new_engine() -> "Engine":
    """Great Expectations, ready to judge; the first call imports it."""
    from expectations.engine import Engine

    return Engine()


def marts_of(ledger: Ledger, run: Run) -> list[Mart]:
    """The marts of a run with their columns, in order, as the dbt step listed them in the ledger."""
    listed: dict[tuple[str, str], list[tuple[int, str, str, str | None]]] = {}
    for row in ledger.read("published_column", f"run_id = '{run.run_id}'"):
        listed.setdefault((row["domain"], row["mart_name"]), []).append(
            (row["column_no"], row["column_name"], row["data_type"], row["disclosure"])
        )
    return [
        Mart(domain, name, tuple(column[1:] for column in sorted(columns)))
        for (domain, name), columns in sorted(listed.items())
    ]


def order(home: Home, run: Run) -> str:
    """The one line that a waiting gate process is sent."""
    return json.dumps({"home": str(home.root), "run": run.row()}, default=lambda value: value.isoformat())


def read_order(line: str) -> tuple[Home, Run]:
    """The home and run of such a line. Raises ValueError or KeyError where it is none."""
    sent = json.loads(line)
    run = dict(sent["run"])
    run["run_date"] = date.fromisoformat(run["run_date"])
    run["started_at"] = datetime.fromisoformat(run["started_at"])
    return Home(Path(sent["home"])), Run(**run)


def read_outcome(line: str) -> GateOutcome:
    """The outcome in the line that a gate process answers. Raises ValueError or KeyError where it is none."""
    sent = json.loads(line)
    for name in ("failures", "warnings", "waived"):
        sent[name] = tuple(Finding(**finding) for finding in sent[name])
    sent["waivers"] = tuple(
        Waiver(**waiver | {name: date.fromisoformat(waiver[name]) for name in ("granted_date", "until_date")})
        for waiver in sent["waivers"]
    )
    return GateOutcome(**sent)


def main() -> int:
    """Be ready, read one line of orders, judge, answer with one line; without orders end quietly."""
    answer = sys.stdout
    # Whatever a library prints must not stand in the one line that the caller reads.
    with redirect_stdout(sys.stderr):
        load_suites()
        engine = new_engine()
        line = sys.stdin.readline()
        if not line.strip():
            return 0
        home, run = read_order(line)
        outcome = judge(home, run, Ledger(home.ledger), engine)
    print(json.dumps(asdict(outcome), default=date.isoformat), file=answer, flush=True)
    return 0


def _accounts(
    judged: Iterable[tuple[str, str, Frame, "Judged"]], run: Run
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Ledger rows of `rule` and `check_result`, and the same for the page."""
    rules: dict[str, dict[str, Any]] = {}
    results: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    for _, name, frame, found in judged:
        for expectation, verdict in zip(frame.expectations, found.verdicts, strict=True):
            meta = expectation.meta
            severity = str(expectation.severity.value)
            rules[verdict.rule_id] = {
                "run_id": run.run_id,
                "rule_id": verdict.rule_id,
                "domain": _domain(verdict.rule_id),
                "subject": frame.subject,
                "severity": severity,
                "dimension": meta["dimension"],
                "owner": meta["owner"],
                "description": f"{meta['holds']} {meta['because']}",
            }
            results.append(
                {"run_id": run.run_id, "scope": frame.subject, "code_version": run.code_version, **asdict(verdict)}
            )
            checks.append(
                {
                    **asdict(verdict),
                    "frame": name,
                    "severity": severity,
                    "holds": meta["holds"],
                    "because": meta["because"],
                }
            )
    return list(rules.values()), results, checks


def _domain(rule_id: str) -> str:
    """The domain of a rule; a sweep over all marts (`gate.release.*`) is about what is published: evidence."""
    domain = rule_id.split(".")[1]
    return "evidence" if domain == "release" else domain


def _holds(known: Mapping[str, Mapping[str, Any]], rule_id: str) -> bool:
    return rule_id.startswith(("model.", "gate.")) and known.get(rule_id, {}).get("severity", "critical") == "critical"


def _finding(result: Mapping[str, Any]) -> Finding:
    return Finding(result["rule_id"], result["scope"], result["status"], result["detail"] or "", result["sample_keys"])


if __name__ == "__main__":
    sys.exit(main())

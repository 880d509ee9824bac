"""Asset checks made from what is written elsewhere: the contract of each feed, the rules of each suite.

dbt's tests become checks by dagster-dbt. No check blocks by itself: only the gate decides, over all of them.

Kept out: what the rules say (`ingest/contracts`, `expectations/suites`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from expectations.gate import catalogue
from ingest.contract import feeds


def feed_checks() -> list[dg.AssetCheckSpec]:
    """One check per feed: its contract, held against the files new in this run."""
    return [
        dg.AssetCheckSpec(
            "contract",
            asset=dg.AssetKey(["lake", contract.id]),
            description="Every rule of the contract, on the files that are new in this run.",
        )
        for contract in feeds().values()
    ]


def gate_checks(domains: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """One check per rule of the gate, on the gate of its domain; rules of all marts stand with evidence."""
    return [
        dg.AssetCheckSpec(
            entry.rule_id.replace(".", "__"),
            asset=gate_key(entry.domain, domains),
            description=f"{entry.holds} {entry.because}",
            metadata={"rule": entry.rule_id, "severity": entry.severity, "dimension": entry.dimension},
        )
        for entry in catalogue()
    ]


def gate_key(domain: str, domains: Sequence[str]) -> dg.AssetKey:
    """The asset on which the rules of a domain are checked."""
    return dg.AssetKey(["gate", domain if domain in domains else "evidence"])


def gate_check(spec: dg.AssetCheckSpec, results: Sequence[Mapping[str, Any]]) -> dg.AssetCheckResult:
    """The outcome of one rule of the gate, from the ledger's rows of this run."""
    rule = spec.metadata["rule"]
    mine = [row for row in results if row["rule_id"] == rule]
    passed = bool(mine) and all(row["status"] in {"pass", "not_applicable", "too_early"} for row in mine)
    critical = spec.metadata["severity"] == "critical"
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=spec.asset_key,
        check_name=spec.name,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        metadata={
            "status": ", ".join(sorted({row["status"] for row in mine})) or "not_run",
            "rows_failed": sum(row["rows_failed"] or 0 for row in mine),
            "detail": "; ".join(row["detail"] for row in mine if row["detail"]),
        },
    )

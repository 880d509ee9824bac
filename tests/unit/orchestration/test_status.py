"""What `qls status` says of waivers: which let what through, which did not count, and what therefore still holds."""

from dataclasses import asdict
from datetime import date

import pytest

from expectations.waivers import Waiver
from ingest.home import Home
from ingest.ledger import Ledger
from orchestration import runs, status
from orchestration.settings import Settings
from tests.conftest import make_run

RULES = ("model.dim_site.unique_key", "gate.indicators.trust_sums_sites")


def waiver(rule_id: str, waiver_status: str, why: str) -> Waiver:
    dates = (date(2026, 11, 1), date(2026, 11, 30))
    return Waiver(rule_id, "dim_site", *dates, "Late", "Head", "Director", "f1", 1, waiver_status, why)


@pytest.mark.parametrize(
    ("outcome", "waivers", "told"),
    [
        ("held", [], ["HELD", "HELD"]),
        ("held", [waiver(RULES[0], "used", "It let the release through.")], ["HELD", "waiver"]),
        ("held", [waiver(RULES[0], "expired", "It holds no longer.")], ["HELD", "HELD", "waiver"]),
        ("published", [waiver(rule, "used", "It let the release through.") for rule in RULES], ["waiver", "waiver"]),
        ("published", [waiver(RULES[0], "not_needed", "The rule only warns.")], []),
    ],
)
def test_waivers_of_the_last_run(
    home: Home, ledger: Ledger, outcome: str, waivers: list[Waiver], told: list[str]
) -> None:
    run = make_run()
    of_run = {"run_id": run.run_id}
    ledger.append("run", run.run_id, "orchestration", [run.row()])
    said = {"domain": "reference", "subject": "dim_site", "severity": "critical", "dimension": "uniqueness"}
    found = {"scope": "dim_site", "status": "fail", "detail": "Two rows.", "code_version": run.code_version}
    ledger.append(
        "rule",
        run.run_id,
        "dbt",
        [of_run | said | {"rule_id": rule, "owner": "analytics", "description": "One row a site."} for rule in RULES],
    )
    ledger.append("check_result", run.run_id, "dbt", [of_run | found | {"rule_id": rule} for rule in RULES])
    ledger.append("waiver_use", run.run_id, "expectations", [of_run | asdict(item) for item in waivers])
    runs.end(ledger, run, outcome, None, None)
    lines, held = status.report(Settings(home))
    assert held == (outcome == "held")
    spoken = [line.split() for line in lines[: lines.index("")] if line.startswith("  ")]
    assert [words[0] for words in spoken] == told
    for item in waivers:
        if item.told:
            assert f"  waiver    {item.told}" in lines
            assert item.why in item.told

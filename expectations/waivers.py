"""Waivers: which of them may act on a day, and what each of them let through.

What a waiver must be stands in its contract alone. Ingest keeps and marks a row that breaks it, so that whoever trusted
in that waiver finds it named; here the same rules are asked again, and such a row lets nothing through.

Kept out: what a broken rule does to a release (`gate`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from ingest.compile import literal
from ingest.contract import feeds
from ingest.ledger import Ledger

FEED = "waiver"


@dataclass(frozen=True)
class Waiver:
    """A waiver as it was delivered, and what came of it in a run, with the reason in words.

    `waiver_status`: `granted` as long as no run has used it, then `used`, `not_needed`, `not_begun`, `expired` or
    `refused`.
    """

    rule_id: str
    scope: str
    granted_date: date
    until_date: date
    reason_text: str | None
    asked_by_role: str
    approved_by_role: str
    file_id: str
    row_number: int
    waiver_status: str
    why: str

    @property
    def told(self) -> str | None:
        """The waiver, who stands for it, and what came of it, in one line; None where there is nothing to tell."""
        if self.waiver_status == "not_needed":
            return None
        return (
            f"{self.rule_id} in {self.scope}, {self.granted_date:%d %b %Y} to {self.until_date:%d %b %Y}, asked by "
            f"{self.asked_by_role}, approved by {self.approved_by_role}: {self.waiver_status.replace('_', ' ')}. "
            f"{self.why}"
        )


def read_waivers(warehouse: duckdb.DuckDBPyConnection) -> list[Waiver]:
    """The current waivers, in the order of their file. Raises `duckdb.Error` where the warehouse has no such table."""
    broken = ", ".join(
        f"case when coalesce(try({rule.condition}), true) then {literal(rule.description)} end"
        for rule in feeds()[FEED].rules
    )
    rows = warehouse.execute(
        f"""
        select
            rule_id, check_scope, granted_date, until_date, reason_text, asked_by_role, approved_by_role,
            _file_id, _row_number, case when why = '' then 'granted' else 'refused' end, why
        from (select *, concat_ws(' ', {broken}) as why from staging.stg_evidence__waiver)
        order by _file_id, _row_number
        """
    ).fetchall()
    return [Waiver(*row) for row in rows]


def waivers_of(ledger: Ledger, run_id: str) -> list[Waiver]:
    """What came of each waiver in a run, as its gate entered it into the ledger."""
    rows = ledger.read("waiver_use", f"run_id = {literal(run_id)}")
    found = [Waiver(**{name: value for name, value in row.items() if name != "run_id"}) for row in rows]
    return sorted(found, key=lambda waiver: (waiver.file_id, waiver.row_number))


def used(waiver: Waiver, run_date: date, severities: Mapping[str, str], broken: Collection[tuple[str, str]]) -> Waiver:
    """The waiver with what came of it on a day.

    `severities` are those of all rules of the run by id; `broken` the critical ones that would hold the release, each
    as rule and scope. A waiver acts on one rule in one scope, never on more.
    """
    if waiver.waiver_status == "refused":
        return waiver
    if run_date < waiver.granted_date:
        status, why = "not_begun", "It does not hold yet."
    elif run_date > waiver.until_date:
        status, why = "expired", "It holds no longer."
    elif waiver.rule_id not in severities:
        status, why = "refused", "There is no rule of this name."
    elif (waiver.rule_id, waiver.scope) in broken:
        status, why = "used", "It let the release through."
    elif severities[waiver.rule_id] != "critical":
        status, why = "not_needed", "The rule only warns."
    else:
        status, why = "not_needed", "Nothing broke the rule in this scope."
    return replace(waiver, waiver_status=status, why=why)

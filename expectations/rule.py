"""The two words in which a suite is written: `Frame`, what is looked at, and `rule`, what must hold and why.

Kept out: Great Expectations itself (the suites and the gate's engine import it), and how a frame is judged (`gate`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning"]
Dimension = Literal["accuracy", "completeness", "uniqueness", "consistency", "timeliness", "validity"]


@dataclass(frozen=True)
class Mart:
    """One published table of the run: its columns with type and disclosure class (None where it counts no people)."""

    domain: str
    name: str
    columns: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True)
class Frame:
    """One table made by a query on the marts, and what is expected of it.

    `query` is SQL, or, for a sweep over whatever marts there are, a function of these marts and the audience that
    returns SQL; an empty string says that there is nothing to look at. `key` names the columns that tell a failing row:
    they are shown to auditors, so never one that holds a person's data. `subject` is the mart that is judged. Of a
    `hidden` frame no value is written anywhere, only whether it holds, and the keys of what does not.
    """

    name: str
    subject: str
    query: str | Callable[[Sequence[Mart], str], str]
    key: tuple[str, ...]
    expectations: Sequence[Any] = field(repr=False)
    hidden: bool = False


def rule(
    id: str,
    *,
    severity: Severity,
    dimension: Dimension,
    owner: str,
    holds: str,
    because: str,
) -> dict[str, Any]:
    """The part of an expectation that is ours, as keyword arguments for it.

    `holds` says in plain words what must be so, `because` what went or would go wrong. Raises ValueError for an id
    that does not say where the rule lives.
    """
    if not id.startswith("gate.") or id.count(".") != 2:
        raise ValueError(f"{id}: a rule of the gate is named gate.<domain>.<rule>")
    return {
        "severity": severity,
        "description": holds,
        "meta": {"rule_id": id, "dimension": dimension, "owner": owner, "holds": holds, "because": because},
    }

"""A contract as one typed object: columns, types, keys, rules, delivery, of a feed or of a ledger table.

The YAML files under `contracts/` follow the Open Data Contract Standard v3; what the standard has no word for stands
under `customProperties`. This module is the only reader of those files, and says which contract is wrong and where.

Kept out: reading data files (`readers`), judging rows (`rows`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTRACTS = Path(__file__).parent / "contracts"
DOMAINS = ("reference", "indicators", "surveys", "programmes", "improvement", "inequalities", "evidence")
SEVERITIES = ("critical", "error", "warning")
DIMENSIONS = ("accuracy", "completeness", "uniqueness", "consistency", "timeliness", "validity")
DELIVERIES = ("snapshot", "period", "window", "append")
TYPES = re.compile(r"string|int|bigint|double|decimal\(\d+,\d+\)|date|timestamp|boolean")
# Columns that ingest adds to every row of the lake, with their types: where the row came from, and which
# feed x scope x period it belongs to.
LINEAGE = {"_file_id": "string", "_row_number": "bigint", "_scope": "string", "_period": "date"}


# Names and codes: the longest true ward name seen has 61 characters. A contract may allow more (maxLength).
LONGEST_TEXT = 500
# As safe and eight times as fast, where PyYAML was built with its C library, as its wheels are; every start reads all
# contracts.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(ValueError):
    """A contract file breaks the standard or one of our own rules; the message names file and place."""


@dataclass(frozen=True)
class Column:
    """One column of a feed, under its canonical name.

    `door` says what a cell is turned into before anything else sees it: `pseudonym` of an NHS number, or `age` in years
    on the day in column `age_at` of a date of birth. `is_free_text` columns may hold line breaks; a text
    that may name a person is withheld. `position` counts from 1 in files without a header. `from_header` maps a
    header to what it says of every row, where the file has no column of it.
    """

    name: str
    type: str
    description: str
    headers: tuple[str, ...]
    key_position: int | None
    required: bool
    pattern: str | None
    minimum: float | None
    maximum: float | None
    max_length: int
    allowed: tuple[str, ...]
    formats: tuple[str, ...]
    truncate_to: str | None
    markers: Mapping[str, str]
    status_of: str | None
    from_file_name: Mapping[str, Any] | None
    from_header: Mapping[str, str]
    position: int | None
    from_sheet_name: Mapping[str, str]
    true_values: tuple[str, ...]
    false_values: tuple[str, ...]
    door: str | None
    age_at: str | None
    is_free_text: bool

    @property
    def is_number(self) -> bool:
        """Whether the lake holds the column as a number."""
        return self.type in {"int", "bigint", "double"} or self.type.startswith("decimal")


@dataclass(frozen=True)
class Rule:
    """A rule of the contract's own: rows for which `condition` is true break it.

    A `critical` rule refuses the file, an `error` the row; a `warning` keeps the row and counts it.
    """

    id: str
    name: str
    description: str
    severity: str
    dimension: str
    condition: str


@dataclass(frozen=True)
class Layout:
    """One of the layouts in which a feed is delivered: the columns that tell it, and whether it ends in totals."""

    name: str
    required: tuple[str, ...]
    totals_row: bool


@dataclass(frozen=True)
class Totals:
    """How a row that sums others is told, and which columns must equal the sum of the rest within a group.

    A row tells it in `column`, or, where that is blank, in `beside`.
    Of the rows that `matches` tells only those that `of_all` matches stand for every row of the group; what others sum,
    say a selection, cannot be seen in the file.
    """

    column: str
    beside: str | None
    matches: str
    of_all: str
    sums: tuple[str, ...]
    within: tuple[str, ...]
    severity: str


@dataclass(frozen=True)
class Sensitive:
    """Services of which no row passes the door: those with one of `values` in `column`."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """Everything known about a feed (`kind` feed) or a table of the ledger (`kind` ledger).

    The period of a row is the day in the column `period`, or the first day of its `period_grain` (month, quarter,
    year). No delivery is due for periods that begin in the calendar months `months_without`. A publisher that does not
    `revises` its deliveries never sends one twice: a second version is an alarm. The rows of a `personal` feed are
    about single people, patients or staff: none stands in a mart, and no cell of a refused one is kept. Rows of a file
    without a header have `cells` cells; None where there is a header. A header of `header_rows` 2 has groups above its
    leaves; a column is known by its leaf or, where that is blank, by its group. `columns_in_place` names rules of the
    contract that tie columns together: where most rows break one, columns stand in each other's place.
    """

    id: str
    name: str
    version: str
    domain: str
    kind: str
    purpose: str
    limitations: str
    owner: str
    grain: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    delivery: str | None
    scope: tuple[str, ...]
    period: str | None
    period_grain: str | None
    layouts: tuple[Layout, ...]
    header_rows: int
    totals: Totals | None
    reader: str | None
    frequency: str | None
    due_working_day: int | None
    months_without: tuple[int, ...]
    revises: bool
    personal: bool
    sensitive: Sensitive | None
    cells: int | None
    columns_in_place: tuple[str, ...]

    @property
    def period_months(self) -> int | None:
        """How many months a period has; None for a feed that comes more often than monthly or at no set time."""
        number, _, unit = (self.frequency or "").partition(" ")
        months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
        return int(number) * months if months else None

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns, in key order."""
        keyed = [column for column in self.columns if column.key_position is not None]
        return tuple(column.name for column in sorted(keyed, key=lambda column: column.key_position or 0))

    @property
    def has_door(self) -> bool:
        """Whether a file of the feed holds NHS numbers or dates of birth."""
        return any(column.door for column in self.columns)

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """The columns that stand in the file, without those made from another one."""
        return tuple(column for column in self.columns if column.status_of is None)

    @property
    def sheet_column(self) -> Column | None:
        """The column whose value is told by the name of the workbook's sheet; such a feed is read from every sheet."""
        return next((column for column in self.columns if column.from_sheet_name), None)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id} has no column {name}")

    @property
    def lake_types(self) -> dict[str, str]:
        """Every column of the feed's lake files (for a ledger table: of its files) with its type, in order."""
        types = {column.name: column.type for column in self.columns}
        return types if self.kind == "ledger" else types | LINEAGE

    def rule_id(self, name: str) -> str:
        """The one id of a rule of this contract."""
        return f"contract.{self.id}.{name}"


def _custom(items: Any) -> dict[str, Any]:
    return {item.property: item.value for item in items or ()}


def _column(item: Any) -> Column:
    custom = _custom(item.customProperties)
    options = item.logicalTypeOptions or {}
    unknown = set(custom) - {
        "formats",
        "truncate_to",
        "markers",
        "status_of",
        "from_file_name",
        "from_header",
        "position",
        "from_sheet_name",
        "true_values",
        "false_values",
        "door",
        "age_at",
        "free_text",
    }
    if unknown:
        raise ContractError(f"column {item.name}: unknown customProperties {sorted(unknown)}")
    if not item.physicalType or not TYPES.fullmatch(item.physicalType):
        raise ContractError(f"column {item.name}: physicalType {item.physicalType!r} is none of ours")
    if custom.get("door") not in {None, "pseudonym", "age"} or (custom.get("door") == "age") != ("age_at" in custom):
        raise ContractError(f"column {item.name}: `door` is pseudonym, or age with the column `age_at`")
    if "from_header" in custom and item.physicalType != "string":
        raise ContractError(f"column {item.name}: what a header tells (`from_header`) is a string")
    if not item.description:
        raise ContractError(f"column {item.name}: no description")
    headers = [item.businessName] if item.businessName else []
    return Column(
        name=item.name,
        type=item.physicalType,
        description=item.description,
        headers=(*headers, *(synonym.synonym for synonym in item.synonyms or ())),
        key_position=item.primaryKeyPosition if item.primaryKey else None,
        required=bool(item.required),
        pattern=options.get("pattern"),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        max_length=options.get("maxLength", LONGEST_TEXT),
        allowed=tuple(str(value.value) for value in item.enum or ()),
        formats=tuple(custom.get("formats", ())),
        truncate_to=custom.get("truncate_to"),
        markers=custom.get("markers", {}),
        status_of=custom.get("status_of"),
        from_file_name=custom.get("from_file_name"),
        from_header=custom.get("from_header", {}),
        position=custom.get("position"),
        from_sheet_name=custom.get("from_sheet_name", {}),
        true_values=tuple(custom.get("true_values", ())),
        false_values=tuple(custom.get("false_values", ())),
        door=custom.get("door"),
        age_at=custom.get("age_at"),
        is_free_text=bool(custom.get("free_text", False)),
    )


def _rule(feed: str, item: Any) -> Rule:
    if item.type != "sql" or item.mustBe != 0:
        raise ContractError(f"rule {item.id}: our rules are `type: sql` with `mustBe: 0`")
    if item.severity not in SEVERITIES or item.dimension not in DIMENSIONS:
        raise ContractError(
            f"rule {item.id}: severity {item.severity!r} or dimension {item.dimension!r} is none of ours"
        )
    # Rows pass once, as a stream: DuckDB turns some window functions into a second reading, which finds nothing left.
    if re.search(r"\bover\s*\(", item.query, re.I):
        raise ContractError(f"rule {item.id}: is about several rows; write it as a test of the staging model")
    return Rule(f"contract.{feed}.{item.id}", item.id, item.description, item.severity, item.dimension, item.query)


def _layouts(custom: Mapping[str, Any], columns: Sequence[Column]) -> tuple[Layout, ...]:
    if "layouts" in custom:
        return tuple(
            Layout(layout["name"], tuple(layout["required"]), bool(layout.get("totals_row")))
            for layout in custom["layouts"]
        )
    required = custom.get("columns_required") or [column.name for column in columns if column.required]
    return (Layout("standard", tuple(required), False),)


def load_contract(path: Path) -> Contract:
    """Read and validate one contract file.

    Raises ContractError, naming the file, where it breaks the standard or our own rules.
    """
    # Imported here: pydantic's models cost 0.15 s, which a run with nothing new need not pay.
    from open_data_contract_standard.model import OpenDataContractStandard
    from pydantic import ValidationError

    try:
        document = OpenDataContractStandard.model_validate(yaml.load(path.read_text(encoding="utf-8"), _LOADER))
        return _contract(document)
    except (ValidationError, yaml.YAMLError, ContractError, TypeError, KeyError) as error:
        raise ContractError(f"{path.name}: {error}") from error


def _contract(document: Any) -> Contract:
    (table,) = document.schema_
    custom = _custom(document.customProperties)
    columns = tuple(_column(item) for item in table.properties)
    names = {column.name for column in columns}
    if document.domain not in DOMAINS:
        raise ContractError(f"domain {document.domain!r} is none of {', '.join(DOMAINS)}")
    kind = custom.get("kind", "feed")
    if kind == "feed" and custom.get("delivery") not in DELIVERIES:
        raise ContractError(f"delivery {custom.get('delivery')!r} is none of {', '.join(DELIVERIES)}")
    scope = tuple(custom.get("scope", ()))
    period = custom.get("period")
    layouts = _layouts(custom, columns)
    named = {*scope, *([period] if period else []), *(name for layout in layouts for name in layout.required)}
    totals = custom.get("totals")
    if totals:
        named |= {totals["column"], totals.get("beside", totals["column"]), *totals["sums"], *totals["within"]}
    named |= {column.age_at for column in columns if column.age_at}
    sensitive = custom.get("sensitive")
    if sensitive:
        named.add(sensitive["column"])
    if named - names:
        raise ContractError(f"names columns that it does not have: {', '.join(sorted(named - names))}")
    if kind == "feed" and (custom["delivery"] in {"period", "window"}) != bool(period):
        raise ContractError("a `period` column belongs to deliveries by period or window, and to no other")
    if custom.get("period_grain") not in {None, "month", "quarter", "year"}:
        raise ContractError("`period_grain` is month, quarter or year")
    if any(column.door for column in columns) and not custom.get("personal"):
        raise ContractError("a feed with a column that has a `door` is `personal: true`")
    months_without = custom.get("months_without", ())
    if not isinstance(custom.get("revises", True), bool) or set(months_without) - set(range(1, 13)):
        raise ContractError("`revises` is true or false, and `months_without` lists months from 1 to 12")
    cells = custom.get("cells_without_header")
    _refuse_wrong_positions(columns, cells)
    header_rows = custom.get("header_rows", 1)
    if header_rows not in {1, 2}:
        raise ContractError("`header_rows` is 1 or 2")
    in_place = tuple(custom.get("columns_in_place", ()))
    if unknown := set(in_place) - {item.id for item in table.quality or ()}:
        raise ContractError(
            f"`columns_in_place` names rules that the contract does not have: {', '.join(sorted(unknown))}"
        )
    service = {item.property: item for item in document.slaProperties or ()}
    due = service.get("dueWorkingDay")
    frequency = service.get("frequency")
    return Contract(
        id=document.id,
        name=document.name,
        version=document.version,
        domain=document.domain,
        kind=kind,
        purpose=document.description.purpose,
        limitations=document.description.limitations or "",
        owner=document.team.name,
        grain=table.dataGranularityDescription,
        columns=columns,
        rules=tuple(_rule(document.id, item) for item in table.quality or ()),
        delivery=custom.get("delivery"),
        scope=scope,
        period=period,
        period_grain=custom.get("period_grain"),
        layouts=layouts,
        header_rows=header_rows,
        totals=Totals(
            totals["column"],
            totals.get("beside"),
            totals["matches"],
            totals.get("of_all", totals["matches"]),
            tuple(totals["sums"]),
            tuple(totals["within"]),
            totals.get("severity", "critical"),
        )
        if totals
        else None,
        reader=custom.get("reader"),
        frequency=f"{frequency.value} {frequency.unit}" if frequency else None,
        due_working_day=int(due.value) if due and due.value is not None else None,
        months_without=tuple(custom.get("months_without", ())),
        revises=bool(custom.get("revises", True)),
        personal=bool(custom.get("personal", False)),
        sensitive=Sensitive(sensitive["column"], tuple(map(str, sensitive["values"]))) if sensitive else None,
        cells=cells,
        columns_in_place=in_place,
    )


def _refuse_wrong_positions(columns: Sequence[Column], cells: int | None) -> None:
    read = [column for column in columns if column.status_of is None and column.from_file_name is None]
    positions = [column.position for column in read if column.position is not None]
    if cells is None and not positions:
        return
    lies = cells is None or len(positions) < len(read) or not set(positions) <= set(range(1, cells + 1))
    if lies or len(set(positions)) < len(positions):
        raise ContractError("without a header every column has a `position` of its own, from 1 to cells_without_header")


@cache
def load_contracts() -> dict[str, Contract]:
    """All contracts by id, in the order of domains, then of names. Raises ContractError for the first wrong one."""
    contracts: dict[str, Contract] = {}
    for domain in DOMAINS:
        for path in sorted((CONTRACTS / domain).glob("*.odcs.yaml")):
            contract = load_contract(path)
            if contract.id in contracts or contract.id != path.name.removesuffix(".odcs.yaml"):
                raise ContractError(f"{path.name}: the id {contract.id} is taken or is not the file's name")
            if contract.domain != domain:
                raise ContractError(f"{path.name}: says domain {contract.domain}, lies under {domain}")
            contracts[contract.id] = contract
    return contracts


def feeds() -> dict[str, Contract]:
    """The contracts of feeds, by id."""
    return {name: contract for name, contract in load_contracts().items() if contract.kind == "feed"}


def ledger_tables() -> dict[str, Contract]:
    """The contracts of the ledger's tables, by id."""
    return {name: contract for name, contract in load_contracts().items() if contract.kind == "ledger"}

"""The rules of a contract by name: those that every contract has, and its own; and what they say to a sender.

Kept out: how a rule is held against rows (`compile`), and what follows from it (`rows`).
"""

from dataclasses import dataclass

from ingest.contract import Contract, Rule

# Rules that every contract has: name, severity, dimension, what must hold.
_IMPLIED_TABLE = """
    readable           | critical | validity     | The file can be read as text.
    recognised         | critical | validity     | The file is of a known feed and lies in its folder.
    columns_present    | critical | completeness | Every column that the layout needs is there.
    header_once        | critical | consistency  | No column of the contract stands twice in the file.
    identifier_in_name | critical | validity     | The file's name holds no NHS number.
    key_present        | critical | validity     | The key that makes pseudonyms is there, and the same as before.
    complete           | critical | completeness | The file does not end in the middle of a row.
    some_rows          | critical | validity     | The file has rows; of each period at least half are accepted.
    one_period         | critical | consistency  | The file is of one period, the one that its name says.
    columns_in_place   | critical | consistency  | Columns that belong together agree in at least half of the rows.
    totals_reconcile   | critical | accuracy     | Each total equals the sum of the rows that it stands for.
    no_steep_fall      | critical | completeness | A delivery has at least half of the rows that it replaces.
    row_balance        | critical | completeness | Rows read are accepted, rejected, totals or blank; none is lost.
    row_shape          | error    | validity     | A row has as many cells as the header.
    required           | error    | completeness | A required column has a value.
    type               | error    | validity     | A value reads as what its column is: a number, a date, yes or no.
    pattern            | error    | validity     | A code has the form of its column.
    allowed            | error    | validity     | A value is one of those that its column allows.
    range              | error    | validity     | A number lies within the bounds of its column.
    length             | error    | validity     | A text is no longer than its column allows.
    duplicate_row      | error    | uniqueness   | A row stands once; further copies of it are left out.
    duplicate_conflict | error    | uniqueness   | Rows with one key have the same values; where not, none is used.
    identifier_in_text | error    | validity     | No cell holds an NHS number but in a column that is made for it.
    sensitive_service  | error    | validity     | Services that the trust lists as sensitive are left out.
    identifier_lost    | warning  | completeness | NHS number and date of birth can be read, or the row goes without.
    text_withheld      | warning  | validity     | A free text names nobody; one that may is withheld, its row is kept.
    unknown_column     | warning  | validity     | Every column of the file is one of the contract's.
    stored_value       | warning  | completeness | A formula of a workbook has a stored value; else its cell is blank.
"""
IMPLIED = tuple(
    Rule("", name, description, severity, dimension, "")
    for name, severity, dimension, description in (
        (cell.strip() for cell in line.split("|")) for line in _IMPLIED_TABLE.strip().splitlines()
    )
)


@dataclass(frozen=True)
class Finding:
    """Rows about which one rule spoke: how many, the numbers of the first, and whether they were kept."""

    rule: str
    column: str
    rows: int
    samples: tuple[int, ...]
    kept: bool
    message: str


def all_rules(contract: Contract) -> list[Rule]:
    """Every rule of a contract, implied ones first, each under its full id."""
    implied = [
        Rule(
            contract.rule_id(rule.name),
            rule.name,
            rule.description,
            _severity(contract, rule),
            rule.dimension,
            "",
        )
        for rule in IMPLIED
        if _applies(contract, rule)
    ]
    return implied + list(contract.rules)


def _severity(contract: Contract, rule: Rule) -> str:
    if rule.name == "totals_reconcile" and contract.totals:
        return contract.totals.severity
    return rule.severity


def _applies(contract: Contract, rule: Rule) -> bool:
    return {
        "totals_reconcile": contract.totals is not None,
        "columns_in_place": bool(contract.columns_in_place),
        "key_present": contract.has_door,
        "identifier_lost": contract.has_door,
        "text_withheld": any(column.is_free_text for column in contract.columns),
        "sensitive_service": contract.sensitive is not None,
    }.get(rule.name, True)


_OF_IDENTIFIERS = {
    "identifier_in_text": "holds an NHS number and must not.",
    "identifier_lost": "is missing or wrong; the row is kept without it.",
    "text_withheld": "may name a person (a title with a name, six digits, a mail address); the text is withheld.",
    "sensitive_service": "is a service that the trust lists as sensitive; the row is left out.",
}


def message(contract: Contract, rule: Rule, column_name: str) -> str:
    """What a sender is told of rows that break a rule in a column; never a value of theirs."""
    if rule.name == "unknown_column":
        return "Something stands in a column that the contract does not know; the column is left out."
    if not column_name:
        return rule.description
    column = contract.column(column_name)
    shown = f"«{column.headers[0]}»" if column.headers else column.name
    if rule.name == "required":
        return f"{shown} is empty and must not be."
    if rule.name == "type":
        what = {"date": f"a date as {_as_written(column.formats)}", "boolean": "yes or no"}.get(column.type, "a number")
        return f"{shown} cannot be read as {what}."
    if rule.name == "pattern":
        return f"{shown} does not have the form of its code ({column.pattern})."
    if rule.name == "allowed":
        return f"{shown} is none of {', '.join(column.allowed)}."
    if rule.name == "length":
        return f"{shown} is longer than {column.max_length} characters."
    if rule.name in _OF_IDENTIFIERS:
        return f"{shown} {_OF_IDENTIFIERS[rule.name]}"
    low = "" if column.minimum is None else f" below {column.minimum:g}"
    high = "" if column.maximum is None else f" above {column.maximum:g}"
    return f"{shown} lies{' or'.join(filter(None, (low, high)))}."


def _as_written(formats: tuple[str, ...]) -> str:
    words = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yy", "%b": "Mon", "%B": "Month"}
    written = []
    for item in formats:
        for code, word in words.items():
            item = item.replace(code, word)
        written.append({"excel_serial": "an Excel day number"}.get(item, item))
    return " or ".join(written)

"""What must hold of every mart before a release, whatever it is about: identifiers, small numbers, completeness.

The frames of the first two say only in which mart and column something was found, never what: they are hidden.

Kept out: what one domain's figures must be (its suite), the texts of columns and the files (`publish` verifies them).
"""

from collections.abc import Sequence

import great_expectations.expectations as gxe

from expectations.rule import Frame, Mart, rule
from expectations.small_numbers import shows_small

# Shapes are looked for in text with or without the usual separators. An NHS number counts only with a right check
# digit (NHS Data Dictionary: weights 10 to 2, modulus 11) and more than one distinct digit, so that one in eleven
# ten-digit numbers, not all of them, asks for a look.
_TEN_DIGITS = r"(?:^|[^0-9A-Za-z])([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})(?:$|[^0-9A-Za-z])"
# The published pattern of UK postcodes, in one case throughout; the lower-case form leaves out ordinals ("w1 2nd").
_POSTCODE_UPPER = (
    r"(?:^|[^0-9A-Za-z])(?:GIR ?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|"
    r"[A-HK-Y][0-9][ABEHMNPRVWXY]) ?[0-9][ABD-HJLNP-UW-Z]{2})(?:$|[^0-9A-Za-z])"
)
_POSTCODE_LOWER = (
    r"(?:^|[^0-9a-z])[a-pr-uwyz](?:[0-9]{1,2}|[a-hk-y][0-9]{1,2}|[0-9][a-hjkpstuw]|"
    r"[a-hk-y][0-9][abehmnprvwxy]) ?[0-9](?:[abd-hjlnp-uw-z]{2})(?:$|[^0-9a-z])"
)
_TEXT = ("string", "varchar", "text")
_ORDINAL = r"(?:^|[^0-9a-z])[a-z][0-9]{1,2} [0-9](?:st|nd|rd|th)(?:$|[^0-9a-z])"


def _identifiers(marts: Sequence[Mart], audience: str) -> str:
    """One row per text column of every mart that holds any: values like an NHS number, like a postcode."""
    texts = [
        (mart, [f'"{column}"' for column, data_type, _ in mart.columns if data_type.lower() in _TEXT]) for mart in marts
    ]
    # Each mart is read once, and each text looked at once however often it stands there.
    swept = "\nunion all\n".join(
        f"""
        select distinct '{mart.name}' as mart_name, column_name, text
        from (select {", ".join(columns)} from {mart.domain}."{mart.name}")
        unpivot (text for column_name in ({", ".join(columns)}))
        """
        for mart, columns in texts
        if columns
    )
    return (
        swept
        and f"""
        select
            mart_name,
            column_name,
            count(*) filter (where {_is_nhs_number("text")}) as values_like_nhs_number,
            count(*) filter (where {_is_postcode("text")}) as values_like_postcode
        from ({swept}) as texts
        group by mart_name, column_name
        order by mart_name, column_name
        """
    )


def _is_nhs_number(text: str) -> str:
    found = f"regexp_extract_all({text}, '{_TEN_DIGITS}', 1)"
    digits = f"list_transform({found}, shape -> regexp_replace(shape, '[ -]', '', 'g'))"
    weighted = " + ".join(f"(11 - {place}) * cast(digits[{place}] as int)" for place in range(1, 10))
    check = f"(11 - ({weighted}) % 11) % 11"
    return (
        f"list_bool_or(list_transform({digits}, digits -> {check} = cast(digits[10] as int) "
        "and replace(digits, digits[1], '') <> ''))"
    )


def _is_postcode(text: str) -> str:
    return (
        f"regexp_matches({text}, '{_POSTCODE_UPPER}') "
        f"or (regexp_matches({text}, '{_POSTCODE_LOWER}') and not regexp_matches({text}, '{_ORDINAL}'))"
    )


def _small_numbers(marts: Sequence[Mart], audience: str) -> str:
    """One row per column under a disclosure class: values that the class does not let anyone see."""
    columns = (
        (mart, column, shows_small(disclosure, audience, f'"{column}"'))
        for mart in marts
        for column, _, disclosure in mart.columns
        if disclosure
    )
    return "\nunion all\n".join(
        f"""
        select
            '{mart.name}' as mart_name,
            '{column}' as column_name,
            count(*) filter (where {condition}) as values_too_small
        from {mart.domain}."{mart.name}"
        having count("{column}") > 0
        """
        for mart, column, condition in columns
        if condition
    )


def _promised(marts: Sequence[Mart], audience: str) -> str:
    """One row per column that the dictionary promises, and whether the mart has it."""
    promised = ", ".join(
        f"('{mart.domain}', '{mart.name}', '{column}')" for mart in marts for column, _, _ in mart.columns
    )
    return f"""
        select
            promised.mart_name,
            promised.column_name,
            built.column_name as built_column_name
        from (values {promised}) as promised (domain, mart_name, column_name)
        left join duckdb_columns() as built
            on built.database_name = current_database()
            and built.schema_name = promised.domain
            and built.table_name = promised.mart_name
            and built.column_name = promised.column_name
    """


def _approvals(marts: Sequence[Mart], audience: str) -> str:
    """How many approvals to release for this audience hold; nothing where it is the trust itself, which needs none."""
    if audience == "internal":
        return ""
    return f"""
        select '{audience}' as audience, count(*) as approvals_in_force
        from evidence.fct_publication_approval
        where audience = '{audience}' and is_in_force
    """


def _sizes(marts: Sequence[Mart], audience: str) -> str:
    """Rows of every mart of a domain of which at least one file was accepted: the others have nothing to hold."""
    sizes = "\nunion all\n".join(
        f"""select '{mart.domain}' as domain, '{mart.name}' as mart_name, count(*) as row_count
            from {mart.domain}."{mart.name}" """
        for mart in marts
        if mart.domain != "evidence"
    )
    return f"""
        select mart_name, row_count
        from ({sizes}) as sizes
        where domain in (select domain from evidence.fct_file where file_status = 'accepted')
    """


FRAMES = [
    Frame(
        name="identifiers",
        subject="all marts",
        query=_identifiers,
        key=("mart_name", "column_name"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="values_like_nhs_number",
                max_value=0,
                **rule(
                    "gate.release.no_nhs_number",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="No text of any mart looks like a valid NHS number.",
                    because="Patients' identifiers stop at the door; one that came through must not leave the house.",
                ),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="values_like_postcode",
                max_value=0,
                **rule(
                    "gate.release.no_postcode",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="No text of any mart looks like a postcode.",
                    because="A full postcode stands for some fifteen homes: with age and ward it names a patient.",
                ),
            ),
        ],
    ),
    Frame(
        name="small numbers",
        subject="all marts",
        query=_small_numbers,
        key=("mart_name", "column_name"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="values_too_small",
                max_value=0,
                **rule(
                    "gate.release.no_small_number",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="No count of people shows that its disclosure class suppresses.",
                    because="A count of two among known colleagues says who answered what.",
                ),
            ),
        ],
    ),
    Frame(
        name="approval of publication",
        subject="fct_publication_approval",
        query=_approvals,
        key=("audience",),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="approvals_in_force",
                min_value=1,
                **rule(
                    "gate.release.approved",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="A release for the public has a recorded approval that holds on the day of the run.",
                    because="What was once published cannot be called back.",
                ),
            ),
        ],
    ),
    Frame(
        name="promised columns",
        subject="all marts",
        query=_promised,
        key=("mart_name", "column_name"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="built_column_name",
                **rule(
                    "gate.release.columns_built",
                    severity="critical",
                    dimension="completeness",
                    owner="analytics",
                    holds="Every column that the dictionary names is in its mart.",
                    because="A report that reads a column which is gone breaks on the morning of the meeting.",
                ),
            ),
        ],
    ),
    Frame(
        name="sizes",
        subject="all marts",
        query=_sizes,
        key=("mart_name",),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="row_count",
                min_value=1,
                **rule(
                    "gate.release.mart_not_empty",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="A mart has rows once a file of its domain was accepted.",
                    because="An empty table looks to a reader like a month without falls.",
                ),
            ),
        ],
    ),
]

"""The door: what tells a patient apart stops here, before any row reaches a query, a file or a message.

An NHS number becomes a pseudonym (HMAC-SHA-256 under a key from outside) or, where it is missing or wrong, nothing: the
identifier is lost, never the row. A date of birth becomes an age (in the row query, `rows`). Texts are screened for
NHS numbers.

Kept out: where the key comes from (the environment is read in `orchestration.settings`), and which columns are
identifiers (contracts: the property `door`).
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

# As numbers are written by hand and by systems: 9434765919, 943 476 5919, 943-476-5919; not inside a longer one.
WRITTEN = r"\d{3}[ -]?\d{3}[ -]?\d{4}"
_FOUND = re.compile(rf"(?<!\d){WRITTEN}(?!\d)")
_WEIGHTS = range(10, 1, -1)
# 128 bits: among 100 million people the chance that two share one is below 1 in 10^22.
PSEUDONYM_LENGTH = 32
# Short keys can be tried through; the guidance for HMAC-SHA-256 (RFC 2104) is a key as long as its output.
SHORTEST_KEY = 32
# What may name a person in a free text: a number of six digits or more (of hospital, staff, telephone or the NHS, with
# its usual gaps), a mail address, a title with a name. A name without a title is not told from a word: no text is shown
# that its row does not call shareable.
PERSON_IN_TEXT = (
    r"[0-9]{6}|[0-9]{3}[ -][0-9]{3}[ -]?[0-9]{4}|[0-9]{5} [0-9]{3} ?[0-9]{3}|[^ ]@[^ ]"
    r"|\b(Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sister)[.]? [A-Z][a-z]"
)
WITHHELD = "[withheld: it may name a person]"
# Ages from here on are one group: the very old are few, and known.
OLDEST_AGE = 90
# Beyond it a date of birth is a slip of the pen.
OLDEST_PERSON = 130
# Half a million people fill about 100 MiB; beyond it numbers are worked out again rather than remembered.
_REMEMBERED = 1_000_000


def passes_check_digit(number: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11; NHS Data Dictionary, NHS NUMBER)."""
    if not re.fullmatch(r"[0-9]{10}", number):
        return False
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return (11 - remainder) % 11 == int(number[9])


def nhs_number(text: str) -> str | None:
    """The ten digits of a written NHS number; None where it is none.

    One digit ten times over passes the check digit and is what systems write for «unknown»: it tells nobody apart.
    """
    number = re.sub(r"[ \u00a0-]", "", text.strip())
    return number if passes_check_digit(number) and len(set(number)) > 1 else None


def masked(text: str) -> str:
    """A text with all that is written like an NHS number taken out, whatever its check digit."""
    return _FOUND.sub("[number removed]", text)


def holds_nhs_number(text: str) -> bool:
    """Whether a valid NHS number stands anywhere in a text."""
    return any(nhs_number(found) for found in _FOUND.findall(text))


@dataclass
class Door:
    """Replaces NHS numbers by pseudonyms under one key. Without a key it lets no identifier column pass."""

    key: bytes | None
    _known: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    @property
    def key_id(self) -> str | None:
        """A name for the key that tells nothing about it; None without a key."""
        return hashlib.sha256(b"qls key id\0" + self.key).hexdigest()[:8] if self.key else None

    def pseudonym(self, text: str) -> tuple[str, str]:
        """Pseudonym (empty where there is no valid number) and status: valid, invalid or missing."""
        if (known := self._known.get(text)) is not None:
            return known
        number = nhs_number(text)
        if number is None:
            return "", "missing" if not text.strip() else "invalid"
        assert self.key, "a file with identifiers is refused before it is read, where there is no key"
        made = hmac.digest(self.key, number.encode(), "sha256").hex()[:PSEUDONYM_LENGTH], "valid"
        if len(self._known) < _REMEMBERED:
            self._known[text] = made
        return made

    def pass_through(self, batches: Iterable[pa.RecordBatch], positions: Iterable[int]) -> Iterator[pa.RecordBatch]:
        """Batches with the cells of `c<position>` as pseudonyms, each with its status in `c<position>_status`."""
        for batch in batches:
            for position in positions:
                column = f"c{position}"
                place = batch.schema.get_field_index(column)
                numbers = batch.column(place).dictionary_encode()
                made = [self.pseudonym(text) for text in numbers.dictionary.to_pylist()]
                for name, values in ((column, [item[0] for item in made]), (f"{column}_status", [s for _, s in made])):
                    cells = pa.array(values, pa.string()).take(numbers.indices)
                    batch = batch.set_column(place, name, cells) if name == column else batch.append_column(name, cells)
            yield batch


def masked_sql(text: str) -> str:
    """SQL that does to the expression `text` what `masked` does."""
    # Twice, for the sign between two numbers ends the one and begins the other, and is matched but once.
    for _ in range(2):
        text = rf"regexp_replace({text}, '(^|[^0-9]){WRITTEN}([^0-9]|$)', '\1[number removed]\2', 'g')"
    return text


# The same screen in SQL, for text cells of any feed: `holds_nhs_number(text)`.
_WEIGHTED = " + ".join(f"{weight} * substr(number, {place}, 1)::integer" for place, weight in enumerate(_WEIGHTS, 1))
SQL_SCREEN = f"""
    create or replace temp macro holds_nhs_number(text) as
        len(list_filter(
            list_transform(
                regexp_extract_all(text, '(?:^|[^0-9])({WRITTEN})(?:[^0-9]|$)', 1),
                lambda written: regexp_replace(written, '[ -]', '', 'g')
            ),
            lambda number: (11 - ({_WEIGHTED}) % 11) % 11 = substr(number, 10, 1)::integer
                and number <> repeat(substr(number, 1, 1), 10)
        )) > 0
"""

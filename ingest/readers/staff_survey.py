"""The national staff survey's detailed sheets: stacked headers over blocks of answers, made one row per answer.

Above the figures stand a row of units (% for an answer, n for the base that ends its block), one of answers, and one to
three rows of questions: number, words, sub-question. The year stands in the sheet; what the respondents are broken down
by stands in the file's name alone.

Kept out: opening a workbook (`workbook`), and what a figure means.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.recognise import HEADER_WITHIN
from ingest.refusal import Refusal

HEADER = (
    "Survey Year", "Sheet", "Breakdown", "Respondents", "Question", "Question Text", "Answer", "Percentage", "Base",
)  # fmt: skip
_ANSWER, _BASE = "%", "n"
# A sheet of 230 trusts by 40 groups and 250 answers has 2.3 million. Eight million took 89 s to load, of the 60 that a
# file may take.
MOST_ANSWERS = 4_000_000


def one_row_per_answer(file_name: str, sheet_name: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """HEADER, then a row for each respondents x answer; nothing where the sheet does not have this layout."""
    first = list(itertools.islice(rows, HEADER_WITHIN))
    units_at = next((at for at, row in enumerate(first) if at >= 2 and _is_units(row)), None)
    if units_at is None:
        return
    units, answers = first[units_at], first[units_at - 1]
    blocks = _blocks(units)
    questions = _questions(first[: units_at - 1], blocks[0][0], len(units))
    year = re.search(r"Staff Survey (20\d\d)", " ".join(cell for row in first[:units_at] for cell in row))
    parts = re.split(r"\s*-\s*", Path(file_name).stem)
    facts = [year[1] if year else "", sheet_name, parts[-1].strip().lower() if len(parts) > 1 else ""]
    yield list(HEADER)
    in_row = sum(base - start for start, base in blocks)
    found = 0
    for row in itertools.chain(first[units_at + 1 :], rows):
        if not any(cell.strip() for cell in row):
            continue
        found += in_row
        if found > MOST_ANSWERS:
            raise Refusal(
                "readable",
                f"sheet «{sheet_name}»",
                f"it has more than {MOST_ANSWERS:,} answers, which no detailed sheet has",
                "send it in parts, a group of trusts in each",
            )
        respondents = next((cell for cell in reversed(row[: blocks[0][0]]) if cell.strip()), "")
        for start, base in blocks:
            for at in range(start, base):
                yield [*facts, respondents, *questions[at], answers[at], row[at], row[base]]


def _is_units(row: Sequence[str]) -> bool:
    units = [cell.strip() for cell in row if cell.strip()]
    return set(units) == {_ANSWER, _BASE} and units[0] == _ANSWER and units[-1] == _BASE


def _blocks(units: Sequence[str]) -> list[tuple[int, int]]:
    """First answer and base of each block, by column."""
    found = []
    start: int | None = None
    for at, unit in enumerate(units):
        if unit.strip() == _ANSWER and start is None:
            start = at
        elif unit.strip() == _BASE and start is not None:
            found.append((start, at))
            start = None
    return found


def _questions(rows: Sequence[Sequence[str]], first: int, width: int) -> list[tuple[str, str]]:
    """Number and words of the question of each column; a text holds until the next in its row or in one above it."""
    held = [""] * len(rows)
    found = []
    for at in range(width):
        for level, row in enumerate(rows):
            if at >= first and row[at].strip():
                held[level:] = [row[at].strip(), *[""] * (len(rows) - level - 1)]
        number = held[0] if held and re.fullmatch(r"Q\d+", held[0]) else ""
        words = " ".join(text for text in held if text and text != number)
        letter = re.match(r"([a-z])\)", held[-1]) if held else None
        found.append((number + letter[1] if letter else number, words))
    return found

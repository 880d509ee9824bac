"""The staff survey's two wide layouts: the nation's detailed sheets and a trust's own results, one row per figure.

Detailed sheets: above the figures stand a row of units (% for an answer, n for the base that ends its block), one of
answers, and one to three rows of questions: number, words, sub-question. The year stands in the sheet; what the
respondents are broken down by stands in the file's name alone. Own results: a row is a unit, and over each pair of base
and result stands the measure.

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
MEASURE_HEADER = (
    "Survey Year", "Weighting", "Site Code", "Level", "Unit", "Measure Type", "Measure", "Base", "Score", "Positive %",
)  # fmt: skip
_UNIT = ("site code", "level", "unit")
_RESULTS = {"score", "% positive"}
# The seven elements of the People Promise and the two themes, since 2021.
_SCORED = {
    "promise_element": (
        "compassionate_and_inclusive", "recognised_and_rewarded", "voice_that_counts", "safe_and_healthy",
        "always_learning", "work_flexibly", "team",
    ),
    "theme": ("staff_engagement", "morale"),
}  # fmt: skip
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


def one_row_per_measure(sheet_name: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """MEASURE_HEADER, then a row for each unit x measure; nothing where the sheet does not have this layout.

    Measures stand above pairs of base and result; where a pair says `Score` it is of an element or a theme, where
    `% positive` of a question. A measure that is none of these keeps no type, so that its rows are refused.
    """
    first = list(itertools.islice(rows, HEADER_WITHIN))
    leaves_at = next((at for at, row in enumerate(first) if at >= 1 and _is_leaves(row)), None)
    if leaves_at is None:
        return
    leaves = [cell.strip().lower() for cell in first[leaves_at]]
    above = first[leaves_at - 1]
    said = " ".join(cell for row in first[:leaves_at] for cell in row)
    year = re.search(r"Staff Survey (20\d\d)", said)
    weighting = re.search(r"\b(un)?weighted\b", said, re.I)
    facts = [year[1] if year else "", weighting[0].lower() if weighting else ""]
    at_unit = [leaves.index(name) for name in _UNIT]
    pairs = [
        (at, *_measure(above[at], leaves[at + 1]))
        for at in range(len(leaves) - 1)
        if leaves[at] == "base" and leaves[at + 1] in _RESULTS
    ]
    yield list(MEASURE_HEADER)
    found = 0
    for row in itertools.chain(first[leaves_at + 1 :], rows):
        if not any(cell.strip() for cell in row):
            continue
        found += len(pairs)
        if found > MOST_ANSWERS:
            raise Refusal(
                "readable",
                f"sheet «{sheet_name}»",
                f"it has more than {MOST_ANSWERS:,} results, which no trust has",
                "send it in parts, a level of units in each",
            )
        unit = [row[at] for at in at_unit]
        for at, kind, code in pairs:
            result = [row[at + 1], "-"] if leaves[at + 1] == "score" else ["-", row[at + 1]]
            yield [*facts, *unit, kind, code, row[at], *result]


def _is_leaves(row: Sequence[str]) -> bool:
    names = {cell.strip().lower() for cell in row}
    return {*_UNIT, "base"} <= names and bool(names & _RESULTS)


def _measure(name: str, result: str) -> tuple[str, str]:
    """Type and code of the measure of that name."""
    words = name.strip().lower()
    if result != "score":
        question = re.match(r"q\d{1,2}[a-z]?\b", words)
        return ("question", question[0]) if question else ("", words)
    code = re.sub(r"\W+", "_", re.sub(r"^we (are |each have )?(a )?", "", words))
    return next((kind for kind, codes in _SCORED.items() if code in codes), ""), code


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

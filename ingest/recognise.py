"""Which feed is this file, which of its layouts, and which column of it is which.

A file is known by its folder and its content: where the folder names a feed the header must fit that feed, elsewhere
the header alone decides. Headers are found by content, so that notes above them do no harm. A feed without a header
is known by its folder alone, and by the form of its first rows.

Kept out: reading rows (`readers`) and judging them (`rows`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise, zip_longest

from ingest.contract import Column, Contract, Layout
from ingest.identifiers import masked
from ingest.refusal import Refusal, shown

# Publications carry up to a dozen note rows above their header (the FFT workbook has nine).
HEADER_WITHIN = 30
# The widest file of ours, the full RTT extract, has 121 columns. Beyond some ten thousand the query of one row no
# longer fits into memory.
MOST_COLUMNS = 2000
_LONGEST_HEADER = 100
# The last is what a dash becomes where UTF-8 was read as cp1252.
_DASHES = re.compile("[\u2010-\u2015\u2212]|\u00e2\u20ac[\u201c\u201d]")
_BLANKS = re.compile("[\\s_\u00a0\u200b\ufeff]+")


@dataclass(frozen=True)
class Match:
    """A recognised file: its contract and layout, the header's place and which cell of a row is which column.

    `columns` maps canonical names to positions; `unknown` maps positions to headers that the contract does not have.
    `told` maps columns that the file has not to what a header says of all its rows (`lsoa21_code`: areas of 2021).
    `header_index` is -1 where there is no header.
    """

    contract: Contract
    layout: Layout
    header_index: int
    columns: Mapping[str, int]
    unknown: Mapping[int, str]
    width: int
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetPart:
    """One sheet of a file that is read from several: its number and name, where its header is, and its cells in order.

    `sources` has, for each cell of the joined rows, its position in the sheet's rows, None where the sheet has no such
    column, or the text that stands in each of them.
    """

    number: int
    name: str
    header_index: int
    sources: tuple[int | str | None, ...]


@lru_cache(maxsize=10_000)
def normal(header: str) -> str:
    """A header as compared: without case, blanks and underscores, with dashes and apostrophes as on a keyboard."""
    return _BLANKS.sub("", _DASHES.sub("-", header).replace("\u2019", "'")).casefold()


@cache
def _wanted(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    # A load holds some thousand rows against the same few contracts.
    return {normal(text): name for name, headers in columns for text in (*headers, name)}


def match_header(contract: Contract, header_index: int, cells: Sequence[str]) -> Match | list[str]:
    """Hold one row of cells against a contract: a Match, or the names of what the nearest layout lacks.

    A header that stands more than once is told apart by its turn: `Percentage [2]` is the second so named.
    Raises Refusal where a column that the contract knows once stands twice.
    """
    if len(cells) > MOST_COLUMNS:
        # Excel writes a whole sheet as 16,384 cells where a format once reached its edge.
        cells = cells[: next((at for at in range(len(cells), 0, -1) if cells[at - 1].strip()), 0)]
    wanted = _wanted(tuple((column.name, column.headers) for column in contract.read_columns))
    names = [normal(cell) for cell in cells]
    turns = Counter[str]()
    columns: dict[str, int] = {}
    unknown: dict[int, str] = {}
    doubled: list[str] = []
    for position, name in enumerate(names):
        turns[name] += 1
        column = wanted.get(f"{name}[{turns[name]}]") or wanted.get(name)
        if column is None:
            # It goes into the ledger and onto the screen.
            unknown[position] = shown(masked(cells[position].strip()), _LONGEST_HEADER)
        elif column in columns:
            doubled.append(cells[position].strip())
        else:
            columns[column] = position
    told = {
        column.name: value
        for column in contract.read_columns
        for header, value in column.from_header.items()
        if column.name not in columns and normal(header) in turns
    }
    lacking = {
        layout: [name for name in layout.required if name not in columns and name not in told]
        for layout in contract.layouts
    }
    layout = min(lacking, key=lambda candidate: len(lacking[candidate]))
    if lacking[layout]:
        return lacking[layout]
    if len(cells) > MOST_COLUMNS:
        raise Refusal(
            "readable",
            f"row {header_index + 1}",
            f"it has more than {MOST_COLUMNS:,} columns",
            "export it again with its own columns alone",
        )
    if doubled:
        raise Refusal(
            "header_once",
            f"row {header_index + 1}",
            f"the column {_listed(doubled)} stands more than once, so its meaning is not certain",
            "remove or rename the column that is not meant, then drop the file again",
        )
    return Match(contract, layout, header_index, columns, unknown, len(cells), told)


def match_form(contract: Contract, rows: Sequence[Sequence[str]]) -> Match | None:
    """Hold the first rows of a file without a header against a contract: a Match where most have its form."""
    columns = {column.name: column.position - 1 for column in contract.columns if column.position}
    filled = [cells for cells in rows if any(cell.strip() for cell in cells)]
    fitting = [
        cells
        for cells in filled
        if len(cells) == contract.cells
        and all(_has_form(contract.column(name), cells[at].strip()) for name, at in columns.items())
    ]
    # A dirty row is its row's matter; that most are wrong is the file's.
    if contract.cells is None or 2 * len(fitting) <= len(filled):
        return None
    return Match(contract, contract.layouts[0], -1, columns, {}, contract.cells)


def _has_form(column: Column, text: str) -> bool:
    if not text:
        return not column.required
    return column.pattern is None or bool(re.fullmatch(column.pattern, text))


def recognise(
    folder: str, candidates: Iterable[Sequence[Sequence[str]]], contracts: Mapping[str, Contract]
) -> tuple[int, Match]:
    """The feed of a file, from the first rows of its content as each way of splitting them gives them.

    `candidates` holds, per delimiter or sheet, the first rows as lists of cells. Returns the number of the candidate
    that fits and the match. Raises Refusal where none does.
    """
    heads = [list(rows) for rows in candidates]
    wanted = [contracts[folder]] if folder in contracts else list(contracts.values())
    if found := _best(heads, wanted):
        return found
    by_form = [
        (number, match)
        for contract in wanted
        for number, rows in enumerate(heads)
        if (match := match_form(contract, rows[:HEADER_WITHIN]))
    ]
    if by_form and folder in contracts:
        return by_form[0]
    if by_form:
        feed = by_form[0][1].contract.id
        raise Refusal(
            "recognised",
            f"first {HEADER_WITHIN} rows",
            f"it has no header; its rows have the form of the feed {feed}, but form alone does not prove it",
            f"put it into landing/{feed}/ if that is what it is",
        )
    if folder not in contracts:
        raise Refusal(
            "recognised",
            f"first {HEADER_WITHIN} rows",
            "no header of a known feed is found",
            "put the file into the folder of its feed, with the columns that the feed's contract names",
        )
    contract = contracts[folder]
    if other := _best(heads, [item for item in contracts.values() if item.id != folder]):
        feed = other[1].contract.id
        raise Refusal(
            "recognised",
            f"row {other[1].header_index + 1}",
            f"this is a file of the feed {feed}, in the folder of {folder}",
            f"move it to landing/{feed}/",
        )
    raise _missing(contract, heads) if contract.cells is None else _formless(contract, heads)


def _formless(contract: Contract, heads: Sequence[Sequence[Sequence[str]]]) -> Refusal:
    widest = max((len(cells) for rows in heads for cells in rows[:HEADER_WITHIN]), default=0)
    placed = sorted((column for column in contract.columns if column.position), key=lambda column: column.position or 0)
    form = ", ".join(f"{column.position} {column.headers[0]}" for column in placed)
    return Refusal(
        "columns_present",
        f"first {HEADER_WITHIN} rows",
        f"files of this feed have no header and {contract.cells} cells in a row ({form}); most of these rows have not "
        f"that form (up to {widest} cells)",
        "fetch the file again as it is published, with no row or column added or taken away",
    )


def join_sheets(
    contract: Contract, sheets: Sequence[tuple[str, Sequence[Sequence[str]]]]
) -> tuple[Match, tuple[SheetPart, ...]]:
    """All sheets of a feed whose sheets' names are values of a column, as one: the match of the joined rows, and parts.

    `sheets` has names and first rows. A sheet of another name and without the feed's columns is passed over. Raises
    Refusal for one of another name with them, and for a named one that is hidden, doubled or lacks a column.
    """
    column = contract.sheet_column
    assert column
    values = {normal(name): value for name, value in column.from_sheet_name.items()}
    found: list[tuple[int, str, str, Match]] = []
    for number, (name, rows) in enumerate(sheets):
        value = values.get(normal(name))
        matches = (match_header(contract, index, cells) for index, cells in _headers(contract, rows))
        match = next((item for item in matches if isinstance(item, Match)), None)
        if value and match:
            found.append((number, name, value, match))
        elif match:
            raise Refusal(
                "recognised",
                f"sheet «{name}»",
                f"it has the columns of the feed, and its name tells none of its measures ({', '.join(values)})",
                "rename the sheet, or take it out of the workbook, then drop the file again",
            )
        elif value and not rows:
            raise Refusal(
                "recognised",
                f"sheet «{name}»",
                "it is hidden or empty, so it is not certain whether it counts",
                "show the sheet, or take it out of the workbook, then drop the file again",
            )
        elif value:
            refusal = _missing(contract, [rows])
            raise Refusal(refusal.rule, f"sheet «{name}», {refusal.where}", refusal.why, refusal.mend)
    doubled = [value for value, count in Counter(value for _, _, value, _ in found).items() if count > 1]
    if doubled:
        raise Refusal(
            "recognised",
            "sheets " + ", ".join(f"«{name}»" for _, name, value, _ in found if value == doubled[0]),
            f"more than one of them tells {doubled[0]}",
            "leave the one that is meant, then drop the file again",
        )
    if not found:
        raise Refusal(
            "recognised",
            "the sheets",
            f"none is named as one of the feed's measures: {', '.join(values)}",
            "name each sheet by its measure, then drop the file again",
        )
    names = [item.name for item in contract.read_columns if any(item.name in match.columns for *_, match in found)]
    unknown = [(number, at, header) for number, _, _, match in found for at, header in match.unknown.items()]
    parts = tuple(
        SheetPart(
            number,
            name,
            match.header_index,
            (
                value,
                *(match.columns.get(item) for item in names if item != column.name),
                *(at if of == number else None for of, at, _ in unknown),
            ),
        )
        for number, name, value, match in found
    )
    ordered = [column.name, *(name for name in names if name != column.name)]
    width = len(ordered) + len(unknown)
    headers = {len(ordered) + place: header for place, (_, _, header) in enumerate(unknown)}
    first = found[0][3]
    joined = Match(contract, first.layout, first.header_index, {n: i for i, n in enumerate(ordered)}, headers, width)
    return joined, parts


def _best(heads: Sequence[Sequence[Sequence[str]]], contracts: Sequence[Contract]) -> tuple[int, Match] | None:
    found: tuple[int, Match] | None = None
    for number, rows in enumerate(heads):
        for contract in contracts:
            if contract.cells is not None:
                continue
            for index, cells in _headers(contract, rows):
                match = match_header(contract, index, cells)
                if isinstance(match, Match):
                    if found is None or len(match.columns) > len(found[1].columns):
                        found = number, match
                    break
    return found


def _headers(contract: Contract, rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """What may be the header, with the place of its last row: each row, or each pair of rows joined to one."""
    first = rows[:HEADER_WITHIN]
    if contract.header_rows == 1:
        yield from enumerate(first)
        return
    for index, (groups, leaves) in enumerate(pairwise(first), start=1):
        # A group over several columns has leaves below it; one over a single column is that column's name.
        yield index, [leaf if leaf.strip() else group for group, leaf in zip_longest(groups, leaves, fillvalue="")]


def _missing(contract: Contract, heads: Sequence[Sequence[Sequence[str]]]) -> Refusal:
    fewest: tuple[list[str], int, Sequence[str]] | None = None
    for rows in heads:
        for index, cells in _headers(contract, rows):
            lacking = match_header(contract, index, cells)
            if isinstance(lacking, list) and (fewest is None or len(lacking) < len(fewest[0])):
                fewest = lacking, index, cells
    # Nothing that could be split into cells: all is missing.
    lacking, index, cells = fewest or (list(contract.layouts[0].required), 0, [])
    columns = [contract.column(name) for name in lacking]
    found = _header_words(contract, cells, lacking)
    names = ", ".join(" or ".join(dict.fromkeys(_plain(text) for text in column.headers)) for column in columns)
    noun = "column" if len(columns) == 1 else "columns"
    return Refusal(
        "columns_present",
        f"row {index + 1}",
        f"the {noun} {_listed([_plain(column.headers[0]) for column in columns])} "
        f"{'is' if len(columns) == 1 else 'are'} missing ({found})",
        f"add the {noun}, named: {names}; then drop the file again",
    )


def _header_words(contract: Contract, cells: Sequence[str], lacking: Sequence[str]) -> str:
    """What stands in the row nearest to a header; never cells of a row of data, which may be about a patient."""
    words = [cell.strip() for cell in cells if cell.strip()]
    needed = min(len(layout.required) for layout in contract.layouts)
    if not words or len(lacking) >= needed or any(re.search(r"\d{3}|\d/\d", word) for word in words):
        return "no row looks like its header"
    return f"found: {', '.join(words)[:400]}"


def _plain(header: str) -> str:
    return re.sub(r" \[\d+\]$", "", header)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)

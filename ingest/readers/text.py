"""The one shape in which every reader hands on a file: batches of rows of text cells, numbered from the header.

Kept out: how a file is split into rows (`delimited`, `workbook`), and what a cell means.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.refusal import Refusal

_BREAKS_NOTED = 1000
# Found in real files inside and at the ends of cells: no-break and zero-width spaces, byte order marks, doubled blanks.
_SPACES = "[\\s\u00a0\u200b\ufeff]+"
_LINE_FEED, _LAST_BLANK, _FIRST_BEYOND_ASCII = 0x0A, 0x20, 0x80


@dataclass
class TextRows:
    """The data rows of a file as text: Arrow batches with one column `c<n>` per cell and `_row_number`, from 1.

    `source` reads the file from its first data row each time it is called; it puts into `ragged` the rows whose number
    of cells is not the header's (row number, cells found, text) before it yields a batch with rows below them, and into
    `wide` those that are merely followed by blank cells (row number, the header's cells).
    `line_breaks` says where the first cells with a line break inside stand (row number, cell): between two stray
    quotation marks whole rows become one cell. Rows of several sheets are numbered through; `sheets` has the first
    number and the name of each. `unstored` has the rows in which a formula of a workbook has no stored value.
    """

    width: int
    source: Callable[["TextRows"], Iterator[pa.RecordBatch]]
    ragged: list[tuple[int, int, str]] = field(default_factory=list)
    wide: list[tuple[int, list[str]]] = field(default_factory=list)
    line_breaks: list[tuple[int, int]] = field(default_factory=list)
    sheets: list[tuple[int, str]] = field(default_factory=list)
    unstored: list[int] = field(default_factory=list)
    rows_seen: int = 0
    _last_wide: int = 0
    _ahead: list[int] = field(default_factory=list)
    _refusal: Refusal | None = None

    @property
    def count(self) -> int:
        """How many data rows the last reading found, of whatever width."""
        return max(self.rows_seen, self._last_wide, self.ragged[-1][0] if self.ragged else 0)

    @property
    def schema(self) -> pa.Schema:
        """The schema of every batch."""
        cells = [(f"c{position}", pa.string()) for position in range(self.width)]
        return pa.schema([*cells, ("_row_number", pa.int64())])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, from the first; a refusal ends them early and is raised by `finish`, not inside a query."""
        self.ragged.clear()
        self.wide.clear()
        self.line_breaks.clear()
        self.sheets.clear()
        self.unstored.clear()
        self._ahead.clear()
        self.rows_seen, self._last_wide, self._refusal = 0, 0, None
        try:
            for cells in self.source(self):
                yield self._numbered(cells)
            if self.wide:
                yield self._taken_from_wide(len(self.wide))
        except Refusal as refusal:
            self._refusal = refusal

    def _numbered(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        if not cells.num_rows:
            # A block of wide rows alone: given on at once, or a file of nothing else would be held whole.
            self._ahead += [number for number, _ in self.wide]
            return self._taken_from_wide(len(self.wide))
        numbers = self._numbers(cells.num_rows)
        self._note_line_breaks(cells.columns, numbers)
        batch = pa.RecordBatch.from_arrays([*cells.columns, numbers], schema=self.schema)
        # What was read ahead of the batch's last row waits for the next one.
        passed = bisect_left(self.wide, self.rows_seen, key=itemgetter(0))
        if not passed:
            return batch
        both = pa.Table.from_batches([batch, self._taken_from_wide(passed)]).sort_by("_row_number")
        return both.combine_chunks().to_batches()[0]

    def _taken_from_wide(self, count: int) -> pa.RecordBatch:
        taken, self.wide = self.wide[:count], self.wide[count:]
        numbers = pa.array([number for number, _ in taken], pa.int64())
        cells = [pa.array([row[position] for _, row in taken], pa.string()) for position in range(self.width)]
        self._note_line_breaks(cells, numbers)
        self._last_wide = taken[-1][0] if taken else self._last_wide
        return pa.RecordBatch.from_arrays([*cells, numbers], schema=self.schema)

    def _numbers(self, count: int) -> pa.Array:
        first = self.rows_seen + 1
        self._ahead = [number for number in self._ahead if number >= first]
        ragged = self.ragged[bisect_left(self.ragged, first, key=itemgetter(0)) :]
        elsewhere = [*self._ahead, *(number for number, *_ in ragged), *(number for number, _ in self.wide)]
        numbers = np.arange(first, first + count + len(elsewhere))
        if elsewhere:
            numbers = numbers[~np.isin(numbers, elsewhere)][:count]
        self.rows_seen = int(numbers[-1])
        return pa.array(numbers)

    def _note_line_breaks(self, columns: Sequence[pa.Array], numbers: pa.Array) -> None:
        for position, cells in enumerate(columns):
            if len(self.line_breaks) < _BREAKS_NOTED and (_bytes(cells) == _LINE_FEED).any():
                broken = numbers.filter(pc.match_substring(cells, "\n")).to_pylist()
                self.line_breaks += [(number, position) for number in broken[:_BREAKS_NOTED]]

    def place(self, number: int) -> str:
        """Where a data row stands, as its sender counts: within its sheet, where there are several."""
        for first, name in reversed(self.sheets):
            if number >= first:
                return f"{number - first + 1} of sheet «{name}»"
        return str(number)

    def clean(self) -> Iterator[pa.RecordBatch]:
        """All rows, as `batches`, with blanks of every kind at the ends of cells removed and inside made one blank."""
        for batch in self.batches():
            cells = [_clean(batch.column(position)) for position in range(self.width)]
            yield pa.RecordBatch.from_arrays([*cells, batch.column(self.width)], schema=self.schema)

    def finish(self) -> None:
        """Raise what ended the last reading early, if anything did."""
        if self._refusal:
            raise self._refusal


def _bytes(cells: pa.Array) -> np.ndarray:
    text = cells.buffers()[2]
    return np.frombuffer(text, np.uint8) if text is not None else np.empty(0, np.uint8)


def _clean(cells: pa.Array) -> pa.Array:
    raw = _bytes(cells)
    # Most columns hold no blank at all, and that is told from their bytes ten times faster than cell by cell.
    if not ((raw <= _LAST_BLANK) | (raw >= _FIRST_BEYOND_ASCII)).any():
        return cells
    return pc.utf8_trim(pc.replace_substring_regex(cells, _SPACES, " "), " ")

"""Delimited text: decode ladder, delimiter, and rows of text cells with their numbers.

Apache Arrow's reader does the parsing: of those tried it alone reports every ragged and every empty line by number
(DuckDB's drops empty lines, and all that follows a quotation mark left open, without a word).

Kept out: what a column means; workbooks.
"""

import codecs
import contextlib
import csv
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from ingest.recognise import HEADER_WITHIN
from ingest.refusal import Refusal

# The last is NHS.uk's, chosen because no address holds it.
DELIMITERS = (",", ";", "\t", "|", "\u00ac")
# Arrow splits at ASCII alone: another delimiter is read as the sign made for it, which no text of ours holds.
_UNIT_SEPARATOR = "\x1f"
_CHUNK = 1 << 20
_HEAD_BYTES = 256 * 1024
# Arrow must hold a whole record in one block; a cell longer than this is no cell of ours.
_BLOCK_BYTES = 8 << 20


@dataclass(frozen=True)
class TextRows:
    """The data rows of a file as text: one Arrow column `c<n>` per cell and `_row_number`, 1 after the header.

    `ragged` holds the rows whose number of cells is not the header's: (row number, cells found, text).
    """

    cells: pa.Table
    ragged: tuple[tuple[int, int, str], ...]


def encoding_of(path: Path) -> str:
    """`utf-8` (with or without a mark) or `cp1252`, from the whole file.

    Raises Refusal for an empty file and for what is not text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, seen = True, False
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                seen = seen or bool(chunk.strip(b"\xef\xbb\xbf \t\r\n"))
                if b"\0" in chunk:
                    raise _not_text("it holds bytes that no text holds")
                if is_utf8:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        is_utf8 = False
                if not is_utf8 and (undefined := {0x81, 0x8D, 0x8F, 0x90, 0x9D} & set(chunk)):
                    raise _not_text(f"it is neither UTF-8 nor Windows text (byte {min(undefined):#x})")
        if is_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                is_utf8 = False
    except OSError as error:
        raise Refusal("readable", "the file", f"it cannot be read: {error.strerror}", "mend its permissions") from error
    if not seen:
        raise Refusal("readable", "the file", "the file is empty", "export it again and drop it again")
    return "utf-8" if is_utf8 else "cp1252"


def head(path: Path, encoding: str) -> list[list[list[str]]]:
    """The first rows, split by each delimiter of DELIMITERS in turn."""
    with path.open("rb") as handle:
        text = handle.read(_HEAD_BYTES).decode(encoding, errors="ignore").removeprefix("\ufeff")
    return [_first_rows(text, delimiter) for delimiter in DELIMITERS]


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    # Not `splitlines`, which also splits at signs that no reader of CSV takes for the end of a line.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    # A cell too long for a header ends the look: what stands above it may still hold one.
    with contextlib.suppress(csv.Error):
        for row in itertools.islice(reader, HEADER_WITHIN):
            rows.append(row)
    return rows


def read(path: Path, encoding: str, delimiter: str, width: int, header_index: int) -> TextRows:
    """All data rows below the header, which has `width` cells and is row `header_index` of the file (from 0).

    -1 for a file without a header: all its rows are data.

    Raises Refusal where the file cannot be split into rows, or ends inside a quotation or in the middle of a row.
    """
    skip = _lines_through_header(path, encoding, delimiter, header_index)
    ragged: list[tuple[int, int, str]] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        ragged.append((row.number - skip, row.actual_columns, row.text.replace(_UNIT_SEPARATOR, delimiter)))
        return "skip"

    names = [f"c{position}" for position in range(width)]
    source: Path | io.BytesIO = path
    if not delimiter.isascii():
        source = io.BytesIO(path.read_bytes().replace(delimiter.encode(encoding), _UNIT_SEPARATOR.encode()))
    try:
        table = pa_csv.read_csv(
            source,
            # One thread: only then does Arrow number the rows that it refuses.
            read_options=pa_csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows=skip,
                encoding=encoding,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter if delimiter.isascii() else _UNIT_SEPARATOR,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV file" not in str(error):
            raise Refusal(
                "readable", "the file", f"it cannot be split into rows ({error})", "export it again as CSV"
            ) from error
        table = pa.table({name: pa.array([], pa.string()) for name in names})
    _refuse_truncated(path, table, ragged)
    return TextRows(_numbered(table, {number for number, _, _ in ragged}), tuple(ragged))


def _numbered(table: pa.Table, taken: set[int]) -> pa.Table:
    free = itertools.filterfalse(taken.__contains__, itertools.count(1))
    numbers = pa.array(itertools.islice(free, table.num_rows), pa.int64())
    return table.append_column("_row_number", numbers)


def _lines_through_header(path: Path, encoding: str, delimiter: str, header_index: int) -> int:
    with path.open(encoding=encoding, newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter)
        for _ in itertools.islice(reader, header_index + 1):
            pass
        return reader.line_num


def _refuse_truncated(path: Path, table: pa.Table, ragged: Sequence[tuple[int, int, str]]) -> None:
    total = table.num_rows + len(ragged)
    last_is_ragged = bool(ragged) and ragged[-1][0] == total
    runs_on = last_is_ragged or any("\n" in column[-1].as_py() for column in table.columns if table.num_rows)
    if runs_on and _quotation_marks(path) % 2:
        raise Refusal(
            "complete",
            "from the last quotation mark on",
            "a quotation mark opens and never closes, so the rest of the file cannot be split into rows",
            "the file was probably cut short: export it again",
        )
    with path.open("rb") as handle:
        handle.seek(-1, 2)
        ends_in_row = handle.read(1) not in b"\r\n"
    if ends_in_row and last_is_ragged and ragged[-1][1] < table.num_columns:
        raise Refusal(
            "complete",
            f"data row {total}, the last",
            f"the file ends in the middle of a row ({ragged[-1][1]} cells of {table.num_columns})",
            "the file was probably cut short: export it again",
        )


def _quotation_marks(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(chunk.count(b'"') for chunk in iter(lambda: handle.read(_CHUNK), b""))


def _not_text(why: str) -> Refusal:
    return Refusal("readable", "the file", f"it is not a text file: {why}", "save it as CSV (UTF-8) and drop it again")

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
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from ingest.readers.text import TextRows
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
# Bytes that stand for nothing in cp1252.
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


def encoding_of(path: Path) -> str:
    """`utf-8` (with or without a mark) or `cp1252`, from the whole file.

    Raises Refusal for an empty file and for what is not text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, seen, has_beyond_ascii, undefined = True, False, False, None
    with _reading():
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                seen = seen or bool(chunk.strip(b"\xef\xbb\xbf \t\r\n"))
                if b"\0" in chunk:
                    raise _not_text("it holds bytes that no text holds")
                if is_utf8 and (not chunk.isascii() or decoder.getstate()[0]):
                    try:
                        has_beyond_ascii |= not decoder.decode(chunk).isascii()
                    except UnicodeDecodeError:
                        is_utf8 = False
                if undefined is None:
                    # Kept from parts that still read as UTF-8: only the whole file tells which it is.
                    undefined = next((byte for byte in _UNDEFINED if byte in chunk), None)
                if not is_utf8 and undefined is not None:
                    raise _not_text(f"it is neither UTF-8 nor Windows text (byte {undefined:#x})")
        if is_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                if has_beyond_ascii:
                    raise Refusal(
                        "complete",
                        "the end of the file",
                        "the file ends in the middle of a letter",
                        "the file was probably cut short: export it again",
                    ) from error
                is_utf8 = False
                if undefined is not None:
                    raise _not_text(f"it is neither UTF-8 nor Windows text (byte {undefined:#x})") from error
    if not seen:
        raise Refusal("readable", "the file", "the file is empty", "export it again and drop it again")
    return "utf-8" if is_utf8 else "cp1252"


def head(path: Path, encoding: str) -> list[list[list[str]]]:
    """The first rows, split by each delimiter of DELIMITERS in turn."""
    with _reading(), path.open("rb") as handle:
        text = handle.read(_HEAD_BYTES).decode(encoding, errors="ignore").removeprefix("\ufeff")
    return [_first_rows(text, delimiter) for delimiter in DELIMITERS]


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = f"it cannot be read: {error.strerror or 'its disk or share does not give it'}"
        raise Refusal("readable", "the file", why, "mend its permissions, or the share it lies on") from error


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

    -1 is for a file without a header: all its rows are data. Reading them ends in a Refusal where the file cannot be
    split into rows, or ends inside a quotation or in the middle of a row. What stands beyond the width is dropped where
    it is blank: spreadsheets write empty columns as further delimiters.
    """
    skip = _lines_through_header(path, encoding, delimiter, header_index)

    def source(rows: TextRows) -> Iterator[pa.RecordBatch]:
        def keep(row: pa_csv.InvalidRow) -> str:
            if row.actual_columns > width and (cells := _cells_then_blanks(row.text, parsed_by, width)):
                rows.wide.append((row.number - skip, cells))
                return "skip"
            rows.ragged.append((row.number - skip, row.actual_columns, row.text.replace(_UNIT_SEPARATOR, delimiter)))
            return "skip"

        parsed_by = delimiter if delimiter.isascii() else _UNIT_SEPARATOR
        names = [f"c{position}" for position in range(width)]
        last: pa.RecordBatch | None = None
        content: Path | io.BytesIO = path
        if not delimiter.isascii():
            content = io.BytesIO(path.read_bytes().replace(delimiter.encode(encoding), _UNIT_SEPARATOR.encode()))
        try:
            with pa_csv.open_csv(
                content,
                # One thread: only then does Arrow number the rows that it refuses; and it is the faster one here
                # (0.25 against 0.59 s a million rows of 17 cells).
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    column_names=names,
                    skip_rows=skip,
                    encoding=encoding,
                    block_size=_BLOCK_BYTES,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=parsed_by,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=keep,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types={name: pa.string() for name in names}, strings_can_be_null=False
                ),
            ) as batches:
                for last in batches:
                    yield last
        except OSError as error:
            with _reading():
                raise error
        except pa.ArrowInvalid as error:
            # Arrow's own words may quote a cell.
            if "straddl" in str(error):
                raise Refusal(
                    "readable",
                    "the file",
                    f"a row is longer than {_BLOCK_BYTES >> 20} MB: a stray quotation mark has probably swallowed rows",
                    "find and remove the quotation mark, or export it again as CSV",
                ) from error
            # The second where the header is all there is, and no line end closes it.
            if not re.match("Empty CSV file|Could not skip initial", str(error)):
                raise Refusal(
                    "readable", "the file", "it cannot be split into rows", "export it again as CSV"
                ) from error
        _refuse_truncated(path, rows, last)

    return TextRows(width, source)


def _cells_then_blanks(line: str, delimiter: str, width: int) -> list[str] | None:
    """The first `width` cells of a row; None where more than blanks follow them, or a cell is too long to be one."""
    if '"' not in line:
        # Not split to the end: a whole sheet's 16,384 cells a row would take longer than all else.
        *cells, beyond = line.split(delimiter, width)
        return None if beyond.replace(delimiter, "").strip() else cells
    try:
        cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return None
    return None if any(cell.strip() for cell in cells[width:]) else cells[:width]


def _lines_through_header(path: Path, encoding: str, delimiter: str, header_index: int) -> int:
    with _reading(), path.open(encoding=encoding, newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter)
        for _ in itertools.islice(reader, header_index + 1):
            pass
        return reader.line_num


def _refuse_truncated(path: Path, rows: TextRows, last: pa.RecordBatch | None) -> None:
    last_ragged = rows.ragged[-1] if rows.ragged else (0, 0, "")
    last_is_ragged = bool(rows.ragged) and last_ragged[0] == rows.count
    runs_on = last_is_ragged or (
        last is not None and last.num_rows > 0 and any("\n" in column[-1].as_py() for column in last.columns)
    )
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
    if ends_in_row and last_is_ragged and last_ragged[1] < rows.width:
        raise Refusal(
            "complete",
            f"data row {last_ragged[0]}, the last",
            f"the file ends in the middle of a row ({last_ragged[1]} cells of {rows.width})",
            "the file was probably cut short: export it again",
        )


def _quotation_marks(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(chunk.count(b'"') for chunk in iter(lambda: handle.read(_CHUNK), b""))


def _not_text(why: str) -> Refusal:
    return Refusal("readable", "the file", f"it is not a text file: {why}", "save it as CSV (UTF-8) and drop it again")

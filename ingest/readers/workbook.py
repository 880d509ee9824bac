"""Excel workbooks, `.xlsx` and `.xls`: rows of text cells of one sheet, as `delimited` gives those of a text file.

calamine reads the values (and knows both date systems, 1900 and 1904). What stands in a workbook beside values is not
read: formulas, formats, links to other files. So a code that a format pads with zeros loses them. Before calamine sees
an `.xlsx` this module looks it through, for calamine takes memory by the farthest cell and leaves errors out.

Kept out: what a column means; text files.
"""

import datetime
import errno
import itertools
import posixpath
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.readers.text import TextRows
from ingest.recognise import HEADER_WITHIN, SheetPart
from ingest.refusal import Refusal

# A zip file begins with its first part, or with its end if it has none.
ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The largest real workbook here (6,942 wards) unpacks to 7 MB. One of 298 MB (10 million cells) took 25 s to look
# through and 27 to read, of the 60 s that a file may take.
MOST_UNPACKED_BYTES = 250 << 20
# Real workbooks pack 5 to 30 to 1, and a sheet of empty, coloured cells 100 to 1. A bomb packs 1,000 to 1, the most
# that the method of a zip file can. A small file needs no such bound.
MOST_RATIO = 300
_RATIO_FROM_BYTES = 20 << 20
# calamine holds a sheet as a rectangle to its farthest value, 32 bytes a cell: 320 MB. Ten million cells took the load
# to 750 MB.
MOST_CELLS = 10_000_000
# Real workbooks here have 7 at most. One of 2,000 sheets with 30 rows each took 102 s to recognise, of the 60 that a
# file may take.
MOST_SHEETS = 500
# So much memory, and time, the process has in which a workbook is tried; a real .xls of 196 KB took 66 MB.
_PROBE_BYTES, _PROBE_SECONDS = 3 << 29, 60
_PROBE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from python_calamine import CalamineError, CalamineWorkbook
try:
    book = CalamineWorkbook.from_path(sys.argv[1])
    for number in range(len(book.sheet_names)):
        book.get_sheet_by_index(number)
except CalamineError:
    pass
"""
_CHUNK = 1 << 20
_BATCH_ROWS = 20_000
# Above it a float is no longer exact to the unit.
_EXACT_TO = 2.0**53
# How the rows of a sheet with a layout of its own, given with its name, become rows below one header.
Shape = Callable[[str, Iterator[list[str]]], Iterator[list[str]]]
_SAVE_AS = "open it in Excel, save it as .xlsx (or as CSV UTF-8) and drop it again"


def is_workbook(path: Path) -> bool:
    """Whether the first bytes are those of a zip or of an old Office file, whatever the name says.

    Raises Refusal where the file cannot be read.
    """
    try:
        with path.open("rb") as handle:
            first = handle.read(len(OLE))
    except OSError as error:
        raise Refusal("readable", "the file", f"it cannot be read: {error.strerror}", "mend its permissions") from error
    return first.startswith(ZIP) or first == OLE


@dataclass(frozen=True)
class Workbook:
    """A workbook that was looked through: its `form`, and by sheet its errors and its formulas without a stored value.

    `form` is xlsx or xls, and says where days are counted from 1904. `errors` (#REF!) are by row and column from 0;
    `unstored` has rows. Of an xls only the form is known.
    """

    path: Path
    form: str
    errors: dict[str, dict[tuple[int, int], str]]
    unstored: dict[str, list[int]]

    def head(self, shape: Shape | None = None) -> list[list[list[str]]]:
        """The first rows of each sheet, in their order; nothing of a sheet that is hidden or holds a chart."""
        with _opened(self.path) as book:
            return [
                list(itertools.islice(self._rows(book, number, shape), HEADER_WITHIN))
                if item.typ is SheetTypeEnum.WorkSheet and item.visible is SheetVisibleEnum.Visible
                else []
                for number, item in enumerate(book.sheets_metadata)
            ]

    def read(self, sheet_number: int, width: int, header_index: int, shape: Shape | None = None) -> TextRows:
        """All rows of a sheet (from 0) below its header, row `header_index` (from 0); blank rows at the end are none.

        A shorter row is filled up with blanks to `width` cells, as a sheet has no row of another width.
        """

        def source(rows: TextRows) -> Iterator[pa.RecordBatch]:
            with _opened(self.path) as book:
                yield from _batches(self._rows(book, sheet_number, shape), header_index, range(width))
                if shape is None:
                    rows.unstored += self._unstored(book.sheet_names[sheet_number], header_index, 0, rows.rows_seen)

        return TextRows(width, source)

    def sheet_names(self) -> list[str]:
        """The names of all sheets, in the order of `head`."""
        with _opened(self.path) as book:
            return list(book.sheet_names)

    def read_sheets(self, parts: Sequence[SheetPart], width: int) -> TextRows:
        """The rows of several sheets below their headers, one sheet after the other, as rows of `width` cells."""

        def source(rows: TextRows) -> Iterator[pa.RecordBatch]:
            with _opened(self.path) as book:
                for part in parts:
                    before = rows.rows_seen
                    rows.sheets.append((before + 1, part.name))
                    yield from _batches(self._rows(book, part.number, None), part.header_index, part.sources)
                    rows.unstored += self._unstored(part.name, part.header_index, before, rows.rows_seen)

        return TextRows(width, source)

    def _unstored(self, sheet_name: str, header_index: int, before: int, last: int) -> list[int]:
        # Below the last row with anything in it there may be formulas still: those rows are none.
        numbers = (before + row - header_index for row in self.unstored.get(sheet_name, []))
        return [number for number in numbers if before < number <= last]

    def _rows(self, book: CalamineWorkbook, number: int, shape: Shape | None) -> Iterator[list[str]]:
        name = book.sheet_names[number]
        rows = self._texts(book, number, self.errors.get(name, {}))
        return shape(name, rows) if shape else rows

    def _texts(self, book: CalamineWorkbook, number: int, errors: dict[tuple[int, int], str]) -> Iterator[list[str]]:
        for at, row in enumerate(book.get_sheet_by_index(number).iter_rows()):
            texts = [_text(cell) for cell in row]
            if errors:
                texts = [errors.get((at, position), text) for position, text in enumerate(texts)]
            yield texts


def open_workbook(path: Path) -> Workbook:
    """Look a workbook through before it is read.

    Raises Refusal for one that is damaged, locked by a password, of another program, or made to fill the memory.
    """
    with path.open("rb") as handle:
        is_zip = handle.read(len(OLE)).startswith(ZIP)
    if is_zip:
        book = _look_through(path)
    else:
        _refuse_encrypted_package(path)
        book = Workbook(path, "xls", {}, {})
    _refuse_greedy(path)
    if (sheets := len(book.sheet_names())) > MOST_SHEETS:
        raise Refusal(
            "readable",
            "the sheets",
            f"it has {sheets:,} sheets, of {MOST_SHEETS} at most",
            "leave those with figures, then save and drop it again",
        )
    return book


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    """calamine on one file; what it raises while the file is read becomes a Refusal."""
    try:
        yield CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise _locked() from error
    except (CalamineError, OSError) as error:
        raise _damaged("it cannot be read as an Excel workbook") from error
    except BaseException as error:
        # A damaged file can make calamine panic, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise _damaged("it cannot be read as an Excel workbook") from error
        raise


def _text(cell: Any) -> str:
    """A cell's value as text; what a format made of it is not known."""
    if isinstance(cell, str):
        # Alt+Enter breaks a line within a cell; no row is torn by it, as it would be in a text file.
        return " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell)) if abs(cell) <= _EXACT_TO else repr(cell)
        # The shortest digits that mean this number, and never an exponent, which no rule of a contract reads.
        return format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime.datetime):
        time = "" if cell.time() == datetime.time() else f" {cell.time().isoformat()}"
        return f"{cell:%d/%m}/{cell.year:04d}{time}"
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m}/{cell.year:04d}"
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(cell)


def _batches(
    rows: Iterator[list[str]], header_index: int, sources: Sequence[int | str | None]
) -> Iterator[pa.RecordBatch]:
    """The rows below the header, their cells by `sources` as in SheetPart."""
    schema = pa.schema([(f"c{position}", pa.string()) for position in range(len(sources))])
    below = _to_last_filled(itertools.islice(rows, header_index + 1, None))
    while batch := list(itertools.islice(below, _BATCH_ROWS)):
        cells = [pa.array(_column_of(batch, source), pa.string()) for source in sources]
        yield pa.record_batch(cells, schema=schema)


def _column_of(rows: Sequence[Sequence[str]], source: int | str | None) -> list[str]:
    if isinstance(source, int):
        return [row[source] if source < len(row) else "" for row in rows]
    # What the sheet's name tells stands in every row but a blank one.
    text = source or ""
    return [text if any(cell and not cell.isspace() for cell in row) else "" for row in rows]


def _to_last_filled(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    blank: list[list[str]] = []
    for row in rows:
        if any(cell and not cell.isspace() for cell in row):
            yield from blank
            blank = []
            yield row
        else:
            blank.append(row)


# --- Looking an .xlsx through ---------------------------------------------------------------------------------------


def _look_through(path: Path) -> Workbook:
    """Raises Refusal for what calamine should not be given."""
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(package)
            _refuse_other_program(package)
            looks = {item.filename: _look(package, item) for item in package.infolist() if not item.is_dir()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        expat.ExpatError,
        ValueError,
        OSError,
    ) as error:
        # A broken directory sends the reader before the file's beginning; whatever else a disk says is a fault.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise _damaged("it is a damaged workbook, probably cut short on its way") from error
    sheets = _by_sheet(looks)
    is_1904 = any(look.is_1904 for look in looks.values())
    return Workbook(
        path,
        "xlsx, days from 1904" if is_1904 else "xlsx",
        {name: look.errors for name, look in sheets.items()},
        {name: look.unstored for name, look in sheets.items()},
    )


def _refuse_bomb(package: zipfile.ZipFile) -> None:
    items = package.infolist()
    if any(item.flag_bits & 1 for item in items):
        raise _locked()
    unpacked = sum(item.file_size for item in items)
    packed = sum(item.compress_size for item in items)
    if unpacked > MOST_UNPACKED_BYTES or (unpacked > _RATIO_FROM_BYTES and unpacked > MOST_RATIO * packed):
        raise Refusal(
            "readable",
            "the file",
            f"it unpacks from {packed / 1e6:,.1f} MB to {unpacked / 1e6:,.0f} MB, which no workbook of figures does",
            "find out where it comes from; if it is right, save its sheet as CSV (UTF-8) and drop that",
        )


def _refuse_other_program(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    if any(name.endswith("workbook.bin") for name in names):
        raise Refusal("readable", "the file", "it is a binary workbook (.xlsb), which is not read", _SAVE_AS)
    if "mimetype" in names and b"opendocument" in package.read("mimetype")[:200]:
        raise Refusal("readable", "the file", "it is an OpenDocument file (.ods), which is not read", _SAVE_AS)
    if not any(name.endswith("workbook.xml") for name in names):
        raise Refusal(
            "readable",
            "the file",
            "it is a zip file, and no Excel workbook is in it",
            "unpack it and drop each file that it holds into the folder of its feed",
        )


@dataclass
class _Look:
    """What was seen in one part of the package: sheets and targets by relation's id, or a sheet's extent and cells."""

    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unstored: list[int] = field(default_factory=list)
    is_1904: bool = False
    row: int = 0
    column: int = 0
    last: tuple[int, int] = (0, 0)
    is_error: bool = False
    has_formula: bool = False
    is_blank: bool = True
    text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self.column = _column_number(letters) if letters else self.column + 1
            if letters and attributes["r"] != letters:
                self.row = int(attributes["r"][len(letters) :])
            self.is_error, self.has_formula, self.is_blank = attributes.get("t") == "e", False, True
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag in {"v", "is"}:
            self.last = max(self.last[0], self.row), max(self.last[1], self.column)
            self.text = [] if (self.is_error or self.has_formula) and tag == "v" else None
        elif tag == "f":
            self.has_formula = True
        elif tag == "workbookPr":
            self.is_1904 = attributes.get("date1904") in {"1", "true"}
        elif tag == "sheet":
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
            self.sheets |= dict.fromkeys(ids, attributes.get("name", ""))
        elif tag == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v" and self.text is not None:
            text, self.text = "".join(self.text), None
            self.is_blank = not text
            if self.is_error:
                # Few texts, and there may be millions of them.
                self.errors[self.row - 1, self.column - 1] = sys.intern(text)
        elif tag == "c" and self.has_formula and self.is_blank and self.unstored[-1:] != [self.row - 1]:
            self.unstored.append(self.row - 1)


def _look(package: zipfile.ZipFile, item: zipfile.ZipInfo) -> _Look:
    """Read one part to its end, which holds its length and check sum against what the package says of them."""
    look = _Look()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = look.data, _refuse_doctype
    with package.open(item) as part:
        is_xml: bool | None = None
        while chunk := part.read(_CHUNK):
            is_xml = chunk.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") if is_xml is None else is_xml
            if is_xml:
                try:
                    parser.Parse(chunk)
                except ValueError as error:
                    raise _damaged("a cell of it has a place that no sheet has") from error
                except LookupError as error:
                    raise _damaged("its XML is in an encoding that there is not") from error
        if is_xml:
            parser.Parse(b"", True)
    rows, columns = look.last
    if rows * columns > MOST_CELLS:
        raise Refusal(
            "readable",
            f"row {rows:,}, column {columns:,} of a sheet",
            f"something stands as far down or right as that, so the sheet has {rows * columns:,} cells",
            "delete all rows below and columns beside the figures, then save and drop it again",
        )
    return look


def _refuse_doctype(*_: object) -> None:
    raise Refusal(
        "readable",
        "the file",
        "its XML declares entities, which Excel never writes and which can be made to fill the memory",
        f"find out where it comes from; {_SAVE_AS}",
    )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter.upper()) - ord("A") + 1
    return number


def _by_sheet(looks: dict[str, _Look]) -> dict[str, _Look]:
    found: dict[str, _Look] = {}
    for part, look in looks.items():
        if look.sheets:
            folder, name = posixpath.split(part)
            relations = looks.get(f"{folder}/_rels/{name}.rels", _Look()).targets
            for relation, sheet in look.sheets.items():
                target = posixpath.normpath(posixpath.join("/" + folder, relations.get(relation, ""))).lstrip("/")
                found[sheet] = looks.get(target, _Look())
    return found


def _refuse_encrypted_package(path: Path) -> None:
    """An .xlsx with a password is an old Office file around one encrypted stream, named so in UTF-16."""
    mark = "EncryptedPackage".encode("utf-16-le")
    before = b""
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            if mark in before + chunk:
                raise _locked()
            before = chunk[-len(mark) :]


def _refuse_greedy(path: Path) -> None:
    """Let calamine read it in a process of its own first, which may fail for want of memory or time without harm.

    One damaged byte can put a cell of an .xls at column 65,535: 11 GiB were taken for a file of 190 KB. And one long
    text that many cells of an .xlsx share is copied for each: 200 GB for a file of 115 KB. Either ends the whole load.
    """
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE, str(path), str(_PROBE_BYTES)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _damaged("it cannot be read as an Excel workbook in the time that one takes") from error
    if probe.returncode:
        raise _damaged("it cannot be read as an Excel workbook in the memory that one takes")


def _locked() -> Refusal:
    return Refusal(
        "readable", "the file", "it is locked by a password", "remove the password, save it and drop it again"
    )


def _damaged(why: str) -> Refusal:
    return Refusal("readable", "the file", why, f"export it again; or {_SAVE_AS}")

"""Broken and hostile deliveries, made from the example's own files: the same for the same seed, byte for byte.

`BYTES` mutates what stands in a text file, or makes a workbook of it, `BOOKS` a workbook, `NAMES` is how a file may be
called, `HEAVY` makes the few that are meant to take long or much memory. `problems_of` says where the outcome of one file is not what any outcome must be.

As a program it loads one heavy case in a process of its own and prints seconds, peak memory and problems as JSON:
`python -m tests.faults.hostile CASE FOLDER`.

Kept out: what a particular broken file is told (`test_landing_faults`).
"""

import copy
import csv
import gzip
import io
import json
import os
import re
import resource
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ingest.contract import feeds
from ingest.examples import write_example
from ingest.examples.workbook import Sheet, column_letters, package, workbook
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import FileOutcome, load
from ingest.rules import IMPLIED, all_rules
from tests.conftest import KEY, make_run
from tests.faults.old_workbook import old_workbook

MOST_ROWS = 60
# What a driver says, or Python; never what a sender should read.
NOT_FOR_A_SENDER = (
    "_duckdb", "duckdb.", "Invalid Input Error", "Conversion Error", "Binder Error", "IO Error", "Out of Memory",
    "Traceback", "pyarrow", "Arrow", "Error:", "Exception", "UnicodeDecodeError", "BadZipFile", "NoneType", "<class",
    "object at 0x", "openpyxl", "calamine", "Calamine",
)  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """The smallest example file of one feed, cut to some sixty rows."""

    feed: str
    name: str
    content: bytes

    @property
    def is_workbook(self) -> bool:
        return self.name.endswith(".xlsx")

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace").removeprefix("\ufeff")

    @property
    def rows(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text, newline="")))


def seeds() -> list[Seed]:
    """One seed for each feed and kind of file (text, workbook) of the example."""
    with TemporaryDirectory(prefix="qls-hostile-") as folder:
        found: dict[tuple[str, bool], Path] = {}
        for path in write_example(Path(folder)):
            kind = path.parent.name, path.suffix == ".xlsx"
            best = found.get(kind)
            if best is None or (path.stat().st_size, path.name) < (best.stat().st_size, best.name):
                found[kind] = path
        return [
            Seed(path.parent.name, path.name, path.read_bytes() if is_workbook else _cut(path.read_bytes()))
            for (_, is_workbook), path in sorted(found.items())
        ]


def _cut(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[: MOST_ROWS + 1])


def written(rows: list[list[str]], delimiter: str = ",", line_end: str = "\r\n", **how: Any) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, **how).writerows(rows)
    return out.getvalue().encode()


def _at(share: float) -> Callable[[Seed, Random], bytes]:
    return lambda seed, _: seed.content[: int(len(seed.content) * share)]


def _every_cell(change: Callable[[str, Random], str], share: float = 0.2) -> Callable[[Seed, Random], bytes]:
    """Change a share of the cells below the first row."""

    def mutate(seed: Seed, draw: Random) -> bytes:
        first, *rest = seed.rows
        return written(
            [first, *([change(cell, draw) if draw.random() < share else cell for cell in row] for row in rest)]
        )

    return mutate


def _one_of(*texts: str) -> Callable[[Seed, Random], bytes]:
    return _every_cell(lambda _, draw: texts[int(draw.random() * len(texts))])


def _digits(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(sign)) if sign in "0123456789" else sign for sign in text)


def _rows(change: Callable[[list[list[str]], Random], list[list[str]]]) -> Callable[[Seed, Random], bytes]:
    return lambda seed, draw: written(change(seed.rows, draw))


def _shuffled(rows: list[list[str]], draw: Random) -> list[list[str]]:
    order = sorted(range(max(map(len, rows))), key=lambda _: draw.random())
    return [[row[position] for position in order if position < len(row)] for row in rows]


def _ragged(rows: list[list[str]], draw: Random) -> list[list[str]]:
    return [
        row if number == 0 or draw.random() > 0.3 else (row[:-1] if draw.random() < 0.5 else [*row, "surplus"])
        for number, row in enumerate(rows)
    ]


def _quotes_swallow(seed: Seed, _: Random) -> bytes:
    """Two stray quotation marks at the beginnings of cells, rows apart."""
    lines = seed.text.splitlines(keepends=True)
    for number in (2, 5):
        if number < len(lines):
            lines[number] = '"' + lines[number]
    return "".join(lines).encode()


def _in_row(seed: Seed, draw: Random) -> bytes:
    start = len(seed.text.splitlines(keepends=True)[0])
    return seed.content[: start + int(draw.random() * (len(seed.content) - start))]


def _insert(what: bytes, times: int = 1) -> Callable[[Seed, Random], bytes]:
    def mutate(seed: Seed, draw: Random) -> bytes:
        content = seed.content
        for _ in range(times):
            at = int(draw.random() * len(content))
            content = content[:at] + what + content[at:]
        return content

    return mutate


def _flipped(share: float) -> Callable[[Seed, Random], bytes]:
    def mutate(seed: Seed, draw: Random) -> bytes:
        content = bytearray(seed.content)
        for _ in range(max(1, int(len(content) * share))):
            content[int(draw.random() * len(content))] ^= 1 << int(draw.random() * 8)
        return bytes(content)

    return mutate


def _book(seed: Seed, *_: Any, **how: Any) -> bytes:
    """The same rows as a workbook."""
    # No XML holds the signs that some rows do.
    rows = [[re.sub("[^\t -\ud7ff]", "?", cell) for cell in row] for row in seed.rows]
    return workbook({"Figures": Sheet(rows, **how)})


def _book_of_formulas(seed: Seed, draw: Random) -> bytes:
    """A fifth of the cells are formulas that would start a program or fetch a page, without a stored value."""
    places = [f"{column_letters(at)}{row}" for row in range(2, len(seed.rows) + 1) for at in range(len(seed.rows[0]))]
    return _book(seed, formulas={place: DDE[int(draw.random() * len(DDE))] for place in places if draw.random() < 0.2})


def _linked(content: bytes) -> bytes:
    """A workbook that links to others, on this machine and elsewhere."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    links = b"".join(
        f'<Relationship Id="rIdX{n}" Type="{kind}" Target="{target}" TargetMode="External"/>'.encode()
        for n, target in enumerate(("file:///etc/passwd", "http://x.invalid/a.xlsx", "\\\\x.invalid\\a.xlsx"))
    )
    return _parts(content, lambda _, part: part.replace(b"</Relationships>", links + b"</Relationships>"))


def _zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.csv", (2025, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1:A9)", "-2+3", '=HYPERLINK("http://x.invalid","y")', "\t=1+1")
LARGEST = ("2147483647", "-2147483648", "9223372036854775807", "9" * 18, "9" * 14)
DDE = ("cmd|'/C calc'!A0", "[1]Sheet1!A1", "'file:///etc/[passwd]x'!A1", 'WEBSERVICE("http://x.invalid")', "1/0")
NUMBERS = (
    "1e5", "1E-400", "inf", "-Infinity", "nan", "1,5", "1.234,5", "٣٤", "１２", "9" * 40, "0." + "1" * 40, "-0", "0x1F",
    "1_000", "½", "1 000", "--1", "1.2.3", "+", "%", "9223372036854775808", "99999999999999999999999999999999999999",
    "2147483648", "-9999999999999", "1e308", "."
)  # fmt: skip
DATES = (
    "30/02/2025", "2568-04-01", "01/04/1446", "R7-04-01", "1 Nisan 5785", "00/00/0000", "0000-00-00", "31/12/9999",
    "29/02/2023", "2025-W14-2", "12/31/2025", "45658", "-1", "99999", "45658.5", "2025-04-01T00:00:00+14:00", "294247-01-10",
    "01/04/25", "1/4/2025 24:00", "01/04/-2025", "04/2025", "April the first"
)  # fmt: skip
CONTROLS = ("a\x01b", "\x1b[2J\x1b[31mred", "\x7f", "\x07", "a\x1fb", "\x85next", "a\u2028b", "\x0bx\x0c", "\x1a")
MARKS = (
    "\u202e1/4/2025",
    "\u200f12",
    "\u2066RAJ\u2069",
    "\ufeffx",
    "\u200b",
    "\u00ad",
    "\u0301",
    "👩\u200d⚕️",
    "\ud7ff",
    "\U000e0001",
)
INJECTED = (
    "'; drop table judged; --",
    '"',
    "''",
    "$$",
    "{{ ref('x') }}",
    "%s%n",
    "\\",
    "${HOME}",
    "a|b",
    "[1,2]",
    "null",
    "NULL",
    "#N/A",
    "true",
)

BYTES: dict[str, Callable[[Seed, Random], bytes]] = {
    "untouched": lambda seed, _: seed.content,
    **{f"cut at {share:g}": _at(share) for share in (0, 0.001, 0.01, 0.1, 0.37, 0.5, 0.73, 0.9, 0.99, 0.999)},
    "cut in a row": _in_row,
    "cut in a quotation": lambda seed, draw: _in_row(seed, draw) + b',"cut here',
    "cut after a line end": lambda seed, _: b"".join(seed.content.splitlines(keepends=True)[:5]),
    "header alone": lambda seed, _: seed.content.splitlines(keepends=True)[0],
    "header alone, no line end": lambda seed, _: seed.content.splitlines()[0],
    "no final line end": lambda seed, _: seed.content.rstrip(b"\r\n"),
    "utf-16": lambda seed, _: seed.text.encode("utf-16"),
    "utf-16 without a mark": lambda seed, _: seed.text.encode("utf-16-le"),
    "utf-32": lambda seed, _: seed.text.encode("utf-32"),
    "cp1252 within utf-8": lambda seed, draw: _insert(b"\x92")(Seed(seed.feed, seed.name, seed.content + "é’\n".encode()), draw),
    "latin-1 high bytes": _insert(b"\xe9\xfc\xdf", 5),
    "bytes of no encoding": _insert(b"\x81\x8d"),
    "broken utf-8": _insert(b"\xed\xa0\x80\xf8", 3),
    "overlong utf-8": _insert(b"\xc0\xaf", 2),
    "half a sign at the end": lambda seed, _: seed.content + b"\xe2\x80",
    "mark at the head": lambda seed, _: b"\xef\xbb\xbf" + seed.content,
    "two marks at the head": lambda seed, _: b"\xef\xbb\xbf\xef\xbb\xbf" + seed.content,
    "mark in the middle": _insert(b"\xef\xbb\xbf", 3),
    "nul byte": _insert(b"\0"),
    "nul bytes at the end": lambda seed, _: seed.content + bytes(4096),
    "end of file sign": lambda seed, _: seed.content + b"\x1a",
    "formulas": _one_of(*FORMULAS),
    "numbers": _one_of(*NUMBERS),
    "dates": _one_of(*DATES),
    "controls": _one_of(*CONTROLS),
    "marks": _one_of(*MARKS),
    "injected": _one_of(*INJECTED),
    "largest numbers": _every_cell(lambda cell, draw: LARGEST[int(draw.random() * len(LARGEST))] if cell.isdigit() else cell, 0.3),
    "few numbers": _every_cell(lambda _, draw: NUMBERS[int(draw.random() * len(NUMBERS))], 0.02),
    "few dates": _every_cell(lambda _, draw: DATES[int(draw.random() * len(DATES))], 0.02),
    "few controls": _every_cell(lambda _, draw: CONTROLS[int(draw.random() * len(CONTROLS))], 0.02),
    "few marks": _every_cell(lambda _, draw: MARKS[int(draw.random() * len(MARKS))], 0.02),
    "few formulas": _every_cell(lambda _, draw: FORMULAS[int(draw.random() * len(FORMULAS))], 0.02),
    "few injected": _every_cell(lambda _, draw: INJECTED[int(draw.random() * len(INJECTED))], 0.02),
    "arabic digits": _every_cell(lambda cell, _: _digits(cell, "٠"), 0.3),
    "wide digits": _every_cell(lambda cell, _: _digits(cell, "０"), 0.3),
    "upper case": _every_cell(lambda cell, _: cell.upper(), 1),
    "all blank": _every_cell(lambda cell, _: "", 1),
    "half blank": _every_cell(lambda cell, _: " \u00a0\u200b", 0.5),
    "long cells": _every_cell(lambda cell, _: cell + "x" * 70_000, 0.02),
    "cell of 10 MB": lambda seed, _: written([*seed.rows[:-1], ["x" * 10_000_000, *seed.rows[-1][1:]]]),
    "line breaks in cells": _every_cell(lambda cell, _: f"{cell}\nnext", 0.05),
    "line break in one cell": lambda seed, _: written([*seed.rows[:-1], [f"a\r\n{cell}" for cell in seed.rows[-1]]]),
    "header twice over": _rows(lambda rows, _: [[*row, *row] for row in rows]),
    "one header twice": _rows(lambda rows, _: [[*row, row[0]] for row in rows]),
    "no header": _rows(lambda rows, _: rows[1:]),
    "one header missing": _rows(lambda rows, _: [row[1:] for row in rows]),
    "header repeated in the middle": _rows(lambda rows, _: [*rows[:9], rows[0], *rows[9:]]),
    "header at the end": _rows(lambda rows, _: [*rows[1:], rows[0]]),
    "header in the middle": _rows(lambda rows, _: [*rows[1:5], rows[0], *rows[5:]]),
    "header below 12 notes": _rows(lambda rows, _: [["a note"]] * 12 + rows),
    "header below 45 notes": _rows(lambda rows, _: [["a note", "", "x"]] * 45 + rows),
    "header below 20 blank lines": lambda seed, _: b"\r\n" * 20 + seed.content,
    "header with signs": _rows(lambda rows, _: [[f"\u202e\x1b[31m{cell}\x07" for cell in rows[0]], *rows[1:]]),
    "unknown headers with signs": _rows(lambda rows, _: [[*rows[0], "\x1b[2Jx\nb", "n 943 476 5919", "é" * 9000], *([*row, "", "", ""] for row in rows[1:])]),
    "empty headers beside": _rows(lambda rows, _: [[*row, "", "", ""] for row in rows]),
    "shuffled columns": _rows(_shuffled),
    "shuffled header": _rows(lambda rows, draw: [_shuffled(rows[:1], draw)[0], *rows[1:]]),
    "ragged": _rows(_ragged),
    "too few cells": _rows(lambda rows, _: [rows[0], *(row[:-1] for row in rows[1:])]),
    "too many cells": _rows(lambda rows, _: [rows[0], *([*row, "x"] for row in rows[1:])]),
    "blank cells too many": lambda seed, _: b"".join([(lines := seed.content.splitlines())[0] + b"\r\n", *(line + b",,,\r\n" for line in lines[1:])]),
    "one cell a row": _rows(lambda rows, _: [rows[0], *(row[:1] for row in rows[1:])]),
    "3,000 columns": _rows(lambda rows, _: [row + ([f"x{n}" for n in range(3000)] if i == 0 else [""] * 3000) for i, row in enumerate(rows[:20])]),
    "1,900 columns": _rows(lambda rows, _: [row + ([f"x{n}" for n in range(1900)] if i == 0 else [""] * 1900) for i, row in enumerate(rows[:20])]),
    "blank rows": _rows(lambda rows, _: rows + [[""] * len(rows[0])] * 3000),
    "empty lines": lambda seed, _: seed.content + b"\r\n" * 5000,
    "empty lines between": lambda seed, _: b"\r\n\r\n".join(seed.content.splitlines()),
    "delimiters alone": lambda seed, _: b",,,,\n" * 50,
    "quotation marks alone": lambda seed, _: b'"' * 999,
    "blanks alone": lambda seed, _: b" \t\r\n" * 500,
    "semicolons": lambda seed, _: written(seed.rows, ";"),
    "tabs": lambda seed, _: written(seed.rows, "\t"),
    "bars": lambda seed, _: written(seed.rows, "|"),
    "not signs": lambda seed, _: written(seed.rows, "¬"),
    "mixed delimiters": lambda seed, _: b"".join([written(seed.rows[:3]), written(seed.rows[3:6], ";"), written(seed.rows[6:], "\t")]),
    "delimiter told": lambda seed, _: b"sep=,\r\n" + seed.content,
    "carriage returns alone": lambda seed, _: written(seed.rows, line_end="\r"),
    "line ends mixed": lambda seed, _: b"".join(line.rstrip(b"\r\n") + (b"\r", b"\n", b"\r\n")[n % 3] for n, line in enumerate(seed.content.splitlines())),
    "carriage returns doubled": lambda seed, _: written(seed.rows, line_end="\r\r\n"),
    "all in quotation marks": lambda seed, _: written(seed.rows, quoting=csv.QUOTE_ALL),
    "single quotation marks": lambda seed, _: written(seed.rows, quotechar="'", quoting=csv.QUOTE_ALL),
    "one quotation mark": _insert(b'"'),
    "two quotation marks": _insert(b'"', 2),
    "quotation marks": _insert(b'"', 9),
    "rows swallowed": _quotes_swallow,
    "text after a quotation": lambda seed, _: b"".join(b'"a"b' + line for line in seed.content.splitlines(keepends=True)),
    "backslash quotations": _every_cell(lambda cell, _: f'\\"{cell}\\"', 0.1),
    "twice over": lambda seed, _: seed.content + seed.content,
    "rows twice": _rows(lambda rows, _: [rows[0], *rows[1:], *rows[1:]]),
    "flipped bits, few": _flipped(0.0005),
    "flipped bits, many": _flipped(0.01),
    "gzip": lambda seed, _: gzip.compress(seed.content, mtime=0),
    "zip": lambda seed, _: _zipped(seed.content),
    "pdf": lambda seed, _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "png": lambda seed, _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
    "html": lambda seed, _: ("<html><body><table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>\n" for r in seed.rows) + "</table>").encode(),
    "json": lambda seed, _: json.dumps([dict(zip(seed.rows[0], row, strict=False)) for row in seed.rows[1:]]).encode(),
    "mail": lambda seed, _: b"From: a@b.invalid\r\nSubject: figures\r\n\r\nPlease find attached.\r\n",
    "workbook": _book,
    "workbook with links out": lambda seed, _: _linked(_book(seed)),
    "workbook of formulas": _book_of_formulas,
    "workbook that declares a million rows": lambda seed, _: _book(seed, dimension="A1:XFD1048576"),
    "workbook, cut": lambda seed, _: _book(seed)[:-400],
    "old workbook": lambda seed, _: old_workbook(seed.rows),
    "old workbook, cut": lambda seed, _: (book := old_workbook(seed.rows))[: len(book) * 2 // 3],
    "old workbook, flipped bits": lambda seed, draw: _flipped(0.001)(Seed(seed.feed, seed.name, old_workbook(seed.rows)), draw),
    "old workbook of zeros": lambda seed, _: old_workbook(seed.rows)[:1024] + bytes(4096),
    "random bytes": lambda seed, draw: bytes(int(draw.random() * 256) for _ in range(4000)),
    "random text": lambda seed, draw: bytes(b'ab1",;|\t\r\n .-='[int(draw.random() * 14)] for _ in range(4000)),
}  # fmt: skip

BOOKS: dict[str, Callable[[Seed, Random], bytes]] = {
    "untouched": lambda seed, _: seed.content,
    **{f"cut at {share:g}": _at(share) for share in (0, 0.01, 0.1, 0.5, 0.9, 0.999)},
    "flipped bits, few": _flipped(0.0005),
    "flipped bits, many": _flipped(0.01),
    "nul byte": _insert(b"\0"),
    "zip": lambda seed, _: _zipped(seed.content),
    "parts lost": lambda seed, _: _parts(seed.content, lambda name, part: None if "sheet2" in name else part),
    "parts empty": lambda seed, _: _parts(seed.content, lambda name, part: b"" if name.startswith("xl/w") else part),
    "parts cut": lambda seed, _: _parts(seed.content, lambda name, part: part[: len(part) // 2]),
    "parts doubled": lambda seed, _: _parts(seed.content, lambda name, part: part, ("{0}", "{0}")),
    "parts with tricks in their names": lambda seed, _: _parts(seed.content, lambda name, part: part, ("{0}", "../../{0}", "/etc/{0}", "C:\\{0}")),
    "parts that overlap": lambda seed, _: _overlapping(seed.content),
    "package in a package": lambda seed, _: package({"xl/workbook.xml": seed.content, "a.xlsx": seed.content}),
    "bomb": lambda seed, _: _in_data(seed.content, b"<sheetData>", b"<sheetData>" + b'<row r="1"><c r="A1"><v>1</v></c></row>' * 6_000_000),
    "entities": lambda seed, _: _in_data(seed.content, b"?>", b"?>" + ENTITIES),
    "far cell": lambda seed, _: _in_data(seed.content, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "far blank cell": lambda seed, _: _in_data(seed.content, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'),
    "place that no sheet has": lambda seed, _: _in_data(seed.content, b'r="A2"', b'r="A99999999999"'),
    "numbers that are none": lambda seed, _: _in_data(seed.content, b"<v>", b"<v>1e999"),
    "shared texts missing": lambda seed, _: _in_data(seed.content, b't="inlineStr"><is>', b't="s"><v>77</v><is>'),
    "paths out": lambda seed, _: _parts(seed.content, lambda name, part: part.replace(b"worksheets/", b"../../../etc/")),
    "links out": lambda seed, _: _linked(seed.content),
}  # fmt: skip
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def _parts(content: bytes, change: Callable[[str, bytes], bytes | None], names: Sequence[str] = ("{0}",)) -> bytes:
    """Change the parts of a package, each under its name or several."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in book.infolist():
            if (part := change(item.filename, book.read(item))) is None:
                continue
            with warnings.catch_warnings(action="ignore"):
                for name in names:
                    made = zipfile.ZipInfo(name.format(item.filename), (2025, 1, 1, 0, 0, 0))
                    archive.writestr(made, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _in_data(content: bytes, old: bytes, new: bytes) -> bytes:
    """Change what stands in the sheets of figures, not in the notes before them."""
    return _parts(
        content, lambda name, part: part.replace(old, new, 1) if re.search(r"sheet[2-9]\.xml$", name) else part
    )


def _overlapping(content: bytes) -> bytes:
    """A thousand names for the same packed bytes, which is how the densest bombs are made."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        largest = max(archive.filelist, key=lambda item: item.file_size)
        for number in range(1000):
            again = copy.copy(largest)
            again.filename = f"xl/worksheets/sheet{100 + number}.xml"
            archive.filelist.append(again)
        archive.writestr(zipfile.ZipInfo("last", (2025, 1, 1, 0, 0, 0)), b"")
    return out.getvalue()


NAMES = (
    "x" * 240 + ".csv", "%2e%2e%2fetc%2fpasswd.csv", "..%5c..%5cx.csv", "...csv", "a'b.csv", 'a"b.csv', "a\nb.csv",
    "a\rb\x1b[31m.csv", "\u202evsc.exe.csv", "🏥.csv", "-rf.csv", "--help.csv", "$(touch x).csv", "`id`.csv", "a;b.csv",
    "a*?[x].csv", "CON.csv", "a.csv.csv", ".csv", "a.CSV", "a .csv", " a.csv", "a%n.csv", "a\\b.csv", "a.csv\u200b",
    "e\u0301.csv", "\u00e9.csv", "v99999.csv", "revised v7 confirmed.csv", "{{x}}.csv", "a|b.csv", "no suffix",
    "rtt.csv", "_empty.parquet", "943 476 5919.csv", "a/b/c/d/e.csv", "rtt/a.csv", "nested/rtt/a.csv", "x.csv/y.csv",
    "a\u2028b.csv", "a\u00a0b.csv", "Ａ.csv", "a.csv:stream", "|.csv", "<x>.csv",
)  # fmt: skip


def drop(landing: Path, folder: str, name: str, content: bytes) -> Path:
    """Put a file into landing, of an age at which its name alone decides its turn."""
    path = landing / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_760_000_000, 1_760_000_000))
    return path


def mutated(mutation: str, found: list[Seed]) -> Iterator[tuple[Seed, bytes]]:
    """Every seed under one mutation."""
    for seed in found:
        by = (BOOKS if seed.is_workbook else BYTES).get(mutation)
        if by:
            yield seed, by(seed, Random(f"{mutation}|{seed.feed}"))


def _lines(path: Path, head: bytes, line: bytes, times: int, tail: bytes = b"") -> None:
    chunk = max(1, min(times, (1 << 20) // len(line)))
    with path.open("wb") as handle:
        handle.write(head)
        for _ in range(times // chunk):
            handle.write(line * chunk)
        handle.write(line * (times % chunk))
        handle.write(tail)


def _sheet(path: Path, rows: bytes, times: int) -> None:
    """A workbook of one ward and, below it, `times` of `rows`."""
    cells = [line.split(",") for line in (WARD + GOOD).decode().splitlines()]
    below = rows * times + b"</sheetData>"
    path.write_bytes(_parts(workbook({"S": Sheet(cells)}), lambda _, part: part.replace(b"</sheetData>", below)))


def _inflating(path: Path) -> None:
    """Two thousand million bytes in two million."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(2000):
                part.write(b" " * 1_000_000)


def _wards(path: Path, last: Callable[[int], bytes]) -> None:
    """A million and a half rows that differ, every third but the first as `last` makes it."""
    with path.open("wb") as handle:
        handle.write(WARD)
        for block in range(0, 1_500_000, 15_000):
            numbers = range(block, block + 15_000)
            handle.writelines(
                last(n) if n % 3 else GOOD.replace(b"Ash", b"W%d" % n).replace(b"04/2025", b"%02d/2025" % (n % 12 + 1))
                for n in numbers
            )


WARD = b"Site Code,Ward,Indicator,Month,Numerator,Denominator,Value,Provisional\n"
GOOD = b"RAJ01,Ash,FALLS_1000,01/04/2025,1,100,10,N\n"
HEAVY: dict[str, Callable[[Path], object]] = {
    "cell of 10 MB": lambda path: _lines(path, WARD + b"RAJ01,", b"x" * 1000, 10_000, b",F,01/04/2025,1,1,1,N\n" + GOOD),
    "quoted cell of 10 MB": lambda path: _lines(path, WARD + GOOD + b'RAJ01,"', b"x\n" * 500, 10_000, b'",F,01/04/2025,1,1,1,N\n'),
    "cell of 7 MB": lambda path: _lines(path, WARD + GOOD + b"RAJ01,", b"x" * 1000, 7_000, b",F,01/04/2025,1,1,1,N\n"),
    "quotation left open over 100 MB": lambda path: _lines(path, WARD + b'"', GOOD, 2_300_000),
    "endless line": lambda path: _lines(path, b"", b"x,", 50_000_000),
    "endless line of nothing": lambda path: _lines(path, b"", b"x", 200_000_000),
    "endless header": lambda path: _lines(path, WARD[:-1], b",column", 8_000_000, b"\n" + GOOD),
    "endless row": lambda path: _lines(path, WARD + GOOD, b"x,", 50_000_000, b"\n"),
    "million blank rows": lambda path: _lines(path, WARD + GOOD, b",,,,,,,\n", 1_000_000),
    "million short rows": lambda path: _lines(path, WARD + GOOD, b",,,\n", 1_000_000),
    "million torn rows": lambda path: _lines(path, WARD + GOOD, b"a,b\n", 1_000_000),
    "million wide rows": lambda path: _lines(path, WARD, GOOD[:-1] + b",,,\n", 1_000_000),
    "millions of empty lines": lambda path: _lines(path, WARD + GOOD, b"\n", 5_000_000),
    "millions of empty lines above": lambda path: _lines(path, b"", b"\n", 5_000_000, WARD + GOOD),
    "million same rows": lambda path: _lines(path, WARD, GOOD, 1_000_000),
    "million line breaks": lambda path: _lines(path, WARD + GOOD, b'RAJ01,"a\nb",F,01/04/2025,1,1,1,N\n', 1_000_000),
    "million refused rows": lambda path: _lines(path, WARD + GOOD * 2, GOOD.replace(b"Ash", b"").replace(b"1,100", b"x,y"), 1_000_000),
    "1,900 columns, 100,000 rows": lambda path: _lines(path, WARD[:-1] + b"".join(b",x%d" % n for n in range(1900)) + b"\n", GOOD[:-1] + b"," * 1900 + b"\n", 100_000),
    "torn rows among good ones": lambda path: _wards(path, lambda n: b"RAJ01,torn\n" if n % 3 == 1 else GOOD.replace(b"Ash", b"V%d" % n)),
    "blank cells behind some rows": lambda path: _wards(path, lambda n: GOOD.replace(b"Ash", b"V%d" % n)[:-1] + b",,,\n"),
    "bad byte behind a megabyte": lambda path: _lines(path, WARD + "Ő".encode(), GOOD, 60_000, b"RAJ01,\xe9,FALLS_1000,01/04/2025,1,100,10,N\n"),
    "bytes of no encoding behind a megabyte": lambda path: _lines(path, WARD, GOOD, 60_000, b"RAJ01,\xe9\x81,F,01/04/2025,1,100,10,N\n"),
    "workbook of a million blank rows": lambda path: _sheet(path, b"<row>" + b'<c s="1"/>' * 8 + b"</row>", 1_048_000),
    "workbook of a million empty rows": lambda path: _sheet(path, b"<row></row>", 1_048_000),
    "workbook of 400,000 rows": lambda path: _sheet(path, b"<row>" + b"<c><v>1</v></c>" * 8 + b"</row>", 400_000),
    "workbook cell of 10 MB": lambda path: _sheet(path, b'<row><c t="inlineStr"><is><t>' + b"x" * 10_000_000 + b"</t></is></c></row>", 1),
    "workbook of 2,000 sheets": lambda path: path.write_bytes(workbook({f"S{n}": Sheet([["a"] * 8] * 30) for n in range(2000)})),
    "workbook of 50,000 parts": lambda path: path.write_bytes(package({"xl/workbook.xml": "<a/>"} | {f"xl/{n}.xml": "<a/>" for n in range(50_000)})),
    "zip bomb of 2 GB": _inflating,
    "16,384 columns, most without a name": lambda path: _lines(path, WARD[:-1] + b"," * 16_376 + b"\n", GOOD[:-1] + b"," * 16_376 + b"\n", 2_000),
    "not signs of 100 MB": lambda path: _lines(path, WARD.replace(b",", b"\xac"), GOOD.replace(b",", b"\xac"), 2_300_000),
}  # fmt: skip


def problems_of(home: Home, ledger: Ledger, outcomes: list[FileOutcome]) -> list[str]:
    """Where outcomes are not what any outcome of a load must be; empty where all is well."""
    entries = {row["file_name"]: row for row in ledger.read("file")}
    rule_ids = {row["rule_id"] for row in ledger.read("rule")}
    found = []
    for outcome in outcomes:
        entry = entries.get(outcome.file.name)
        said: list[str] = [outcome.file.name]
        if outcome.state == "accepted":
            assert outcome.examined
            assert entry
            found += [f"{outcome.file.name}: {problem}" for problem in _unbalanced(home, entry)]
            found += [f"{outcome.file.name}: {problem}" for problem in _uncounted(outcome, entry)]
            said += [finding.message for finding in outcome.examined.judged.findings]
            said += [detail or "" for *_, detail in outcome.examined.judged.results]
            said += [entry["ignored_columns"] or ""]
        elif outcome.state == "refused":
            assert outcome.refusal
            assert entry
            refusal = outcome.refusal
            said += [refusal.where, refusal.why, refusal.mend]
            if not all(text.strip() for text in said):
                found.append(f"{outcome.file.name}: an empty word in {refusal}")
            if refusal.rule not in {rule.name for rule in IMPLIED} or entry["refused_rule"] not in rule_ids:
                found.append(f"{outcome.file.name}: no such rule as {entry['refused_rule']}")
            if list(home.lake.rglob(f"*{entry['file_id']}*")):
                found.append(f"{outcome.file.name}: refused and yet in the lake")
        elif outcome.state != "growing":
            found.append(f"{outcome.file.name}: {outcome.state}")
        for text in said:
            found += [f"{outcome.file.name}: says {word!r}: {text}" for word in NOT_FOR_A_SENDER if word in text]
            if not text.replace("\u00a0", " ").isprintable():
                found.append(f"{outcome.file.name}: says what no screen should show: {text!r}")
            if "943 476 5919" in text:
                found.append(f"{outcome.file.name}: tells an NHS number: {text!r}")
            # The list of columns left out is evidence, whole; no screen shows it.
            if len(text) > 3000 and text != (entry or {}).get("ignored_columns"):
                found.append(f"{outcome.file.name}: says {len(text)} characters: {text[:80]!r}")
    if left := [path.name for path in home.root.rglob("*.partial") if not path.is_relative_to(home.landing)]:
        found.append(f"left half-written: {left}")
    return found


def _unbalanced(home: Home, entry: dict[str, Any]) -> Iterator[str]:
    parts = [entry[f"rows_{name}"] for name in ("accepted", "rejected", "total", "blank")]
    if entry["rows_read"] != sum(parts):
        yield f"{entry['rows_read']} rows read, {parts} accounted for"
    feed, file_id = entry["feed"], entry["file_id"]
    count, different, least, most = _fetched(
        "select count(*), count(distinct _row_number), min(_row_number), max(_row_number) from read_parquet(?)",
        home.lake / feed / f"{file_id}.parquet",
    )
    if (count, different) != (entry["rows_accepted"], count):
        yield f"{entry['rows_accepted']} rows accepted, {count} in the lake, {different} numbers"
    if count and not (1 <= least <= most <= entry["rows_read"]):
        yield f"rows {least} to {most} of {entry['rows_read']}"
    aside = home.quarantine / feed / f"{file_id}.parquet"
    contract = feeds()[feed]
    if contract.sensitive is None:
        (kept,) = _fetched("select count(*) from read_parquet(?)", aside) if aside.exists() else (0,)
        if kept != entry["rows_rejected"]:
            yield f"{entry['rows_rejected']} rows refused, {kept} in quarantine"
    if not {rule.name for rule in all_rules(contract)}:
        yield "no rules"


def _uncounted(outcome: FileOutcome, entry: dict[str, Any]) -> Iterator[str]:
    """Whether rows read are those that Python's own reader of CSV counts below the header."""
    assert outcome.examined
    if entry["encoding"] not in {"utf-8", "cp1252"}:
        return
    with outcome.file.path.open(encoding=entry["encoding"], newline="") as handle:
        csv.field_size_limit(1 << 30)
        rows = sum(1 for _ in csv.reader(handle)) - outcome.examined.match.header_index - 1
    if rows != entry["rows_read"]:
        yield f"{entry['rows_read']} rows read of {rows}"


def _fetched(query: str, path: Path) -> tuple[Any, ...]:
    return duckdb.execute(query, [str(path)]).fetchone() or ()


def load_all(
    root: Path, on_file: Callable[[FileOutcome], None] = lambda _: None
) -> tuple[Home, Ledger, list[FileOutcome]]:
    """Load what lies in the landing of a new home."""
    home = Home(root)
    ledger = Ledger(home.ledger)
    ledger.prepare()
    return home, ledger, list(load(home, make_run(), ledger, on_file, key=KEY).outcomes)


def main(case: str, folder: str) -> None:
    """Load one heavy case beside a sound file and print what it took."""
    root = Path(folder)
    (root / "landing" / "ward_indicator").mkdir(parents=True)
    HEAVY[case](root / "landing" / "ward_indicator" / "heavy.csv")
    drop(root / "landing", "ward_indicator", "sound.csv", WARD + GOOD.replace(b"/04/", b"/05/"))
    before = time.monotonic()
    home, ledger, outcomes = load_all(root)
    seconds = time.monotonic() - before
    said = {outcome.file.path.name: f"{outcome.state} {outcome.refusal or ''}".strip() for outcome in outcomes}
    # The process in which a workbook is tried counts too.
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    problems = problems_of(home, ledger, outcomes)
    print(json.dumps({"seconds": round(seconds, 1), "peak_mib": peak, "said": said, "problems": problems}))


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""The smallest `.xls` that a reader takes: one sheet of texts in BIFF8, within an OLE container.

No package in the lock writes this format, and real files are not in the tree. Kept out: numbers, formats, formulas.
"""

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
# A shorter stream would have to lie in the container's «mini» sectors.
_SHORTEST = 4096


def old_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The bytes of an `.xls` whose one sheet holds these rows of text."""
    stream = _stream(rows)
    stream += bytes(max(_SHORTEST - len(stream), -len(stream) % _SECTOR))
    stream += bytes(-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    # The allocation table, of 128 entries a sector, counts itself, the directory and the stream.
    tables = 1
    while 128 * tables < tables + 1 + sectors:
        tables += 1
    assert tables <= 109, "a longer stream needs a table of tables"
    chain = [_FAT] * tables + [_END] + [tables + 2 + number for number in range(sectors)]
    chain[-1] = _END
    chain += [_FREE] * (128 * tables - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, tables, 0, _SHORTEST, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, tables + 1, len(stream))
    return head + struct.pack(f"<{len(chain)}I", *chain) + directory + bytes(_SECTOR - len(directory)) + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBB3I", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _stream(rows: Sequence[Sequence[str]]) -> bytes:
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    name = b"Sheet1"
    end = _record(0x000A, b"")
    place = len(start) + 4 + 8 + len(name) + len(end)
    book = start + _record(0x0085, struct.pack("<IHBB", place, 0, len(name), 0) + name) + end
    sheet = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))]
    sheet.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)))
    for at, row in enumerate(rows):
        for position, cell in enumerate(row):
            text = cell.encode("utf-16-le")[:8000]
            if text:
                sheet.append(_record(0x0204, struct.pack("<HHHHB", at, position, 0, len(text) // 2, 1) + text))
    return book + b"".join(sheet) + end

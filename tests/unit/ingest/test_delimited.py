"""Text to rows: encodings, delimiters, row numbers, and the ways in which a file is cut short."""

from pathlib import Path

import pytest

from ingest.readers.delimited import DELIMITERS, encoding_of, head, read
from ingest.refusal import Refusal


def rows_of(tmp_path: Path, content: bytes, delimiter: str = ",", header_index: int = 0):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    rows = read(path, encoding_of(path), delimiter, 3, header_index)
    found = [tuple(row.values()) for batch in rows.batches() for row in batch.to_pylist()]
    rows.finish()
    return found, list(rows.ragged)


def test_rows_are_numbered_from_the_header_with_ragged_and_empty_lines_counted(tmp_path: Path) -> None:
    rows, ragged = rows_of(tmp_path, b'a,b,c\n1,2,3\n\n4,5\n"x ""q"" y","two\nlines",7\n,,\n8,9,10,11\n12,13,14\n')
    assert rows == [
        ("1", "2", "3", 1),
        ("", "", "", 2),
        ('x "q" y', "two\nlines", "7", 4),
        ("", "", "", 5),
        ("12", "13", "14", 7),
    ]
    assert ragged == [(3, 2, "4,5"), (6, 4, "8,9,10,11")]


def test_header_below_notes(tmp_path: Path) -> None:
    rows, ragged = rows_of(tmp_path, b'A note\n\nb,"c\nd",e\n1,2,3\n4,5\n', header_index=2)
    assert rows == [("1", "2", "3", 1)]
    assert ragged == [(2, 2, "4,5")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("a,b,c\nSt Helen’s,2,3\n".encode(), "utf-8"),
        ("a,b,c\nSt Helen’s,2,3\n".encode("utf-8-sig"), "utf-8"),
        ("a,b,c\nSt Helen’s,2,3\n".encode("cp1252"), "cp1252"),
    ],
)
def test_decode_ladder(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert encoding_of(path) == encoding
    assert rows_of(tmp_path, content)[0] == [("St Helen’s", "2", "3", 1)]


def test_line_ends_and_delimiters(tmp_path: Path) -> None:
    expected = [("1", "2", "3", 1), ("4", "5", "6", 2)]
    assert rows_of(tmp_path, b"a,b,c\r\n1,2,3\r\n4,5,6")[0] == expected
    assert rows_of(tmp_path, b"a;b;c\n1;2;3\n4;5;6\n", ";")[0] == expected
    assert rows_of(tmp_path, b"a\tb\tc\n1\t2\t3\n4\t5\t6\n", "\t")[0] == expected


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "the file is empty"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
    "utf-16": ("a,b,c\n1,2,3\n".encode("utf-16"), "not a text file"),
    "nul": (b"a,b,c\n1,\x00,3\n", "not a text file"),
    "neither encoding": (b"a,b,c\n1,\x81\x8d,3\n", "neither UTF-8 nor Windows"),
    "open quotation": (b'a,b,c\n1,2,3\n"4,5,6\n7,8,9\n', "opens and never closes"),
    "open quotation in the last cell": (b'a,b,c\n1,2,3\n4,5,"6\n', "opens and never closes"),
    "cut in the middle of a row": (b"a,b,c\n1,2,3\n4,5", "ends in the middle of a row"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_whole(tmp_path: Path, case: str) -> None:
    content, why = REFUSED[case]
    with pytest.raises(Refusal, match=why):
        rows_of(tmp_path, content)


def test_a_stray_quotation_mark_inside_a_name_is_text(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b'a,b,c\nSt "Mary Ward,2,3\n4,5,6\n')[0][0] == ('St "Mary Ward', "2", "3", 1)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_the_not_sign_is_a_delimiter_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    text = 'a¬b¬c\r\nSt John, "x"¬¬3\r\n4¬5\r\n6¬7¬8\r\n'
    rows, ragged = rows_of(tmp_path, text.encode(encoding), delimiter="¬")
    assert rows == [('St John, "x"', "", "3", 1), ("6", "7", "8", 3)]
    assert ragged == [(2, 2, "4¬5")]


def test_the_head_is_split_by_the_not_sign_too(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("Code¬Name\r\nRAJ¬St John, x\r\n".encode("cp1252"))
    assert head(path, "cp1252")[DELIMITERS.index("¬")] == [["Code", "Name"], ["RAJ", "St John, x"]]

"""Workbooks to rows: cells as text, dates in both systems, and workbooks that are damaged, locked or made to harm."""

import io
import resource
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.contract import feeds
from ingest.examples.workbook import Sheet, package, workbook
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import load
from ingest.readers import workbook as reader
from ingest.readers.text import TextRows
from ingest.refusal import Refusal
from tests.conftest import make_run

REGISTER = (["Site Code", "Site Name", "Valid From", "Valid To", "Predecessor Code"],)
SITE = ["RAJ01", "Southend Hospital", date(2020, 4, 1)]


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    return path


def cells(rows: TextRows) -> list[tuple[object, ...]]:
    found = [tuple(row.values()) for batch in rows.batches() for row in batch.to_pylist()]
    rows.finish()
    return found


def opened(tmp_path: Path, content: bytes) -> reader.Workbook:
    return reader.open_workbook(written(tmp_path, content))


def changed(content: bytes, name: str, old: str, new: str) -> bytes:
    """The package with a text in one part replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    assert old.encode() in parts[name]
    return package(parts | {name: parts[name].replace(old.encode(), new.encode())})


def test_a_cell_becomes_the_text_of_its_value(tmp_path: Path) -> None:
    values = {
        "text ": "text ",
        12.0: "12",
        0.1: "0.1",
        460545.97609999997: "460545.97609999997",
        -3: "-3",
        0.00001: "0.00001",
        1e300: "1e+300",
        True: "TRUE",
        date(2025, 7, 1): "01/07/2025",
        datetime(2025, 7, 1, 14, 30, tzinfo=UTC): "01/07/2025 14:30:00",
        "#REF!": "#REF!",
        "#N/A": "#N/A",
        "#VALUE!": "#VALUE!",
        "two\nlines": "two lines",
        '=cmd|" /C calc"!A0': '=cmd|" /C calc"!A0',
        None: "",
    }
    book = opened(tmp_path, workbook({"S": Sheet([["h"] * len(values), list(values)])}))
    assert book.form == "xlsx"
    assert book.head() == [[["h"] * len(values), list(values.values())]]
    rows = book.read(0, len(values), 0)
    assert cells(rows) == cells(rows) == [(*values.values(), 1)]
    assert rows.ragged == []


def test_both_date_systems_give_the_same_day(tmp_path: Path) -> None:
    sheet = {"S": Sheet([["day"], [date(2025, 7, 1)]])}
    old, new = workbook(sheet, is_1904=True), workbook(sheet)
    assert old != new
    for content in (old, new):
        assert cells(opened(tmp_path, content).read(0, 1, 0)) == [("01/07/2025", 1)]


def test_bytes_are_the_same_twice() -> None:
    sheets = {"S": Sheet([["a", 1, date(2025, 7, 1)]], merged=["A1:B1"])}
    assert workbook(sheets) == workbook(sheets)


def test_blank_rows_between_are_rows_and_those_at_the_end_are_none(tmp_path: Path) -> None:
    rows = [["a", "b"], ["1"], [], ["2", "3"], [" ", "\u00a0"], []]
    assert cells(opened(tmp_path, workbook({"S": Sheet(rows)})).read(0, 2, 0)) == [
        ("1", "", 1),
        ("", "", 2),
        ("2", "3", 3),
    ]


def test_declared_dimensions_far_past_the_data_cost_nothing(tmp_path: Path) -> None:
    content = workbook({"S": Sheet([["a", "b"], [1, 2]], dimension="A1:XFD1048576")})
    content = changed(
        content,
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>',
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert cells(opened(tmp_path, content).read(0, 2, 0)) == [("1", "2", 1)]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_a_formula_without_a_stored_value_is_blank(tmp_path: Path) -> None:
    content = workbook({"S": Sheet([["a", "b"], ["x", 0]], formulas={"B2": "1+1"})})
    assert cells(opened(tmp_path, content).read(0, 2, 0)) == [("x", "", 1)]


def test_a_hidden_sheet_is_no_candidate_and_does_not_shift_the_others(tmp_path: Path) -> None:
    book = opened(tmp_path, workbook({"H": Sheet([["a"], [1]], is_hidden=True), "S": Sheet([["b"], [2]])}))
    assert book.head() == [[], [["b"], ["2"]]]
    assert cells(book.read(1, 1, 0)) == [("2", 1)]


def test_other_files_are_never_followed(tmp_path: Path) -> None:
    content = workbook({"S": Sheet([["a"], ["kept"]])})
    away = '<Relationship Id="rId9" Type="externalLink" Target="file:///etc/hostname" TargetMode="External"/>'
    content = changed(content, "xl/_rels/workbook.xml.rels", "</Relationships>", f"{away}</Relationships>")
    assert cells(opened(tmp_path, content).read(0, 1, 0)) == [("kept", 1)]


# --- Hostile and broken ---------------------------------------------------------------------------------------------

GOOD = workbook({"S": Sheet([["a"], [1]])})
BOMB = package({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b"<a>" + b" " * (30 << 20) + b"</a>"})
FAR = changed(
    GOOD,
    "xl/worksheets/sheet1.xml",
    "</sheetData>",
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
)
FAR_WITHOUT_PLACES = changed(
    GOOD,
    "xl/worksheets/sheet1.xml",
    "</sheetData>",
    '<row r="1048576">' + "<c/>" * 16000 + "<c><v>1</v></c></row></sheetData>",
)
ENTITIES = changed(
    GOOD,
    "xl/worksheets/sheet1.xml",
    "<worksheet",
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet',
)
LOCKED_PART = bytearray(GOOD)
LOCKED_PART[GOOD.index(b"PK\x01\x02") + 8] |= 1
LYING = bytearray(BOMB)
_DIRECTORY = BOMB.rindex(b"PK\x01\x02")
LYING[_DIRECTORY + 24 : _DIRECTORY + 28] = (1000).to_bytes(4, "little")
ENCODING = changed(GOOD, "xl/worksheets/sheet1.xml", 'encoding="UTF-8"', 'encoding="UTF-65536"')
# One text of 10 MB that 20,000 cells share.
SHARED_ONE = changed(
    changed(
        GOOD,
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(3, 20_003)) + "</sheetData>",
    ),
    "xl/_rels/workbook.xml.rels",
    "</Relationships>",
    '<Relationship Id="rIdT" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
)
with zipfile.ZipFile(io.BytesIO(SHARED_ONE)) as _archive:
    _texts = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    SHARED_BOMB = package(
        {name: _archive.read(name) for name in _archive.namelist()}
        | {"xl/sharedStrings.xml": _texts % ("A" * (10 << 20))}
    )
REFUSED = {
    "unknown encoding": (ENCODING, "encoding that there is not"),
    "one text in many cells": (SHARED_BOMB, "in the memory that one takes"),
    "bomb": (BOMB, "unpacks from"),
    "bomb that lies of its size": (bytes(LYING), "damaged"),
    "far cell": (FAR, "17,179,869,184 cells"),
    "far cell without places": (FAR_WITHOUT_PLACES, "cells"),
    "entities": (ENTITIES, "declares entities"),
    "truncated": (GOOD[:-100], "damaged"),
    "damaged inside": (GOOD[:60] + b"\0\0\0\0" + GOOD[64:], "damaged"),
    "zip password": (bytes(LOCKED_PART), "remove the password"),
    "office password": (reader.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "remove the password"),
    "old word file": (reader.OLE + bytes(2000), "cannot be read as an Excel workbook"),
    "other zip": (package({"a.csv": b"a,b\n1,2\n"}), "no Excel workbook is in it"),
    "empty zip": (package({}), "no Excel workbook is in it"),
    "ods": (package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "save it as .xlsx"),
    "xlsb": (package({"xl/workbook.bin": b"\1\2"}), "save it as .xlsx"),
    "no sheets": (package({"xl/workbook.xml": "<workbook/>"}), "cannot be read as an Excel workbook"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_sound_workbook_is_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    path = written(tmp_path, content)
    assert reader.is_workbook(path)
    with pytest.raises(Refusal) as refused:
        reader.open_workbook(path).head()
    assert words in str(refused.value)
    assert refused.value.rule == "readable"


# --- Through ingest -------------------------------------------------------------------------------------------------


def loaded(home: Home, ledger: Ledger, name: str, content: bytes):
    path = home.landing / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    (outcome,) = load(home, make_run(), ledger).outcomes
    return outcome


def test_content_decides_and_not_the_name(home: Home, ledger: Ledger) -> None:
    content = workbook({"Notes": Sheet([["About this file"]]), "Sites": Sheet([["A note"], [], *REGISTER, SITE])})
    outcome = loaded(home, ledger, "site_register/sites.csv", content)
    assert outcome.state == "accepted", outcome.refusal
    assert outcome.examined.encoding == "xlsx"
    assert outcome.examined.judged.counts["accepted"] == 1


def test_text_named_as_a_workbook_is_read_as_text(home: Home, ledger: Ledger) -> None:
    text = "Site Code,Site Name,Valid From,Valid To,Predecessor Code\nRAJ01,Southend Hospital,01/04/2020,,\n"
    outcome = loaded(home, ledger, "site_register/sites.xlsx", text.encode())
    assert outcome.state == "accepted", outcome.refusal
    assert outcome.examined.encoding == "utf-8"


def test_a_workbook_of_no_feed_is_refused(home: Home, ledger: Ledger) -> None:
    outcome = loaded(home, ledger, "anything.xlsx", GOOD)
    assert outcome.refusal.rule == "recognised"
    assert "site_register" in feeds()


# --- The published friends and family test --------------------------------------------------------------------------

FFT_GROUPS = [
    "ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name", "Total Responses", "Total Eligible",
    "Percentage Positive", "Percentage Negative", "Breakdown of Responses", *[None] * 5, "First Speciality",
    "Second Speciality",
]  # fmt: skip
FFT_LEAVES = [*[None] * 10, "Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor", "Don't Know"]
FFT_WARDS = (
    ["QH8", "RAJ", "MSE", "RAJ12", "B", "AMU East", 20, 80, 0.9, 0.05, 15, 3, 1, 1, 0, 0],
    ["QH8", "RAJ", "MSE", "RAJ12", "B", "AMU West", 0, 9, "-", "-", 0, 0, 0, 0, 0, 0],
    ["QX1", "X90", "Clinic", "X9001", "C", 12, 10, 40, 0.7, 0.2, 5, 2, 1, 1, 1, 0],
)
HIDDEN_WARD = ["QH8", "RAJ", "MSE", "RAJ12", "B", "AMU North", "*", 7, "-", "-", *"******"]
OTHER_TOTALS = (
    [*[None] * 5, "England (excluding Independent Sector Providers)", 20, 89],
    [*[None] * 5, "Selection (excluding suppressed data)", 1, 1],
)


def fft(home: Home, ledger: Ledger, eligible: int, *wards: list[object]):
    england = [*[None] * 5, "England (including Independent Sector Providers)", 30, eligible]
    rows = [*[[]] * 9, FFT_GROUPS, FFT_LEAVES, england, *OTHER_TOTALS, *wards]
    sites = [*[[]] * 9, [*FFT_GROUPS[:5], *FFT_GROUPS[6:16]], [*FFT_LEAVES[1:]]]
    content = workbook({"Sites": Sheet(sites), "Wards": Sheet(rows)})
    return loaded(home, ledger, "fft_inpatient/FFT-inpatient-data-July-2025.xlsx", content)


def results(outcome) -> dict[str, tuple[object, ...]]:
    return {name: rest for name, *rest in outcome.examined.judged.results}


def test_the_published_sheet_of_wards_is_found_and_its_total_of_all_is_held_against_them(
    home: Home, ledger: Ledger
) -> None:
    outcome = fft(home, ledger, 129, *FFT_WARDS)
    assert outcome.state == "accepted", outcome.refusal
    assert outcome.examined.judged.counts == {"accepted": 3, "rejected": 0, "total": 3, "blank": 0}
    # Two totals, of which the other two rows, that leave some wards out, say something else.
    assert results(outcome)["totals_reconcile"] == ["pass", 2, 0, None]
    assert outcome.examined.judged.findings == ()


def test_a_total_that_differs_is_a_warning_and_one_with_a_suppressed_part_is_not_compared(
    home: Home, ledger: Ledger
) -> None:
    outcome = fft(home, ledger, 137, *FFT_WARDS, HIDDEN_WARD)
    # Only the eligible, which are not suppressed: 129 and seven more.
    assert results(outcome)["totals_reconcile"] == [
        "fail", 1, 1, "data row 1: the total of total_eligible is 137, its rows add up to 136"
    ]  # fmt: skip
    assert outcome.state == "accepted"


def test_shares_and_sums_that_do_not_fit_their_parts_are_warnings_where_no_part_is_suppressed(
    home: Home, ledger: Ledger
) -> None:
    wrong = [*FFT_WARDS[0][:6], 21, 20, 0.5, 0.5, *FFT_WARDS[0][10:]]
    findings = fft(home, ledger, 1, wrong, *FFT_WARDS[1:], HIDDEN_WARD).examined.judged.findings
    assert {(finding.rule, finding.samples, finding.kept) for finding in findings} == {
        (rule, (4,), True)
        for rule in ("positive_recomputes", "negative_recomputes", "answers_sum_to_total", "responses_within_eligible")
    }

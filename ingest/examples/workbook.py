"""Workbooks as a sender's Excel saves them: sheets of cells to the bytes of an `.xlsx`, the same each time.

Only what examples and tests need: values, dates as day numbers, merged cells, hidden sheets. A package in the lock
that writes workbooks puts the time of writing into them.

Kept out: reading (`readers.workbook`), and what the cells say.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | bool | date | None
_WRITTEN = (2020, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DAY_0 = {False: date(1899, 12, 30).toordinal(), True: date(1904, 1, 1).toordinal()}
# Number 1 of the cell formats: Excel's built-in date.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows of cells (a text that begins with `#` and ends with `!` is an error), and what else it has.

    `formulas` are by cell («B3»), without a stored value; `merged` are ranges («A1:B1»); `dimension` is what the sheet
    claims to cover.
    """

    rows: Sequence[Sequence[Cell]]
    formulas: Mapping[str, str] | None = None
    merged: Sequence[str] = ()
    dimension: str | None = None
    is_hidden: bool = False


def workbook(sheets: Mapping[str, Sheet], *, is_1904: bool = False) -> bytes:
    """The bytes of an `.xlsx` with these sheets, in their order."""
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(sheets, is_1904),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)}
            | {"rIdStyles": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
        **{
            f"xl/worksheets/sheet{number}.xml": _sheet(sheet, is_1904)
            for number, sheet in enumerate(sheets.values(), start=1)
        },
    }
    return package(parts)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts, the same bytes for the same parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            item = zipfile.ZipInfo(name, _WRITTEN)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 0
            text = content if isinstance(content, bytes) else f'<?xml version="1.0" encoding="UTF-8"?>\n{content}'
            archive.writestr(item, text)
    return held.getvalue()


def column_letters(number: int) -> str:
    """The letters of a column, from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _content_types(sheets: int) -> str:
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    parts |= {f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(relations: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in relations.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _workbook(sheets: Mapping[str, Sheet], is_1904: bool) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}"{" state=" + quoteattr("hidden") if sheet.is_hidden else ""} '
        f'r:id="rId{number}"/>'
        for number, (name, sheet) in enumerate(sheets.items(), start=1)
    )
    properties = '<workbookPr date1904="1"/>' if is_1904 else ""
    return _element("workbook", f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}"', f"{properties}<sheets>{listed}</sheets>")


def _sheet(sheet: Sheet, is_1904: bool) -> str:
    rows = []
    for at, row in enumerate(sheet.rows, start=1):
        cells = "".join(
            _cell(f"{column_letters(position)}{at}", cell, sheet.formulas or {}, is_1904)
            for position, cell in enumerate(row)
        )
        if cells:
            rows.append(f'<row r="{at}">{cells}</row>')
    dimension = f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else ""
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merged)
    merged = f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>' if merged else ""
    content = f"{dimension}<sheetData>{''.join(rows)}</sheetData>{merged}"
    return _element("worksheet", f'xmlns="{_MAIN}"', content)


def _element(tag: str, attributes: str, content: str) -> str:
    return f"<{tag} {attributes}>{content}</{tag}>"


def _cell(place: str, cell: Cell, formulas: Mapping[str, str], is_1904: bool) -> str:
    if place in formulas:
        return f'<c r="{place}"><f>{escape(formulas[place])}</f></c>'
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        days: float = cell.toordinal() - _DAY_0[is_1904]
        if isinstance(cell, datetime):
            return f'<c r="{place}" s="2"><v>{days + (60 * cell.hour + cell.minute) / 1440!r}</v></c>'
        return f'<c r="{place}" s="1"><v>{days}</v></c>'
    if isinstance(cell, str):
        if cell.startswith("#") and cell.endswith(("!", "?", "/A")):
            return f'<c r="{place}" t="e"><v>{escape(cell)}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'

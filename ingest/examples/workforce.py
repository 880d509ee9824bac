"""Example files of the workforce team: the workbook of measures by cost centre, and which ward a cost centre pays for.

The workbook has a sheet for each measure, with a title above the header (row 4), subtotals by division and month, and
habits that differ by sheet: numbers of cost centres as text or as numbers, months as dates or as text.

Kept out: which cost centres and cells carry something planted (`truth`).
"""

from collections.abc import Iterator
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws, WorkbookDelivery, day
from ingest.examples.workbook import Cell, Sheet

# Of each sheet: what its parts and its share are called, the expected share, and how far it swings.
_SHEETS = {
    "Sickness": ("FTE Days Lost", "FTE Days Available", "Absence %", 0.05, 0.012),
    "Vacancy": ("FTE Vacant", "FTE Established", "Vacancy %", 0.08, 0.03),
    "Turnover": ("Leavers FTE 12m", "Average FTE 12m", "Turnover %", 0.12, 0.02),
    "Appraisal": ("Appraised", "Due", "Appraisal %", 0.84, 0.03),
    "Mandatory Training": ("Requirements Met", "Requirements", "Compliance %", 0.90, 0.02),
    "Bank": ("Bank FTE", "FTE Worked", "Bank %", 0.09, 0.02),
    "Agency": ("Agency FTE", "FTE Worked", "Agency %", 0.03, 0.01),
}
_COUNTED = {"Appraisal", "Mandatory Training"}
_TEXT_MONTHS = "Agency"
_TEXT_NUMBERS = "Vacancy"


def deliveries(seed: int) -> Iterator[Delivery | WorkbookDelivery]:
    """Both files, the same in every size."""
    months = truth.months(*truth.WORKFORCE_MONTHS)
    yield WorkbookDelivery(
        "workforce",
        f"Workforce report {months[-1]:%B %Y}.xlsx",
        date(2026, 4, 16),
        {
            "About": Sheet([["Workforce report (invented example)"], ["Ask the workforce team"]]),
            **{name: Sheet(_rows(seed, name, months), dimension="A1:Z60000") for name in _SHEETS},
        },
    )
    yield Delivery(
        "cost_centre_ward",
        "cost_centre_ward.csv",
        date(2026, 4, 2),
        ("Cost Centre", "Ward ID", "Valid From", "Valid To", "Approved By"),
        list(_mapping()),
    )


def _mapping() -> Iterator[tuple[str, ...]]:
    merged = truth.MERGED
    for ward_id in dict.fromkeys(ward.ward_id for ward in truth.REGISTER):
        ends = day(merged.on) if ward_id == merged.ward_id else ""
        yield truth.cost_centre(ward_id), ward_id, day(truth.BEGAN), ends, "data steward"
    # Its staff went to the other ward, and kept their cost centre.
    yield truth.cost_centre(merged.ward_id), merged.into, day(merged.on), "", "data steward"
    yield truth.NO_WARD_COST_CENTRE[0], "", day(truth.BEGAN), "", "data steward"
    # Payroll has numbers of its own for the same wards; when two merged, it moved the heads itself.
    for ward_id in dict.fromkeys(ward.ward_id for ward in truth.REGISTER):
        ends = day(merged.on) if ward_id == merged.ward_id else ""
        yield truth.payroll_centre(ward_id), ward_id, day(truth.BEGAN), ends, "data steward"


def _cost_centres() -> dict[str, list[tuple[str, str]]]:
    """Number and name of every cost centre, by division."""
    found: dict[str, list[tuple[str, str]]] = {}
    latest = {ward.ward_id: ward for ward in truth.REGISTER}
    for ward in latest.values():
        found.setdefault(ward.division, []).append((truth.cost_centre(ward.ward_id), f"{ward.name} Nursing"))
    for number, name, division in (truth.UNMATCHED_COST_CENTRE, truth.NO_WARD_COST_CENTRE):
        found.setdefault(division, []).append((number, name))
    return found


def _rows(seed: int, sheet: str, months: list[date]) -> list[list[Cell]]:
    numerator, denominator, share, _, _ = _SHEETS[sheet]
    header: list[Cell] = ["Division", "Cost Centre", "Cost Centre Name", "Month", numerator, denominator, share]
    rows: list[list[Cell]] = [[f"{sheet} by cost centre"], ["Source: electronic staff record"], [], header]
    for month in months:
        written: Cell = f"{month:%b-%y}" if sheet == _TEXT_MONTHS else month
        whole = []
        for division, centres in _cost_centres().items():
            parts = [(number, name, *_parts(seed, sheet, number, month)) for number, name in centres]
            for number, name, top, bottom in parts:
                cell: Cell = number if sheet == _TEXT_NUMBERS else int(number)
                rows.append([division, cell, name, written, top, bottom, _share(top, bottom)])
            whole += parts
            rows.append([division, "Sub-total", None, written, *_sum(parts)])
        rows += [[None, "Trust total", None, written, *_sum(whole)], []]
    return rows


def _parts(seed: int, sheet: str, number: str, month: date) -> tuple[float, float]:
    if (sheet, number, month) == truth.DIVIDED_BY_ZERO:
        return 0, 0
    if (sheet, number, month) == truth.NEGATIVE_VACANCY[:3]:
        return truth.NEGATIVE_VACANCY[3:]
    *_, mean, spread = _SHEETS[sheet]
    people = Draws(seed, "workforce", number).between(24, 42)
    draws = Draws(seed, "workforce", sheet, number, month)
    expected = min(1.0, max(0.0, draws.about(mean, spread)))
    if sheet in _COUNTED:
        due = round(people) * (11 if sheet == "Mandatory Training" else 1)
        return round(expected * due), due
    days = 30 if sheet == "Sickness" else 1
    return round(expected * people * days, 2), round(people * days, 2)


def _sum(parts: list[tuple[str, str, float, float]]) -> list[Cell]:
    # As a spreadsheet adds up: with the noise of binary fractions in the last digits.
    top, bottom = sum(part[2] for part in parts), sum(part[3] for part in parts)
    return [top, bottom, _share(top, bottom)]


def _share(top: float, bottom: float) -> Cell:
    return top / bottom if bottom else "#DIV/0!"

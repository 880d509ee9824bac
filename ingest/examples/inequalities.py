"""Example files of outpatient appointments: a file per site and financial year, and one of late outcomes.

Millions of rows in the large size, so drawn by whole columns: every draw is a hash of seed, person or appointment and
what is drawn, by arithmetic that gives the same numbers on every machine and in every version of any library.

Planted: missed appointments rise with deprivation; numbers that are missing, wrong or written with blanks; patients
without an area; a sensitive service; two columns that no contract knows (names and postcodes); a row sent twice;
outcomes that come late.

Kept out: how large the planted effects are (`truth`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.examples import truth
from ingest.examples.delivery import TableDelivery

_HEADER = (
    "Appointment ID", "NHS Number", "Site Code", "Specialty Code", "Appointment Date", "Booked Date",
    "Attendance Code", "LSOA", "Ethnic Category", "Date of Birth", "Sex", "Interpreter Needed",
    "Interpreter Provided", "First or Follow-up", "Consultation Medium", "Learning Disability",
    "Reasonable Adjustment",
)  # fmt: skip
_CLINICS = ("100", "101", "110", "120", "130", "300", "320", "340", "410", "430", "502", truth.SENSITIVE_SERVICE)
# Of few appointments, four large clinics: a dozen small ones would tell of hardly anyone, and double the cells to hide.
_FEW = 100_000
_CLINICS_OF_FEW = ("110",) * 3 + ("300",) * 3 + ("430",) * 3 + ("502",) * 2 + (truth.SENSITIVE_SERVICE,)
# As the census has them for the trust's area, rounded: mostly White British, then the larger groups.
ETHNIC = (
    ("A",) * 78
    + ("C",) * 5
    + ("H", "J", "K", "L", "M", "N", "N", "P", "R", "S", "D", "F", "G")
    + ("Z", "Z", "99", "99")
)
# Appointments of one person, on average.
_EACH = 5

Draw = npt.NDArray[np.float64]
Index = npt.NDArray[np.uint64]


def draw(seed: int, what: str, index: Index) -> Draw:
    """Even draws in [0, 1), one for each index: splitmix64 of seed, name and index (Steele, Lea, Flood, 2014)."""
    with np.errstate(over="ignore"):
        salt = np.uint64(int.from_bytes(what.encode().ljust(8, b"\0")[:8], "little") ^ (seed * 0x9E3779B9))
        mixed = (index + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + salt
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def deliveries(seed: int, size: truth.Size) -> Iterator[TableDelivery]:
    """A file for each site and year, each with its share of the size's appointments, and Broomfield's late outcomes."""
    first_year = truth.LAST_MONTH.year - size.years
    each = size.appointments // (size.years * len(truth.SITES))
    clinics = _CLINICS if size.appointments > _FEW else _CLINICS_OF_FEW
    for number in range(size.years * len(truth.SITES)):
        year, site = first_year + number // len(truth.SITES), truth.SITES[number % len(truth.SITES)]
        index = np.arange(number * each, (number + 1) * each, dtype=np.uint64)
        table = _table(seed, index, date(year, 4, 1), site.code, size.appointments // _EACH, clinics)
        is_last = year == truth.LAST_MONTH.year - 1
        if site.code == truth.STRAY_COLUMNS_SITE and is_last:
            table = table.append_column("Patient Name", pa.array([truth.STRAY_NAME] * len(table)))
            table = table.append_column("Postcode", pa.array([truth.STRAY_POSTCODE] * len(table)))
        if site.code == truth.SITES[0].code and is_last:
            table = pa.concat_tables([table, table.slice(0, 1)])
        yield TableDelivery("outpatient_appointment", f"outpatient_{site.code}_{year}-{(year + 1) % 100:02d}.csv",
                            date(year + 1, 4, 14), table)  # fmt: skip
        if site.code == truth.LATE_OUTCOMES_SITE and is_last:
            yield TableDelivery(
                "outpatient_appointment",
                f"outpatient_{site.code}_{truth.LAST_MONTH:%Y-%m}_late_outcomes.csv",
                date(year + 1, 5, 14),
                _outcomed(table),
            )


def people(appointments: int) -> Index:
    """Who they are whose appointments these are: one person in every five, numbered from 0."""
    return np.arange(appointments // _EACH, dtype=np.uint64)


def nhs_number(person: Index) -> list[str]:
    """Numbers with a right check digit from 999 0000 000 on, a range that is never given to anybody."""
    base = np.uint64(999_000_000) + person
    total = np.zeros_like(base)
    for place in range(9):
        total += (base // np.uint64(10**place)) % np.uint64(10) * np.uint64(place + 2)
    check = (np.uint64(11) - total % np.uint64(11)) % np.uint64(11)
    # Ten is no digit: such numbers are never given out, here too the person then has none.
    return [
        f"{number}{digit}" if digit < 10 else "" for number, digit in zip(base.tolist(), check.tolist(), strict=True)
    ]


def pick(chance: Draw, values: tuple[str, ...]) -> pa.Array:
    """One of the values for each draw, all equally likely."""
    places = np.minimum((chance * len(values)).astype(np.int64), len(values) - 1)
    return pa.array(values).take(pa.array(places))


def dates(first: date, days: Draw) -> pa.Array:
    """Days after `first`, as the trust writes them."""
    # Each day is worded once, and no day that none is of: most of a century lies between births.
    ordinals, places = np.unique(first.toordinal() + days.astype(np.int64), return_inverse=True)
    words = pa.array([f"{date.fromordinal(day):%d/%m/%Y}" for day in ordinals.tolist()])
    return words.take(pa.array(places))


def _table(seed: int, index: Index, year_start: date, site: str, people: int, clinics: tuple[str, ...]) -> pa.Table:
    person = (draw(seed, "person", index) * people).astype(np.uint64)
    area = np.minimum((draw(seed, "area", person) * len(truth.LSOAS)).astype(np.int64), len(truth.LSOAS) - 1)
    quintile = np.array([(decile + 1) // 2 for _, decile in truth.LSOAS])[area]
    missed = np.array([truth.MISSED_BY_QUINTILE[number] for number in range(1, 6)])[quintile - 1]
    days = (date(year_start.year + 1, 4, 1) - year_start).days
    on = np.sort(draw(seed, "day", index) * days)

    outcome = draw(seed, "outcome", index)
    # Of ten appointments one is called off before its day; of the rest those in `missed` are not attended.
    kept = np.where(draw(seed, "late", index) < 0.06, "6", "5")
    code = np.where(outcome < 0.06, "2", np.where(outcome < 0.10, "4", kept))
    is_held = outcome >= 0.10
    code = np.where(is_held & (draw(seed, "missed", index) < missed), "3", code)
    if year_start.year == truth.LAST_MONTH.year - 1:
        last_days = on >= days - truth.LATE_OUTCOME_DAYS
        code = np.where(last_days & (draw(seed, "waits", index) < 0.3), "0", code)

    number = np.array(nhs_number(person), dtype=object)
    dirt = draw(seed, "number", index)
    number[dirt < 0.02] = ""
    number[(dirt >= 0.02) & (dirt < 0.025)] = "1234567890"
    spaced = (dirt >= 0.025) & (dirt < 0.045)
    number[spaced] = [f"{text[:3]} {text[3:6]} {text[6:]}" for text in number[spaced]]
    areas = np.array([code for code, _ in truth.LSOAS], dtype=object)[area]
    areas[draw(seed, "no area", person) < 0.01] = ""
    needs = draw(seed, "needs", person) < 0.05
    columns = [
        pa.array([f"A{number:09d}" for number in index.tolist()]),
        pa.array(number.tolist(), pa.string()),
        pa.array([site] * len(index)),
        pick(draw(seed, "clinic", index), clinics),
        dates(year_start, on),
        dates(year_start, on - 7 - draw(seed, "booked", index) * 120),
        pa.array(code.tolist()),
        pa.array(areas.tolist(), pa.string()),
        pick(draw(seed, "ethnic", person), ETHNIC),
        dates(year_start - timedelta(days=95 * 365), draw(seed, "born", person) * 94 * 365),
        pick(draw(seed, "sex", person), ("1", "2")),
        pa.array(np.where(needs, "Y", "N").tolist()),
        pa.array(np.where(needs, np.where(draw(seed, "given", index) < 0.6, "Y", "N"), "").tolist()),
        pick(draw(seed, "first", index), ("1", "2", "2")),
        pick(draw(seed, "medium", index), ("01", "01", "01", "02", "03")),
        pa.array(np.where(draw(seed, "ld", person) < 0.02, "Y", "N").tolist()),
        pa.array(np.where(draw(seed, "adjust", index) < 0.03, "Y", "N").tolist()),
    ]
    return pa.table(columns, names=list(_HEADER))


def _outcomed(table: pa.Table) -> pa.Table:
    """The last month's rows again, with an outcome for all: of those that waited every fifth was missed."""
    month = f"/{truth.LAST_MONTH:%m/%Y}"
    rows = [row for row in table.to_pylist() if row["Appointment Date"].endswith(month)]
    for place, row in enumerate(rows):
        if row["Attendance Code"] == "0":
            row["Attendance Code"] = "3" if place % 5 == 0 else "5"
    return pa.Table.from_pylist(rows, schema=table.schema)

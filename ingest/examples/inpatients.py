"""Example files of ward stays, one per site and financial year, and of the waiting list, one per copy.

Drawn by whole columns like appointments, of the same people with the same areas. Each first admission is of another
person, so that nobody comes back but who is planted to.

Planted: readmissions and long stays rise with deprivation, discharges before noon do not; waits of 18 weeks and more
rise with deprivation; the dirt of patients' numbers; a sensitive service.

Kept out: how large the planted effects are (`truth`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.examples import truth
from ingest.examples.delivery import TableDelivery
from ingest.examples.inequalities import ETHNIC, Draw, Index, dates, draw, nhs_number, pick

_STAY_HEADER = (
    "Stay ID", "Spell ID", "NHS Number", "Site Code", "Ward", "Specialty Code", "Admission Method", "Admission Date",
    "Ward Start Date", "Ward End Date", "Discharge Date", "Discharge Time", "Discharge Destination", "LSOA",
    "Ethnic Category", "Date of Birth", "Sex", "Interpreter Required", "Learning Disability",
)  # fmt: skip
_LIST_HEADER = (
    "Pathway ID", "Snapshot Date", "NHS Number", "Site Code", "Specialty Code", "Weeks Waited", "Priority", "LSOA",
    "Ethnic Category", "Date of Birth", "Sex",
)  # fmt: skip
# Days in hospital of those who stay less than three weeks: many short, few long.
_SHORT_DAYS = np.array([0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8, 10, 13, 18])
_LONG_DAYS = (21, 41)
_LIST_SPECIALTIES = ("100", "101", "110", "110", "120", "130", "300", "320", "340", "410", "430", "502")
# First admission, then readmissions after it: who came back comes back as often, up to three times.
_SPELL_KINDS = ("A", "R", "S", "T")
_LAST_DAY = truth.next_month(truth.LAST_MONTH) - timedelta(1)
# Wards that merge or move are left out: where a patient lay would need the day, and nothing is planted on it.
_UNSETTLED = (truth.MERGED.ward_id, truth.MERGED.into, truth.MOVED.ward_id)

Days = npt.NDArray[np.int64]


def deliveries(seed: int, size: truth.Size) -> Iterator[TableDelivery]:
    """Each site's ward stays by financial year, then the copies of the waiting list."""
    first_year = truth.LAST_MONTH.year - size.years
    admissions = size.appointments // truth.APPOINTMENTS_PER_ADMISSION // len(truth.SITES)
    for number, site in enumerate(truth.SITES):
        index = np.arange(number * admissions, (number + 1) * admissions, dtype=np.uint64)
        stays, began = _stays(seed, index, site.code, date(first_year, 4, 1))
        for year in range(first_year, truth.LAST_MONTH.year):
            is_of_year = (began >= date(year, 4, 1).toordinal()) & (began < date(year + 1, 4, 1).toordinal())
            table = stays.filter(pa.array(is_of_year))
            if year == truth.LAST_MONTH.year - 1:
                table = _with_dirt(table, site.code)
            yield TableDelivery(
                "ward_stay", f"ward_stay_{site.code}_{year}-{(year + 1) % 100:02d}.csv", date(year + 1, 4, 14), table
            )
    for copies_later, copied_on in enumerate(reversed(truth.WAITING_LIST_COPIES)):
        table = _waiting(seed, size.appointments // truth.APPOINTMENTS_PER_PATHWAY, copied_on, copies_later)
        yield TableDelivery("waiting_list", f"waiting_list_{copied_on}.csv", copied_on + timedelta(2), table)


def _person(seed: int, person: Index) -> dict[str, pa.Array]:
    """What is known of each person, in every feed of these files alike; a number is missing or wrong by person."""
    area = _area(seed, person)
    areas = np.array([code for code, _ in truth.LSOAS], dtype=object)[area]
    areas[draw(seed, "no area", person) < 0.01] = ""
    number = np.array(nhs_number(person), dtype=object)
    dirt = draw(seed, "number", person)
    number[dirt < 0.02] = ""
    number[(dirt >= 0.02) & (dirt < 0.025)] = "1234567890"
    return {
        "NHS Number": pa.array(number.tolist(), pa.string()),
        "LSOA": pa.array(areas.tolist(), pa.string()),
        "Ethnic Category": pick(draw(seed, "ethnic", person), ETHNIC),
        "Date of Birth": dates(truth.BEGAN - timedelta(days=95 * 365), draw(seed, "born", person) * 94 * 365),
        "Sex": pick(draw(seed, "sex", person), ("1", "2")),
        "Interpreter Required": pa.array(np.where(draw(seed, "needs", person) < 0.05, "Y", "N").tolist()),
        "Learning Disability": pa.array(np.where(draw(seed, "ld", person) < 0.02, "Y", "N").tolist()),
    }


def _area(seed: int, person: Index) -> Days:
    return np.minimum((draw(seed, "area", person) * len(truth.LSOAS)).astype(np.int64), len(truth.LSOAS) - 1)


def _share(seed: int, person: Index, by_quintile: Mapping[int, float]) -> Draw:
    """The planted share of each person's quintile of deprivation."""
    quintile = np.array([(decile + 1) // 2 for _, decile in truth.LSOAS])[_area(seed, person)]
    return np.array([by_quintile[number] for number in range(1, 6)])[quintile - 1]


def _days_in_hospital(seed: int, what: str, person: Index) -> Days:
    short = _SHORT_DAYS[(draw(seed, f"short {what}", person) * len(_SHORT_DAYS)).astype(np.int64)]
    low, high = _LONG_DAYS
    long = low + (draw(seed, f"days {what}", person) * (high - low)).astype(np.int64)
    is_long = draw(seed, f"long {what}", person) < _share(seed, person, truth.LONG_STAY_BY_QUINTILE)
    return np.where(is_long, long, short).astype(np.int64)


def _stays(seed: int, person: Index, site: str, first_day: date) -> tuple[pa.Table, Days]:
    """Every stay at a site from `first_day` on, by its first day, and those days as ordinals."""
    days = (_LAST_DAY - first_day).days + 1
    admitted = first_day.toordinal() + (draw(seed, "admitted", person) * days).astype(np.int64)
    is_emergency = draw(seed, "method", person) < 0.65
    methods = np.where(is_emergency, np.where(draw(seed, "by", person) < 0.8, "21", "22"), "11")
    died = draw(seed, "died", person) < 0.03
    spells = []
    for kind in _SPELL_KINDS:
        left = admitted + _days_in_hospital(seed, kind, person)
        spells.append(_spell_stays(seed, kind, person, site, admitted, left, methods, died))
        # Within 30 days: on the first to the thirtieth day after the discharge.
        again = left + 1 + (draw(seed, f"again {kind}", person) * 30).astype(np.int64)
        comes_back = draw(seed, f"back {kind}", person) < _share(seed, person, truth.READMITTED_BY_QUINTILE)
        back = ~died & comes_back & (again <= _LAST_DAY.toordinal())
        person, admitted, died = person[back], again[back], died[back]
        methods = np.full(len(person), "21")
    table = pa.concat_tables([stays for stays, _ in spells])
    began = np.concatenate([starts for _, starts in spells])
    order = np.argsort(began, kind="stable")
    return table.take(pa.array(order)), began[order]


def _spell_stays(
    seed: int,
    kind: str,
    person: Index,
    site: str,
    admitted: Days,
    left: Days,
    methods: npt.NDArray[np.str_],
    died: npt.NDArray[np.bool_],
) -> tuple[pa.Table, Days]:
    """One or two stays of each admission: emergencies of two days and more begin on an assessment unit."""
    has_two = (methods != "11") & (left - admitted >= 2)
    moved = admitted + 1
    last = _LAST_DAY.toordinal()
    here = [ward for ward in truth.wards_on(truth.LAST_MONTH) if ward.site == site]
    units = [ward for ward in here if ward.type == "assessment"]
    wards = [ward for ward in here if ward.type == "inpatient" and ward.ward_id not in _UNSETTLED]
    is_sensitive = draw(seed, f"sens {kind}", person) < 0.01
    known = _person(seed, person)
    noon = draw(seed, f"noon {kind}", person)
    minutes = (draw(seed, f"time {kind}", person) * 60).astype(np.int64)
    hours = np.where(noon < truth.BEFORE_NOON, 8 + (noon * 20).astype(np.int64), 12 + (noon * 9).astype(np.int64))
    is_gone = left <= last
    destination = np.where(died, "79", np.where(draw(seed, f"to {kind}", person) < 0.9, "19", "54"))

    tables, starts = [], []
    for place, kept in (("1", np.ones(len(person), dtype=bool)), ("2", has_two & (moved <= last))):
        choice = units if place == "1" else wards
        is_unit = has_two if place == "1" else np.zeros(len(person), dtype=bool)
        ward = (draw(seed, f"ward {kind}{place}", person) * len(wards)).astype(np.int64)
        unit = (draw(seed, f"unit {kind}", person) * len(choice)).astype(np.int64) % len(units)
        begins = admitted if place == "1" else moved
        ends = np.where(is_unit, moved, left)
        name = np.where(
            is_unit, np.array([one.name for one in units])[unit], np.array([one.name for one in wards])[ward]
        )
        name = np.where(
            (name == truth.RENAMED.new_name) & (begins < truth.RENAMED.on.toordinal()), truth.RENAMED.old_name, name
        )
        specialty = np.where(
            is_unit, np.array([one.specialty for one in units])[unit], np.array([one.specialty for one in wards])[ward]
        )
        columns = {
            "Stay ID": pa.array([f"{kind}{number:09d}-{place}" for number in person.tolist()]),
            "Spell ID": pa.array([f"{kind}{number:09d}" for number in person.tolist()]),
            "Site Code": pa.array([site] * len(person)),
            "Ward": pa.array(name.tolist()),
            "Specialty Code": pa.array(np.where(is_sensitive, truth.SENSITIVE_SERVICE, specialty).tolist()),
            "Admission Method": pa.array(methods.tolist(), pa.string()),
            "Admission Date": _days(admitted),
            "Ward Start Date": _days(begins),
            "Ward End Date": _blank(_days(ends), ends > last),
            "Discharge Date": _blank(_days(left), ~is_gone),
            "Discharge Time": _blank(
                pa.array(
                    [f"{hour:02d}:{minute:02d}" for hour, minute in zip(hours, minutes, strict=True)], pa.string()
                ),
                ~is_gone,
            ),
            "Discharge Destination": _blank(pa.array(destination.tolist(), pa.string()), ~is_gone),
            **known,
        }
        table = pa.table([columns[name] for name in _STAY_HEADER], names=list(_STAY_HEADER))
        tables.append(table.filter(pa.array(kept)))
        starts.append(begins[kept])
    return pa.concat_tables(tables), np.concatenate(starts)


def _days(ordinals: Days) -> pa.Array:
    return dates(date.fromordinal(1), (ordinals - 1).astype(np.float64))


def _blank(texts: pa.Array, where: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(where), pa.scalar(""), texts)


def _with_dirt(table: pa.Table, site: str) -> pa.Table:
    if site == truth.STAY_TWICE_SITE:
        return pa.concat_tables([table, table.slice(0, 1)])
    if site == truth.STAY_REVERSED_SITE:
        rows = table.slice(0, 1).to_pylist()
        rows[0]["Ward End Date"] = "01/01/2025"
        return pa.concat_tables([pa.Table.from_pylist(rows, schema=table.schema), table.slice(1)])
    return table


def _waiting(seed: int, pathways: int, copied_on: date, copies_later: int) -> pa.Table:
    """The list on a day so many copies before the last: who waits on the last day, and who was seen in between."""
    person = np.arange(pathways, dtype=np.uint64)
    weeks = _weeks(seed, "w", person) - 4 * copies_later
    still = weeks >= 0
    seen = np.arange(pathways, pathways + copies_later * (pathways // 8), dtype=np.uint64)
    # Seen before the next copy, or before one later: each is on all copies before, with four weeks less.
    leaves = (seen - np.uint64(pathways)) // np.uint64(max(1, pathways // 8)) + np.uint64(1)
    seen_weeks = _weeks(seed, "w", seen) - 4 * (copies_later - leaves.astype(np.int64))
    waits = seen_weeks >= 0
    person = np.concatenate([person[still], seen[waits]])
    weeks = np.concatenate([weeks[still], seen_weeks[waits]])
    weeks[0] = truth.WAITED_TOO_LONG
    columns = {
        "Pathway ID": pa.array([f"W{number:09d}" for number in person.tolist()]),
        "Snapshot Date": pa.array([f"{copied_on:%d/%m/%Y}"] * len(person)),
        "Site Code": pick(draw(seed, "list at", person), tuple(site.code for site in truth.SITES)),
        "Specialty Code": pa.array(
            np.where(
                draw(seed, "sens w", person) < 0.01,
                truth.SENSITIVE_SERVICE,
                np.array(_LIST_SPECIALTIES)[(draw(seed, "clinic w", person) * len(_LIST_SPECIALTIES)).astype(np.int64)],
            ).tolist()
        ),
        "Weeks Waited": pa.array([str(number) for number in weeks.tolist()]),
        "Priority": pick(draw(seed, "priority", person), ("1", "1", "1", "1", "2", "2", "3")),
        **_person(seed, person),
    }
    return pa.table([columns[name] for name in _LIST_HEADER], names=list(_LIST_HEADER))


def _weeks(seed: int, what: str, person: Index) -> Days:
    waited = draw(seed, f"weeks {what}", person)
    is_long = draw(seed, f"over {what}", person) < _share(seed, person, truth.WAITED_18_WEEKS_BY_QUINTILE)
    return np.where(is_long, 18 + (waited * 48).astype(np.int64), (waited * 18).astype(np.int64)).astype(np.int64)

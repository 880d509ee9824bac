"""Example files of the improvement feeds: projects week by week, measures, cycles, benefits, interventions, notes.

Planted: the control totals of the published case study; the register's own words for a status; identifiers used
again; scores that are stale; projects without measure or without recent values; rows of a project that no register
names; interventions with and without an effect behind them.

Kept out: which projects and wards these are (`truth`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ingest.examples import truth
from ingest.examples.delivery import Delivery, day
from ingest.examples.programmes import engaged

_DELIVERED = date(2026, 4, 8)
# Name, aim, strategic aims, measure, unit, direction, baseline, target, indicator. Invented.
_TOPICS = (
    ("Falls huddle", "Halve falls on the ward by next spring", "safe_care", "Falls per 1,000 bed days", "per_1000",
     "decrease", 6.0, 3.0, "FALLS_1000"),
    ("Turning chart at the bedside", "No pressure ulcer of category 2 or above for 60 days", "safe_care",
     "Pressure ulcers per 1,000 bed days", "per_1000", "decrease", 1.4, 0.6, "PRESSURE_ULCERS_1000"),
    ("Home before lunch", "A third of discharges before noon", "access_and_flow", "Discharges before noon", "pct",
     "increase", 14.0, 33.0, ""),
    ("Interpreter booked with the appointment", "Nobody waits for an interpreter", "equity | access_and_flow",
     "Appointments with the interpreter booked", "pct", "increase", 41.0, 90.0, ""),
    ("Medicines to go home", "Medicines ready when the patient is", "access_and_flow | safe_care",
     "Minutes from decision to medicines", "minutes", "decrease", 190.0, 60.0, ""),
    ("Ten minutes for the team", "Everybody has a say once a week", "people_and_culture", "Huddles held", "per_week",
     "increase", 1.0, 5.0, ""),
    ("Clot assessment on arrival", "Assessed within 14 hours, 95 of 100", "safe_care", "VTE assessed", "pct",
     "increase", 91.0, 95.0, "VTE_PCT"),
)  # fmt: skip


def projects() -> list[tuple[str, str, int]]:
    """Every project as identifier, status in the last copy, and number."""
    found: list[tuple[str, str, int]] = []
    for status, count in truth.PROJECT_STATUSES:
        for _ in range(count):
            number = len(found) + 1
            found.append((f"P{number:04d}", status, number))
    return found


def deliveries() -> Iterator[Delivery]:
    """The files of the improvement feeds, the same in every size and for every seed."""
    for week, copied_on in enumerate(truth.PROJECT_WEEKS):
        yield _projects(week, copied_on)
    yield _measures()
    yield _values()
    yield _cycles()
    yield _benefits()
    yield _interventions()
    yield _notes()
    yield _help()


def _begun(number: int) -> date:
    return date(2023, 5, 1) + timedelta(days=17 * number % 700)


def _ended(number: int) -> date:
    return _begun(number) + timedelta(days=180 + 13 * number % 120)


def _projects(week: int, copied_on: date) -> Delivery:
    header = (
        "Register Date", "Project ID", "Project Name", "Aim", "Strategic Aims", "Status", "Progress Score",
        "Score Date", "Target Group", "Population Group", "Site Code", "Ward ID", "Programme ID", "Cohort ID",
        "Start Date", "End Date", "Lead Role", "QI Coach", "Shareable",
    )  # fmt: skip
    rows = [
        row
        for project_id, status, number in projects()
        if not (project_id in truth.PROJECTS_NEW_FROM[0] and week < truth.PROJECTS_NEW_FROM[1])
        for row in _copies(project_id, status, number, week, copied_on)
    ]
    return Delivery("project", f"project_register_{copied_on:%Y-%m-%d}.csv", copied_on, header, [*rows, [""] * 19])


def _copies(project_id: str, status: str, number: int, week: int, copied_on: date) -> Iterator[list[str]]:
    status = next((held for held, until in truth.PROJECT_HISTORY.get(project_id, ()) if week < until), status)
    name, aim, aims, *_ = _TOPICS[number % len(_TOPICS)]
    wards = sorted(truth.ENROLMENTS, key=lambda item: (item.wave, item.ward_id))
    ward = wards[number % len(wards)]
    is_on_ward = number % 5 != 0
    runs = status in {"active", "paused", "completed"}
    scored = truth.SCORE_STALE_SINCE if project_id in truth.SCORE_STALE else copied_on - timedelta(days=number % 60)
    ends = day(_ended(number)) if status in {"completed", "stopped"} else ""
    if project_id == truth.COMPLETED_WITHOUT_END:
        ends = ""
    if project_id == truth.PROJECT_ID_REUSED[0] and week >= truth.PROJECT_ID_REUSED[1]:
        name, aim, number = "Quiet at night", "Four nights a week without an alarm", number + 1
    words = truth.STATUS_SYNONYMS[status]
    cohort = f"PRAC-{2023 + number % 3}-{1 + number % 4}" if number % 3 == 0 and runs else ""
    row = [
        day(copied_on), project_id, name, aim, aims, words[(number + week) % len(words)],
        f"{0.5 * (1 + (number + week) % 9):.1f}" if runs else "", day(scored) if runs else "",
        "People in the most deprived fifth" if number % 8 == 0 else "",
        "Older people with frailty" if number % 6 == 0 else "",
        ward.site, ward.ward_id if is_on_ward else "",
        "QSIR_PRACTITIONER" if cohort else (truth.PROGRAMME if runs else ""), cohort,
        day(_begun(number)) if status != "idea" else "", ends, "Ward manager" if is_on_ward else "Matron",
        f"QI coach {1 + number % 4}" if runs else "", "N" if number % 10 == 0 else "Y",
    ]  # fmt: skip
    yield row
    if (project_id, week) == truth.PROJECT_ID_TWICE:
        yield [*row[:2], f"{name}, second ward", *row[3:]]


def _measured() -> list[tuple[str, str, int]]:
    """Projects with a measure: all that completed or run, less those planted without."""
    return [item for item in projects() if item[1] in {"completed", "active"} and item[0] not in truth.NO_MEASURE]


def _measures() -> Delivery:
    header = (
        "Measure ID", "Project ID", "Measure Name", "Type", "Indicator", "Unit", "Direction", "Baseline", "Target",
    )  # fmt: skip
    rows = []
    for project_id, _, number in _measured():
        _, _, _, name, unit, direction, low, high, indicator = _TOPICS[number % len(_TOPICS)]
        rows.append(
            (f"{project_id}-M1", project_id, name, "outcome", indicator, unit, direction, f"{low:g}", f"{high:g}")
        )
        if number % 2:
            takes = ("Minutes a day it takes", "Balancing", "", "minutes", "neutral", "", "")
            rows.append((f"{project_id}-M2", project_id, *takes))
    orphan = truth.ORPHANED_PROJECT
    rows.append((f"{orphan}-M1", orphan, "Steps taken", "process", "", "steps", "increase", "10", "20"))
    return Delivery("project_measure", "project_measure.csv", _DELIVERED, header, rows)


def _values() -> Delivery:
    header = ("Measure ID", "Date", "Value")
    rows = []
    for project_id, status, number in _measured():
        baseline, target = _TOPICS[number % len(_TOPICS)][6:8]
        last = truth.LAST_MONTH if status == "active" else _ended(number).replace(day=1)
        if project_id in truth.NO_RECENT_VALUE:
            last = date(2025, 12, 1)
        months = [last]
        while len(months) < 8:
            months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
        for place, month in enumerate(months):
            wiggle = ((number * 7 + place * 3) % 5 - 2) * 0.03 * abs(target - baseline)
            rows.append((f"{project_id}-M1", day(month), f"{baseline + (target - baseline) * place / 10 + wiggle:.2f}"))
    # A value that is none is refused; one of a measure that nobody listed waits as an orphan.
    rows += [("P0046-M2", "01/03/2026", "not done"), ("P0888-M1", "01/03/2026", "3")]
    return Delivery("measure_value", "measure_value.csv", _DELIVERED, header, [*rows, [""] * len(header)])


def _cycles() -> Delivery:
    header = ("Project ID", "Cycle", "Start Date", "End Date", "Plan", "Learning", "Decision", "Shareable")
    rows = []
    for project_id, status, number in _measured():
        cycles = 1 + number % 3
        for cycle in range(1, cycles + 1):
            began = _begun(number) + timedelta(days=45 * (cycle - 1))
            runs = status == "active" and cycle == cycles
            decision = "" if runs else ("adapt", "adopt", "abandon")[(number + cycle) % 3]
            rows.append(
                [project_id, str(cycle), day(began), "" if runs else day(began + timedelta(days=30)),
                 "Try it with one bay for a week", "" if runs else "Works by day, not yet by night", decision,
                 "N" if number % 10 == 0 else "Y"]
            )  # fmt: skip
    # The first one names a person, so its text is withheld; the second ended and nobody decided; one has no project.
    rows[0][5] = "Dr Example thinks that it works"
    rows[1][6] = ""
    rows.append([truth.ORPHANED_PROJECT, "1", "01/09/2025", "", "Count steps", "", "", "Y"])
    return Delivery("pdsa_cycle", "pdsa_cycle.csv", _DELIVERED, header, rows)


def _benefits() -> Delivery:
    header = (
        "Benefit ID", "Project ID", "Benefit Type", "Benefit Name", "Unit", "Planned", "Realised", "Validated",
        "Validated By", "Validated On", "Cost",
    )  # fmt: skip
    rows = []
    for project_id, status, number in projects():
        if status not in {"completed", "active"} or number > 90:
            continue
        is_money = number % 3 == 0
        planned = 500 * (4 + number % 9) if is_money else 20 + number % 30
        done = status == "completed"
        validated = done and number % 2 == 1
        rows.append(
            [
                f"{project_id}-B1", project_id, "cost_avoided" if is_money else "time_released",
                "Agency shifts not booked" if is_money else "Nursing hours given back", "GBP" if is_money else "hours",
                f"{planned:,}", f"{planned * 8 // 10:,}" if done else "", f"{planned * 6 // 10:,}" if validated else "",
                "Finance business partner" if validated else "",
                day(min(_ended(number) + timedelta(days=60), date(2026, 3, 31))) if validated else "",
                str(50 * (number % 7)),
            ]
        )  # fmt: skip
    # One validated by nobody, one validated above what was realised, one of no project.
    rows[0][8] = ""
    rows[2][7] = "4,100"
    rows.append([f"{truth.ORPHANED_PROJECT}-B1", truth.ORPHANED_PROJECT, "safety", "Steps", "steps", "10", *[""] * 5])
    return Delivery("benefit", "benefit.csv", _DELIVERED, header, rows)


def _interventions() -> Delivery:
    header = (
        "Intervention ID", "Ward ID", "Intervention Name", "Project ID", "Problem", "What Was Changed", "Start Date",
        "End Date", "Expected Indicators", "Expected Named On", "Adopted From", "Contact Role", "Shareable",
    )  # fmt: skip
    types = {ward.ward_id: ward.type for ward in truth.REGISTER}
    huddles = [item for item in engaged() if types[item.ward_id] in truth.BED_WARDS]
    rows = []
    for place, item in enumerate(huddles):
        start = truth.first_month_of_effect(item.ward_id)
        # Each takes it from the ward fifteen places before: the wave before, more or less.
        source = huddles[place - 15].ward_id if place >= 15 else ""
        rows.append(
            [truth.INTERVENTION, item.ward_id, "Safety huddle", f"P{1 + 7 * (place % 20):04d}",
             "Patients fall and lie too long in one position", "Ten minutes at the board each morning, with actions",
             day(start), "", "FALLS_1000|PRESSURE_ULCERS_1000", day(item.reached["engagement"]), source,
             "Ward manager", "Y"]
        )  # fmt: skip
    name, wards, start = truth.INTERVENTION_WITHOUT_EFFECT
    for ward_id in (*wards, truth.INTERVENTION_ORPHAN):
        named = date(2025, 2, 1) if ward_id == truth.NAMED_AFTERWARDS else date(2024, 9, 15)
        expected = "" if ward_id == truth.NOTHING_EXPECTED else "COMPLAINTS_1000"
        rows.append(
            [name, ward_id, "Discharge board", "", "Families do not know the day of discharge",
             "A board that says it", day(start), "", expected, day(named) if expected else "", "", "Matron",
             "N" if ward_id == "W035" else "Y"]
        )  # fmt: skip
    return Delivery("intervention", "intervention.csv", _DELIVERED, header, rows)


def _notes() -> Delivery:
    header = ("Ward ID", "Indicator", "Month", "What This Means", "Author Role", "Review Date", "Shareable")
    rows = [
        ("W027", "FALLS_1000", "01/02/2025", "Five falls were reported late; the month was sent again.", "Ward analyst",
         "01/06/2025", "Y"),
        ("W005", "VTE_PCT", "01/04/2024", "The definition changed; the ward does as before.", "Ward analyst",
         "01/04/2025", "Y"),
        ("W035", "FALLS_1000", "01/04/2025", "Two wards became one this month.", "Ward analyst", "01/10/2025", "Y"),
        ("W009", "FILL_RATE_DAY_RN_PCT", "01/07/2025", "No rosters were sent: this is not a zero.", "Ward analyst",
         "", "Y"),
        ("W050", "COMPLAINTS_1000", "01/03/2024", "Talk to the ward manager before this is shown.", "Ward analyst",
         "01/09/2024", "N"),
    ]  # fmt: skip
    return Delivery("analyst_note", "analyst_note.csv", _DELIVERED, header, rows)


def _help() -> Delivery:
    header = ("Contact ID", "Ward ID", "Contact Date", "Topic", "Data Set", "Outcome")
    datasets = ("DISCHARGE_TIMES", "INCIDENT_THEMES", "ROSTERS", "WARD_INDICATORS", "LENGTH_OF_STAY")
    outcomes = ("Provided", "Explained", "Provided", "Referred")
    rows = [
        (
            f"C{number:03d}", item.ward_id, day(item.reached["diagnostic"] + timedelta(days=number % 9)),
            "What the diagnostic pack shows", datasets[number % 5], outcomes[number % 4],
        )
        for number, item in enumerate(engaged(), start=1)
        if number % 2
    ]  # fmt: skip
    # Something provided that nobody named; a data set that nobody lists.
    rows.append(("C900", "W001", "12/01/2026", "Call bells at night", "", "Provided"))
    rows.append(("C901", "W001", "19/01/2026", "Call bells at night", "CALL_BELLS", "Not_available"))
    return Delivery("data_engagement", "data_engagement.csv", _DELIVERED, header, rows)

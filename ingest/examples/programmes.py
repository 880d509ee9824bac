"""Example files of the programme feeds: programmes, wards of the sixty-ward programme, their issues, system teams.

Planted: sixty wards in four waves of five a site, stages reached to different degrees, one ward withdrawn, one with
two stages out of order, one written under a name that only an alias explains and again under its own, one on two
programmes; issues with a telephone number, closed
before they were raised, closed by nobody, of an event that nobody listed.

Kept out: which ward is in which wave and when it reached what (`truth`); courses and who went to them (`courses`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ingest.examples import truth
from ingest.examples.delivery import Delivery, day

_DELIVERED = date(2026, 4, 7)
# Identifier, name, type, start, end, lead role, funder. Dates and funders are invented.
_PROGRAMMES = (
    ("QSIR_FUNDAMENTALS", "QSIR Fundamentals", "qsir_fundamentals", date(2022, 4, 1), None, "Trust"),
    ("QSIR_PRACTITIONER", "QSIR Practitioner", "qsir_practitioner", date(2022, 4, 1), None, "Trust"),
    ("WRAPPED_IMPROVEMENT", "Wrapped improvement", "wrapped_improvement", date(2023, 4, 1), None, "Trust"),
    ("WRAPPED_FRAILTY", "Wrapped improvement: frailty", "wrapped_improvement", date(2024, 4, 1), None, "Trust"),
    (
        "ICB_SYSTEM",
        "System improvement teams",
        "icb_system",
        date(2021, 9, 1),
        date(2026, 8, 31),
        "Integrated care board",
    ),
    (truth.PROGRAMME, "Sixty wards", "sixty_wards", truth.WAVE_STARTS[0], date(2024, 12, 31), "Hospitals charity"),
)


def deliveries() -> Iterator[Delivery]:
    """The files of programmes, wards, issues and teams, the same in every size and for every seed."""
    yield Delivery(
        "programme",
        "programme.csv",
        _DELIVERED,
        ("Programme ID", "Programme", "Programme Type", "Start Date", "End Date", "Lead Role", "Funder"),
        [
            (programme_id, name, kind, day(start), day(end), "Head of improvement", funder)
            for programme_id, name, kind, start, end, funder in _PROGRAMMES
        ],
    )
    header = (
        "Programme ID", "Site Code", "Ward", "Wave", "Enrolled",
        *(f"{stage.capitalize()} Date" for stage in truth.STAGES), "Status",
    )  # fmt: skip
    ward_id, programme_id = truth.ON_TWO_PROGRAMMES
    rows = [
        *(_row(item) for item in sorted(truth.ENROLMENTS, key=lambda item: (item.wave, item.site, item.ward_id))),
        _again(),
        *((programme_id, *_row(item)[1:]) for item in truth.ENROLMENTS if item.ward_id == ward_id),
    ]
    yield Delivery("ward_enrolment", "ward_enrolment.csv", _DELIVERED, header, [*rows, [""] * len(header)])
    yield _system_teams()
    yield _events()
    yield _issues()
    yield _equality()


def _row(item: truth.Enrolment) -> tuple[str, ...]:
    return (
        truth.PROGRAMME, item.site, _name(item), str(item.wave), day(item.enrolled),
        *(day(item.reached.get(stage)) for stage in truth.STAGES), item.status.capitalize(),
    )  # fmt: skip


def _again() -> tuple[str, ...]:
    """The second row of the ward that is on the list twice."""
    ward_id, wave, enrolled = truth.ENROLLED_TWICE
    ward = next(ward for ward in truth.wards_on(enrolled) if ward.ward_id == ward_id)
    return (
        truth.PROGRAMME, ward.site, ward.name, str(wave), day(enrolled), *("" for _ in truth.STAGES), "Enrolled",
    )  # fmt: skip


def _name(enrolment: truth.Enrolment) -> str:
    for alias in truth.ALIASES:
        if alias.feed == "ward_enrolment" and alias.ward_id == enrolment.ward_id:
            return alias.text
    return next(ward.name for ward in truth.wards_on(enrolment.enrolled) if ward.ward_id == enrolment.ward_id)


# Problem, population group and outcome of the three teams of a cohort, in turn.
_TEAMS = (
    ("People wait too long for a frailty assessment", "Older people with frailty", "Two days, was nine"),
    ("Children with asthma come back to hospital", "Children with asthma", "A plan shared with the school"),
    ("Missed visits in the most deprived streets", "People in the most deprived fifth", "Fewer missed first visits"),
)
_TEAM_SRO = ("Director of strategy", "Chief nurse", "Director of public health")


def _system_teams() -> Delivery:
    header = (
        "Cohort ID", "Team", "Team Name", "Problem", "Population Group", "SRO Role", "QI Coach Role", "Size", "Status",
        "Project ID", "Outcome", "Shareable",
    )  # fmt: skip
    rows = []
    for number in range(1, 6):
        for team, (problem, group, outcome) in enumerate(_TEAMS, start=1):
            # Of the second cohort's third team nobody wrote down what came of it; the fourth cohort's first is one
            # short of eight.
            said = "" if number == 5 or (number, team) == (2, 3) else outcome
            rows.append(
                (
                    f"ICB-{number}", str(team), f"Team {number}.{team}", problem, group, _TEAM_SRO[team - 1],
                    "QI coach", "7" if (number, team) == (4, 1) else "8", "Active" if number == 5 else "Completed",
                    f"P{50 + 3 * number + team:04d}", said, "N" if team == 2 else "Y",
                )
            )  # fmt: skip
    return Delivery("system_team", "system_team.csv", _DELIVERED, header, rows)


# What staff said gets in their way: text, theme. Invented.
_ISSUES = (
    ("Linen runs out before the weekend", "Supplies"),
    ("Bleeps for things that could wait for the round", "Communication"),
    ("Nobody knows who holds the keys of the drug cupboard", "Medicines"),
    ("Discharge letters wait for one computer", "Equipment"),
    ("The board round starts without the therapists", "Teamwork"),
    ("Call bells cannot be heard in the side rooms", "Environment"),
    ("Observations are written down twice", "Records"),
)
_CATEGORIES = (
    "fix", "improve", "fix", "change", "fix", "improve", "fix", "improve", "fix", "change",
    "fix", "improve", "fix", "change", "fix", "improve", "fix", "improve", "change", "uncategorised",
)  # fmt: skip
_OWNERS = {"fix": "Ward manager", "improve": "Matron", "change": "Divisional director", "uncategorised": ""}


def engaged() -> list[truth.Enrolment]:
    """The wards that held their engagement event, in the order of the day, then of the ward."""
    held = [item for item in truth.ENROLMENTS if "engagement" in item.reached]
    return sorted(held, key=lambda item: (item.reached["engagement"], item.ward_id))


def _events() -> Delivery:
    header = ("Event ID", "Programme ID", "Ward ID", "Event Date", "Facilitator", "Attendees")
    rows = [
        (
            f"E{number:03d}", truth.PROGRAMME, item.ward_id, day(item.reached["engagement"]), "QI facilitator",
            str(8 + number * 5 % 13),
        )
        for number, item in enumerate(engaged(), start=1)
    ]  # fmt: skip
    return Delivery("engagement_event", "engagement_event.csv", _DELIVERED, header, rows)


def _issues() -> Delivery:
    header = (
        "Issue ID", "Event ID", "Ward ID", "Raised On", "Issue Text", "Theme", "Category", "Owner Role",
        "Needed Permission", "Needed Resource", "Status", "Resolved By", "Closed On", "Project ID", "Shareable",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for event, item in enumerate(engaged(), start=1):
        for place in range(6 + event % 4):
            rows.append(_issue(len(rows) + 1, f"E{event:03d}", item, place))
    return Delivery("engagement_issue", "engagement_issue.csv", _DELIVERED, header, [*rows, [""] * len(header)])


def _issue(number: int, event: str, item: truth.Enrolment, place: int) -> tuple[str, ...]:
    issue_id, raised = f"I{number:04d}", item.reached["engagement"]
    text, theme = _ISSUES[(number + place) % len(_ISSUES)]
    category = _CATEGORIES[number % len(_CATEGORIES)]
    # Fixes are closed but every sixth, of the others every third.
    is_closed = number % 6 != 0 if category == "fix" else number % 3 == 0
    closed: date | None = raised + timedelta(days=5 + number * 11 % (40 if category == "fix" else 200))
    resolved = "ward_team" if category == "fix" or number % 2 else "division"
    if issue_id == truth.ISSUE_WITH_NUMBER:
        text = "Ring 01268 555 0100 for the spare key, nobody else has it"
    if issue_id == truth.ISSUE_DATES_REVERSED:
        is_closed, closed = True, raised - timedelta(days=30)
    if issue_id == truth.ISSUE_RESOLVED_BY_NOBODY:
        is_closed, resolved = True, ""
    if issue_id == truth.ISSUE_WITHOUT_EVENT:
        event = "E999"
    needs = category in {"improve", "change"}
    return (
        issue_id, event, item.ward_id, day(raised), text, theme, category, _OWNERS[category],
        "Y" if needs and number % 4 < 2 else "N", "Y" if category == "change" else "N",
        "Closed" if is_closed else ("Open", "In_progress")[number % 2],
        resolved if is_closed else "", day(closed) if is_closed else "",
        f"P{1 + number % 144:04d}" if category == "improve" else "", "N" if number % 4 == 0 else "Y",
    )  # fmt: skip


def _equality() -> Delivery:
    header = ("Financial Year", "Measure", "Ethnic Group", "People", "Of These")
    rows = []
    for (year, measure), counts in truth.WORKFORCE_EQUALITY.items():
        for group, (people, of_these) in zip(("White", "BME", "Not known"), counts, strict=True):
            rows.append((year, measure, group, str(people), str(of_these)))
        if measure == "non_mandatory_training":
            total, of_total = (str(sum(column)) for column in zip(*counts, strict=True))
            rows.append((year, measure, "All staff", total, of_total))
    return Delivery("workforce_equality", "workforce_equality.csv", _DELIVERED, header, rows)

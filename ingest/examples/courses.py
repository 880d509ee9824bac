"""Example files of the courses: cohorts, sessions, participants, nominations, places and registers.

Planted: a person under two references, a place that was never booked, a certificate that nobody earned, a register
corrected after the certificate, marks of every kind (`Y`, `1`, a tick, words), one that is none, one row twice.

Kept out: which courses there are and how many complete them (`truth`); the sixty-ward programme (`programmes`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from ingest.examples import truth
from ingest.examples.delivery import Delivery, day

_DELIVERED = date(2026, 4, 7)
# Twenty posts in turn, so that shares of staff groups are round: nearly half are nurses, one in twenty is a porter.
_POSTS = (
    *["nursing_midwifery"] * 9,
    *["clinical_support"] * 4,
    *["medical_dental"] * 2,
    *["allied_health"] * 2,
    "administrative",
    "estates_ancillary",
    "healthcare_science",
)
_BANDS = {
    "nursing_midwifery": ("band_5_6", "band_7", "band_8_9"),
    "clinical_support": ("band_2_4",),
    "medical_dental": ("medical",),
    "allied_health": ("band_5_6", "band_7"),
    "administrative": ("band_2_4", "band_5_6"),
    "estates_ancillary": ("band_2_4",),
    "healthcare_science": ("band_7",),
}
_ON_WARDS = {"nursing_midwifery", "clinical_support", "medical_dental", "allied_health"}
# Of a system team's eight members five are the trust's.
_OUTSIDE = {5: "council", 6: "vcse", 7: "primary_care"}
_MARKS = (("Y", "N"), ("1", "0"), ("\u2713", "N"), ("Attended", "Did not attend"))
_GRANTED = {"ICB_SYSTEM": ("Integrated care board", date(2026, 8, 31)), truth.PROGRAMME: ("Hospitals charity", None)}
_COST = {"FUND": "1200.00", "PRAC": "9600.00", "WRAP": "18000.00", "ICB": "62000.00"}


@dataclass
class Person:
    """A participant: reference, sector, and posts as (from, to, site, ward, staff group, band)."""

    ref: str
    sector: str
    posts: list[tuple[date, date | None, str, str, str, str]]
    same_as: str = ""


@dataclass
class World:
    """Everybody who ever took part, and who sits where on which course."""

    people: list[Person] = field(default_factory=list)
    seats: dict[str, list[Person]] = field(default_factory=dict)
    # Of each ward that reached the stage nomination: the person, and the course where a place was given.
    nominees: dict[str, tuple[Person, str]] = field(default_factory=dict)

    def join(self, sector: str, start: date, ward: truth.Ward | None = None) -> Person:
        """A new person, in a post that began before `start`, on that ward where one is given."""
        number = len(self.people) + 1
        begins = date(2019, 1, 1) + timedelta(days=number * 37 % 900)
        person = Person(f"R{number:05d}", sector, [])
        self.people.append(person)
        if sector != "trust":
            person.posts.append((begins, None, "", "", "", ""))
            return person
        group = "nursing_midwifery" if ward else _POSTS[number * 7 % len(_POSTS)]
        band = _BANDS[group][number % len(_BANDS[group])]
        wards = [item for item in truth.wards_on(truth.BEGAN) if item.site == truth.SITES[number % 3].code]
        here = ward or wards[number // 3 % len(wards)]
        ends = date(2025, 1 + number % 12, 1) if number % 9 == 4 and start.year < 2025 else None
        moves = date(2025, 3, 1) if ends is None and number % 23 == 5 and group in _ON_WARDS else None
        ward_id = here.ward_id if group in _ON_WARDS else ""
        person.posts.append((begins, ends or moves, here.site, ward_id, group, band))
        if moves:
            other = wards[(number // 3 + 5) % len(wards)]
            person.posts.append((moves, None, other.site, other.ward_id, group, band))
        return person


def world() -> World:
    """The people of every course, seat by seat; the same in every size and for every seed."""
    made = World()
    nominating = [item for item in truth.ENROLMENTS if "nomination" in item.reached]
    trained = sorted(
        (item for item in nominating if "training" in item.reached),
        key=lambda item: (item.reached["nomination"], item.ward_id),
    )
    for course in sorted(truth.COURSES, key=lambda course: (course.start, course.cohort_id)):
        seats: list[Person] = []
        earlier = [
            other for other in truth.COURSES
            if other.programme == "QSIR_FUNDAMENTALS" and other.end < course.start
        ]  # fmt: skip
        if course.programme == "QSIR_PRACTITIONER":
            if earlier:
                last = max(earlier, key=lambda other: other.start)
                alumni = made.seats[last.cohort_id][8 : 8 + 2 * truth.ALUMNI_PER_RUN]
                # A second run after the same day takes the next two.
                seats += [person for person in alumni if not _practised(made, person)][: truth.ALUMNI_PER_RUN]
            while trained and len(seats) < 8 and trained[0].reached["nomination"] < course.start:
                item = trained.pop(0)
                ward = next(ward for ward in truth.wards_on(item.enrolled) if ward.ward_id == item.ward_id)
                person = made.join("trust", course.start, ward)
                made.nominees[item.ward_id] = person, course.cohort_id
                seats.append(person)
        while len(seats) < course.booked:
            sector = "trust"
            if course.programme == "ICB_SYSTEM":
                sector = _OUTSIDE.get(len(seats) % truth.SYSTEM_TEAM_SIZE, "trust")
            seats.append(made.join(sector, course.start))
        made.seats[course.cohort_id] = seats
    for item in nominating:
        if item.ward_id not in made.nominees:
            ward = next(ward for ward in truth.wards_on(item.enrolled) if ward.ward_id == item.ward_id)
            made.nominees[item.ward_id] = made.join("trust", item.enrolled, ward), ""
    cohort, seat = truth.TWO_REFERENCES
    first = made.seats[cohort][seat]
    made.people.append(Person(f"R{len(made.people) + 1:05d}", first.sector, first.posts, first.ref))
    return made


def _practised(made: World, person: Person) -> bool:
    return any(person in seats for cohort, seats in made.seats.items() if cohort.startswith("PRAC"))


def deliveries() -> Iterator[Delivery]:
    """The files of the courses, the same in every size and for every seed."""
    made = world()
    yield _cohorts()
    yield _sessions()
    yield _participants(made)
    yield _nominations(made)
    yield _bookings(made)
    yield from _registers(made)


def _cohorts() -> Delivery:
    rows = []
    for course in truth.COURSES:
        funder, until = _GRANTED.get(course.programme, ("Trust", None))
        status = "funded" if until is None or course.end <= until else "requested"
        rows.append(
            (
                course.cohort_id, course.programme, course.name, str(course.number), day(course.start),
                day(course.end), str(max(course.booked, 24)), "", funder, status, day(until),
                _COST[course.cohort_id.split("-")[0]],
            )
        )  # fmt: skip
    for wave, start in enumerate(truth.WAVE_STARTS, start=1):
        end = truth.next_month(truth.next_month(truth.next_month(start))) - timedelta(days=1)
        rows.append(
            (
                f"SIXTY-{wave}", truth.PROGRAMME, f"Wave {wave}", str(wave), day(start), day(end),
                "", "", "Hospitals charity", "ended", "31/12/2024", "15000.00",
            )
        )  # fmt: skip
    header = (
        "Cohort ID", "Programme ID", "Cohort Name", "Cohort No", "Start Date", "End Date", "Planned Places",
        "Site Code", "Funder", "Funding Status", "Funding End Date", "Cost",
    )  # fmt: skip
    return Delivery("cohort", "cohort.csv", _DELIVERED, header, [*rows, [""] * len(header)])


def _sessions() -> Delivery:
    rows = []
    for course in truth.COURSES:
        site = truth.SITES[course.number % 3].code if course.programme != "ICB_SYSTEM" else ""
        for number, (held_on, curriculum) in enumerate(course.days, start=1):
            rows.append(
                (
                    f"{course.cohort_id}-{number}", course.cohort_id, str(number), day(held_on), curriculum, site,
                    str(max(course.booked, 24)), "Held" if held_on <= truth.HELD_TO else "Planned",
                )
            )  # fmt: skip
    header = ("Session ID", "Cohort ID", "Day", "Date", "Curriculum", "Site Code", "Places", "Status")
    return Delivery("session", "session.csv", _DELIVERED, header, rows)


def _participants(made: World) -> Delivery:
    header = (
        "Participant Ref", "Sector", "Site Code", "Ward ID", "Staff Group", "Band Group", "Post From", "Post To",
        "Same Person As",
    )  # fmt: skip
    rows = [
        (
            person.ref, person.sector, site, ward_id, group, band, day(begins), day(ends),
            person.same_as,
        )
        for person in made.people
        for begins, ends, site, ward_id, group, band in person.posts
    ]  # fmt: skip
    return Delivery("participant", "participant.csv", _DELIVERED, header, rows, encoding="utf-8-sig")


def _nominations(made: World) -> Delivery:
    header = (
        "Nomination ID", "Participant Ref", "Programme ID", "Ward ID", "Nominated", "Nominated By", "Status",
        "Cohort ID", "Project ID",
    )  # fmt: skip
    rows = []
    on = {item.ward_id: item.reached.get("nomination", item.enrolled) for item in truth.ENROLMENTS}
    for number, (ward_id, (person, cohort)) in enumerate(sorted(made.nominees.items())):
        status = "Booked" if cohort else ("Waiting", "Declined", "Withdrawn")[number % 3]
        rows.append(
            [person.ref, "QSIR_PRACTITIONER", ward_id, day(on[ward_id]), "Ward manager", status, cohort,
             project_of(made, person) if cohort else ""]
        )  # fmt: skip
    for place in range(truth.WAITING_FOR_NEXT):
        person = _waiting(made)[place]
        rows.append(
            [person.ref, "QSIR_FUNDAMENTALS", "", day(date(2026, 2, 2 + place)), "Line manager", "Waiting", "", ""]
        )
    numbered = [[f"N{number:04d}", *row] for number, row in enumerate(rows, start=1)]
    return Delivery("nomination", "nomination.csv", _DELIVERED, header, numbered)


def project_of(made: World, person: Person) -> str:
    """The project that a nominated person brought home; empty for none. P0010 on, two of every three nominees."""
    order = sorted(
        (cohort, ward_id) for ward_id, (_, cohort) in made.nominees.items() if cohort
    )  # fmt: skip
    for place, (_, ward_id) in enumerate(order):
        if made.nominees[ward_id][0] is person:
            return "" if place % 3 == 2 else f"P{10 + place:04d}"
    return ""


def _waiting(made: World) -> list[Person]:
    # Trust staff of the last system cohort, who want the fundamentals as well.
    return [person for person in made.seats["ICB-5"] if person.sector == "trust"][: truth.WAITING_FOR_NEXT]


def _bookings(made: World) -> Delivery:
    header = ("Cohort ID", "Participant Ref", "Booked", "Status", "Team", "Project ID", "Certificate Date")
    rows = []
    for course in truth.COURSES:
        booked_on = course.start - timedelta(days=40)
        for seat, person in enumerate(made.seats[course.cohort_id]):
            if (course.cohort_id, seat) == truth.NO_BOOKING:
                continue
            status = "Booked"
            if course.programme == "QSIR_PRACTITIONER" and seat == 15:
                status = "Cancelled"
            if course.cohort_id == truth.LEFT_TEAM and seat == 23:
                status = "Withdrawn"
            team, project = "", ""
            if course.programme == "ICB_SYSTEM":
                team = str(seat // truth.SYSTEM_TEAM_SIZE + 1)
            elif course.cohort_id.startswith("WRAP"):
                team = str(seat // 4 + 1)
                project = f"P{seat // 4 + (1 if course.start.year == 2023 else 5):04d}"
            elif course.programme == "QSIR_PRACTITIONER":
                project = project_of(made, person)
            earned = seat < course.completing or (course.cohort_id, seat) == truth.CERTIFICATE_UNEARNED
            if course.programme == "QSIR_PRACTITIONER" and (course.cohort_id, seat) != truth.CORRECTED:
                earned = earned and bool(project)
            certificate = day(course.end + timedelta(days=14)) if earned else ""
            rows.append((course.cohort_id, person.ref, day(booked_on), status, team, project, certificate))
    for place, person in enumerate(_waiting(made)):
        rows.append(("FUND-2026-1", person.ref, day(date(2026, 3, 2 + place)), "Waiting", "", "", ""))
    # A place that was typed in twice: one row stays.
    return Delivery("booking", "booking.csv", _DELIVERED, header, [*rows, rows[0], [""] * len(header)])


def _registers(made: World) -> Iterator[Delivery]:
    header = ("Session ID", "Cohort ID", "Participant Ref", "Attended")
    by_year: dict[int, list[list[str]]] = {}
    for course in sorted(truth.COURSES, key=lambda course: (course.start, course.cohort_id)):
        if course.start > truth.HELD_TO:
            continue
        year = course.start.year - (course.start.month < 4)
        rows = list(_register(made, course, corrected=False))
        if course.cohort_id == truth.REGISTER_ROW_TWICE[0]:
            rows.append(rows[truth.REGISTER_ROW_TWICE[1]])
        by_year.setdefault(year, []).extend(rows)
    for year, rows in by_year.items():
        delivered = min(date(year + 1, 6, 30), _DELIVERED)
        name = f"attendance_{year}-{(year + 1) % 100:02d}.csv"
        yield Delivery("attendance", name, delivered, header, [*rows, [""] * len(header)])
    course = next(course for course in truth.COURSES if course.cohort_id == truth.CORRECTED[0])
    rows = list(_register(made, course, corrected=True))
    yield Delivery("attendance", f"attendance_{course.cohort_id}_corrected.csv", date(2025, 9, 1), header, rows)


def _register(made: World, course: truth.Course, corrected: bool) -> Iterator[list[str]]:
    came, missed = _MARKS[course.number % len(_MARKS)]
    second = made.people[-1].ref
    for number, (held_on, _) in enumerate(course.days, start=1):
        if held_on > truth.HELD_TO:
            continue
        for seat, person in enumerate(made.seats[course.cohort_id]):
            mark, here = _mark(course, seat, number), (course.cohort_id, seat)
            if not mark or (here == truth.CORRECTED and corrected and number == len(course.days)):
                mark = mark and "absent"
            if not mark:
                continue
            ref = second if here == truth.TWO_REFERENCES and number > 3 else person.ref
            text = {"present": came, "absent": missed, "apologies": "Apologies"}[mark]
            if here == truth.UNREADABLE_MARK:
                text = "?"
            yield [f"{course.cohort_id}-{number}", course.cohort_id, ref, text]


def _mark(course: truth.Course, seat: int, number: int) -> str:
    """What the register says of a seat on a day: present, absent, apologies, or nothing."""
    if course.programme == "QSIR_FUNDAMENTALS":
        return {26: "absent", 27: "apologies"}.get(seat, "present")
    if course.programme == "QSIR_PRACTITIONER":
        missed = {13: {3: "apologies"}, 14: {2: "absent", 4: "absent"}}.get(seat, {})
        return "" if seat == 15 else missed.get(number, "present")
    if course.cohort_id.startswith("WRAP"):
        return "apologies" if (seat, number) == (15, 5) else "present"
    if course.cohort_id == truth.LEFT_TEAM and seat == 23:
        return "present" if number <= 2 else ""
    return "present"

"""What is true in the example's world, and what is planted in its files, as constants with a sentence each.

Belongs here: sites, wards, the sixty-ward programme, indicators, effects, dirt, and how many rows of each file the
contracts should accept. Tests and readers look here first; the domain modules only write it down. Sites and the
trust's code are real; wards, people, dates and every figure are invented.

Kept out: drawing figures and laying out files (one module per domain), writing them (`delivery`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Size:
    """How much is written: years of the trust's own feeds up to March 2026, providers in the A&E files, appointments.

    The planted facts are the same in every size, and so is every figure that two sizes share.
    """

    years: int
    providers: int
    appointments: int


# The real A&E files have about 200 providers; the trust, and with it the oldest site code, began in April 2020.
SIZES = {"small": Size(3, 25, 12_000), "medium": Size(3, 100, 300_000), "large": Size(6, 200, 10_000_000)}

TRUST = "RAJ"
TRUST_NAME = "Mid And South Essex NHS Foundation Trust"
BEGAN = date(2020, 4, 1)
LAST_MONTH = date(2026, 3, 1)


@dataclass(frozen=True)
class Site:
    """A hospital site; `predecessor` is the code under which the site stood before the trust was formed."""

    code: str
    name: str
    predecessor: str


SITES = (
    Site("RAJ01", "Southend Hospital", ""),
    Site("RAJ12", "Basildon Hospital", "RDDH0"),
    Site("RAJ32", "Broomfield Hospital", "RQ8L0"),
)


# --- Wards: 22 a site, W001 to W066 in the order of sites -----------------------------------------------------------


@dataclass(frozen=True)
class Ward:
    """One row of the ward register: what holds for a ward from `valid_from` until the day before `valid_to`."""

    ward_id: str
    name: str
    site: str
    specialty: str
    division: str
    type: str
    beds: int
    valid_from: date
    valid_to: date | None
    predecessor: str
    change: str

    def holds_on(self, day: date) -> bool:
        """Whether the row is the ward's on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


# Birds at Southend, trees at Basildon, rivers at Broomfield. Kingfisher Ward stands at two sites, as real names do:
# a name means a ward only together with its site.
_NAMES = {
    "RAJ01": "Avocet Bittern Curlew Dipper Dunlin Egret Fulmar Gannet Goldcrest Kittiwake Kingfisher Lapwing "
    "Mallard Nightjar Merlin Osprey Petrel Plover Redwing Siskin Swift Tern",
    "RAJ12": "Alder Aspen Beech Birch Cedar Cherry Cypress Elder Fir Hawthorn Hazel Holly Juniper Larch Linden "
    "Maple Myrtle Oak Poplar Rowan Spruce Willow",
    "RAJ32": "Avon Bure Derwent Esk Frome Greta Humber Irwell Kennet Lune Kingfisher Medway Nidd Ouse Parrett "
    "Ribble Severn Tamar Tees Ure Wharfe Wye",
}
# By place in the site: type, last word of the name, specialty (treatment function code), division.
_KINDS = (
    *[("inpatient", "Ward", code, "Medicine") for code in ("300", "300", "320", "340", "430", "430", "301", "361")],
    *[("inpatient", "Ward", code, "Surgery") for code in ("100", "101", "107", "110", "110", "120")],
    ("assessment", "Assessment Unit", "180", "Emergency Care"),
    ("assessment", "Assessment Unit", "100", "Surgery"),
    ("critical", "Critical Care Unit", "192", "Anaesthetics and Critical Care"),
    ("critical", "Critical Care Unit", "192", "Anaesthetics and Critical Care"),
    # The curly apostrophe makes the register a Windows file: it is no UTF-8 when saved by an old spreadsheet.
    ("maternity", "Maternity Ward", "501", "Women\u2019s and Children\u2019s"),
    ("daycase", "Day Unit", "100", "Surgery"),
    ("daycase", "Day Unit", "300", "Medicine"),
    ("virtual", "Virtual Ward", "300", "Medicine"),
)


@dataclass(frozen=True)
class Renamed:
    """A ward whose name changes on a day while its identifier stays."""

    ward_id: str
    old_name: str
    new_name: str
    on: date


@dataclass(frozen=True)
class Merged:
    """A ward that closes on a day and goes on as part of another one of the same site."""

    ward_id: str
    into: str
    beds_after: int
    on: date


@dataclass(frozen=True)
class Moved:
    """A ward that moves from one site to another on a day, with its name and identifier."""

    ward_id: str
    from_site: str
    to_site: str
    on: date


# Dunlin Ward becomes Sanderling Ward: a new register row of the same ward. The pulse survey goes on writing the old
# name to the end, so that its rows of later quarters find their ward by the alias alone.
RENAMED = Renamed("W005", "Dunlin Ward", "Sanderling Ward", date(2023, 10, 1))
# Larch Ward goes into Juniper Ward. Neither is on the programme, so that the plan of waves is not touched.
MERGED = Merged("W036", "W035", 30, date(2025, 4, 1))
# Nightjar Ward moves from Southend to Basildon; its months before stay Southend's. Not on the programme either.
MOVED = Moved("W014", "RAJ01", "RAJ12", date(2025, 1, 1))


def _first_rows() -> Iterator[Ward]:
    number = 0
    for site in SITES:
        for place, (name, kind) in enumerate(zip(_NAMES[site.code].split(), _KINDS, strict=True)):
            number += 1
            ward_type, noun, specialty, division = kind
            beds = {"daycase": 12, "virtual": 0}.get(ward_type, 20 + 7 * (place + number) % 11)
            yield Ward(
                f"W{number:03d}", f"{name} {noun}", site.code, specialty, division, ward_type, beds,
                BEGAN, None, "", "open",
            )  # fmt: skip


def _register() -> Iterator[Ward]:
    for ward in _first_rows():
        values = dict(vars(ward))
        if ward.ward_id == RENAMED.ward_id:
            yield Ward(**values | {"valid_to": RENAMED.on})
            yield Ward(**values | {"name": RENAMED.new_name, "valid_from": RENAMED.on, "change": "rename"})
        elif ward.ward_id == MERGED.ward_id:
            yield Ward(**values | {"valid_to": MERGED.on})
        elif ward.ward_id == MERGED.into:
            yield Ward(**values | {"valid_to": MERGED.on})
            merged = {"beds": MERGED.beds_after, "predecessor": MERGED.ward_id, "change": "merge"}
            yield Ward(**values | {"valid_from": MERGED.on} | merged)
        elif ward.ward_id == MOVED.ward_id:
            yield Ward(**values | {"valid_to": MOVED.on})
            yield Ward(**values | {"site": MOVED.to_site, "valid_from": MOVED.on, "change": "move"})
        else:
            yield ward


REGISTER = tuple(_register())


def wards_on(day: date) -> list[Ward]:
    """The register's rows that hold on a day, by site, then identifier."""
    return sorted((ward for ward in REGISTER if ward.holds_on(day)), key=lambda ward: (ward.site, ward.ward_id))


@dataclass(frozen=True)
class Alias:
    """What a name means in a feed (`*`: in every feed) on a site between two dates, as the data steward decided."""

    feed: str
    site: str
    text: str
    ward_id: str
    valid_from: date
    valid_to: date | None


ALIASES = (
    # The renamed ward's old name in the survey, needed from the day of the rename on.
    Alias("pulse_survey", "RAJ01", RENAMED.old_name, RENAMED.ward_id, RENAMED.on, None),
    # Up to March 2024 the performance team shortened this name; the alias ends with the habit.
    Alias("*", "RAJ01", "Merlin AU", "W015", BEGAN, date(2024, 4, 1)),
    # The improvement team's own list leaves out the word Ward here.
    Alias("ward_enrolment", "RAJ12", "Poplar Maternity", "W041", BEGAN, None),
)


# --- The sixty-ward programme ---------------------------------------------------------------------------------------

PROGRAMME = "SIXTY_WARDS"
WAVE_STARTS = (date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1))
WARDS_PER_WAVE_AND_SITE = 5
# Two wards a site never join: with those that never reach engagement they are what the effect is held against.
NEVER_ENROLLED = ("W013", "W014", "W035", "W036", "W057", "W058")
STAGES = ("diagnostic", "engagement", "nomination", "training", "action")
# Stages reached by the five wards of a site, wave by wave: the first wave is done, the last has hardly begun.
_STAGES_REACHED = ((5, 5, 5, 5, 5), (5, 5, 5, 4, 4), (4, 4, 3, 3, 2), (3, 2, 2, 1, 0))
_DAYS_TO_STAGE = (14, 35, 56, 90, 125)
# At Basildon the fifth ward of wave 4 withdraws before its diagnostic: the wave has four wards there, not five.
WITHDRAWN = "W044"
# A register kept by hand: this ward's nomination is dated a day before its engagement (a warning, the row stays).
STAGES_OUT_OF_ORDER = "W002"


@dataclass(frozen=True)
class Enrolment:
    """A ward on the sixty-ward programme: its wave and the day on which it reached each stage so far."""

    ward_id: str
    site: str
    wave: int
    enrolled: date
    reached: dict[str, date]
    status: str


def _enrolments() -> Iterator[Enrolment]:
    wards = [ward for ward in _first_rows() if ward.ward_id not in NEVER_ENROLLED]
    for site in SITES:
        here = [ward for ward in wards if ward.site == site.code]
        for wave, start in enumerate(WAVE_STARTS, start=1):
            # Every fourth ward, so that each wave has a mix of types; the last is the site's latest in the list.
            for place, ward in enumerate(here[wave - 1 :: len(WAVE_STARTS)]):
                stages = 0 if ward.ward_id == WITHDRAWN else _STAGES_REACHED[wave - 1][place]
                reached = {
                    stage: start + timedelta(days=days + 4 * place)
                    for stage, days in zip(STAGES[:stages], _DAYS_TO_STAGE[:stages], strict=True)
                }
                if ward.ward_id == STAGES_OUT_OF_ORDER:
                    reached["nomination"] = reached["engagement"] - timedelta(days=1)
                status = "completed" if stages == len(STAGES) else "active" if stages else "enrolled"
                if ward.ward_id == WITHDRAWN:
                    status = "withdrawn"
                enrolled = start + timedelta(days=2 * place)
                yield Enrolment(ward.ward_id, ward.site, wave, enrolled, reached, status)


ENROLMENTS = tuple(_enrolments())
ENGAGED_ON = {item.ward_id: item.reached["engagement"] for item in ENROLMENTS if "engagement" in item.reached}


# --- Indicators and the effect that is planted ----------------------------------------------------------------------

# In the order in which the performance team's file lists them.
INDICATORS = (
    "FALLS_1000",
    "PRESSURE_ULCERS_1000",
    "COMPLAINTS_1000",
    "SICKNESS_PCT",
    "VTE_PCT",
    "FILL_RATE_DAY_RN_PCT",
)
BED_WARDS = ("inpatient", "assessment", "critical", "maternity", "escalation")
ALL_WARDS = (*BED_WARDS, "daycase", "virtual", "other")
APPLIES_TO = {
    "FALLS_1000": BED_WARDS,
    "PRESSURE_ULCERS_1000": BED_WARDS,
    "COMPLAINTS_1000": BED_WARDS,
    "SICKNESS_PCT": ALL_WARDS,
    "VTE_PCT": (*BED_WARDS, "daycase"),
    "FILL_RATE_DAY_RN_PCT": BED_WARDS,
}
# From the first whole month after its engagement a ward's expected rate is its earlier one times this: 30 % fewer
# falls, 40 % fewer pressure ulcers. No other indicator and no other ward changes.
EFFECTS = {"FALLS_1000": 0.70, "PRESSURE_ULCERS_1000": 0.60}
# Assessment within 14 hours replaces assessment at any time: a second version of the definition, and a level that
# falls although no ward does worse.
VTE_REDEFINED_ON = date(2024, 4, 1)
VTE_LEVELS = (0.965, 0.925)


def first_month_of_effect(ward_id: str) -> date | None:
    """First whole month after the ward's engagement; None where it never engaged."""
    day = ENGAGED_ON.get(ward_id)
    return None if day is None else next_month(day.replace(day=1))


# --- Dirt and events in ward_indicator ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restated:
    """One ward's count in a month that a later file of that month and site corrects."""

    ward_id: str
    site: str
    month: date
    indicator: str
    denominator: int
    old_numerator: int
    new_numerator: int
    old_value: str
    new_value: str


# Five falls of Cedar Ward were reported late: Basildon's February 2025 is delivered again, whole, in June 2025.
RESTATED = Restated("W027", "RAJ12", date(2025, 2, 1), "FALLS_1000", 700, 3, 8, "4.29", "11.43")


@dataclass(frozen=True)
class Misspelt:
    """A name that matches no ward and no alias, in the months from `first` to `last`."""

    ward_id: str
    site: str
    text: str
    first: date
    last: date


# Kittiwake Ward with a letter missing: twelve rows that wait for the steward, and two months that look late.
UNMATCHED = Misspelt("W010", "RAJ01", "Kitiwake Ward", date(2025, 11, 1), date(2025, 12, 1))
# The sender stars this ward's complaints for a whole year (12 rows, value `*`).
STARRED = ("W050", "COMPLAINTS_1000", date(2023, 4, 1), date(2024, 3, 1))
# The ward sent no rosters for three months (3 rows with nothing in them: missing, not zero).
MISSING = ("W009", "FILL_RATE_DAY_RN_PCT", date(2025, 7, 1), date(2025, 9, 1))
# The same row twice: one stays, one is refused.
TWICE_ALIKE = ("W002", "FALLS_1000", date(2023, 8, 1))
# The same key twice with other figures: nobody can tell which is true, so both are refused.
TWICE_DIFFERENT = ("W046", "FILL_RATE_DAY_RN_PCT", date(2025, 10, 1))
# The sender expects to restate these months, and says so.
PROVISIONAL_FROM = date(2026, 2, 1)


# --- Pulse survey ---------------------------------------------------------------------------------------------------

# The nine engagement questions: motivation, involvement, advocacy.
QUESTIONS = (
    "look_forward_to_work",
    "enthusiastic_about_job",
    "time_passes_quickly",
    "can_show_initiative",
    "can_make_suggestions",
    "can_make_improvements",
    "care_is_top_priority",
    "recommend_as_workplace",
    "recommend_for_care",
)
# Small teams answer as one unit: a group is no ward and has no row in the register.
SURVEY_GROUPS = {
    "critical": "Critical Care Group",
    "daycase": "Day and Virtual Care Group",
    "virtual": "Day and Virtual Care Group",
}
# Units of about eight to thirteen people, so that some bases fall under 11 in some quarters.
SMALL_UNITS = ("W004", "W006", "W028", "W030", "W032")


@dataclass(frozen=True)
class SurveyCell:
    """One unit's base in one quarter."""

    ward_id: str
    site: str
    unit: str
    quarter: date
    base: int


# The only base under 11 at Broomfield in that quarter. Hidden alone, it is the site's total less the other units: a
# second unit must be hidden with it.
SUBTRACTABLE = SurveyCell("W048", "RAJ32", "Esk Ward", date(2025, 1, 1), 7)


# Respondents of the staff survey's detailed sheet, and how many they are; the last too few to be shown.
DETAIL_RESPONDENTS = (("ALL TRUSTS", 900), ("No religion", 300), ("Christian staff", 540), ("Jewish staff", 8))


# --- A&E ------------------------------------------------------------------------------------------------------------

# Months of the two real layouts.
AE_FIRST_LAYOUT = (date(2024, 4, 1), date(2025, 3, 1))
AE_SECOND_LAYOUT = (date(2025, 4, 1), date(2025, 9, 1))
# September's real file has 28 headers: five blank ones and a lone `a`, with nothing below them.
AE_STRAY_HEADERS_MONTH = date(2024, 9, 1)
# April's real file has 0 for every dash: in headers (`Type 1 Departments 0 Major A&E`) and in percentages of nobody.
AE_WRONG_ZERO_MONTH = date(2025, 4, 1)
# The trust has no type 2 department: its type 2 percentage is 0.0 in April 2025 and `-` in the other months.
AE_WRONG_ZERO_EXAMPLE = (TRUST, "within_4_hours_type_2_pct")
# Providers with at least one wrong zero, of the 25 of the small example: all without departments of all three types.
AE_WRONG_ZERO_ROWS = 22
# One provider's published name changes with this month; its code stays.
AE_RENAMED = ("X03", date(2025, 9, 1))


# --- Friends and family test -----------------------------------------------------------------------------------------

FFT_MONTHS = (date(2025, 7, 1), date(2025, 8, 1))
# Other providers in the publication, invented: code, name, site, wards, and whether it is of the independent sector.
# A ward may be called by a number, which a spreadsheet holds as one.
FFT_OTHERS = (
    ("X03", "Northmere Hospitals NHS Trust", "X0301", ("1", "2", "Ward 12 "), False),
    ("X07", "Eastwold NHS Foundation Trust", "X0701", ("Acute  Medical Unit", "St Helen’s Ward"), False),
    ("X90", "Meadow Clinics Ltd", "X9001", ("Inpatients",), True),
)
# In a month one to four patients answer on these wards (critical care), so that they are suppressed; and one further
# ward of each site with them, which else would be the site's total less the others.
FFT_SUPPRESSED_TYPE = "critical"


# --- Workforce -------------------------------------------------------------------------------------------------------

WORKFORCE_MONTHS = (date(2025, 10, 1), LAST_MONTH)
# Number, name, division: one that stands in no row of cost_centre_ward, so waits; one that is of no ward, and says so.
UNMATCHED_COST_CENTRE = ("410099", "Siskin Ward Escalation Beds", "Medicine")
NO_WARD_COST_CENTRE = ("990001", "Human Resources", "Corporate")
# A ward with more people than posts: its vacancy is below zero.
NEGATIVE_VACANCY = ("Vacancy", "410003", date(2025, 12, 1), -1.4, 35.0)
# Nobody worked there, and the spreadsheet divided by it all the same: an error in a cell, so the row is refused.
DIVIDED_BY_ZERO = ("Agency", "410066", date(2026, 2, 1))


def cost_centre(ward_id: str) -> str:
    """The number of a ward's cost centre."""
    return f"410{ward_id[1:]}"


# --- Outpatient appointments ---------------------------------------------------------------------------------------

# Small areas, invented, with their national decile of deprivation (1 most deprived): the trust's area has all ten, in
# about the shares of the real one, where a tenth of people live in the two most deprived.
LSOAS = tuple(
    (f"E0109{number:04d}", decile)
    for number, decile in enumerate(
        decile for decile, areas in enumerate((4, 6, 8, 9, 10, 11, 12, 13, 14, 13), start=1) for _ in range(areas)
    )
)
# Share of appointments that are not attended, by quintile of deprivation: rises in a straight line.
MISSED_BY_QUINTILE = {1: 0.11, 2: 0.095, 3: 0.08, 4: 0.065, 5: 0.05}
# Genitourinary medicine: left out at the door.
SENSITIVE_SERVICE = "360"
# One file has names and postcodes in columns that no contract asks for. They must be found nowhere past landing.
STRAY_COLUMNS_SITE = "RAJ32"
STRAY_NAME = "Planted Surname-Neverkept"
STRAY_POSTCODE = "ZZ99 3WZ"
# In the last weeks of the last year three appointments in ten have no outcome yet; one site sends its last month again.
LATE_OUTCOME_DAYS = 40
LATE_OUTCOMES_SITE = "RAJ12"


# --- What the contracts should make of the small example ------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """Rows of one file below its header, by what becomes of them."""

    accepted: int
    rejected: int = 0
    totals: int = 0
    blank: int = 0


def months(first: date, last: date) -> list[date]:
    """First days of the months from `first` to `last`, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def next_month(month: date) -> date:
    """First day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


# By path below landing, for size small.
EXPECTED = {
    "site_register/site_register.csv": Rows(3),
    "ward_register/ward_register.csv": Rows(69),
    "ward_alias/ward_alias.csv": Rows(3),
    "indicator_definition/indicator_definition.csv": Rows(7),
    "fft_ward_list/fft_inpatient_ward_reference_jul2025.csv": Rows(71),
    "cost_centre_ward/cost_centre_ward.csv": Rows(68),
    "workforce/Workforce report March 2026.xlsx": Rows(2855, rejected=1, totals=294, blank=35),
    "ward_indicator/ward_indicator_2023-24.csv": Rows(4752, rejected=1, blank=3),
    "ward_indicator/ward_indicator_2024-25.csv": Rows(4752, totals=216, blank=1),
    "ward_indicator/ward_indicator_2025-26.csv": Rows(4679, rejected=2),
    "ward_indicator/ward_indicator_2025-02_RAJ12_restated.csv": Rows(138),
    **{
        f"ae_attendances/ae_activity_{month:%Y-%m}.csv": Rows(25, totals=1)
        for month in months(*AE_FIRST_LAYOUT)
    },
    **{f"ae_attendances/{month:%B-%Y}-AE.csv": Rows(25) for month in months(*AE_SECOND_LAYOUT)},
    **{f"fft_inpatient/FFT-inpatient-data-{month:%B-%Y}.xlsx": Rows(71, totals=3) for month in FFT_MONTHS},
    **{f"pulse_survey/pulse_survey_{year}_Q{quarter}.csv": Rows(rows, totals=27, blank=1)
       for year, rows in (("2023-24", 513), ("2024-25", 513), ("2025-26", 504)) for quarter in (1, 2, 4)},
    "staff_survey_detail/ST18 - job_sheet1 - religion.xlsx": Rows(28),
    "programme/programme.csv": Rows(5),
    "ward_enrolment/ward_enrolment.csv": Rows(60, blank=1),
    # Refused: the sensitive service, and in the last file of Southend a row sent twice.
    **{f"outpatient_appointment/outpatient_{site}_{year}.csv": Rows(accepted, rejected)
       for site, year, accepted, rejected in (
           ("RAJ01", "2023-24", 1239, 94), ("RAJ12", "2023-24", 1225, 108), ("RAJ32", "2023-24", 1221, 112),
           ("RAJ01", "2024-25", 1237, 96), ("RAJ12", "2024-25", 1220, 113), ("RAJ32", "2024-25", 1231, 102),
           ("RAJ01", "2025-26", 1212, 122), ("RAJ12", "2025-26", 1223, 110), ("RAJ32", "2025-26", 1214, 119),
       )},
    "outpatient_appointment/outpatient_RAJ12_2026-03_late_outcomes.csv": Rows(107, rejected=9),
}  # fmt: skip

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
    """How much is written: years of the trust's own feeds up to March 2026, providers in the A&E files, appointments,
    and whether the ward indicators tell the whole catalogue of 25 indicators in every month.

    The planted facts are the same in every size, and so is every figure that two sizes share.
    """

    years: int
    providers: int
    appointments: int
    has_whole_catalogue: bool


# The real A&E files have about 200 providers; the trust, and with it the oldest site code, began in April 2020.
SIZES = {
    "small": Size(3, 25, 12_000, has_whole_catalogue=False),
    "medium": Size(3, 100, 300_000, has_whole_catalogue=True),
    "large": Size(6, 200, 10_000_000, has_whole_catalogue=True),
}

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


# Trusts and sites as the Organisation Data Service listed them in 2018: RAJ was Southend's trust, and a code that is a
# hospital today stood for a department. Code, name, day of opening.
ORGANISATIONS_2018 = (
    ("RAJ", "SOUTHEND UNIVERSITY HOSPITAL NHS FOUNDATION TRUST", date(1991, 4, 1)),
    ("RAJ01", "SOUTHEND HOSPITAL", date(1991, 4, 1)),
    ("RAJ12", "BASILDON HOSPITAL", date(2003, 4, 1)),
    ("RAJ32", "BROOMFIELD PHYSIOTHERAPY DEPARTMENT", date(2011, 4, 1)),
    ("RDD", "BASILDON AND THURROCK UNIVERSITY HOSPITALS NHS FOUNDATION TRUST", date(1992, 4, 1)),
    ("RDDH0", "BASILDON UNIVERSITY HOSPITAL", date(1992, 4, 1)),
    ("RQ8", "MID ESSEX HOSPITAL SERVICES NHS TRUST", date(1995, 4, 1)),
    ("RQ8L0", "BROOMFIELD HOSPITAL", date(1995, 4, 1)),
)
PREDECESSOR_TRUSTS = ("RDD", "RQ8")


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
# The list has this ward twice: under its alias, and a wave later, not begun, under its name. The earlier row counts.
ENROLLED_TWICE = ("W041", 2, date(2024, 4, 9))
# This ward's row of the sixty-ward programme stands under a second programme as well, with wave and dates.
ON_TWO_PROGRAMMES = ("W006", "WRAPPED_FRAILTY")


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
# What the file lists further in the larger sizes, in every month.
MORE_INDICATORS = (
    "VACANCY_PCT",
    "TURNOVER_12M_PCT",
    "APPRAISAL_PCT",
    "MANDATORY_TRAINING_PCT",
    "NO_CRITERIA_TO_RESIDE_PCT",
    "BEFORE_NOON_PCT",
)
# And what the wards' own feeds tell of the last year, in the months before it. C. difficile is of that year alone.
FEED_INDICATORS = (
    "FALLS_HARM_1000",
    "MEDICATION_INCIDENTS_1000",
    "OCCUPANCY_PCT",
    "CHPPD_ALL",
    "CHPPD_RN",
    "CHPPD_CARE",
    "FILL_RATE_DAY_CARE_PCT",
    "FILL_RATE_NIGHT_RN_PCT",
    "FILL_RATE_NIGHT_CARE_PCT",
    "FFT_POSITIVE_PCT",
    "FFT_NEGATIVE_PCT",
    "FFT_RESPONSE_PCT",
)
# What the workforce workbook tells of each ward.
WORKFORCE_INDICATORS = (
    "VACANCY_PCT",
    "TURNOVER_12M_PCT",
    "APPRAISAL_PCT",
    "MANDATORY_TRAINING_PCT",
    "BANK_PCT",
    "AGENCY_PCT",
)
# What the stays of patients tell of the ward from which each left the hospital.
DISCHARGE_INDICATORS = ("MEAN_STAY_DAYS", "STAY_21_DAYS_PCT", "BEFORE_NOON_PCT")
# Rare events, of which the days between are charted: from `infection` and `rare_event`.
BETWEEN_INDICATORS = (
    "CDIFF_DAYS_BETWEEN",
    "MRSA_DAYS_BETWEEN",
    "NEVER_EVENT_DAYS_BETWEEN",
    "FALL_SEVERE_DAYS_BETWEEN",
    "PRESSURE_ULCER_4_DAYS_BETWEEN",
    "CARDIAC_ARREST_DAYS_BETWEEN",
    "MEDICATION_SEVERE_DAYS_BETWEEN",
)
BED_WARDS = ("inpatient", "assessment", "critical", "maternity", "escalation")
ALL_WARDS = (*BED_WARDS, "daycase", "virtual", "other")
# When the owner signed an indicator off, and when it was last audited.
SIGNED_OFF = {
    "FALLS_1000": (date(2025, 6, 2), date(2026, 1, 15)),
    "PRESSURE_ULCERS_1000": (date(2025, 6, 2), None),
}

APPLIES_TO = {
    "FALLS_1000": BED_WARDS,
    "PRESSURE_ULCERS_1000": BED_WARDS,
    "COMPLAINTS_1000": BED_WARDS,
    "SICKNESS_PCT": ALL_WARDS,
    "VTE_PCT": (*BED_WARDS, "daycase"),
    "FILL_RATE_DAY_RN_PCT": BED_WARDS,
    # Not in ward_indicator: made of the wards' own feeds.
    **dict.fromkeys(
        (
            "FALLS_HARM_1000",
            "MEDICATION_INCIDENTS_1000",
            "OCCUPANCY_PCT",
            "CHPPD_ALL",
            "CHPPD_RN",
            "CHPPD_CARE",
            "FILL_RATE_DAY_CARE_PCT",
            "FILL_RATE_NIGHT_RN_PCT",
            "FILL_RATE_NIGHT_CARE_PCT",
            "CDIFF",
            *DISCHARGE_INDICATORS,
            *BETWEEN_INDICATORS,
        ),
        BED_WARDS,
    ),
    **dict.fromkeys(("FFT_POSITIVE_PCT", "FFT_NEGATIVE_PCT", "FFT_RESPONSE_PCT"), (*BED_WARDS, "daycase")),
    **dict.fromkeys(WORKFORCE_INDICATORS, ALL_WARDS),
    # In the larger sizes alone.
    "NO_CRITERIA_TO_RESIDE_PCT": BED_WARDS,
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

# The trust's own results: a workbook a year, and one of the benchmark, which is weighted and lies higher by so much.
STAFF_SURVEY_YEARS = (2023, 2024, 2025)
STAFF_SURVEY_BENCHMARK = (2025, 0.15)
# Staff say by so much more a year that their voice counts; every other measure stays where it was but for chance.
VOICE_RISE = 0.2
# Eight answered in this unit and year: nothing of it is shown, and the site's result holds them.
STAFF_SURVEY_FEW = (2024, "RAJ12", "Emergency Care RAJ12")
STAFF_SURVEY_MEASURES = (
    ("We are compassionate and inclusive", 7.1), ("We are recognised and rewarded", 5.8),
    ("We each have a voice that counts", 6.4), ("We are safe and healthy", 5.9), ("We are always learning", 5.5),
    ("We work flexibly", 6.1), ("We are a team", 6.7), ("Staff Engagement", 6.7), ("Morale", 5.8),
)  # fmt: skip


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


def payroll_centre(ward_id: str) -> str:
    """The number of a ward's cost centre in payroll, which counts heads."""
    return f"RW{ward_id[1:]}"


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
# One admission for four appointments. Of those who go home alive this share comes back as an emergency within 30
# days, to the same site, and of all admissions this share lasts three weeks or more; both rise in a straight line.
# That a fifth goes home before noon is the same for all: no gap may be found there.
APPOINTMENTS_PER_ADMISSION = 4
READMITTED_BY_QUINTILE = {1: 0.16, 2: 0.14, 3: 0.12, 4: 0.10, 5: 0.08}
LONG_STAY_BY_QUINTILE = {1: 0.11, 2: 0.09, 3: 0.07, 4: 0.05, 5: 0.03}
BEFORE_NOON = 0.2
# A stay sent twice (one is refused), and one that ends before it begins (refused).
STAY_TWICE_SITE, STAY_REVERSED_SITE = "RAJ12", "RAJ32"
# One pathway for ten appointments. On the last copy this share has waited 18 weeks or more; rises in a straight line.
APPOINTMENTS_PER_PATHWAY = 10
WAITED_18_WEEKS_BY_QUINTILE = {1: 0.52, 2: 0.48, 3: 0.44, 4: 0.40, 5: 0.36}
# Sundays four weeks apart; between two copies one pathway in eight of the last list's size is closed.
WAITING_LIST_COPIES = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 29))
LAST_COPY = WAITING_LIST_COPIES[-1]
# A wait of eight years: a warning, the row stays.
WAITED_TOO_LONG = 416
# --- Sickness absence and waiting times (NHS England) -----------------------------------------------------------------

# Published four months and six weeks after their month.
SICKNESS_MONTHS = (date(2024, 12, 1), date(2025, 11, 1))
RTT_MONTHS = (date(2025, 11, 1), date(2026, 1, 1))
# Bodies of the sickness files that treat nobody, so are no providers: code, name, kind as published.
SICKNESS_BODIES = (
    ("QH8", "NHS Mid and South Essex Integrated Care Board", "Integrated Care Board"),
    ("0ZZ", "NHS Brindle Commissioning Support Unit", "Commissioning Support Unit"),
    ("T9990", "NHS Thistle Authority", "Others"),
)
# One provider's sickness rate is published as that of the month before: it does not recompute.
SICKNESS_WRONG_RATE = ("X05", date(2025, 5, 1))
# The header of this month is spelled in words, its days have commas, and a blank column trails.
SICKNESS_OTHER_HEADER_MONTH = date(2025, 7, 1)
# This month is issued again: the trust had left some days out.
SICKNESS_REVISED_MONTH = date(2025, 3, 1)
# One row of waits whose weeks add up to one less than all its pathways, as published.
RTT_WRONG_SUM = ("X02", date(2025, 12, 1))
# This month is issued again with other waits of one provider.
RTT_REVISED = ("X03", date(2025, 11, 1))
# --- Courses and who went through them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """One cohort: who runs it, its days with their curriculum, and how many people are booked."""

    cohort_id: str
    programme: str
    name: str
    number: int
    days: tuple[tuple[date, str], ...]
    booked: int
    completing: int

    @property
    def start(self) -> date:
        """The first day."""
        return self.days[0][0]

    @property
    def end(self) -> date:
        """The last day."""
        return self.days[-1][0]


# Sessions up to here are held, later ones planned.
HELD_TO = date(2026, 3, 31)
# Day and month on which the four runs of a financial year begin.
_FUNDAMENTALS_RUNS = ((10, 5), (13, 9), (15, 11), (7, 2))
_PRACTITIONER_RUNS = ((20, 4), (22, 6), (21, 9), (11, 1))
# Of 28 booked on a fundamentals day 26 come, one sends apologies, one does not come. Of 16 on a practitioner run 13
# come on all five days, one misses one, one two, one cancels. Of 16 on a wrapped course one misses the last day.
FUNDAMENTALS_BOOKED, FUNDAMENTALS_COMPLETING = 28, 26
PRACTITIONER_BOOKED, PRACTITIONER_COMPLETING = 16, 13
WRAPPED_BOOKED, WRAPPED_COMPLETING = 16, 15
# Three teams of eight; five days of QSIR and four of the Staff College, one a month from September on.
SYSTEM_TEAMS, SYSTEM_TEAM_SIZE = 3, 8
_SYSTEM_CURRICULUM = (*("qsir", "staff_college") * 4, "qsir")


def _weekly(start: date, days: int) -> tuple[tuple[date, str], ...]:
    return tuple((start + timedelta(days=7 * number), "qsir") for number in range(days))


def _courses() -> Iterator[Course]:
    for kind, programme, runs, days, booked, completing in (
        ("FUND", "QSIR_FUNDAMENTALS", _FUNDAMENTALS_RUNS, 1, FUNDAMENTALS_BOOKED, FUNDAMENTALS_COMPLETING),
        ("PRAC", "QSIR_PRACTITIONER", _PRACTITIONER_RUNS, 5, PRACTITIONER_BOOKED, PRACTITIONER_COMPLETING),
    ):
        for place in range(4 * len(runs)):
            year, run = 2022 + place // len(runs), place % len(runs) + 1
            day, month = runs[run - 1]
            cohort_id, name = f"{kind}-{year}-{run}", f"Run {run} of {year}-{(year + 1) % 100}"
            dates = _weekly(date(year + (month < 4), month, day), days)
            yield Course(cohort_id, programme, name, place + 1, dates, booked, completing)
    for programme, start in (("WRAPPED_IMPROVEMENT", date(2023, 9, 13)), ("WRAPPED_FRAILTY", date(2024, 9, 11))):
        yield Course(
            f"WRAP-{start.year}", programme, f"Autumn {start.year}", 1, _weekly(start, 5),
            WRAPPED_BOOKED, WRAPPED_COMPLETING,
        )  # fmt: skip
    for number, year in enumerate(range(2021, 2026), start=1):
        monthly = [date(year + (month > 12), (month - 1) % 12 + 1, 16) for month in range(9, 18)]
        people = SYSTEM_TEAMS * SYSTEM_TEAM_SIZE
        yield Course(
            f"ICB-{number}", "ICB_SYSTEM", f"Cohort {number}", number,
            tuple(zip(monthly, _SYSTEM_CURRICULUM, strict=True)), people,
            0 if number == 5 else people - (f"ICB-{number}" == LEFT_TEAM),
        )  # fmt: skip
    # The next fundamentals day: twelve places taken, five people waiting, nobody trained yet.
    yield Course("FUND-2026-1", "QSIR_FUNDAMENTALS", "Run 1 of 2026-27", 17, _weekly(date(2026, 5, 12), 1), 12, 0)


# One member of this cohort's third team withdraws after two days.
LEFT_TEAM = "ICB-3"
COURSES = tuple(_courses())
WAITING_FOR_NEXT = 5
# Two of each practitioner run but the first did the fundamentals before: they are trained once, not twice.
ALUMNI_PER_RUN = 2
# A register under two references: the first three days under one, the last two under the other. Only together is the
# course complete.
TWO_REFERENCES = ("PRAC-2023-2", 11)
# This person's place was never booked; the register shows that they came.
NO_BOOKING = ("FUND-2024-2", 5)
# A certificate although the person did not come.
CERTIFICATE_UNEARNED = ("FUND-2023-3", 26)
# The register first says that this person came on the last day; the corrected one, after the certificate, that not.
# Nor did they bring a project, without which nobody else has the practitioner's certificate.
CORRECTED = ("PRAC-2024-3", 12)
# A mark that is none (`?`), of somebody who did not come: the row is refused. One row stands twice in another file.
UNREADABLE_MARK = ("FUND-2022-2", 26)
REGISTER_ROW_TWICE = ("PRAC-2023-1", 0)
# People who completed a course, each once, after every correction: 416 + 208 + 30 + 95, less 30 who did two and the
# one whom the corrected register takes back. The published case study says over 700.
TRAINED = 718
# A nominee for each ward that reached the stage training; of every three, two bring a project home.
NOMINEES_WITH_PROJECT = 24


# --- Workforce race equality ------------------------------------------------------------------------------------------

# By year and measure: people of whom it can be said, and those to whom it happened, white, black and minority ethnic,
# and not known. Training comes closer year by year; what is left in the last is no more than chance.
WORKFORCE_EQUALITY = {
    ("2023-24", "non_mandatory_training"): ((10120, 3340), (4210, 1090), (420, 96)),
    ("2024-25", "non_mandatory_training"): ((10040, 3280), (4580, 1260), (390, 88)),
    ("2025-26", "non_mandatory_training"): ((9960, 3190), (4910, 1520), (370, 84)),
    # So few that the year is not told; and three, who are not, while the others are.
    ("2024-25", "formal_disciplinary_process"): ((10040, 28), (4580, 4), (390, 0)),
    ("2025-26", "formal_disciplinary_process"): ((9960, 31), (4910, 22), (370, 3)),
    # More appointed than shortlisted: the row is refused, and nothing stands beside the white applicants.
    ("2024-25", "appointed_from_shortlisting"): ((2340, 690), (440, 1880), (92, 14)),
    ("2025-26", "appointed_from_shortlisting"): ((2210, 640), (1930, 455), (85, 12)),
}


# --- Engagement events and issues -----------------------------------------------------------------------------------

# From this issue text a telephone number is to be kept out: the text is withheld.
ISSUE_WITH_NUMBER = "I0100"
# Closed before it was raised (refused); closed without who resolved it; of an event that nobody listed.
ISSUE_DATES_REVERSED = "I0200"
ISSUE_RESOLVED_BY_NOBODY = "I0050"
ISSUE_WITHOUT_EVENT = "I0150"
# Issues accepted, of which closed, of which by the ward's own staff without permission or resource.
ISSUES, ISSUES_CLOSED, ISSUES_CLOSED_BY_WARD_ALONE = 404, 196, 147


# --- Projects -------------------------------------------------------------------------------------------------------

# The published case study: 469 ideas, of which 45 completed and 99 in progress (approved, active or paused). The rest
# is our own: 300 still ideas, 25 stopped. By number, P0001 first; holds in the last weekly copy.
PROJECT_STATUSES = (("completed", 45), ("active", 80), ("approved", 12), ("paused", 7), ("idea", 300), ("stopped", 25))
IDEAS, COMPLETED, IN_PROGRESS = 469, 45, 99
# The register writes a status in words of its own, by week.
STATUS_SYNONYMS = {
    "idea": ("Idea", "New", "Proposed"),
    "approved": ("Approved",),
    "active": ("Active", "In Progress", "Live"),
    "paused": ("Paused", "On hold"),
    "completed": ("Completed", "Complete", "Done"),
    "stopped": ("Stopped", "Abandoned", "Cancelled"),
}
PROJECT_WEEKS = tuple(date(2026, 2, 23) + timedelta(days=7 * week) for week in range(6))
# Status before the last copies: project, status, first week (counted from 0) in which it no longer holds.
PROJECT_HISTORY = {"P0045": (("active", 4),), "P0126": (("idea", 2),), "P0046": (("idea", 1), ("approved", 4))}
# These ideas come with the fourth copy.
PROJECTS_NEW_FROM = (tuple(f"P{number:04d}" for number in range(440, 445)), 3)
# An identifier used again: in the first two copies it names another project.
PROJECT_ID_REUSED = ("P0469", 2)
# In the second copy one identifier stands twice with different names: both rows are refused.
PROJECT_ID_TWICE = ("P0200", 1)
# Progress last scored on 17 November 2025: over 90 days before every copy.
SCORE_STALE = tuple(f"P{number:04d}" for number in range(50, 59))
SCORE_STALE_SINCE = date(2025, 11, 17)
COMPLETED_WITHOUT_END = "P0007"
# Running projects with no measure, and running projects whose last value is of December 2025.
NO_MEASURE = tuple(f"P{number:04d}" for number in range(60, 66))
NO_RECENT_VALUE = tuple(f"P{number:04d}" for number in range(70, 76))
# A project that no register names: a measure, a cycle and a benefit are left behind (orphans).
ORPHANED_PROJECT = "P0999"
# Validated by somebody outside the projects, in pounds, all benefits together.
VALIDATED_GBP = 17900


# --- Interventions, notes, help with data, waivers ------------------------------------------------------------------

# On every engaged ward with beds, from the month in which the planted effect begins.
INTERVENTION = "HUDDLE"
# Changes with no effect planted behind them: nothing may be found there. W035 is the ward that another one merged into
# half-way.
INTERVENTION_WITHOUT_EFFECT = ("DISCHARGE_BOARD", ("W013", "W035", "W057"), date(2024, 10, 1))
NAMED_AFTERWARDS = "W057"
NOTHING_EXPECTED = "W013"
# An intervention on a ward that the register does not have.
INTERVENTION_ORPHAN = "W999"
# What comes of each waiver by rule, whatever the day: what its contract says of it; the other two expired in 2026.
WAIVERS_REFUSED = {
    "contract.ae_attendances.wrong_zero_percentage": "holds no release",
    "gate.indicators.month_complete": "more than 90 days",
    "gate.release.no_nhs_number": "cannot be waived",
    "gate.reference.ward_reports": "also approved it",
}
WAIVERS_EXPIRED = {"model.fct_wave.on_plan", "gate.surveys.quarter_complete"}


# --- Ward feeds: the last year comes from its sources too -------------------------------------------------------------

# Bed days, staffing, incidents and the Friends and Family Test tell what ward_indicator tells of the same months, to
# the last digit, but for what is planted here.
WARD_FEEDS = (date(2025, 4, 1), LAST_MONTH)
# Three days without a census: November has 27 of 30 for this ward, and staffing says that three counts are missing.
CENSUS_GAP = ("W052", date(2025, 11, 10), 3)
# A day with thrice as many patients as beds (a warning; the row stays).
CENSUS_TYPO = ("W033", date(2025, 8, 5))
# The last two days of Basildon are sent again, with two more patients of one ward on one of them.
CENSUS_RESTATED = ("W027", "RAJ12", date(2026, 3, 30), 2)
# A unit among the wards of the staffing return that is none: no register has it, twelve rows wait.
NO_WARD = ("RAJ01", "Southend Discharge Lounge")
# The same hours under two divisions (one is left out of sums) and different ones (nobody can tell: incomplete).
TWO_DIVISIONS_ALIKE = ("W003", date(2025, 9, 1))
TWO_DIVISIONS_DIFFERENT = ("W048", date(2025, 9, 1))
# Hours, and nobody counted at midnight.
STAFFED_WITHOUT_CENSUS = ("W061", date(2025, 12, 1))
# What somebody wrote into a column that the contract does not know. It must be found nowhere past landing.
INCIDENT_NARRATIVE = "Planted narrative of an incident"
# Broomfield's December comes again in March with two more falls of one ward, both with low harm.
INCIDENTS_RESTATED = ("W050", "RAJ32", date(2025, 12, 1), 2)
# A category 3 ulcer graded as harmless, and a type that the contract does not have (refused).
ULCER_HARMLESS = ("W011", date(2025, 6, 1))
INCIDENT_TYPE_UNKNOWN = ("W012", date(2025, 6, 1))
# Two hospital onset cases whose specimen is too early: on the second day of the stay, and before it began.
HOHA_TOO_EARLY, HOHA_BEFORE_ADMISSION = "C1003", "C1004"
# An event of the year 2062 (refused).
EVENT_IN_FUTURE = "E0007"
FTE_ABOVE_HEADCOUNT = ("RW030", date(2025, 10, 1))
# Answers that do not add up; and three answers, which the published return hides.
FFT_WRONG_SUM = ("W011", date(2025, 7, 1))
FFT_FEW = ("W047", date(2026, 1, 1))


# --- Small areas ----------------------------------------------------------------------------------------------------

# One area of 2011 was split: it has the first of its two codes, and no figure of it is carried over to the second.
LSOA_SPLIT = (LSOAS[40][0], LSOAS[41][0])
# The decile of 2025 is that of LSOAS; under 2019 every fourth area lay one decile nearer the middle.
IMD_AREAS = {2019: 32844, 2025: 33755}
# One published decile that is not that of its rank: it is used as published.
IMD_WRONG_DECILE = LSOAS[60][0]
# An area from which no public transport goes to one site (a dash).
NO_CONNECTION = (LSOAS[90][0], "RAJ12")


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


def previous_month(month: date) -> date:
    """First day of the month before."""
    return (month - timedelta(1)).replace(day=1)


# By path below landing, for size small.
EXPECTED = {
    "site_register/site_register.csv": Rows(3),
    "ward_register/ward_register.csv": Rows(69),
    "ward_alias/ward_alias.csv": Rows(3),
    "indicator_definition/indicator_definition.csv": Rows(36),
    "ods_organisation/etrust_2018.csv": Rows(len(ORGANISATIONS_2018)),
    "ods_trust_successor/trust_successor.csv": Rows(len(PREDECESSOR_TRUSTS)),
    "dataset/dataset.csv": Rows(8),
    "fft_ward_list/fft_inpatient_ward_reference_jul2025.csv": Rows(71),
    "cost_centre_ward/cost_centre_ward.csv": Rows(134),
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
    **{
        f"sickness_absence/nhs_sickness_absence_{month:%Y-%m}.csv": Rows(25 + len(SICKNESS_BODIES))
        for month in months(*SICKNESS_MONTHS)
    },
    f"sickness_absence/nhs_sickness_absence_{SICKNESS_REVISED_MONTH:%Y-%m}_revised.csv": Rows(
        25 + len(SICKNESS_BODIES)
    ),
    **{
        f"rtt/{next_month(month) - timedelta(1):%Y%m%d}-RTT-{month:%B-%Y}-full-extract.csv": Rows(25 * 20, totals=250)
        for month in months(*RTT_MONTHS)
    },
    f"rtt/{next_month(RTT_REVISED[1]) - timedelta(1):%Y%m%d}-RTT-{RTT_REVISED[1]:%B-%Y}-full-extract-revised.csv": Rows(
        25 * 20, totals=250
    ),
    **{f"pulse_survey/pulse_survey_{year}_Q{quarter}.csv": Rows(rows, totals=27, blank=1)
       for year, rows in (("2023-24", 513), ("2024-25", 513), ("2025-26", 504)) for quarter in (1, 2, 4)},
    **{f"staff_survey/{name}.xlsx": Rows(rows)
       for name, rows in (("Staff Survey 2023 local results", 304), ("Staff Survey 2024 local results", 304),
                          ("Staff Survey 2025 local results", 304), ("Staff Survey 2025 benchmark", 16))},
    "survey_unit_ward/survey_unit_ward.csv": Rows(138),
    "survey_question_map/survey_question_map.csv": Rows(48),
    "programme/programme.csv": Rows(6),
    **{f"fft_inpatient/FFT-inpatient-data-{month:%B-%Y}.xlsx": Rows(71, totals=3) for month in FFT_MONTHS},
    "staff_survey_detail/ST18 - job_sheet1 - religion.xlsx": Rows(28),
    "ward_enrolment/ward_enrolment.csv": Rows(62, blank=1),
    # Refused: the sensitive service, and in the last file of Southend a row sent twice.
    **{f"outpatient_appointment/outpatient_{site}_{year}.csv": Rows(accepted, rejected)
       for site, year, accepted, rejected in (
           ("RAJ01", "2023-24", 1239, 94), ("RAJ12", "2023-24", 1225, 108), ("RAJ32", "2023-24", 1221, 112),
           ("RAJ01", "2024-25", 1237, 96), ("RAJ12", "2024-25", 1220, 113), ("RAJ32", "2024-25", 1231, 102),
           ("RAJ01", "2025-26", 1212, 122), ("RAJ12", "2025-26", 1223, 110), ("RAJ32", "2025-26", 1214, 119),
       )},
    "outpatient_appointment/outpatient_RAJ12_2026-03_late_outcomes.csv": Rows(107, rejected=9),
    # Refused: the sensitive service, a stay sent twice and one that ends before it begins.
    **{f"ward_stay/ward_stay_{site}_{year}.csv": Rows(accepted, rejected)
       for site, year, accepted, rejected in (
           ("RAJ01", "2023-24", 550, 5), ("RAJ01", "2024-25", 618, 5), ("RAJ01", "2025-26", 566, 2),
           ("RAJ12", "2023-24", 602, 4), ("RAJ12", "2024-25", 587, 0), ("RAJ12", "2025-26", 557, 11),
           ("RAJ32", "2023-24", 608, 5), ("RAJ32", "2024-25", 609, 4), ("RAJ32", "2025-26", 561, 9),
       )},
    "waiting_list/waiting_list_2026-02-01.csv": Rows(1185, rejected=12),
    "waiting_list/waiting_list_2026-03-01.csv": Rows(1195, rejected=13),
    "waiting_list/waiting_list_2026-03-29.csv": Rows(1189, rejected=11),
    "system_team/system_team.csv": Rows(15),
    "engagement_event/engagement_event.csv": Rows(54),
    "engagement_issue/engagement_issue.csv": Rows(404, rejected=1, blank=1),
    "workforce_equality/workforce_equality.csv": Rows(20, rejected=1, totals=3),
    "cohort/cohort.csv": Rows(44, blank=1),
    "session/session.csv": Rows(152),
    "participant/participant.csv": Rows(875),
    "nomination/nomination.csv": Rows(50),
    "booking/booking.csv": Rows(872, rejected=1, blank=1),
    "attendance/attendance_2021-22.csv": Rows(216, blank=1),
    "attendance/attendance_2022-23.csv": Rows(627, rejected=1, blank=1),
    "attendance/attendance_2023-24.csv": Rows(701, rejected=1, blank=1),
    "attendance/attendance_2024-25.csv": Rows(708, blank=1),
    "attendance/attendance_2025-26.csv": Rows(580, blank=1),
    "attendance/attendance_PRAC-2024-3_corrected.csv": Rows(75),
    "project/project_register_2026-02-23.csv": Rows(464, blank=1),
    "project/project_register_2026-03-02.csv": Rows(463, rejected=2, blank=1),
    "project/project_register_2026-03-09.csv": Rows(464, blank=1),
    "project/project_register_2026-03-16.csv": Rows(469, blank=1),
    "project/project_register_2026-03-23.csv": Rows(469, blank=1),
    "project/project_register_2026-03-30.csv": Rows(469, blank=1),
    "project_measure/project_measure.csv": Rows(180),
    "measure_value/measure_value.csv": Rows(953, rejected=1, blank=1),
    "pdsa_cycle/pdsa_cycle.csv": Rows(240),
    "benefit/benefit.csv": Rows(91),
    "intervention/intervention.csv": Rows(52),
    "analyst_note/analyst_note.csv": Rows(5),
    "data_engagement/data_engagement.csv": Rows(29),
    "publication_approval/approvals.csv": Rows(1),
    "waiver/waiver.csv": Rows(6),
    "bed_days/bed_days_RAJ01_2025-26.csv": Rows(6570, totals=365, blank=1),
    "bed_days/bed_days_RAJ12_2025-26.csv": Rows(6935, blank=1),
    "bed_days/bed_days_RAJ32_2025-26.csv": Rows(6932, blank=1),
    "bed_days/bed_days_RAJ12_2026-03-31.csv": Rows(38),
    "safer_staffing/safer_staffing_2025-26.csv": Rows(686, totals=33),
    "incident_summary/incident_summary_2025-26.csv": Rows(2841, rejected=1),
    "incident_summary/incident_summary_2025-12_RAJ32_restated.csv": Rows(76),
    "infection/infection_RAJ01.csv": Rows(92),
    "rare_event/rare_event_RAJ01.csv": Rows(17, rejected=1),
    "infection/infection_RAJ12.csv": Rows(94),
    "rare_event/rare_event_RAJ12.csv": Rows(17),
    "infection/infection_RAJ32.csv": Rows(101),
    "rare_event/rare_event_RAJ32.csv": Rows(14),
    "staff_in_post/staff_in_post_2025-26.csv": Rows(3900, totals=12),
    "fft_submission/fft_submission_2025-26.csv": Rows(744, totals=36),
    "ward_accreditation/ward_accreditation.csv": Rows(124),
    "lsoa_lookup/lsoa11_lookup.csv": Rows(99),
    "lsoa_lookup/lsoa21_lookup.csv": Rows(100),
    "lsoa_change/lsoa11_to_lsoa21.csv": Rows(100),
    "imd/imd2019_lsoa11.csv": Rows(99),
    "imd/imd2025_lsoa21.csv": Rows(100),
    "population/population2021_lsoa21.csv": Rows(3800),
    "ethnicity_population/census2021_ethnicity5.csv": Rows(500),
    "travel_time/travel_time.csv": Rows(600),
    "spc_baseline/spc_baseline.csv": Rows(4),
}  # fmt: skip

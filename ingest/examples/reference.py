"""Example files of the reference feeds: sites, wards, aliases, indicator definitions, lists of trusts and data sets.

Registers are snapshots, delivered in April 2026 with their whole history. The ward register is a Windows (cp1252)
file and the aliases carry a byte order mark, as files saved by two versions of one spreadsheet program do. The list of
trusts and sites has no header, as published.

Kept out: what is true of sites and wards (`truth`).
"""

from collections.abc import Iterator
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, day

_DELIVERED = date(2026, 4, 2)
_DEFINITION_HEADER = (
    "Indicator Code", "Version", "Name", "Plain Words", "Numerator", "Denominator", "Multiplier", "Unit", "Direction",
    "Target", "Target From", "Owner", "Valid From", "Valid To", "Publication Lag Months", "Is Proportion",
    "Min Value", "Max Value", "Applicable Ward Types", "Chart", "Disclosure Class", "Strategic Aim", "Signed Off",
    "Audited",
)  # fmt: skip
# By the beginning of an indicator's code; whatever is not here serves no one aim.
_AIMS = {
    "FALLS": "safe_care", "PRESSURE": "safe_care", "MEDICATION": "safe_care", "CDIFF": "safe_care",
    "MRSA": "safe_care", "NEVER_EVENT": "safe_care", "FALL_SEVERE": "safe_care", "CARDIAC": "safe_care",
    "CHPPD": "safe_care", "FILL_RATE": "safe_care", "FFT": "patient_experience", "COMPLAINTS": "patient_experience",
    "OCCUPANCY": "access_and_flow", "NO_CRITERIA": "access_and_flow", "BEFORE_NOON": "access_and_flow",
    "MEAN_STAY": "access_and_flow", "STAY_21": "access_and_flow",
    "SICKNESS": "people_and_culture", "VACANCY": "people_and_culture", "TURNOVER": "people_and_culture",
    "APPRAISAL": "people_and_culture", "MANDATORY": "people_and_culture", "BANK": "people_and_culture",
    "AGENCY": "people_and_culture",
}  # fmt: skip
# Twelve months at once, or a stock that moves slowly: neighbouring values share most of their data.
_WITHOUT_SIGNALS = ("TURNOVER_12M_PCT", "APPRAISAL_PCT", "MANDATORY_TRAINING_PCT")


def deliveries(size: truth.Size) -> Iterator[Delivery]:
    """The reference files, the same for every seed; the larger sizes define more indicators."""
    yield Delivery(
        "site_register",
        "site_register.csv",
        _DELIVERED,
        ("Site Code", "Site Name", "Valid From", "Valid To", "Predecessor Code"),
        [(site.code, site.name, day(truth.BEGAN), "", site.predecessor) for site in truth.SITES],
    )
    yield _ward_register()
    yield Delivery(
        "ward_alias",
        "ward_alias.csv",
        _DELIVERED,
        ("Feed", "Site Code", "Alias", "Ward ID", "Valid From", "Valid To", "Approved By"),
        [
            (
                alias.feed,
                alias.site,
                alias.text,
                alias.ward_id,
                day(alias.valid_from),
                day(alias.valid_to),
                "data steward",
            )
            for alias in truth.ALIASES
        ],
        encoding="utf-8-sig",
    )
    yield Delivery(
        "indicator_definition",
        "indicator_definition.csv",
        _DELIVERED,
        _DEFINITION_HEADER,
        [*_definitions(), *(_further_definitions() if size.has_whole_catalogue else [])],
        line_end="\n",
    )
    yield Delivery(
        "dataset",
        "dataset.csv",
        _DELIVERED,
        ("Data Set ID", "Data Set", "Question", "Coverage", "Lag Days", "Owner", "How To Ask", "Limits", "Feed"),
        _DATASETS,
    )
    yield Delivery(
        "ods_organisation",
        "etrust_2018.csv",
        date(2018, 6, 1),
        None,
        [_listed(*organisation) for organisation in truth.ORGANISATIONS_2018],
    )
    yield Delivery(
        "ods_trust_successor",
        "trust_successor.csv",
        date(2020, 4, 2),
        ("old_code", "new_code", "date"),
        [(old, truth.TRUST, f"{truth.BEGAN:%Y-%m-%d}") for old in truth.PREDECESSOR_TRUSTS],
    )
    yield _fft_ward_list()


def _listed(code: str, name: str, opened: date) -> tuple[str, ...]:
    """A row of the Organisation Data Service's list: 27 cells, of which most are empty or an address."""
    address = ("1 EXAMPLE WAY", "", "", "CHELMSFORD", "ESSEX", "ZZ99 3WZ")
    return (code, name, "Y55", "Q79", *address, f"{opened:%Y%m%d}", *[""] * 10, "0", "", "G", "", "", "")


_ASK = "Write to the analytics team with the ward and the question"
_DATASETS = (
    (
        "WARD_INDICATORS", "Ward indicators", "How is our ward doing on falls, pressure ulcers and complaints?",
        "All wards with beds, from April 2020", "14", "Performance team", "Open the ward's page",
        "Late reports change the last twelve months", "ward_indicator",
    ),
    (
        "PULSE_SURVEY", "People Pulse", "What do our staff say each quarter?", "All staff, quarters 1, 2 and 4", "26",
        "Staff experience team", "Open the ward's page", "Fewer than 11 answers are not shown", "pulse_survey",
    ),
    (
        "INCIDENT_THEMES", "Incident themes", "What kinds of incidents happen on our ward, and when?",
        "All reported incidents, no narrative", "3", "Patient safety team", _ASK,
        "Says what is reported, not what happens", "",
    ),
    (
        "DISCHARGE_TIMES", "Discharge times", "At what hour do our patients go home?", "All inpatients, from 2019", "1",
        "Operations centre", _ASK, "Discharge lounges count as the ward", "",
    ),
    (
        "MISSED_APPOINTMENTS", "Missed appointments", "Who misses appointments, and where do they live?",
        "All outpatients, by deprivation and ethnic group", "30", "Outpatient services", _ASK,
        "One in eight has no ethnic group recorded", "",
    ),
    (
        "ROSTERS", "Rosters", "Were the shifts filled as planned?", "Nurses and support workers, every shift", "",
        "Workforce information", _ASK, "Bank staff booked late are missing", "",
    ),
    (
        "LENGTH_OF_STAY", "Length of stay", "How long do our patients stay, and who stays longest?",
        "All inpatients, from 2019", "1", "Analytics", _ASK, "Moves between wards are counted to the last one", "",
    ),
    (
        "MEDICATION_ERRORS", "Medication incidents", "Which medicines go wrong on our ward?",
        "All reported medication incidents", "3", "Chief pharmacist", _ASK, "", "",
    ),
)  # fmt: skip


def _fft_ward_list() -> Delivery:
    month = truth.FFT_MONTHS[0]
    own = [(truth.TRUST, truth.TRUST_NAME.upper(), ward.site, ward.name) for ward in truth.wards_on(month)]
    others = [(code, name.upper(), site, ward) for code, name, site, wards, _ in truth.FFT_OTHERS for ward in wards]
    return Delivery(
        "fft_ward_list",
        "fft_inpatient_ward_reference_jul2025.csv",
        date(2025, 9, 11),
        ("ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name"),
        [("QH8", trust, name, site, f"HOSPITAL - {site}", ward) for trust, name, site, ward in [*own, *others]],
        encoding="utf-8-sig",
    )


def _ward_register() -> Delivery:
    header = (
        "Ward ID", "Ward Name", "Site Code", "Specialty", "Division", "Ward Type", "Beds", "Valid From", "Valid To",
        "Predecessor Ward ID", "Change Type",
    )  # fmt: skip
    rows = [
        (
            ward.ward_id, ward.name, ward.site, ward.specialty, ward.division, ward.type, str(ward.beds),
            day(ward.valid_from), day(ward.valid_to), ward.predecessor, ward.change,
        )
        for ward in truth.REGISTER
    ]  # fmt: skip
    return Delivery("ward_register", "ward_register.csv", _DELIVERED, header, rows, encoding="cp1252")


def _definitions() -> list[tuple[str, ...]]:
    began, redefined = truth.BEGAN, truth.VTE_REDEFINED_ON
    bed_days, nursing = "Occupied bed days", "Deputy chief nurse"
    vte = ("VTE risk assessment", "Share of adults admitted who were assessed for their risk of a blood clot")
    assessed = "Adults assessed for risk of venous thromboembolism"
    return [
        _definition(
            "FALLS_1000", 1, "Falls per 1,000 occupied bed days", "How often patients fall on the ward",
            "Falls reported, with harm or without", bed_days, "per_1000", "decrease", "5.5", nursing, began, None,
            "ward_event", "40",
        ),
        _definition(
            "PRESSURE_ULCERS_1000", 1, "Pressure ulcers per 1,000 occupied bed days",
            "How often patients develop a pressure ulcer of category 2 or above on the ward",
            "Pressure ulcers of category 2 and above, developed in our care", bed_days, "per_1000", "decrease", "1",
            nursing, began, None, "ward_event", "20",
        ),
        _definition(
            "COMPLAINTS_1000", 1, "Formal complaints per 1,000 occupied bed days", "How often people formally complain",
            "Formal complaints received", bed_days, "per_1000", "decrease", "", "Head of patient experience",
            began, None, "ward_event", "20",
        ),
        _definition(
            "SICKNESS_PCT", 1, "Sickness absence", "Share of working time that staff of the ward were away sick",
            "Full-time equivalent days lost to sickness", "Full-time equivalent days available", "pct", "decrease",
            "4.5", "Head of workforce information", began, None, "staff", "100",
        ),
        _definition(
            "VTE_PCT", 1, *vte, f"{assessed} at any time of the stay", "Adults admitted", "pct", "increase", "95",
            "Medical director's office", began, redefined, "ward_event", "100",
        ),
        _definition(
            "VTE_PCT", 2, *vte, f"{assessed} within 14 hours of admission", "Adults admitted", "pct", "increase", "95",
            "Medical director's office", redefined, None, "ward_event", "100",
        ),
        _definition(
            "FILL_RATE_DAY_RN_PCT", 1, "Registered nurse fill rate, day",
            "How much of the planned time of registered nurses was worked by day; above 100 is possible",
            "Hours worked by registered nurses and midwives by day", "Hours planned", "pct", "increase", "95",
            nursing, began, None, "ward_event", "200",
        ),
        _definition(
            "FALLS_HARM_1000", 1, "Falls with harm per 1,000 occupied bed days",
            "How often patients are hurt in a fall on the ward", "Falls reported with any degree of harm", bed_days,
            "per_1000", "decrease", "", nursing, began, None, "ward_event", "20",
        ),
        _definition(
            "MEDICATION_INCIDENTS_1000", 1, "Medication incidents reported per 1,000 occupied bed days",
            "How often incidents with medicines are reported: more may mean more openness, not more harm",
            "Medication incidents reported, with harm or without", bed_days, "per_1000", "neutral", "",
            "Chief pharmacist", began, None, "ward_event", "40",
        ),
        _definition(
            "OCCUPANCY_PCT", 1, "Bed occupancy", "How full the ward was at midnight; above 100 is possible", bed_days,
            "Available bed days", "pct", "neutral", "", "Chief operating officer", began, None, "ward_event", "120",
        ),
        *(
            _definition(
                code, 1, f"Care hours per patient day, {words}", f"Hours of care that each patient had a day, {words}",
                f"Hours worked, {words}", "Patients at midnight, added up over the month", "hours", "neutral", "",
                nursing, began, None, "ward_event", "40",
            )
            for code, words in (
                ("CHPPD_ALL", "all staff"),
                ("CHPPD_RN", "registered nurses and midwives"),
                ("CHPPD_CARE", "care staff"),
            )
        ),
        *(
            _definition(
                code, 1, f"{kind[0].upper()}{kind[1:]} fill rate, {shift}",
                f"How much of the planned time of {kind}s was worked by {shift}; above 100 is possible",
                f"Hours worked by {kind}s by {shift}", "Hours planned", "pct", "increase", "95", nursing, began, None,
                "ward_event", "200",
            )
            for code, kind, shift in (
                ("FILL_RATE_DAY_CARE_PCT", "care worker", "day"),
                ("FILL_RATE_NIGHT_RN_PCT", "registered nurse", "night"),
                ("FILL_RATE_NIGHT_CARE_PCT", "care worker", "night"),
            )
        ),
        *(
            _definition(
                code, 1, f"Friends and Family Test, {name}", words, numerator, denominator, "pct", direction, "",
                "Head of patient experience", began, None, "fft", "100",
            )
            for code, name, words, numerator, denominator, direction in (
                (
                    "FFT_POSITIVE_PCT", "positive", "Share of answers that call the ward good or very good",
                    "Answers very good and good", "All six answers", "increase",
                ),
                (
                    "FFT_NEGATIVE_PCT", "negative", "Share of answers that call the ward poor or very poor",
                    "Answers poor and very poor", "All six answers", "decrease",
                ),
                (
                    "FFT_RESPONSE_PCT", "response", "Share of those who could answer that did",
                    "Answers", "People who could have answered", "increase",
                ),
            )
        ),
        _definition(
            "CDIFF", 1, "C. difficile infections", "How many patients fell ill with C. difficile in our care",
            "Cases of hospital or community onset that healthcare is associated with", "", "count", "decrease", "",
            "Director of infection prevention", began, None, "ward_event", "99",
        ),
        *_workforce_definitions(),
        *_between_definitions(),
        *_discharge_definitions(),
    ]  # fmt: skip


def _workforce_definitions() -> Iterator[tuple[str, ...]]:
    for code, name, words, numerator, denominator, direction, target in (
        (
            "VACANCY_PCT", "Vacancy rate", "Share of funded posts that nobody holds",
            "Funded full-time equivalents less those in post", "Funded full-time equivalents", "decrease", "8",
        ),
        (
            "TURNOVER_12M_PCT", "Turnover, twelve months", "Share of staff who left in the last twelve months",
            "Full-time equivalents who left in twelve months", "Full-time equivalents in post, on average",
            "decrease", "12",
        ),
        (
            "APPRAISAL_PCT", "Appraisals", "Share of staff who had an appraisal in the last twelve months",
            "Staff appraised in twelve months", "Staff due an appraisal", "increase", "90",
        ),
        (
            "MANDATORY_TRAINING_PCT", "Mandatory training",
            "Share of mandatory courses that staff are up to date with",
            "Courses in date", "Courses that staff must have", "increase", "85",
        ),
        (
            "BANK_PCT", "Bank staff", "Share of the time worked that staff of the bank worked",
            "Full-time equivalents of bank staff", "Full-time equivalents worked", "neutral", "",
        ),
        (
            "AGENCY_PCT", "Agency staff", "Share of the time worked that staff of agencies worked",
            "Full-time equivalents of agency staff", "Full-time equivalents worked", "decrease", "",
        ),
    ):  # fmt: skip
        yield _definition(
            code, 1, name, words, numerator, denominator, "pct", direction, target, "Head of workforce information",
            truth.BEGAN, None, "staff", "100", least="-50" if code == "VACANCY_PCT" else "0",
        )  # fmt: skip


def _between_definitions() -> Iterator[tuple[str, ...]]:
    names = {
        "CDIFF_DAYS_BETWEEN": "C. difficile infections",
        "MRSA_DAYS_BETWEEN": "MRSA infections",
        "NEVER_EVENT_DAYS_BETWEEN": "never events",
        "FALL_SEVERE_DAYS_BETWEEN": "falls with severe harm",
        "PRESSURE_ULCER_4_DAYS_BETWEEN": "pressure ulcers of category 4",
        "CARDIAC_ARREST_DAYS_BETWEEN": "cardiac arrests",
        "MEDICATION_SEVERE_DAYS_BETWEEN": "medication incidents with severe harm",
    }
    for code in truth.BETWEEN_INDICATORS:
        owner = "Director of infection prevention" if code.startswith(("CDIFF", "MRSA")) else "Deputy chief nurse"
        yield _definition(
            code, 1, f"Days between {names[code]}", f"How many days passed between {names[code]}: more is better",
            "Days from one to the next", "", "days", "increase", "", owner, truth.BEGAN, None, "ward_event", "",
        )  # fmt: skip


def _discharge_definitions() -> Iterator[tuple[str, ...]]:
    discharges = "Patients who left the hospital alive from the ward"
    for code, name, words, numerator, unit, direction, target in (
        (
            "MEAN_STAY_DAYS", "Mean length of stay",
            "How many days patients who left from the ward had been in hospital, on all its wards",
            "Days from admission to discharge", "days", "decrease", "",
        ),
        (
            "STAY_21_DAYS_PCT", "Stays of 21 days and over",
            "Share of patients who had been in hospital for 21 days or more when they left from the ward",
            "Patients who left after 21 days or more", "pct", "decrease", "",
        ),
        (
            "BEFORE_NOON_PCT", "Discharges before noon", "Share of patients who went home in the morning",
            "Patients who left before noon", "pct", "increase", "33",
        ),
    ):  # fmt: skip
        yield _definition(
            code, 1, name, words, numerator, discharges, unit, direction, target, "Chief operating officer",
            truth.BEGAN, None, "ward_event", "100" if unit == "pct" else "",
        )  # fmt: skip


def _further_definitions() -> Iterator[tuple[str, ...]]:
    yield _definition(
        "NO_CRITERIA_TO_RESIDE_PCT", 1, "No criteria to reside",
        "Share of bed days of patients who could have been elsewhere",
        "Bed days of patients without criteria to reside", "Occupied bed days", "pct", "decrease", "",
        "Chief operating officer", truth.BEGAN, None, "ward_event", "100",
    )  # fmt: skip


def _definition(
    code: str,
    version: int,
    name: str,
    plain_words: str,
    numerator: str,
    denominator: str,
    unit: str,
    direction: str,
    target: str,
    owner: str,
    valid_from: date,
    valid_to: date | None,
    disclosure_class: str,
    largest: str,
    least: str = "0",
) -> tuple[str, ...]:
    multiplier = {"per_1000": "1000", "pct": "100", "hours": "1", "count": "1", "days": "1"}[unit]
    is_proportion = "Y" if largest == "100" and least == "0" else "N"
    chart = (
        "time_between" if code in truth.BETWEEN_INDICATORS else "run_no_signals" if code in _WITHOUT_SIGNALS else "xmr"
    )
    return (
        code, str(version), name, plain_words, numerator, denominator, multiplier, unit, direction, target,
        day(truth.BEGAN) if target else "", owner, day(valid_from), day(valid_to), "1", is_proportion, least, largest,
        "|".join(truth.APPLIES_TO[code]), chart, disclosure_class,
        next((aim for start, aim in _AIMS.items() if code.startswith(start)), ""),
        *(map(day, truth.SIGNED_OFF.get(code, (None, None)))),
    )  # fmt: skip

"""Example files of the wards' own feeds of the last year: beds, staffing, incidents, events, posts, answers, awards.

They are the sources of what `ward_indicator` reports of the same months, so their sums are its figures. Each has the
dirt that such extracts have: totals, dates written three ways, thousands commas, a ward under two divisions, a unit
that is no ward, a column with a narrative.

Kept out: which wards, months and cells carry something planted (`truth`); what is true of a month (`indicators`).
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws, day
from ingest.examples.indicators import ward_month

MONTHS = truth.months(*truth.WARD_FEEDS)
_DELIVERED = date(2026, 4, 1)
_EXCEL_DAY_0 = date(1899, 12, 30)


def deliveries(seed: int) -> Iterator[Delivery]:
    """The files of these feeds, the same in every size."""
    for site in truth.SITES:
        yield _bed_days(seed, site.code)
    yield _bed_days_restated(seed)
    yield _safer_staffing(seed)
    yield _incident_summary(seed)
    yield _incident_summary(seed, restated=True)
    for site in truth.SITES:
        yield _infection(seed, site.code)
        yield _rare_event(seed, site.code)
    yield _staff_in_post(seed)
    yield _fft_submission(seed)
    yield _ward_accreditation(seed)


def _bed_wards(month: date, site: str | None = None) -> list[truth.Ward]:
    return [ward for ward in truth.wards_on(month) if ward.type in truth.BED_WARDS and ward.site == (site or ward.site)]


def _days_of(month: date) -> int:
    return (truth.next_month(month) - month).days


# --- bed_days -------------------------------------------------------------------------------------------------------

_CENSUS_HEADER = ("Site Code", "Ward", "Date", "Midnight Count", "Available Beds")


def _counts(seed: int, ward: truth.Ward, month: date) -> list[int]:
    """Patients at each midnight of the month: they add up to the bed days of `ward_indicator`."""
    days = _days_of(month)
    bed_days = round(ward_month(seed, ward, month)["FALLS_1000"][1])
    counts = [bed_days // days + (place < bed_days % days) for place in range(days)]
    draws = Draws(seed, "bed_days", ward.ward_id, month)
    # Two nights change places with each other's patients, so that the sum stays.
    for place in range(0, days - 1, 2):
        moved = min(round(draws.between(0, 2)), counts[place])
        counts[place] -= moved
        counts[place + 1] += moved
    return counts


def _written(site: str, when: date) -> str:
    """A day as each site's system writes it: as a spreadsheet's number, ISO, or dd/mm/yyyy."""
    return {"RAJ12": str((when - _EXCEL_DAY_0).days), "RAJ32": when.isoformat()}.get(site, day(when))


def _bed_days(seed: int, site: str) -> Delivery:
    rows: list[Sequence[str]] = []
    gap_ward, gap_from, gap_days = truth.CENSUS_GAP
    for month in MONTHS:
        wards = [(ward, _counts(seed, ward, month)) for ward in _bed_wards(month, site)]
        for place in range(_days_of(month)):
            when = month + timedelta(place)
            patients = beds = 0
            for ward, counts in wards:
                if ward.ward_id == gap_ward and gap_from <= when < gap_from + timedelta(gap_days):
                    continue
                count = 3 * ward.beds if (ward.ward_id, when) == truth.CENSUS_TYPO else counts[place]
                name = f"{ward.name} " if place % 9 == 0 else ward.name
                rows.append((site, name, _written(site, when), str(count), str(ward.beds)))
                patients, beds = patients + count, beds + ward.beds
            if site == "RAJ01":
                rows.append((site, "Site Total", _written(site, when), f"{patients:,}", f"{beds:,}"))
    rows.insert(100, [""] * len(_CENSUS_HEADER))
    return Delivery("bed_days", f"bed_days_{site}_2025-26.csv", _DELIVERED, _CENSUS_HEADER, rows)


def _bed_days_restated(seed: int) -> Delivery:
    ward_id, site, when, more = truth.CENSUS_RESTATED
    month = when.replace(day=1)
    rows = []
    for again in (when, when + timedelta(1)):
        for ward in _bed_wards(month, site):
            count = _counts(seed, ward, month)[again.day - 1] + (
                more if (ward.ward_id, again) == (ward_id, when) else 0
            )
            rows.append((site, ward.name, _written(site, again), str(count), str(ward.beds)))
    name = f"bed_days_{site}_{when + timedelta(1):%Y-%m-%d}.csv"
    return Delivery("bed_days", name, _DELIVERED + timedelta(1), _CENSUS_HEADER, rows)


# --- safer_staffing -------------------------------------------------------------------------------------------------

_STAFFING_HEADER = (
    "Site", "Ward Name", "Division", "Month",
    "Day RN Planned", "Day RN Actual", "Day Care Staff Planned", "Day Care Staff Actual",
    "Night RN Planned", "Night RN Actual", "Night Care Staff Planned", "Night Care Staff Actual",
    "Cumulative Patients At 23:59", "Missing Census Count",
)  # fmt: skip


def staffing_hours(seed: int, ward: truth.Ward, month: date) -> list[float]:
    """Planned and worked hours of a month: registered by day, care staff by day, and both by night."""
    worked, planned = ward_month(seed, ward, month)["FILL_RATE_DAY_RN_PCT"]
    draws = Draws(seed, "safer_staffing", ward.ward_id, month)
    hours = [planned, worked]
    for share in (0.62, 0.78, 0.55):
        of_kind = round(planned * share)
        hours += [of_kind, round(of_kind * draws.about(0.99, 0.05), 1)]
    return hours


def _safer_staffing(seed: int) -> Delivery:
    rows: list[list[str]] = []
    for month in MONTHS:
        for site in truth.SITES:
            sums = [0.0] * 9
            entries = list(_staffed(seed, site.code, month))
            for name, division, figures, patients, missing in entries:
                shown = [f"{figure:,.1f}" for figure in figures] or [""] * 8
                rows.append([site.code, name, division, day(month), *shown, f"{patients:,}", str(missing)])
                for place, figure in enumerate([*(figures or [0.0] * 8), patients]):
                    sums[place] = round(sums[place] + figure, 1)
            # The sender's own total counts a ward under two divisions twice; a month that lacks hours has none.
            if all(figures for _, _, figures, _, _ in entries):
                total = [*(f"{figure:,.1f}" for figure in sums[:8]), f"{sums[8]:,.0f}", ""]
                rows.append([site.code, "Total", "", day(month), *total])
    return Delivery("safer_staffing", "safer_staffing_2025-26.csv", date(2026, 4, 14), _STAFFING_HEADER, rows, "cp1252")


def _staffed(seed: int, site: str, month: date) -> Iterator[tuple[str, str, list[float], int, int]]:
    """Each row of a site and month: name, division, eight figures or none, patients, missing counts."""
    gap_ward, gap_from, gap_days = truth.CENSUS_GAP
    unrostered, _, first, last = truth.MISSING
    for ward in _bed_wards(month, site):
        figures = staffing_hours(seed, ward, month)
        counts = _counts(seed, ward, month)
        missing = gap_days if (ward.ward_id, month) == (gap_ward, gap_from.replace(day=1)) else 0
        if missing:
            del counts[gap_from.day - 1 : gap_from.day - 1 + gap_days]
        patients = 0 if (ward.ward_id, month) == truth.STAFFED_WITHOUT_CENSUS else sum(counts)
        is_unsent = ward.ward_id == unrostered and first <= month <= last
        yield ward.name, ward.division, [] if is_unsent else figures, patients, missing
        if (ward.ward_id, month) == truth.TWO_DIVISIONS_ALIKE:
            yield ward.name, "Integrated Medicine", figures, patients, missing
        if (ward.ward_id, month) == truth.TWO_DIVISIONS_DIFFERENT:
            yield ward.name, "Integrated Medicine", [round(figure / 2, 1) for figure in figures], patients, missing
    if site == truth.NO_WARD[0]:
        yield truth.NO_WARD[1], "Operations", [300.0, 290.5, 150.0, 150.0, 0.0, 0.0, 0.0, 0.0], 0, 0


# --- incident_summary -----------------------------------------------------------------------------------------------

_INCIDENT_HEADER = ("Site Code", "Ward", "Incident Type", "Harm", "Month", "Incidents", "Description")
_HARMS = ("No harm", "Low harm", "Moderate harm", "Severe harm")
_ULCERS = ("Pressure ulcer category 2", "Pressure ulcer category 3", "Pressure ulcer unstageable")


def incidents(seed: int, ward: truth.Ward, month: date, *, restated: bool) -> dict[tuple[str, str], int]:
    """Incidents of a ward and month by type and harm; none of what did not happen."""
    pairs = ward_month(seed, ward, month)
    draws = Draws(seed, "incident_summary", ward.ward_id, month)
    falls, bed_days = pairs["FALLS_1000"]
    found: dict[tuple[str, str], int] = {}

    def add(kind: str, harm: str) -> None:
        found[kind, harm] = found.get((kind, harm), 0) + 1

    for _ in range(round(falls)):
        turn = draws.between(0, 1)
        add("Fall", _HARMS[0] if turn < 0.70 else _HARMS[1] if turn < 0.94 else _HARMS[2] if turn < 0.99 else _HARMS[3])
    for _ in range(round(pairs["PRESSURE_ULCERS_1000"][0])):
        turn = draws.between(0, 1)
        place = 0 if turn < 0.75 else 1 if turn < 0.9 else 2
        add(_ULCERS[place], _HARMS[1] if place == 0 else _HARMS[2])
    for _ in range(draws.events(bed_days * 4 / 1000)):
        add("Medication", _HARMS[0] if draws.between(0, 1) < 0.85 else _HARMS[1])
    for _ in range(draws.events(bed_days * 2 / 1000)):
        add("Other", _HARMS[0])
    if (ward.ward_id, month) == truth.ULCER_HARMLESS:
        found[_ULCERS[1], _HARMS[0]] = 1
    if (ward.ward_id, month) == truth.INCIDENT_TYPE_UNKNOWN:
        found["Weather", _HARMS[0]] = 1
    if restated and ward.ward_id == truth.INCIDENTS_RESTATED[0]:
        found["Fall", _HARMS[1]] = found.get(("Fall", _HARMS[1]), 0) + truth.INCIDENTS_RESTATED[3]
    return found


def _incident_summary(seed: int, *, restated: bool = False) -> Delivery:
    _, site, again, _ = truth.INCIDENTS_RESTATED
    rows: list[list[str]] = []
    for month in [again] if restated else MONTHS:
        for ward in _bed_wards(month, site if restated else None):
            for (kind, harm), count in incidents(seed, ward, month, restated=restated).items():
                narrative = truth.INCIDENT_NARRATIVE if len(rows) % 400 == 7 else ""
                rows.append([ward.site, ward.name, kind, harm, f"{month:%b-%y}", str(count), narrative])
    name = f"incident_summary_{again:%Y-%m}_{site}_restated.csv" if restated else "incident_summary_2025-26.csv"
    delivered = date(2026, 4, 15) if restated else date(2026, 4, 14)
    return Delivery("incident_summary", name, delivered, _INCIDENT_HEADER, rows, "utf-8-sig")


# --- infection and rare_event ---------------------------------------------------------------------------------------


def _infection(seed: int, site: str) -> Delivery:
    rows: list[list[str]] = []
    number = 1000 * (1 + [item.code for item in truth.SITES].index(site))
    for month in MONTHS:
        for ward in _bed_wards(month, site):
            draws = Draws(seed, "infection", ward.ward_id, month)
            for organism, rate in (("C. difficile", 0.25), ("MRSA", 0.02), ("E. coli", 0.15)):
                for _ in range(draws.events(rate)):
                    number += 1
                    case = f"C{number}"
                    specimen = month + timedelta(int(draws.between(0, _days_of(month))))
                    onset = "HOHA" if draws.between(0, 1) < 0.7 else "COHA"
                    stay = 2 + int(draws.between(0, 14)) if onset == "HOHA" else int(draws.between(0, 2))
                    if case in (truth.HOHA_TOO_EARLY, truth.HOHA_BEFORE_ADMISSION):
                        onset, stay = "HOHA", 1 if case == truth.HOHA_TOO_EARLY else -1
                    rows.append(
                        [case, site, ward.name, organism, day(specimen), day(specimen - timedelta(stay)), onset]
                    )
    header = ("Case ID", "Site Code", "Ward", "Organism", "Specimen Date", "Admission Date", "Onset")
    return Delivery("infection", f"infection_{site}.csv", date(2026, 4, 14), header, rows)


def _rare_event(seed: int, site: str) -> Delivery:
    rows: list[list[str]] = []
    kinds = ("fall_severe_harm", "cardiac_arrest", "pressure_ulcer_category_4", "medication_severe_harm", "never_event")
    place = [item.code for item in truth.SITES].index(site)
    draws = Draws(seed, "rare_event", site)
    when, number = MONTHS[0], 0
    while (when := when + timedelta(1 + int(draws.between(3, 40)))) <= truth.LAST_MONTH:
        number += 1
        event = f"E{place}{number:03d}"
        wards = _bed_wards(when.replace(day=1), site)
        ward = wards[int(draws.between(0, len(wards)))]
        happened = when.replace(year=2062) if event == truth.EVENT_IN_FUTURE else when
        reported = when + timedelta(int(draws.between(0, 6)))
        rows.append([event, site, ward.name, kinds[number % len(kinds)], day(happened), day(reported)])
    header = ("Event ID", "Site Code", "Ward", "Event Type", "Event Date", "Reported Date")
    return Delivery("rare_event", f"rare_event_{site}.csv", date(2026, 4, 14), header, rows)


# --- staff_in_post, fft_submission, ward_accreditation ----------------------------------------------------------------

_POSTS = (
    ("nursing_midwifery", "band_5_6", 18), ("nursing_midwifery", "band_7", 2), ("nursing_midwifery", "band_8_9", 1),
    ("clinical_support", "band_2_4", 14), ("administrative", "band_2_4", 2),
)  # fmt: skip


def _staff_in_post(seed: int) -> Delivery:
    rows: list[list[str]] = []
    for month in MONTHS:
        heads_of_all, fte_of_all = 0, 0.0
        for ward in truth.wards_on(month):
            centre = truth.payroll_centre(ward.ward_id)
            for group, band, usual in _POSTS:
                draws = Draws(seed, "staff_in_post", ward.ward_id, group, band, f"{month:%Y}")
                heads = max(1, round(draws.about(usual, usual / 8)))
                fte = round(heads * draws.between(0.8, 1.0), 2)
                if (centre, month, band) == (*truth.FTE_ABOVE_HEADCOUNT, "band_7"):
                    fte = heads + 0.4
                rows.append([centre, group, band, day(month), str(heads), f"{fte:.2f}"])
                heads_of_all, fte_of_all = heads_of_all + heads, round(fte_of_all + fte, 2)
        rows.append(["Total", "", "", day(month), f"{heads_of_all:,}", f"{fte_of_all:,.2f}"])
    header = ("Cost Centre", "Staff Group", "Band Group", "Month", "Headcount", "WTE")
    return Delivery("staff_in_post", "staff_in_post_2025-26.csv", date(2026, 4, 14), header, rows)


def fft_answers(seed: int, ward: truth.Ward, month: date) -> tuple[int, list[int]]:
    """People who could have answered, and the six answers from very good to don't know."""
    draws = Draws(seed, "fft_submission", ward.ward_id, month)
    eligible = round(draws.between(45, 130))
    responses = 3 if (ward.ward_id, month) == truth.FFT_FEW else draws.of(eligible, 0.27)
    answers = [0] * 6
    for _ in range(responses):
        turn = draws.between(0, 1)
        answers[sum(turn >= bound for bound in (0.72, 0.93, 0.96, 0.98, 0.99))] += 1
    return eligible, answers


def _fft_submission(seed: int) -> Delivery:
    rows: list[list[str]] = []
    for month in MONTHS:
        for site in truth.SITES:
            sums = [0] * 8
            for ward in truth.wards_on(month):
                if ward.site != site.code or ward.type not in (*truth.BED_WARDS, "daycase"):
                    continue
                eligible, answers = fft_answers(seed, ward, month)
                responses = sum(answers) + ((ward.ward_id, month) == truth.FFT_WRONG_SUM)
                figures = [eligible, responses, *answers]
                sums = [first + second for first, second in zip(sums, figures, strict=True)]
                rows.append([site.code, ward.name, day(month), *map(str, figures)])
            rows.append([site.code, "Site Total", day(month), *(f"{figure:,}" for figure in sums)])
    header = (
        "Site Code", "Ward", "Month", "Total Eligible", "Total Responses", "Very Good", "Good",
        "Neither Good nor Poor", "Poor", "Very Poor", "Don\u2019t Know",
    )  # fmt: skip
    return Delivery("fft_submission", "fft_submission_2025-26.csv", date(2026, 4, 14), header, rows, "cp1252")


def _ward_accreditation(seed: int) -> Delivery:
    rows: list[list[str]] = []
    for ward in truth.wards_on(truth.LAST_MONTH):
        # Virtual wards are not assessed.
        if ward.type == "virtual":
            continue
        draws = Draws(seed, "ward_accreditation", ward.ward_id)
        for year in (2024, 2025):
            score = min(100.0, round(draws.about(82 + 3 * (year - 2024), 6), 1))
            level = (
                "Gold" if score >= 90 else "Silver" if score >= 80 else "Bronze" if score >= 70 else "Working towards"
            )
            assessed = date(year, 6, 1) + timedelta(int(draws.between(0, 150)))
            # Under the site on which the ward lay that day.
            (then,) = (row for row in truth.REGISTER if row.ward_id == ward.ward_id and row.holds_on(assessed))
            rows.append([
                then.site, then.name, day(assessed), level, f"{score}", day(assessed.replace(year=year + 1, day=1)),
            ])  # fmt: skip
    header = ("Site Code", "Ward", "Assessed", "Level", "Score", "Reassessment Due")
    return Delivery("ward_accreditation", "ward_accreditation.csv", _DELIVERED, header, rows)

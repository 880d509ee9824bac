"""Example files of the indicator feeds: the performance team's ward indicators, NHS England's A&E and FFT publications.

`ward_indicator` is one file a year, each year in another habit of its sender (`_Habit`), and one later file that
restates a month of one site. `ae_attendances` is written in both real layouts, with their own dirt: totals rows in
several spellings, stray headers, duplicate headers told apart by place alone, thousands commas, dashes, wrong zeros.
`fft_inpatient` is the published workbook: notes, a header over two rows, totals above the wards, a hidden sheet.

Kept out: which wards, months and cells carry something planted (`truth`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws, WorkbookDelivery
from ingest.examples.workbook import Cell, Sheet

# Of a seed, a ward and a month: numerator and denominator by indicator.
Pairs = Callable[[int, truth.Ward, date], dict[str, tuple[float, float]]]


def deliveries(seed: int, size: truth.Size, further: Pairs) -> Iterator[Delivery | WorkbookDelivery]:
    """Every file of these feeds; `further` tells what the ward indicators of the larger sizes have besides."""
    yield from _ward_indicator(seed, size, further if size.has_whole_catalogue else None)
    yield from _ae_attendances(seed, size)
    for month in truth.FFT_MONTHS:
        yield _fft_inpatient(seed, month)


# --- ward_indicator -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """A delivered cell: numerator and denominator as numbers, or `mark` in place of the value."""

    numerator: float
    denominator: float
    value: str
    mark: str | None = None


@dataclass(frozen=True)
class _Habit:
    """How the sender wrote a year: header, format of months, encoding, and what else is peculiar to it."""

    header: tuple[str, ...]
    month_format: str
    encoding: str
    no_break_spaces: bool = False
    totals: bool = False
    blank_rows: int = 0
    ends_in_empty_line: bool = False
    thousands_commas: bool = False
    percent_signs: bool = False


_COMMON = ("Site Code", "Ward", "Indicator", "Month", "Numerator", "Denominator", "Value")
# Up to March 2024: a Windows file with no-break spaces and a column of comments that nobody filled.
_EARLY = _Habit(
    (*_COMMON, "Comments"), "%d/%m/%Y", "cp1252", no_break_spaces=True, blank_rows=2, ends_in_empty_line=True
)
# The year 2024-25: a byte order mark, other headers, a total for each site, month and indicator.
_WITH_TOTALS = _Habit(
    ("Site Code", "Ward Name", "Indicator Code", "Month", "Num", "Denom", "Value"), "%d/%m/%Y", "utf-8-sig",
    totals=True, blank_rows=1, thousands_commas=True,
)  # fmt: skip
# Since April 2025: months as `Nov-25`, thousands commas, per cent signs, provisional months marked.
_LATE = _Habit((*_COMMON, "Provisional"), "%b-%y", "utf-8", thousands_commas=True, percent_signs=True)
# The restatement comes out of another system: ISO dates and nothing else.
_RESTATEMENT = _Habit(_COMMON, "%Y-%m-%d", "utf-8")


def _ward_indicator(seed: int, size: truth.Size, further: Pairs | None) -> Iterator[Delivery]:
    last = truth.LAST_MONTH.year
    for start in range(last - size.years, last):
        habit = _EARLY if start < 2024 else _WITH_TOTALS if start == 2024 else _LATE
        name = f"ward_indicator_{start}-{(start + 1) % 100:02d}.csv"
        months = truth.months(date(start, 4, 1), date(start + 1, 3, 1))
        rows = [row for month in months for row in _month(seed, month, habit, further)]
        for place in range(habit.blank_rows):
            rows.insert((place + 1) * len(rows) // 4, [""] * len(habit.header))
        if habit.ends_in_empty_line:
            rows.append([])
        yield Delivery("ward_indicator", name, date(start + 1, 4, 14), habit.header, rows, habit.encoding)
    restated = truth.RESTATED
    rows = list(_month(seed, restated.month, _RESTATEMENT, further, only_site=restated.site, restated=True))
    name = f"ward_indicator_{restated.month:%Y-%m}_{restated.site}_restated.csv"
    yield Delivery("ward_indicator", name, date(2025, 6, 16), _RESTATEMENT.header, rows, _RESTATEMENT.encoding)


def _month(
    seed: int,
    month: date,
    habit: _Habit,
    further: Pairs | None,
    only_site: str | None = None,
    restated: bool = False,
) -> Iterator[list[str]]:
    wards = truth.wards_on(month)
    indicators: tuple[str, ...] = truth.INDICATORS
    if further:
        indicators += truth.MORE_INDICATORS + (truth.FEED_INDICATORS if month < truth.WARD_FEEDS[0] else ())
    for site in truth.SITES:
        if only_site not in (None, site.code):
            continue
        sums = {indicator: [0.0, 0.0] for indicator in indicators}
        for ward in wards:
            if ward.site != site.code:
                continue
            pairs = ward_month(seed, ward, month, restated) | (further(seed, ward, month) if further else {})
            cells = _cells(ward, month, indicators, pairs)
            for place, (indicator, cell) in enumerate(cells.items()):
                sums[indicator][0] += cell.numerator
                sums[indicator][1] += cell.denominator
                name = _as_written(ward, month, habit, place)
                row = _row(site.code, name, indicator, month, cell, habit)
                yield row
                if (ward.ward_id, indicator, month) == truth.TWICE_ALIKE:
                    yield list(row)
                if (ward.ward_id, indicator, month) == truth.TWICE_DIFFERENT:
                    other = _cell(indicator, cell.numerator - 60, cell.denominator)
                    yield _row(site.code, name, indicator, month, other, habit)
        if habit.totals:
            for indicator, (numerator, denominator) in sums.items():
                total = _cell(indicator, numerator, denominator)
                yield _row(site.code, "Total", indicator, month, total, habit)


def _row(site: str, name: str, indicator: str, month: date, cell: _Cell, habit: _Habit) -> list[str]:
    value = cell.value if cell.mark is None else cell.mark
    if habit.percent_signs and indicator == "VTE_PCT" and cell.mark is None:
        value += "%"
    figures = ["", ""] if cell.mark is not None else [_figure(cell.numerator, habit), _figure(cell.denominator, habit)]
    row = [site, name, indicator, month.strftime(habit.month_format), *figures, value]
    if "Provisional" in habit.header:
        row.append("Y" if month >= truth.PROVISIONAL_FROM else "N")
    return row + [""] * (len(habit.header) - len(row))


def _figure(number: float, habit: _Habit) -> str:
    separator = "," if habit.thousands_commas else ""
    places = 0 if number == int(number) else 1
    return format(number, f"{separator}.{places}f")


def _as_written(ward: truth.Ward, month: date, habit: _Habit, place: int) -> str:
    """The ward's name as this file has it: misspelt, shortened, or with spaces that nobody sees."""
    name = ward.name
    wrong = truth.UNMATCHED
    if ward.ward_id == wrong.ward_id and wrong.first <= month <= wrong.last:
        name = wrong.text
    for alias in truth.ALIASES:
        ends = alias.valid_to or month
        if alias.feed == "*" and alias.ward_id == ward.ward_id and alias.valid_from <= month < ends:
            name = alias.text
    # Hidden spaces at the end stand in some rows only, so that one ward seems to have several names.
    turn = (int(ward.ward_id[1:]) + 7 * month.month + place) % 40
    if turn == 0:
        return f"{name} "
    return f"{name}\u00a0" if turn == 1 and habit.no_break_spaces else name


def _cells(
    ward: truth.Ward, month: date, indicators: tuple[str, ...], pairs: dict[str, tuple[float, float]]
) -> dict[str, _Cell]:
    """What a ward reports of a month, by indicator in the file's order."""
    return {
        indicator: _Cell(0, 0, "", mark)
        if (mark := _mark(ward, indicator, month)) is not None
        else _cell(indicator, *pairs[indicator])
        for indicator in indicators
    }


def ward_month(seed: int, ward: truth.Ward, month: date, restated: bool = False) -> dict[str, tuple[float, float]]:
    """What is true of a ward and month: numerator and denominator by indicator, whatever is reported of it."""
    draws = Draws(seed, "ward_indicator", ward.ward_id, month)
    habitual = Draws(seed, "ward_indicator", ward.ward_id)
    days = (truth.next_month(month) - month).days
    is_bed_ward = ward.type in truth.BED_WARDS
    planted = truth.RESTATED
    is_planted = (ward.ward_id, month) == (planted.ward_id, planted.month)
    bed_days = round(ward.beds * days * draws.between(0.84, 0.97)) if is_bed_ward else 0
    if is_planted:
        bed_days = planted.denominator
    # Every draw is made for every ward, so that one ward's type does not move another indicator's figures.
    harm, ulcers, complaints = habitual.between(0.8, 1.3), habitual.between(0.8, 1.3), habitual.between(0.7, 1.4)
    engaged = truth.first_month_of_effect(ward.ward_id)
    effect = truth.EFFECTS if engaged and month >= engaged else {}
    counted = {
        "FALLS_1000": draws.events(bed_days * 6.0 * harm * effect.get("FALLS_1000", 1) / 1000),
        "PRESSURE_ULCERS_1000": draws.events(bed_days * 1.5 * ulcers * effect.get("PRESSURE_ULCERS_1000", 1) / 1000),
        "COMPLAINTS_1000": draws.events(bed_days * 0.9 * complaints / 1000),
    }
    if is_planted:
        counted[planted.indicator] = planted.new_numerator if restated else planted.old_numerator
    fte_days = round(habitual.between(24, 42) * days, 1)
    winter = 0.012 if month.month in (11, 12, 1, 2) else 0.0
    sick_days = round(fte_days * max(0.005, draws.about(0.048 + winter, 0.009)), 1)
    admitted = round(draws.between(50, 110))
    assessed = draws.of(admitted, truth.VTE_LEVELS[month >= truth.VTE_REDEFINED_ON])
    planned = round(days * habitual.between(55, 75))
    worked = round(planned * draws.about(0.96, 0.035), 1)
    return {
        **{indicator: (count, bed_days) for indicator, count in counted.items()},
        "SICKNESS_PCT": (sick_days, fte_days),
        "VTE_PCT": (assessed, admitted),
        "FILL_RATE_DAY_RN_PCT": (worked, planned),
    }


def _mark(ward: truth.Ward, indicator: str, month: date) -> str | None:
    """What stands in place of a value: `-` not applicable, `*` suppressed at source, nothing where missing."""
    if ward.type not in truth.APPLIES_TO[indicator]:
        return "-"
    for mark, (ward_id, code, first, last) in (("*", truth.STARRED), ("", truth.MISSING)):
        if (ward.ward_id, indicator) == (ward_id, code) and first <= month <= last:
            return mark
    return None


def _cell(indicator: str, numerator: float, denominator: float) -> _Cell:
    multiplier = 1000 if indicator.endswith("_1000") else 1 if indicator.startswith("CHPPD") else 100
    return _Cell(numerator, denominator, f"{numerator / denominator * multiplier:.2f}")


# --- ae_attendances -------------------------------------------------------------------------------------------------

_AE_FIRST_HEADER = (
    "Period", "Org Code", "Parent Org", "Org name", "A&E attendances Type 1", "A&E attendances Type 2",
    "A&E attendances Other A&E Department", "A&E attendances Booked Appointments Type 1",
    "A&E attendances Booked Appointments Type 2", "A&E attendances Booked Appointments Other Department",
    "Attendances over 4hrs Type 1", "Attendances over 4hrs Type 2", "Attendances over 4hrs Other Department",
    "Attendances over 4hrs Booked Appointments Type 1", "Attendances over 4hrs Booked Appointments Type 2",
    "Attendances over 4hrs Booked Appointments Other Department",
    "Patients who have waited 4-12 hs from DTA to admission", "Patients who have waited 12+ hrs from DTA to admission",
    "Emergency admissions via A&E - Type 1", "Emergency admissions via A&E - Type 2",
    "Emergency admissions via A&E - Other A&E department", "Other emergency admissions",
)  # fmt: skip
_AE_DEPARTMENTS = (
    "Type 1 Departments - Major A&E", "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
)  # fmt: skip
_AE_SECOND_HEADER = (
    "Code", "Region", "Name", *_AE_DEPARTMENTS, "Total attendances", *_AE_DEPARTMENTS, "Total Attendances < 4 hours",
    *_AE_DEPARTMENTS, "Total Attendances > 4 hours", "Percentage in 4 hours or less (all)",
    "Percentage in 4 hours or less (type 1)", "Percentage in 4 hours or less (type 2)",
    "Percentage in 4 hours or less (type 3)", "Emergency Admissions via Type 1 A&E",
    "Emergency Admissions via Type 2 A&E", "Emergency Admissions via Type 3 and 4 A&E",
    "Total Emergency Admissions via A&E", "Other Emergency admissions (i.e not via A&E)", "Total Emergency Admissions",
    "Number of patients spending >4 hours from decision to admit to admission",
    "Number of patients spending >12 hours from decision to admit to admission",
)  # fmt: skip
# The real files spell the total four ways; September 2024 mixes two in one row. Any month not named here: TOTAL.
_AE_TOTALS = {
    date(2024, 4, 1): ("Total ",) * 4,
    date(2024, 7, 1): ("Total",) * 4,
    date(2024, 9, 1): ("Total", "Total ", "Total", "Total"),
}
# With the trailing spaces of the real files (London and the header have none).
_REGIONS = (
    "NHS England East Of England ", "NHS England London", "NHS England Midlands ",
    "NHS England North East And Yorkshire ", "NHS England North West ", "NHS England South East ",
    "NHS England South West ",
)  # fmt: skip
# 48 invented places; five rounds of them, told apart by compass, name every provider of the largest size once.
_PLACES = tuple(
    front + back
    for back in ("wick", "stead", "combe", "holt", "mouth", "garth")
    for front in ("Brindle", "Corven", "Dunsel", "Farrow", "Hollin", "Marrow", "Quarrel", "Thistle")
)


@dataclass(frozen=True)
class Provider:
    """A provider of the A&E files: which types of department it has, and its name as published in mixed case."""

    code: str
    name: str
    region: str
    types: tuple[int, ...]


@dataclass(frozen=True)
class _Activity:
    """A provider's month: three departments each of attendances and of those over four hours, not booked and booked."""

    attended: list[int]
    booked: list[int]
    over: list[int]
    booked_over: list[int]
    waited_4_to_12: int
    waited_over_12: int
    admitted: list[int]
    other_admitted: int


def providers(number: int) -> list[Provider]:
    """The trust and `number - 1` invented providers, by region as the publication orders them."""
    found = [Provider(truth.TRUST, truth.TRUST_NAME, _REGIONS[0], (1, 3))]
    for turn in range(1, number):
        # Of eight: four acute, one with an eye hospital too, two urgent treatment centres, one without any department.
        types: tuple[int, ...] = {5: (1, 2, 3), 6: (3,), 7: (3,), 0: ()}.get(turn % 8, (1, 3))
        kind = {(3,): "Urgent Treatment Centre", (): "Specialist NHS Trust"}.get(types, "Hospitals NHS Trust")
        compass = ("", "North ", "South ", "East ", "West ")[turn // len(_PLACES)]
        name = f"{compass}{_PLACES[turn % len(_PLACES)]} {kind}"
        found.append(Provider(f"X{turn:02d}", name, _REGIONS[turn % len(_REGIONS)], types))
    return sorted(found, key=lambda provider: (_REGIONS.index(provider.region), provider.name))


def _activity(seed: int, provider: Provider, month: date) -> _Activity:
    habitual = Draws(seed, "ae_attendances", provider.code)
    draws = Draws(seed, "ae_attendances", provider.code, month)
    scale = 2.4 if provider.code == truth.TRUST else habitual.between(0.5, 1.5)
    slow = habitual.between(0.28, 0.42) + (0.03 if month.month in (11, 12, 1, 2) else 0)
    attended, booked, over, booked_over, admitted = ([0, 0, 0] for _ in range(5))
    # Attendances, share booked, share over four hours (of type 1's), share admitted, by type.
    for kind, base, share_booked, slowness, share_admitted in (
        (1, 12000, 0.015, 1.0, 0.29), (2, 1100, 0.02, 0.1, 0.03), (3, 2400, 0.05, 0.08, 0.02),
    ):  # fmt: skip
        if kind not in provider.types:
            continue
        seen = round(scale * base * draws.about(1, 0.04))
        attended[kind - 1] = round(seen * (1 - share_booked))
        booked[kind - 1] = seen - attended[kind - 1]
        over[kind - 1] = round(attended[kind - 1] * slow * slowness * draws.about(1, 0.05))
        booked_over[kind - 1] = round(booked[kind - 1] * slow * slowness * 0.5)
        admitted[kind - 1] = round(seen * share_admitted * draws.about(1, 0.04))
    waiting = round(admitted[0] * draws.about(0.26, 0.03))
    long_waiting = round(waiting * draws.between(0.03, 0.3))
    other = round(scale * (900 if 1 in provider.types else 0 if provider.types else 60) * draws.about(1, 0.06))
    return _Activity(attended, booked, over, booked_over, waiting - long_waiting, long_waiting, admitted, other)


def _ae_attendances(seed: int, size: truth.Size) -> Iterator[Delivery]:
    every = providers(size.providers)
    for month in truth.months(*truth.AE_FIRST_LAYOUT):
        yield _ae_first_layout(seed, every, month)
    for month in truth.months(*truth.AE_SECOND_LAYOUT):
        yield _ae_second_layout(seed, every, month)


def _published_on(month: date) -> date:
    return truth.next_month(month).replace(day=12)


def published_name(provider: Provider, month: date) -> str:
    """The provider's name as the month's files give it."""
    code, since = truth.AE_RENAMED
    if provider.code == code and month >= since:
        return provider.name.replace("Hospitals", "Teaching Hospitals")
    return provider.name


def _ae_first_layout(seed: int, providers: list[Provider], month: date) -> Delivery:
    figures: list[list[int]] = []
    rows: list[list[str]] = []
    # The real files are in no order that a reader could rely on; by code is as good as any.
    for provider in sorted(providers, key=lambda provider: provider.code):
        done = _activity(seed, provider, month)
        figures.append([
            *done.attended, *done.booked, *done.over, *done.booked_over, done.waited_4_to_12, done.waited_over_12,
            *done.admitted, done.other_admitted,
        ])  # fmt: skip
        period = f"MSitAE-{month:%B-%Y}".upper().replace("MSITAE", "MSitAE")
        names = (provider.code, provider.region.upper(), published_name(provider, month).upper())
        rows.append([period, *names, *map(str, figures[-1])])
    sums = [str(sum(column)) for column in zip(*figures, strict=True)]
    rows.append([*_AE_TOTALS.get(month, ("TOTAL",) * 4), *sums])
    stray = ("", "", "", "", "", "a") if month == truth.AE_STRAY_HEADERS_MONTH else ()
    rows = [row + [""] * len(stray) for row in rows]
    header = (*_AE_FIRST_HEADER, *stray)
    return Delivery("ae_attendances", f"ae_activity_{month:%Y-%m}.csv", _published_on(month), header, rows)


def _ae_second_layout(seed: int, providers: list[Provider], month: date) -> Delivery:
    zeros = month == truth.AE_WRONG_ZERO_MONTH
    rows = []
    for provider in providers:
        done = _activity(seed, provider, month)
        attended = [first + second for first, second in zip(done.attended, done.booked, strict=True)]
        over = [first + second for first, second in zip(done.over, done.booked_over, strict=True)]
        within = [first - second for first, second in zip(attended, over, strict=True)]
        shares = [(sum(within), sum(attended)), *zip(within, attended, strict=True)]
        counts = [*attended, sum(attended), *within, sum(within), *over, sum(over)]
        after = [
            *done.admitted, sum(done.admitted), done.other_admitted, sum(done.admitted) + done.other_admitted,
            done.waited_4_to_12 + done.waited_over_12, done.waited_over_12,
        ]  # fmt: skip
        separator = "" if zeros else ","
        rows.append([
            provider.code, provider.region, published_name(provider, month),
            *(format(count, separator) for count in counts),
            *(_percentage(part, whole, zeros) for part, whole in shares),
            *(format(count, separator) for count in after),
        ])  # fmt: skip
    header = [text.replace(" - ", " 0 ") for text in _AE_SECOND_HEADER] if zeros else _AE_SECOND_HEADER
    return Delivery("ae_attendances", f"{month:%B-%Y}-AE.csv", _published_on(month), header, rows)


def _percentage(part: int, whole: int, zeros: bool) -> str:
    """`73.5` in the month of wrong zeros, else `73.50%`; of nobody `0.0` in that month, else `-`."""
    if whole == 0:
        return "0.0" if zeros else "-"
    share = round(100 * part / whole, 1)
    return f"{share}" if zeros else f"{share:.2f}%"


# --- fft_inpatient --------------------------------------------------------------------------------------------------

_FFT_GROUPS = (
    "ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name", "Total Responses", "Total Eligible",
    "Percentage Positive", "Percentage Negative", "Breakdown of Responses", None, None, None, None, None,
    "First Speciality", "Second Speciality",
)  # fmt: skip
_FFT_LEAVES = ("Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor", "Don't Know")
# How many of a hundred answer so.
_FFT_ANSWERS = (78, 15, 3, 2, 1, 1)


@dataclass(frozen=True)
class _Fft:
    """A ward's answers in a month: who it is of, how many could answer, the six answers, and whether they are shown."""

    names: tuple[Cell, ...]
    site: str
    independent: bool
    eligible: int
    answers: tuple[int, ...]
    is_hidden: bool = False


def _fft_inpatient(seed: int, month: date) -> WorkbookDelivery:
    wards = _fft_hidden(list(_fft_wards(seed, month)))
    shown = [ward for ward in wards if not ward.is_hidden]
    totals = (
        ("England (including Independent Sector Providers)", wards),
        ("England (excluding Independent Sector Providers)", [ward for ward in wards if not ward.independent]),
        ("Selection (excluding suppressed data)", shown),
    )
    rows: list[list[Cell]] = [
        [], [], [None, None, None, "Show data for:"], [], [], [], [], [], [],
        list(_FFT_GROUPS),
        [*[None] * 10, *_FFT_LEAVES],
        *(
            [*[None] * 5, name, *_fft_figures(sum(item.eligible for item in rest), [item.answers for item in rest])]
            for name, rest in totals
        ),
        *(
            [*ward.names, *(["*", ward.eligible, "-", "-", *"******"] if ward.is_hidden
                            else _fft_figures(ward.eligible, [ward.answers]))]
            for ward in wards
        ),
    ]  # fmt: skip
    merged = [f"{letter}10:{letter}11" for letter in "ABCDEFGHIJQR"] + ["K10:P10"]
    notes = Sheet([[], [f"Inpatient Friends and Family Test (FFT) Data - {month:%B %Y} (invented example)"]])
    published = truth.next_month(truth.next_month(month)).replace(day=11)
    return WorkbookDelivery(
        "fft_inpatient",
        f"FFT-inpatient-data-{month:%B-%Y}.xlsx",
        published,
        {
            "Notes": notes,
            "Wards": Sheet(rows, merged=merged, dimension="A1:S8000"),
            "BS": Sheet([["Sort", "ICB"], ["Wards", 1]], is_hidden=True),
        },
    )


def _fft_figures(eligible: int, answers: list[tuple[int, ...]]) -> list[Cell]:
    six = [sum(answer) for answer in zip(*answers, strict=True)]
    total = sum(six)
    shares: list[Cell] = [(six[0] + six[1]) / total, (six[3] + six[4]) / total] if total else ["-", "-"]
    return [total, eligible, *shares, *six]


def _fft_wards(seed: int, month: date) -> Iterator[_Fft]:
    for place, ward in enumerate(truth.wards_on(month)):
        draws = Draws(seed, "fft_inpatient", ward.ward_id, month)
        # Some names end in a no-break space, as some real ones do.
        name = f"{ward.name}\u00a0" if place % 9 == 4 else ward.name
        names = ("QH8", truth.TRUST, truth.TRUST_NAME.upper(), ward.site, f"HOSPITAL - {ward.site}", name)
        if ward.type == truth.FFT_SUPPRESSED_TYPE:
            yield _Fft(names, ward.site, False, 12, (1 + int(draws.between(0, 3)), 1, 0, 0, 0, 0), is_hidden=True)
        elif ward.type == "virtual":
            yield _Fft(names, ward.site, False, 0, (0,) * len(_FFT_LEAVES))
        else:
            yield _Fft(names, ward.site, False, *_fft_answers(draws))
    for code, provider, site, wards, independent in truth.FFT_OTHERS:
        for ward_name in wards:
            draws = Draws(seed, "fft_inpatient", site, ward_name, month)
            cell: Cell = int(ward_name) if ward_name.isdigit() else ward_name
            place_names = ("QX1", code, provider.upper(), site, f"HOSPITAL - {site}", cell)
            yield _Fft(place_names, site, independent, *_fft_answers(draws))


def _fft_answers(draws: Draws) -> tuple[int, tuple[int, ...]]:
    eligible = int(draws.between(60, 160))
    answered = max(5, draws.of(eligible, 0.3))
    answers = [draws.of(answered, share / 100) for share in _FFT_ANSWERS[1:]]
    return eligible, (max(0, answered - sum(answers)), *answers)


def _fft_hidden(wards: list[_Fft]) -> list[_Fft]:
    """With the fewest answers of each site that has a suppressed ward hidden too."""
    found = list(wards)
    for site in sorted({ward.site for ward in wards if ward.is_hidden}):
        here = [ward for ward in wards if ward.site == site and not ward.is_hidden and any(ward.answers)]
        second = min(here, key=lambda shown: sum(shown.answers))
        found[found.index(second)] = replace(second, is_hidden=True)
    return found

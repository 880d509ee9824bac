"""Example files of two national publications: sickness absence and waiting times (RTT), in their real layouts.

The organisations are those of the A&E files. Sickness absence has the noise of floating numbers, bodies that treat
nobody, a month under other headers and one issued again; waiting times have a total beside its parts, blank weeks
where none are known, commissioners without a name and a month issued again.

Kept out: which months and cells carry something planted (`truth`); who the providers are (`indicators`).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws
from ingest.examples.indicators import Provider, providers, published_name


def deliveries(seed: int, size: truth.Size) -> Iterator[Delivery]:
    """Every file of both feeds."""
    every = providers(size.providers)
    for month in truth.months(*truth.SICKNESS_MONTHS):
        yield _sickness(seed, every, month, is_revised=False)
    yield _sickness(seed, every, truth.SICKNESS_REVISED_MONTH, is_revised=True)
    for month in truth.months(*truth.RTT_MONTHS):
        yield _rtt(seed, every, month, is_revised=False)
    yield _rtt(seed, every, truth.RTT_REVISED[1], is_revised=True)


# --- sickness_absence -------------------------------------------------------------------------------------------------

_SICKNESS_HEADER = (
    "DATE", "NHSE_REGION_CODE", "NHSE_REGION_NAME", "ICS_CODE", "ICS_NAME", "ORG_CODE", "ORG_NAME", "ORG_TYPE",
    "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE", "SICKNESS_ABSENCE_RATE_PERCENT",
)  # fmt: skip
_SICKNESS_HEADER_IN_WORDS = (
    "Date", "NHSE region code", "NHSE region name", "ICB code", "ICB name", "Org code", "Org name", "Org type",
    "FTE days lost", "FTE days available", "Sickness absence rate (%)",
)  # fmt: skip
_STATUTORY = ("QZZ", "Special Health Authorities and other statutory bodies")
_EAST = ("Y61", "East of England", "QH8", "Mid and South Essex")


def _sickness(seed: int, every: list[Provider], month: date, *, is_revised: bool) -> Delivery:
    in_words = month == truth.SICKNESS_OTHER_HEADER_MONTH
    last_day = truth.next_month(month) - timedelta(1)
    organisations = [
        *((code, name, kind, _STATUTORY * 2) for code, name, kind in truth.SICKNESS_BODIES),
        *((one.code, published_name(one, month), "Acute", _EAST) for one in every),
    ]
    rows = []
    for code, name, kind, place in organisations:
        lost, available = _days(seed, code, month)
        if is_revised and code == truth.TRUST:
            lost += 412.5
        of_month = truth.previous_month(month) if (code, month) == truth.SICKNESS_WRONG_RATE else month
        shown_lost, shown_available = _days(seed, code, of_month) if of_month != month else (lost, available)
        comma = "," if in_words else ""
        # Every third is a sum that no binary number holds: the publisher writes all its digits.
        noise = "9999999997" if int(lost) % 3 == 0 else ""
        rows.append([
            f"{last_day:%d/%m/%Y}", *place, code, name, kind, f"{lost:{comma}.4f}{noise}", f"{available:{comma}.5f}",
            f"{100 * shown_lost / shown_available:.2f}",
        ])  # fmt: skip
    header: tuple[str, ...] = _SICKNESS_HEADER
    if in_words:
        header = (*_SICKNESS_HEADER_IN_WORDS, "")
        rows = [[*row, ""] for row in rows]
    return Delivery(
        "sickness_absence",
        f"nhs_sickness_absence_{month:%Y-%m}{'_revised' if is_revised else ''}.csv",
        truth.months(month, truth.LAST_MONTH)[4].replace(day=27 if is_revised else 26),
        header,
        rows,
    )


def _days(seed: int, code: str, month: date) -> tuple[float, float]:
    """Days lost and days available of an organisation's month."""
    habitual = Draws(seed, "sickness_absence", code)
    draws = Draws(seed, "sickness_absence", code, month)
    available = (410_000 if code == truth.TRUST else habitual.between(20_000, 300_000)) * draws.about(1, 0.01)
    winter = 0.006 if month.month in (11, 12, 1, 2) else 0
    return round(available * (habitual.between(0.035, 0.055) + winter) * draws.about(1, 0.03), 4), round(available, 5)


# --- rtt --------------------------------------------------------------------------------------------------------------

_WEEKS = 105
_RTT_HEADER = (
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
    "Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name",
    "RTT Part Type", "RTT Part Description", "Treatment Function Code", "Treatment Function Name",
    *(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(_WEEKS - 1)), "Gt 104 Weeks SUM 1",
    "Total", "Patients with unknown clock start date", "Total All",
)  # fmt: skip
# Code, description, share of the incomplete pathways' number.
_PARTS = (
    ("Part_1A", "Completed Pathways For Admitted Patients", 0.05),
    ("Part_1B", "Completed Pathways For Non-Admitted Patients", 0.12),
    ("Part_2", "Incomplete Pathways", 1.0),
    ("Part_2A", "Incomplete Pathways with DTA", 0.15),
    ("Part_3", "New RTT Periods - All Patients", 0.2),
)
_TREATMENTS = (("C_110", "Trauma and Orthopaedic Service"), ("X04", "Other - Paediatric Services"))
# Parent's code and name, own code and name; a commissioner outside England has a code alone.
_COMMISSIONERS = (
    ("QH8", "NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD", "99E", "NHS BASILDON AND BRENTWOOD (SUB ICB LOCATION)"),
    ("", "", "NONC", ""),
)


def _rtt(seed: int, every: list[Provider], month: date, *, is_revised: bool) -> Delivery:
    rows = []
    for provider in sorted(every, key=lambda one: one.code):
        for commissioner in _COMMISSIONERS:
            for part, description, share in _PARTS:
                before = [
                    f"RTT-{month:%B-%Y}", "QH8", "NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD", provider.code,
                    published_name(provider, month).upper(), *commissioner, part, description,
                ]  # fmt: skip
                figures = [
                    _pathways(seed, provider, month, commissioner[2], part, share, code, is_revised)
                    for code, _ in _TREATMENTS
                ]
                if (provider.code, month, part) == (*truth.RTT_WRONG_SUM, "Part_2") and commissioner[0]:
                    figures[0][-1] += 1
                sums = [sum(column) for column in zip(*figures, strict=True)]
                for (code, name), counts in zip((*_TREATMENTS, ("C_999", "Total")), (*figures, sums), strict=True):
                    rows.append([*before, code, name, *_written(part, counts)])
    return Delivery(
        "rtt",
        f"{truth.next_month(month) - timedelta(1):%Y%m%d}-RTT-{month:%B-%Y}-full-extract"
        f"{'-revised' if is_revised else ''}.csv",
        truth.next_month(truth.next_month(month)).replace(day=20 if is_revised else 12),
        _RTT_HEADER,
        rows,
    )


def _pathways(
    seed: int, provider: Provider, month: date, commissioner: str, part: str, share: float, code: str, is_revised: bool
) -> list[int]:
    """Pathways by week, then those of unknown start, then all."""
    draws = Draws(seed, "rtt", provider.code, month, commissioner, part, code)
    size = (9000 if provider.code == truth.TRUST else 2500) * share * (1 if commissioner == "99E" else 0.02)
    if is_revised and provider.code == truth.RTT_REVISED[0]:
        size *= 1.05
    # Waits thin out by a twentieth a week, so that six in ten have lasted 18 weeks or less.
    first = size / 20 * draws.about(1, 0.05)
    weeks = [round(first * 0.95**week) for week in range(_WEEKS)]
    unknown = draws.events(0.3) if part in {"Part_1A", "Part_1B"} else 0
    return [*weeks, unknown, sum(weeks) + unknown]


def _written(part: str, counts: list[int]) -> list[str]:
    """Cells as published: no weeks for new pathways; known and unknown starts for completed ones alone."""
    *weeks, unknown, whole = counts
    if part == "Part_3":
        return [*[""] * _WEEKS, "", "", str(whole)]
    known = [str(whole - unknown), str(unknown)] if part in {"Part_1A", "Part_1B"} else ["", ""]
    return [*map(str, weeks), *known, str(whole)]

"""Example files of the programme feeds: the trust's programmes and the wards on the sixty-ward programme.

Planted: sixty wards in four waves of five a site, stages reached to different degrees, one ward withdrawn, one with
two stages out of order, one written under a name that only an alias explains.

Kept out: which ward is in which wave and when it reached what (`truth`).
"""

from collections.abc import Iterator
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, day

_DELIVERED = date(2026, 4, 7)
# Identifier, name, type, start, end, lead role, funder. Dates and funders are invented.
_PROGRAMMES = (
    ("QSIR_FUNDAMENTALS", "QSIR Fundamentals", "qsir_fundamentals", date(2022, 4, 1), None, "Trust"),
    ("QSIR_PRACTITIONER", "QSIR Practitioner", "qsir_practitioner", date(2022, 4, 1), None, "Trust"),
    ("WRAPPED_IMPROVEMENT", "Wrapped improvement", "wrapped_improvement", date(2023, 4, 1), None, "Trust"),
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
    """The two programme files, the same in every size and for every seed."""
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
    rows = [
        (
            truth.PROGRAMME, item.site, _name(item), str(item.wave), day(item.enrolled),
            *(day(item.reached.get(stage)) for stage in truth.STAGES), item.status.capitalize(),
        )
        for item in sorted(truth.ENROLMENTS, key=lambda item: (item.wave, item.site, item.ward_id))
    ]  # fmt: skip
    yield Delivery("ward_enrolment", "ward_enrolment.csv", _DELIVERED, header, [*rows, [""] * len(header)])


def _name(enrolment: truth.Enrolment) -> str:
    for alias in truth.ALIASES:
        if alias.feed == "ward_enrolment" and alias.ward_id == enrolment.ward_id:
            return alias.text
    return next(ward.name for ward in truth.wards_on(enrolment.enrolled) if ward.ward_id == enrolment.ward_id)

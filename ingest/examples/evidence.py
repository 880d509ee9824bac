"""Example files of the waivers (two that were in order, and one that breaks each rule for them) and of the approval of
publication.

Kept out: what the gate makes of them.
"""

from collections.abc import Iterator
from datetime import date

from ingest.examples.delivery import Delivery

_HEADER = ("Rule ID", "Scope", "Granted", "Until", "Reason", "Asked By", "Approved By")
_HEAD, _DIRECTOR = "Head of analytics", "Director of strategy"
_ROWS = (
    (
        "model.fct_wave.on_plan", "fct_wave", "01/04/2026", "29/06/2026",
        "One ward withdrew; its place stays empty", "Head of improvement", _DIRECTOR,
    ),
    (
        "contract.ae_attendances.wrong_zero_percentage", "ae_attendances", "01/05/2025", "30/06/2025",
        "The publisher promised a corrected April", _HEAD, _DIRECTOR,
    ),
    (
        "gate.surveys.quarter_complete", "fct_survey_score", "15/01/2026", "31/03/2026",
        "Fieldwork began late at one site", "Staff experience lead", _HEAD,
    ),
    # 120 days.
    (
        "gate.indicators.month_complete", "fct_indicator_month", "01/01/2026", "01/05/2026",
        "Names of wards are being cleared up", _HEAD, _DIRECTOR,
    ),
    ("gate.release.no_nhs_number", "all marts", "01/04/2026", "30/04/2026", "It is in the way", _HEAD, _DIRECTOR),
    ("gate.reference.ward_reports", "dim_ward", "01/04/2026", "30/04/2026", "Two wards are new", _HEAD, _HEAD),
)  # fmt: skip


_APPROVAL_HEADER = ("Audience", "Granted", "Until", "Reason", "Approved By")
# Until it is withdrawn, so that the example can be published on any day.
_APPROVALS = (
    ("public", "01/04/2026", "", "Example figures alone; nobody is told of", "Senior information risk owner"),
)


def deliveries() -> Iterator[Delivery]:
    """The lists of waivers and approvals, the same in every size and for every seed."""
    yield Delivery("publication_approval", "approvals.csv", date(2026, 4, 1), _APPROVAL_HEADER, _APPROVALS)
    yield Delivery("waiver", "waiver.csv", date(2026, 4, 9), _HEADER, _ROWS)

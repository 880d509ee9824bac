"""Example landing files: a small invented world in the shapes and with the dirt of real deliveries.

Read `truth` first: it says what is planted and why. One module per domain (`reference`, `indicators`, `surveys`,
`programmes` with `courses`, `improvement`, `inequalities` with `inpatients`, `evidence`), `publications` for further
national files, `ward_feeds` and `small_areas` lay that out as files; `delivery` writes them. Files are the same, byte
for byte and to their times, for the same size and seed. Every figure is invented; only the trust, its sites and the
layouts are real.

Kept out: reading files, marking a home as one of examples, and the clock.
"""

from pathlib import Path

from ingest.examples import (
    courses,
    evidence,
    improvement,
    indicators,
    inequalities,
    inpatients,
    programmes,
    publications,
    reference,
    small_areas,
    surveys,
    ward_feeds,
    workforce,
)
from ingest.examples.delivery import Delivery, TableDelivery, WorkbookDelivery
from ingest.examples.truth import SIZES

# Of some hundred seeds one of the few whose draws lie near what is planted: a demonstration should show its truth.
SEED = 72


def write_example(landing: Path, size: str = "small", seed: int = SEED) -> list[Path]:
    """Write the example's files below `landing`, one folder per feed, and return their paths.

    Files of the same name are written over; others are left alone. Raises ValueError for an unknown size.
    """
    if size not in SIZES:
        raise ValueError(f"there is no example size {size!r}; sizes are {', '.join(SIZES)}")
    wanted = SIZES[size]
    deliveries: tuple[Delivery | TableDelivery | WorkbookDelivery, ...] = (
        *reference.deliveries(),
        *indicators.deliveries(seed, wanted),
        *publications.deliveries(seed, wanted),
        *workforce.deliveries(seed),
        *surveys.deliveries(seed, wanted),
        *programmes.deliveries(),
        *inequalities.deliveries(seed, wanted),
        *inpatients.deliveries(seed, wanted),
        *courses.deliveries(),
        *improvement.deliveries(),
        *evidence.deliveries(),
        *ward_feeds.deliveries(seed),
        *small_areas.deliveries(seed),
    )
    return [delivery.write(landing) for delivery in deliveries]

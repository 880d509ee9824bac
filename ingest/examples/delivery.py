"""How an example file is written: its bytes, its time, and the draws behind its figures.

Every draw comes from `random.Random.random`, the one method whose sequence Python promises to keep, seeded by a text
that names the cell; so a figure depends on seed and cell alone, not on how many others were drawn before it.

Kept out: what the files say (one module per domain).
"""

import csv
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.csv as pa_csv

from ingest.examples.workbook import Sheet, workbook


@dataclass(frozen=True)
class Delivery:
    """One file as a sender would leave it in landing: feed, name, day of delivery, header and rows as text.

    A row without cells becomes an empty line; some files have no header. `encoding` and `line_end` are the sender's
    habit.
    """

    feed: str
    name: str
    delivered_on: date
    header: Sequence[str] | None
    rows: Sequence[Sequence[str]]
    encoding: str = "utf-8"
    line_end: str = "\r\n"

    def write(self, landing: Path) -> Path:
        """Write the file below `landing`, dated ten o'clock (UTC) of its day of delivery; returns its path."""
        path = landing / self.feed / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding=self.encoding, newline="") as handle:
            csv.writer(handle, lineterminator=self.line_end).writerows(
                [*([self.header] if self.header else []), *self.rows]
            )
        return _dated(path, self.delivered_on)


@dataclass(frozen=True)
class TableDelivery:
    """A file of so many rows that they are held as Arrow columns of text; its header is the columns' names."""

    feed: str
    name: str
    delivered_on: date
    table: pa.Table

    def write(self, landing: Path) -> Path:
        """Write the file below `landing` as UTF-8, dated as any delivery; returns its path."""
        path = landing / self.feed / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        # As spreadsheets and databases export: quotation marks only where a cell needs them.
        pa_csv.write_csv(self.table, path, pa_csv.WriteOptions(quoting_style="none", quoting_header="none"))
        return _dated(path, self.delivered_on)


@dataclass(frozen=True)
class WorkbookDelivery:
    """A workbook as a sender would leave it in landing: its sheets by name, in their order."""

    feed: str
    name: str
    delivered_on: date
    sheets: Mapping[str, Sheet]

    def write(self, landing: Path) -> Path:
        """Write the file below `landing`, dated as any delivery; returns its path."""
        path = landing / self.feed / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(workbook(self.sheets))
        return _dated(path, self.delivered_on)


def _dated(path: Path, delivered_on: date) -> Path:
    at = datetime.combine(delivered_on, time(10), UTC).timestamp()
    os.utime(path, (at, at))
    return path


class Draws:
    """Reproducible draws for one cell of the example's world."""

    def __init__(self, seed: int, *cell: object) -> None:
        """`cell` names what is drawn, say feed, ward and month."""
        self._random = Random("|".join(map(str, (seed, *cell)))).random

    def between(self, low: float, high: float) -> float:
        """An even draw from `low` to `high`."""
        return low + (high - low) * self._random()

    def about(self, mean: float, spread: float) -> float:
        """A nearly normal draw: twelve even ones added up, which no platform rounds differently."""
        return mean + spread * (sum(self._random() for _ in range(12)) - 6)

    def events(self, expected: float) -> int:
        """A Poisson count, by multiplying; meant for expectations below some fifty."""
        limit, product, count = math.exp(-expected), self._random(), 0
        while product > limit:
            product *= self._random()
            count += 1
        return count

    def of(self, base: int, share: float) -> int:
        """How many of `base` people, each with chance `share`."""
        return sum(self._random() < share for _ in range(base))


def day(value: date | None) -> str:
    """A date as the trust's feeds write it, dd/mm/yyyy; empty for none."""
    return "" if value is None else f"{value:%d/%m/%Y}"

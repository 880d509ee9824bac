"""Appointments from CSV to the lake, by `load`; beside it DuckDB's own CSV to Parquet, and pandas with the same checks.

Each side is a process of its own on the same files: `python -m tests.benchmarks.ingest ours|duckdb|pandas|new_month HOME`. The
time to make pseudonyms is told apart: neither of the others makes any.

Kept out: how often and in what turn (`__main__`).
"""

import re
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc

from ingest.contract import feeds
from ingest.examples import inequalities, truth
from ingest.examples.delivery import TableDelivery
from ingest.home import Home
from ingest.identifiers import Door
from ingest.ledger import Ledger
from ingest.load import LoadReport, load
from ingest.run import Run

FEED = "outpatient_appointment"
# Of nobody: the key of a benchmark.
KEY = b"a key for benchmarks, which protects nobody"


def write_input(home: Home, rows: int) -> None:
    """Landing files of about so many appointments: three sites, one year."""
    for delivery in inequalities.deliveries(1, truth.Size(1, 25, rows, has_whole_catalogue=False)):
        if "late_outcomes" not in delivery.name:
            delivery.write(home.landing)


def write_ten_years(home: Home, rows: int) -> list[TableDelivery]:
    """Landing files of so many appointments over ten years, but for each site's last month: these are returned."""
    last = f"{truth.LAST_MONTH:/%m/%Y}"
    kept_back = []
    for delivery in inequalities.deliveries(1, truth.Size(10, 25, rows, has_whole_catalogue=False)):
        if "late_outcomes" in delivery.name:
            continue
        is_last = pc.ends_with(delivery.table["Appointment Date"], last)
        replace(delivery, table=delivery.table.filter(pc.invert(is_last))).write(home.landing)
        if pc.any(is_last).as_py():
            name = delivery.name.replace(".csv", f"_{truth.LAST_MONTH:%m}.csv")
            delivered_on = delivery.delivered_on + timedelta(days=14)
            kept_back.append(
                replace(delivery, name=name, delivered_on=delivered_on, table=delivery.table.filter(is_last))
            )
    return kept_back


def files(home: Home) -> list[Path]:
    """The files to be read."""
    return sorted((home.landing / FEED).glob("*.csv"))


def _loaded(home: Home, run_no: int) -> tuple[float, LoadReport]:
    """Load what is new, as a run does: seconds and what became of each file."""
    ledger = Ledger(home.ledger)
    ledger.prepare()
    at = datetime(2026, 11, 23, 6, run_no, tzinfo=UTC)
    run = Run(f"bench{run_no}", run_no, date(2026, 11, 23), at, None, "internal", "bench", f"bench{run_no}", True)
    started = time.perf_counter()
    report = load(home, run, ledger, key=KEY)
    return time.perf_counter() - started, report


def new_month(home: Home) -> dict[str, float]:
    """Ten years, then one month more: seconds of each load."""
    kept_back = write_ten_years(home, 1_000_000)
    whole, report = _loaded(home, 1)
    assert len(report.of("accepted")) == len(files(home)), report.outcomes
    for delivery in kept_back:
        delivery.write(home.landing)
    month, report = _loaded(home, 2)
    assert len(report.of("accepted")) == len(kept_back), report.outcomes
    return {"seconds": whole, "month": month}


def ours(home: Home) -> dict[str, float]:
    """`load`, as a run calls it: seconds in whole, and of it those for pseudonyms, worked out again on their own."""
    for folder in (home.lake, home.ledger, home.quarantine):
        shutil.rmtree(folder, ignore_errors=True)
    taken, report = _loaded(home, 1)
    assert len(report.of("accepted")) == len(files(home)), report.outcomes
    counts = [outcome.examined.judged.counts for outcome in report.outcomes if outcome.examined]
    numbers = inequalities.nhs_number(inequalities.people(sum(sum(item.values()) for item in counts)))
    door, started = Door(KEY), time.perf_counter()
    for number in numbers:
        door.pseudonym(number)
    return {
        "seconds": taken,
        "pseudonyms": time.perf_counter() - started,
        "rows": sum(item["accepted"] for item in counts),
    }


def duckdb(home: Home) -> dict[str, float]:
    """DuckDB's `read_csv` to Parquet: no checks, no pseudonyms, one file each."""
    import duckdb as engine

    started, rows = time.perf_counter(), 0
    with engine.connect(config={"threads": 2}) as connection:
        for path in files(home):
            target = home.root / f"{path.stem}.parquet"
            source = f"read_csv('{path}', all_varchar = false)"
            row = connection.execute(
                f"copy (select * from {source}) to '{target}' (format parquet, compression zstd)"
            ).fetchone()
            rows += row[0] if row else 0
    return {"seconds": time.perf_counter() - started, "rows": rows}


def pandas(home: Home) -> dict[str, float]:
    """The contract's checks as an analyst writes them with pandas: read as text, type, test, drop, write."""
    import pandas as pd

    contract, rows = feeds()[FEED], 0
    started = time.perf_counter()
    for path in files(home):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame = frame.rename(columns={column.headers[0]: column.name for column in contract.read_columns})
        sound = pd.Series(True, index=frame.index)
        typed = pd.DataFrame(index=frame.index)
        for column in contract.read_columns:
            text = frame[column.name].str.strip().str.replace(r"[\s\u00a0\u200b\ufeff]+", " ", regex=True)
            if column.door == "pseudonym":
                continue
            if column.type == "date" or column.door == "age":
                value = pd.to_datetime(text, format="%d/%m/%Y", errors="coerce")
                bad = value.isna() & (text != "")
            elif column.type == "boolean":
                value = text.str.lower().map({"y": True, "yes": True, "1": True, "n": False, "no": False, "0": False})
                bad = value.isna() & (text != "")
            else:
                value, bad = text, pd.Series(False, index=frame.index)
                if column.pattern:
                    bad |= (text != "") & ~text.str.fullmatch(re.compile(column.pattern))
                if column.allowed:
                    bad |= (text != "") & ~text.isin(column.allowed)
            if column.required:
                bad |= text == ""
            if column.door != "age":
                sound &= ~bad
            typed[column.name] = value
        typed["age_years"] = ((typed["appointment_date"] - typed["age_years"]).dt.days // 365.25).clip(upper=90)
        sound &= ~(typed["booked_date"] > typed["appointment_date"]) & (typed["specialty_code"] != "360")
        sound &= ~typed.duplicated("appointment_id")
        typed[sound].to_parquet(home.root / f"{path.stem}.pandas.parquet", compression="zstd")
        rows += int(sound.sum())
    return {"seconds": time.perf_counter() - started, "rows": rows}


if __name__ == "__main__":
    side, root = sys.argv[1:]
    answer = {"ours": ours, "duckdb": duckdb, "pandas": pandas, "new_month": new_month}[side](Home(Path(root)))
    print(" ".join(f"{name}={value}" for name, value in answer.items()))

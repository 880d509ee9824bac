"""SPC by the method macro and by pandas, on the same made series; both give the count of points of each kind.

Kept out: printing, and whole processes (`__main__`).
"""

import time
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.methods import render

PROFILE = "nhsrplotthedots"


def write_input(path: Path, series: int) -> None:
    """A CSV of so many series of 60 months of noise about 100, a third in each direction."""
    with duckdb.connect() as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(f"""
            copy (
                select
                    'series_' || lpad(cast(i // 60 as varchar), 6, '0') as series_id,
                    cast(date '2020-01-01' + to_months(cast(i % 60 as int)) as date) as period,
                    round(100 + 10 * sqrt(-2 * ln(random() + 1e-12)) * cos(6.2831853 * random()), 1) as value,
                    ['increase', 'decrease', 'neutral'][i // 60 % 3 + 1] as improvement_direction
                from range({series} * 60) as numbers (i)
            ) to '{path}'
        """)


def by_engine(path: Path) -> tuple[float, Counter[str]]:
    """Seconds of the method from a table in memory to a table in memory, and how many points of each kind."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"""
            create table points as
            select
                series_id, period, cast(value as decimal(24, 12)) as value, improvement_direction,
                cast(null as decimal(24, 12)) as target, 0 as rebase_flag, 0 as exclude_flag,
                cast(null as int) as fix_after_n_points, true as screen_outliers, cast(null as varchar) as chart
            from read_csv('{path}', types = {{'value': 'decimal(18, 6)'}})
        """)
        sql = render("spc.sql", "spc_point", "points", PROFILE)
        started = time.perf_counter()
        connection.execute(f"create table judged as {sql}")
        seconds = time.perf_counter() - started
        counted = connection.sql("select special_cause_type, count(*) from judged group by all").fetchall()
        return seconds, Counter(dict(counted))


def by_pandas(path: Path) -> tuple[float, Counter[str]]:
    """The same by pandas and numpy, series by series, as an analyst would write it: seconds and points of each kind."""
    frame = pd.read_csv(path, parse_dates=["period"])
    started = time.perf_counter()
    ordered = frame.sort_values(["series_id", "period"])
    labels = [_judge(group["value"].to_numpy()) for _, group in ordered.groupby("series_id", sort=False)]
    ordered["special_cause_type"] = np.concatenate(labels)
    seconds = time.perf_counter() - started
    return seconds, Counter(ordered["special_cause_type"].tolist())


def _judge(values: np.ndarray) -> np.ndarray:
    mean = values.mean()
    ranges = np.abs(np.diff(values))
    average = ranges[ranges < 3.267 * ranges.mean()].mean()
    distance = values - mean
    side = np.where(np.abs(distance) < 1e-9, 0, np.sign(distance))
    outside = np.abs(distance) > 2.66 * average
    close = ~outside & (np.abs(distance) > 2 * 2.66 / 3 * average)
    steps = np.sign(np.round(np.diff(values), 9))
    shift, trend, near = (np.zeros(len(values), dtype=bool) for _ in range(3))
    for start in range(len(values) - 6):
        if abs(side[start : start + 7].sum()) == 7:
            shift[start : start + 7] = True
        if abs(steps[start : start + 6].sum()) == 6:
            trend[start : start + 7] = True
    for start in range(len(values) - 2):
        window = slice(start, start + 3)
        if abs(side[window].sum()) == 3 and close[window].sum() >= 2:
            near[window] |= close[window]
    following = np.append(trend[1:], False)
    step = np.where(following, np.append(steps, 0), np.insert(steps, 0, 0))
    above = side > 0
    return np.select(
        [outside & above, outside, trend & (step > 0), trend, near & above, near, shift & above, shift],
        [
            "Above UCL",
            "Below LCL",
            "7 Point Trend (Increasing)",
            "7 Point Trend (Decreasing)",
            "2 in 3 Above CL",
            "2 in 3 Below CL",
            "7 Points Above CL",
            "7 Points Below CL",
        ],
        "Common Cause",
    )

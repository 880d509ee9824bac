"""`make bench`: how long a run takes, side by side with what a user would pick instead; whole processes, and ratios.

Every comparison runs both sides in turn, several times, and prints minimum, median and maximum, so that a slow moment
of a shared machine does not decide it. Never part of a timed test.

Kept out: any threshold that fails; the numbers are read by people.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.ingest import KEY
from tests.conftest import PROJECT

BIN = Path(sys.executable).parent


def whole(command: Sequence[str], home: Path) -> tuple[float, float, int, str]:
    """Run a command on a home: wall seconds, peak memory of its processes together in MiB, exit code, output."""
    environment = os.environ | {"QLS_HOME": str(home), "QLS_PSEUDONYM_KEY": KEY.decode()}
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    watcher.join()
    return seconds, peak[0] / 1024, process.returncode, output


def _watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    highest = 0.0
    while process.poll() is None:
        tree = _tree(process.pid)
        resident = sum(_kib(pid, "status", "VmRSS:") for pid in tree)
        if resident > 1.02 * highest:
            # Of libraries that several hold each has its share alone; to ask for it stops a process for milliseconds,
            # so it is asked only at a new height.
            highest = resident
            peak[0] = max(peak[0], sum(_kib(pid, "smaps_rollup", "Pss:") for pid in tree))
        time.sleep(0.05)


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(grandchild for child in children for grandchild in _tree(int(child)))]


def _kib(pid: int, account: str, line_of: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{account}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(line_of)), 0)


def spread(name: str, values: Sequence[float], unit: str) -> None:
    """Print one figure's minimum, median and maximum."""
    low, middle, high = min(values), statistics.median(values), max(values)
    print(f"{name:<58} {low:8.2f} {middle:8.2f} {high:8.2f}  {unit}", flush=True)


def step_seconds(home: Path) -> dict[str, float]:
    """Seconds of each step of the newest Dagster run of a home."""
    from orchestration.definitions import instance
    from orchestration.settings import Settings, from_environment

    os.environ["QLS_HOME"] = str(home)
    settings: Settings = from_environment()
    with instance(settings) as storage:
        run = storage.get_run_records(limit=1)[0].dagster_run
        stats = storage.get_run_step_stats(run.run_id)
    return {item.step_key: (item.end_time or 0) - (item.start_time or 0) for item in stats}


def dbt_seconds(home: Path) -> float:
    """dbt's own account of its last build of a home: seconds of work, without imports and parsing."""
    return float(json.loads((home / "dbt" / "run_results.json").read_text())["elapsed_time"])


def bench_run(repeats: int) -> None:
    """The small example from nothing to a release; the same models by a bare `dbt build`; a run with nothing new."""
    figures: dict[str, list[float]] = {}
    for _ in range(repeats):
        folder = Path(tempfile.mkdtemp(prefix="qls-bench-"))
        home = folder / "home"
        example, _, code, output = whole([str(BIN / "qls"), "example"], home)
        run, memory, code, output = whole([str(BIN / "qls"), "run"], home)
        assert code == 0, output
        steps, built = step_seconds(home), dbt_seconds(home)
        work = steps["ingest"] + built + steps["gate"] + steps["release"]
        quiet, _, code, output = whole([str(BIN / "qls"), "run"], home)
        assert code == 0, output
        assert "Nothing new" in output
        bare_home = folder / "bare"
        for part in ("lake", "ledger"):
            shutil.copytree(home / part, bare_home / part)
        (bare_home / "warehouse").mkdir()
        build = [str(BIN / "dbt"), "build", "--exclude-resource-type", "unit_test", "--target-path", f"{bare_home}/dbt"]
        build += [
            "--log-path",
            f"{bare_home}/dbt/logs",
            "--project-dir",
            "dbt_project",
            "--profiles-dir",
            "dbt_project",
        ]
        bare, bare_memory, code, output = whole(build, bare_home)
        assert code == 0, output
        bare_work = dbt_seconds(bare_home)
        for name, value in {
            "qls example, s": example,
            "qls run, first, whole, s": run,
            "  of it work: ingest, dbt's work, gate, release, s": work,
            "    ingest, s": steps["ingest"],
            "    dbt's work, s": built,
            "    gate, s": steps["gate"],
            "    release, s": steps["release"],
            "  of it start-up: imports, parsing, Dagster, s": run - work,
            "  peak memory of all processes together, MiB": memory,
            "qls run, nothing new, whole, s": quiet,
            "bare dbt build, whole, s": bare,
            "  of it work, s": bare_work,
            "  peak memory, MiB": bare_memory,
            "ratio of work, qls run / bare dbt build": work / bare_work,
            "ratio of whole, qls run / bare dbt build": run / bare,
        }.items():
            figures.setdefault(name, []).append(value)
        shutil.rmtree(folder)
    print(f"{'small example, ' + str(repeats) + ' times in turn':<58} {'min':>8} {'median':>8} {'max':>8}")
    for name, values in figures.items():
        label, _, unit = name.rpartition(", ") if name.endswith((", s", ", MiB")) else (name, "", "")
        spread(label, values, unit)


def bench_ingest(repeats: int) -> None:
    """Appointments from CSV to the lake: 1 and 10 million rows by `load` and by DuckDB alone, 1 million by pandas."""
    from ingest.home import Home
    from tests.benchmarks import ingest

    figures: dict[str, list[float]] = {}
    folder = Path(tempfile.mkdtemp(prefix="qls-bench-"))
    for millions in (1, 10):
        home = Home(folder / f"{millions}")
        ingest.write_input(home, millions * 1_000_000)
        for _ in range(repeats):
            taken: dict[str, dict[str, float]] = {}
            for side in ("duckdb", "ours", *(["pandas"] if millions == 1 else [])):
                command = [sys.executable, "-m", "tests.benchmarks.ingest", side, str(home.root)]
                _, memory, code, output = whole(command, home.root)
                assert code == 0, output
                told = dict(item.split("=") for item in output.split())
                taken[side] = {name: float(value) for name, value in told.items()} | {"memory": memory}
            own = taken["ours"]["seconds"]
            measured = {
                f"{millions} million rows, load, s": own,
                "  of it pseudonyms, s": taken["ours"]["pseudonyms"],
                f"  peak memory at {millions} million, MiB": taken["ours"]["memory"],
                f"{millions} million rows, DuckDB read_csv to Parquet, s": taken["duckdb"]["seconds"],
                f"ratio of load without pseudonyms / DuckDB, {millions} million": (own - taken["ours"]["pseudonyms"])
                / taken["duckdb"]["seconds"],
            }
            if "pandas" in taken:
                measured["1 million rows, pandas with the same checks, s"] = taken["pandas"]["seconds"]
                measured["ratio of pandas / load without pseudonyms"] = taken["pandas"]["seconds"] / (
                    own - taken["ours"]["pseudonyms"]
                )
            for name, value in measured.items():
                figures.setdefault(name.replace("  of it", f"  of {millions} million"), []).append(value)
    for turn in range(repeats):
        command = [sys.executable, "-m", "tests.benchmarks.ingest", "new_month", str(folder / f"ten_years_{turn}")]
        _, _, code, output = whole(command, folder)
        assert code == 0, output
        told = {name: float(value) for name, value in (item.split("=") for item in output.split())}
        for name, value in {
            "ten years, 1 million rows, load, s": told["seconds"],
            "one month more, load, s": told["month"],
            "one month more, % of the ten years": 100 * told["month"] / told["seconds"],
        }.items():
            figures.setdefault(name, []).append(value)
    shutil.rmtree(folder)
    print(f"{'appointments to the lake, ' + str(repeats) + ' times in turn':<58} {'min':>8} {'median':>8} {'max':>8}")
    for name, values in figures.items():
        label, _, unit = name.rpartition(", ") if name.endswith((", s", ", MiB")) else (name, "", "")
        spread(label, values, unit)


def bench_slope(repeats: int) -> None:
    """SII with limits for 200 areas x 5 quintiles: one query of the engine; NumPy drawing 100,000 values a quantile."""
    import duckdb
    import numpy as np

    from orchestration.methods import render

    areas, quintiles, draws = 200, 5, 100_000
    generator = np.random.default_rng(20261123)
    population = generator.integers(800, 4000, (areas, quintiles)).astype(float)
    value = generator.uniform(0.03, 0.06, (areas, 1)) + 0.01 * np.arange(quintiles, 0, -1)
    half = 1.96 * np.sqrt(value * (1 - value) / population)
    connection = duckdb.connect()
    connection.execute(
        "create table observations (area int, quantile int, population double, count double, value double, "
        "lower_cl double, upper_cl double, se double)"
    )
    rows = [
        [a, q + 1, population[a, q], None, value[a, q], value[a, q] - half[a, q], value[a, q] + half[a, q], None]
        for a in range(areas)
        for q in range(quintiles)
    ]
    connection.executemany("insert into observations values (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    queries = {
        transform: "select sii_lower95_0cl, sii_upper95_0cl from ("
        + render("inequality_slope.sql", "sii", "observations", ["area"], 2, transform, -100)
        + ") order by area"
        for transform in ("true", "false")
    }

    def engine(query: str) -> list[tuple[float, float]]:
        return [(float(low), float(high)) for low, high in connection.execute(query).fetchall()]

    def drawn() -> list[tuple[float, float]]:
        limits = []
        for a in range(areas):
            share = population[a] / population[a].sum()
            position = np.cumsum(share) - share / 2 - 0.5
            part = share * position / (share * position**2).sum()
            logit = np.log(value[a] / (1 - value[a]))
            ends = [np.log(end / (1 - end)) for end in (value[a] + half[a], value[a] - half[a])]
            slopes = generator.normal(logit, (ends[0] - ends[1]) / (2 * 1.959963984540054), (draws, quintiles)) @ part
            middle, sloped = (share * logit).sum(), np.sort(slopes)[[2499, 97499]]
            turned = [-100 * (_expit(middle + s / 2) - _expit(middle - s / 2)) for s in sloped]
            limits.append((min(turned), max(turned)))
        return limits

    figures: dict[str, list[float]] = {}
    for _ in range(repeats):
        taken: dict[str, float] = {}
        limits_by = {}
        for name, work in {
            "engine, fitted on the logit scale": lambda: engine(queries["true"]),
            "engine, fitted on the natural scale": lambda: engine(queries["false"]),
            "NumPy, 100,000 draws, logit scale": drawn,
        }.items():
            started, worked = time.perf_counter(), time.process_time()
            limits_by[name] = work()
            taken[name] = time.perf_counter() - started
            # Of all threads: what a machine that others use too does not change.
            figures.setdefault(f"  of processors, {name}, s", []).append(time.process_time() - worked)
        widest = max(
            max(abs(one[0] - other[0]), abs(one[1] - other[1])) / (other[1] - other[0])
            for one, other in zip(
                limits_by["engine, fitted on the logit scale"],
                limits_by["NumPy, 100,000 draws, logit scale"],
                strict=True,
            )
        )
        for name, seconds in taken.items():
            figures.setdefault(f"{name}, s", []).append(seconds)
        figures.setdefault("ratio of time, NumPy / engine", []).append(
            taken["NumPy, 100,000 draws, logit scale"] / taken["engine, fitted on the logit scale"]
        )
        figures.setdefault("largest difference of a limit, % of its interval", []).append(100 * widest)
    print(
        f"{'SII, 200 areas x 5 quintiles, ' + str(repeats) + ' times in turn':<58} {'min':>8} {'median':>8} {'max':>8}"
    )
    for name, values in figures.items():
        label, _, unit = name.rpartition(", ") if name.endswith(", s") else (name, "", "")
        spread(label, values, unit)


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def bench_spc(repeats: int) -> None:
    """SPC of 5,000 and 50,000 series of 60 points: the engine from a table in memory, `qls spc`, and pandas."""
    from tests.benchmarks import spc

    figures: dict[str, list[float]] = {}
    for _ in range(repeats):
        folder = Path(tempfile.mkdtemp(prefix="qls-bench-"))
        small, large = folder / "small.csv", folder / "large.csv"
        spc.write_input(small, 5_000)
        spc.write_input(large, 50_000)
        pandas_seconds, theirs = spc.by_pandas(small)
        engine_seconds, ours = spc.by_engine(small)
        assert ours == theirs, "the two sides do not do the same job"
        measured = {
            "engine, 5,000 series, s": engine_seconds,
            "pandas, the same, s": pandas_seconds,
            "ratio of engine / pandas": engine_seconds / pandas_seconds,
            "engine, 50,000 series, s": spc.by_engine(large)[0],
        }
        for name, source in (("5,000", small), ("50,000", large)):
            command = [str(BIN / "qls"), "spc", str(source), "--out", str(folder / "out.csv")]
            seconds, memory, code, output = whole(command, folder)
            assert code == 0, output
            measured |= {f"qls spc, {name} series, whole, s": seconds, f"  peak memory, {name} series, MiB": memory}
        for name, value in measured.items():
            figures.setdefault(name, []).append(value)
        shutil.rmtree(folder)
    print(f"{'SPC, 60 points a series, ' + str(repeats) + ' times in turn':<58} {'min':>8} {'median':>8} {'max':>8}")
    for name, values in figures.items():
        label, _, unit = name.rpartition(", ") if name.endswith((", s", ", MiB")) else (name, "", "")
        spread(label, values, unit)


def bench_inequalities(repeats: int) -> None:
    """1 and 10 million appointments, with the stays and pathways that go with them, to every inequality mart, each in a
    process of its own for its memory."""
    print(f"{'appointments to the inequality marts, in turn':<58} {'min':>8} {'median':>8} {'max':>8}")
    for millions in (1, 10):
        figures: dict[str, list[float]] = {}
        for _ in range(repeats if millions == 1 else 1):
            folder = Path(tempfile.mkdtemp(prefix="qls-bench-"))
            code = (
                "import json, sys; from pathlib import Path; from tests.benchmarks import inequalities as bench; "
                "folder = Path(sys.argv[1]); "
                "print(json.dumps(bench.by_models(folder)))"
            )
            from tests.benchmarks import inequalities

            inequalities.write_input(folder, millions * 1_000_000)
            seconds, memory, status, output = whole([sys.executable, "-c", code, str(folder)], folder)
            assert status == 0, output
            taken = json.loads(output.strip().splitlines()[-1])
            figures.setdefault(f"{millions} million, whole, s", []).append(seconds)
            figures.setdefault(f"  peak memory, {millions} million, MiB", []).append(memory)
            for name in sorted(taken, key=taken.__getitem__, reverse=True)[:4]:
                figures.setdefault(f"  {name}, s", []).append(taken[name])
            shutil.rmtree(folder)
        for name, values in figures.items():
            label, _, unit = name.rpartition(", ")
            spread(label, values, unit)


def bench_warehouse(_: int) -> None:
    """The large example, 10 million appointments in all, from landing to a release, once; and the warehouse rebuilt."""
    folder = Path(tempfile.mkdtemp(prefix="qls-bench-"))
    home = folder / "home"
    example, _, code, output = whole([str(BIN / "qls"), "example", "--size", "large"], home)
    assert code == 0, output
    figures = {"qls example --size large, s": example}
    for name in ("first", "of one file more"):
        run, memory, code, output = whole([str(BIN / "qls"), "run"], home)
        assert code == 0, output
        steps = step_seconds(home)
        figures |= {
            f"qls run, {name}, whole, s": run,
            f"  ingest, {name}, s": steps["ingest"],
            f"  warehouse rebuilt, {name}, s": dbt_seconds(home),
            f"  gate, {name}, s": steps["gate"],
            f"  release, {name}, s": steps["release"],
            f"  peak memory, {name}, MiB": memory,
        }
        # All models are built anew, whatever is new.
        with (home / "landing" / "waiver" / "waiver.csv").open("a", encoding="utf-8") as waivers:
            waivers.write("\r\n")
    shutil.rmtree(folder)
    print(f"{'large example, once':<58} {'':>8} {'':>8} {'':>8}")
    for label, value in figures.items():
        name, _, unit = label.rpartition(", ")
        spread(name, [value], unit)


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", choices=BENCHES, help="one of them (default: all)")
    options = parser.parse_args()
    for name, bench in BENCHES.items():
        if options.only in {None, name}:
            bench(options.repeats)


BENCHES: dict[str, Callable[[int], None]] = {
    "run": bench_run,
    "ingest": bench_ingest,
    "spc": bench_spc,
    "slope": bench_slope,
    "inequalities": bench_inequalities,
    "warehouse": bench_warehouse,
}


if __name__ == "__main__":
    main()

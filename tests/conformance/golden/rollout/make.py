"""Makes the golden tables of the stepped design with csdid 0.4.3 (Python port of the authors' own R package `did`).

Run by hand, in an environment of its own with csdid in it; tests read the tables alone. Panels are simulated: units with
levels of their own, a trend, an effect that grows after the start. Outcome regression without covariates, control group
not yet treated, universal base period, analytic standard errors.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
from csdid.att_gt import ATTgt

HERE = Path(__file__).resolve().parent
# Case: seed, periods, starts and how many units each, units that never join, periods of anticipation.
CASES = {
    "mixed": (1, 12, {5: 8, 7: 7, 10: 9}, 6, 0),
    "nobody_never": (2, 14, {4: 5, 8: 12, 11: 6}, 0, 0),
    "anticipated": (3, 16, {8: 6, 11: 6, 14: 9}, 7, 2),
    "one_start": (4, 10, {6: 20}, 25, 0),
    "many_small": (5, 18, {6: 3, 8: 3, 9: 4, 12: 3, 15: 5}, 3, 0),
}


def simulate(seed: int, periods: int, starts: dict[int, int], never: int) -> pd.DataFrame:
    draws, rows, unit = np.random.default_rng(seed), [], 0
    for start, count in {**starts, 0: never}.items():
        for _ in range(count):
            unit += 1
            level = draws.normal(5, 2)
            for period in range(1, periods + 1):
                effect = -1.0 - 0.1 * (period - start) if start and period >= start else 0.0
                rows.append((unit, start, period, round(level + 0.1 * period + effect + draws.normal(), 6)))
    return pd.DataFrame(rows, columns=["unit", "group", "period", "value"])


def main() -> None:
    panel_rows, cell_rows, mean_rows = [], [], []
    for case, (seed, periods, starts, never, anticipation) in CASES.items():
        panel = simulate(seed, periods, starts, never)
        panel_rows += [(case, anticipation, *row) for row in panel.itertuples(index=False)]
        fitted = ATTgt(
            yname="value",
            tname="period",
            idname="unit",
            gname="group",
            data=panel,
            control_group=["notyettreated"],
            xformla="value~1",
            anticipation=anticipation,
        ).fit(est_method="reg", base_period="universal", bstrap=False)
        found = fitted.results
        for group, period, effect, error in zip(found["group"], found["year"], found["att"], found["se"], strict=True):
            if not np.isnan(error):
                cell_rows.append((case, int(group), int(period), repr(float(effect)), repr(float(error))))
        for kind in ("simple", "dynamic"):
            means = fitted.aggte(typec=kind, bstrap=False, cband=False, na_rm=True).atte
            if kind == "simple":
                mean_rows.append((case, "", repr(float(means["overall_att"]))))
            else:
                for event, effect in zip(means["egt"], means["att_egt"], strict=True):
                    mean_rows.append((case, int(event), repr(float(effect))))
    for name, header, rows in (
        ("panel", ("case", "anticipation", "unit", "group", "period", "value"), panel_rows),
        ("cells", ("case", "group", "period", "effect", "standard_error"), cell_rows),
        ("means", ("case", "event", "effect"), mean_rows),
    ):
        with (HERE / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()

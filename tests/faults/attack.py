"""An attack on suppressed counts of patients: what an integer solver can learn of them from a release.

The attacker holds every published count and share, and knows what adds up to what: groups to all patients (each
dimension, both indices, sixteen ethnic categories to five groups to all, deprivation by ethnicity to both), sites and
specialties to the trust, quarters to overlapping twelve months, counts to counts; of a ward its groups to all. He may
hold the release before too, and knows which counts have changed. He is given more than that: wherever a share is
published, its two exact counts, so that no percentage, limit, difference, ratio or slope made of it could tell him
more; and of a suppressed count whether it is from 1 to 7 or was suppressed for another one's sake.

Equations are made here from the meaning of the columns, not from the models. Kept out: what must hold (`test_attack`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

# Nobody needs to tell more values apart than this.
MANY = 1_000_000
LARGEST_HIDDEN = 7
_OF_COUNTS = (
    ("past", ("booked", "unoutcomed")),
    ("booked", ("due", "cancelled_by_patient", "cancelled_by_provider")),
    ("due", ("due_first", "due_follow_up")),
    ("due", ("due_face_to_face", "due_virtual")),
    ("missed", ("missed_first", "missed_follow_up")),
    ("missed", ("missed_face_to_face", "missed_virtual")),
    ("due_medium", ("due_face_to_face", "due_virtual")),
    ("over_18_weeks", ("from_18_to_52_weeks", "over_52_weeks")),
    ("over_52_weeks", ("from_52_to_65_weeks", "over_65_weeks")),
    ("admitted", ("admitted_elective", "admitted_emergency")),
    ("left_alive", ("followed", "not_followed")),
)
# The first month of a period, from year 0; of a copy of a list its day: two may fall into one month.
PERIOD = """
    case
        when period_type = 'snapshot' then date_diff('day', date '0001-01-01', period_start_date)
        else year(period_start_date) * 12 + month(period_start_date)
    end"""
# A cell: level, organisation, kind of period, its beginning (PERIOD), dimension, group, count.
Cell = tuple[str, str, str, int, str, str, str]


@dataclass
class Knowledge:
    """What the attacker knows: of each cell the least and the most it can be, and what adds up to what."""

    low: dict[Cell, int] = field(default_factory=dict)
    high: dict[Cell, int] = field(default_factory=dict)
    # total, parts, and what the total has beyond them (told to the attacker)
    equations: list[tuple[Cell, list[Cell], int]] = field(default_factory=list)
    hidden: set[Cell] = field(default_factory=set)


def gather(database: duckdb.DuckDBPyConnection, truth: Mapping[Cell, int], counts: Iterable[str]) -> Knowledge:
    """What the published marts tell of these counts. `truth` holds every exact cell: it is given away where said above.

    `database` has the schema `inequalities` of a release and the table `access_measure`.
    """
    wanted = set(counts)
    shown: dict[Cell, int | None] = {}
    exact: set[Cell] = set()
    rows = database.execute(f"""
        select
            org_level, org_id, period_type, {PERIOD},
            dimension_code, group_code, measure.numerator_count, measure.denominator_count,
            cast(numerator as bigint), cast(denominator as bigint),
            -- Of a median or a mean no count can be made.
            value is not null and measure.statistic = 'proportion'
        from (
            select org_level, org_id, period_type, period_start_date, dimension_code, group_code, measure_code,
                numerator, denominator, value
            from inequalities.fct_access_group
            union all
            select org_level, org_id, period_type, period_start_date, dimension_code, group_code, measure_code,
                numerator, denominator, value
            from inequalities.fct_barrier
            union all
            select org_level, org_id, period_type, period_start_date, dimension_code, group_code, measure_code,
                numerator, denominator, value
            from inequalities.fct_inpatient_group
        ) as figure
        inner join access_measure as measure using (measure_code)
    """).fetchall()
    rows += database.execute(f"""
        select
            org_level, org_id, period_type, {PERIOD},
            dimension_code, group_code, 'due', '', cast(numerator as bigint), null, value is not null
        from inequalities.fct_group_recording
    """).fetchall()
    # Of a ward the share of a group is told of all its patients, so both counts stand in other cells than elsewhere.
    rows += database.execute(f"""
        with told as (
            select *, 'rolling_12_months' as period_type from inequalities.fct_ward_patient_group
        )
        select
            'ward', ward_id, period_type, {PERIOD},
            dimension_code, group_code, 'on_ward', '', cast(numerator as bigint), null, value is not null
        from told
        union all
        select
            'ward', ward_id, period_type, {PERIOD},
            'all', 'all', 'on_ward', '', cast(denominator as bigint), null, bool_or(value is not null)
        from told
        group by all
    """).fetchall()
    for *place, of_numerator, of_denominator, numerator, denominator, has_share in rows:
        for count, shows in ((of_numerator, numerator), (of_denominator, denominator)):
            cell = (*place, count)
            if count not in wanted or cell not in truth:
                continue
            assert cell not in shown or shown[cell] == shows, f"two marts decide apart: {cell}"
            shown[cell] = shows
            if has_share:
                exact.add(cell)
    # What no mart has a row of.
    withheld = {
        cell for cell in truth if cell[-1] in wanted and "_by_" in cell[4] and not cell[5].split(":")[0].isdigit()
    } | {
        cell
        for cell in truth
        if cell[-1] in wanted and cell[5].endswith((":not_stated", ":not_known", ":not_recorded"))
    }
    assert not withheld & shown.keys()
    shown |= dict.fromkeys(withheld)
    known = Knowledge()
    known.equations = list(_equations(shown, truth))
    below = {
        part
        for total, parts, _ in known.equations
        # Below a small total zeros are hidden too.
        if 0 < truth[total] <= LARGEST_HIDDEN
        for part in parts
    }
    for cell, value in shown.items():
        if cell in withheld:
            known.low[cell], known.high[cell] = 0, MANY
        elif value is None:
            known.hidden.add(cell)
            is_small = truth[cell] <= LARGEST_HIDDEN and (truth[cell] > 0 or cell in below)
            known.low[cell] = 1 if truth[cell] > 0 and cell not in below else 0
            known.high[cell] = LARGEST_HIDDEN if is_small else MANY
        elif cell in exact or value == 0:
            known.low[cell] = known.high[cell] = truth[cell]
        else:
            known.low[cell], known.high[cell] = max(LARGEST_HIDDEN + 1, value - 2), value + 2
        assert known.low[cell] <= truth[cell] <= known.high[cell], f"shown is not what is: {cell}"
    return known


def _equations(shown: Mapping[Cell, int | None], truth: Mapping[Cell, int]) -> Iterable[tuple[Cell, list[Cell], int]]:
    parts: dict[tuple[Cell, str], list[Cell]] = defaultdict(list)
    for cell in shown:
        level, org, kind, start, dimension, group, count = cell
        if dimension.endswith("_by_ethnic_group_2021"):
            quintile, ethnic = group.split(":")
            of_deprivation = dimension.removesuffix("_by_ethnic_group_2021")
            parts[(level, org, kind, start, of_deprivation, quintile, count), dimension].append(cell)
            parts[(level, org, kind, start, "ethnic_group_2021", ethnic, count), dimension].append(cell)
        elif dimension != "all":
            parts[(level, org, kind, start, "all", "all", count), dimension].append(cell)
        if dimension == "ethnic_category":
            five = _FIVE.get(group, group)
            parts[(level, org, kind, start, "ethnic_group_2021", five, count), dimension].append(cell)
        if level != "trust":
            parts[("trust", "RAJ", kind, start, dimension, group, count), level].append(cell)
        if kind == "quarter":
            for back in (0, 3, 6, 9):
                parts[(level, org, "rolling_12_months", start - back, dimension, group, count), kind].append(cell)
    for (total, _), found in parts.items():
        if total in shown:
            yield total, found, truth[total] - sum(truth[part] for part in found)
    for cell in shown:
        for total, names in _OF_COUNTS:
            found = [(*cell[:-1], name) for name in names]
            if cell[-1] == total and all(part in shown for part in found):
                yield cell, found, truth[cell] - sum(truth[part] for part in found)


_FIVE = {
    **dict.fromkeys("ABC", "white"),
    **dict.fromkeys("DEFG", "mixed"),
    **dict.fromkeys("HJKLR", "asian"),
    **dict.fromkeys("MNP", "black"),
    "S": "other",
    "Z": "not_stated",
    "99": "not_known",
}


def together(
    before: Knowledge, after: Knowledge, truth_before: Mapping[Cell, int], truth_after: Mapping[Cell, int]
) -> Knowledge:
    """What two releases tell beside each other: a count that has not changed is one, and the attacker is told which.

    A count that changed is asked for in each release where it is hidden; one that did not, only where both hide it:
    what was shown on purpose is no secret.
    """
    known = Knowledge()
    for release, of_release in (("before", before), ("after", after)):

        def named(cell: Cell, release: str = release) -> Cell:
            is_same = truth_before.get(cell) == truth_after.get(cell)
            return cell if is_same else (*cell[:-1], f"{cell[-1]} {release}")

        for cell, low in of_release.low.items():
            name = named(cell)
            known.low[name] = max(known.low.get(name, 0), low)
            known.high[name] = min(known.high.get(name, MANY), of_release.high[cell])
        for total, parts, beyond in of_release.equations:
            known.equations.append((named(total), [named(part) for part in parts], beyond))
        known.hidden |= {named(cell) for cell in of_release.hidden}
    for cell in before.hidden ^ after.hidden:
        if truth_before.get(cell) == truth_after.get(cell):
            known.hidden.discard(cell)
    return known


def determined(known: Knowledge, values: int = 3, seed: int = 1) -> dict[Cell, list[int]]:
    """The suppressed cells of which the solver finds fewer than `values` possible numbers, with these numbers.

    Solutions of the whole system with random aims show most cells in several values at once; what they leave is asked
    for one by one, from below and from above.
    """
    cells = [cell for cell in known.low if known.low[cell] < known.high[cell]]
    place = {cell: number for number, cell in enumerate(cells)}
    data, rows, columns, sums = [], [], [], []
    for total, parts, beyond in known.equations:
        signed = [(total, 1), *((part, -1) for part in parts)]
        if not any(cell in place for cell, _ in signed):
            continue
        right = beyond
        for cell, sign in signed:
            if cell in place:
                data.append(sign)
                rows.append(len(sums))
                columns.append(place[cell])
            else:
                right -= sign * known.low[cell]
        sums.append(right)
    matrix = csr_array((data, (rows, columns)), shape=(len(sums), len(cells)))
    low = np.array([known.low[cell] for cell in cells], dtype=float)
    high = np.array([known.high[cell] for cell in cells], dtype=float)
    found: list[set[int]] = [set() for _ in cells]
    generator = np.random.default_rng(seed)

    def solve(aim: np.ndarray) -> None:
        answer = milp(
            aim,
            constraints=[LinearConstraint(matrix, sums, sums)] if sums else [],
            integrality=np.ones(len(cells)),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 1.0} if np.count_nonzero(aim) > 1 else None,
        )
        assert answer.x is not None, answer.message
        for number, value in enumerate(np.rint(answer.x).astype(int)):
            found[number].add(int(value))

    asked = [number for number, cell in enumerate(cells) if cell in known.hidden]
    for _ in range(12):
        poor = [number for number in asked if len(found[number]) < values]
        if not poor:
            break
        aim = np.zeros(len(cells))
        aim[poor] = generator.choice([-1.0, 1.0], len(poor))
        solve(aim)
        solve(-aim)
    for number in asked:
        for sign in (1.0, -1.0):
            if len(found[number]) < values:
                aim = np.zeros(len(cells))
                aim[number] = sign
                solve(aim)
        # From the least to the most all lie between, as far as the solver is asked for them.
        while 1 < len(found[number]) < values and max(found[number]) - min(found[number]) >= len(found[number]):
            between = next(v for v in range(min(found[number]), max(found[number])) if v not in found[number])
            keep = low[number], high[number]
            low[number] = high[number] = between
            try:
                solve(np.zeros(len(cells)))
            except AssertionError:
                break
            finally:
                low[number], high[number] = keep
    alone = {cell: [known.low[cell]] for cell in known.hidden if cell not in place}
    return alone | {cells[number]: sorted(found[number]) for number in asked if len(found[number]) < values}

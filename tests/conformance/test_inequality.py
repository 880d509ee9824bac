"""The inequality statistics against the golden tables of PHEindicatormethods 2.1.0, and proof that the comparison bites.

Every table is computed from its input as `qls inequality` does it, with the macros that the warehouse renders. Where we
differ on purpose is listed here and explained in `docs/inequality_methods.md`.
"""

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

from ingest.refusal import Refusal
from orchestration import inequality
from orchestration.inequality import METHODS, Options, compute
from orchestration.methods import render
from tests.conftest import PROJECT, SHARED
from tests.unit.dbt import drawn

GOLDEN = Path(__file__).parent / "golden" / "inequalities"
PACKAGE_DATA = SHARED / "golden" / "inequalities" / "package_data"
SEEDS = PROJECT / "dbt_project" / "seeds"
RELATIVE = 1e-9
# Nought is measured by the largest figure of its row: the reference leaves 1e-14 where all quantiles are equal.
OF_ROW = 1e-13
# Of the width of the simulated interval.
OF_WIDTH = 0.025

Table = list[dict[str, str]]


def read(name: str, folder: Path = GOLDEN) -> Table:
    with (folder / name).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return repr(value) if isinstance(value, float) else str(value)


def answer(method: str, path: Path, **options: Any) -> Table:
    """What `qls inequality` gives, with all its digits."""
    found = compute(path, method, Options(**options))
    return [dict(zip(found.columns, map(cell, row), strict=True)) for row in found.rows]


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def agree(found: str, expected: str, largest: float) -> bool:
    """The same text, or numbers within 1e-9 of each other."""
    one, other = number(found), number(expected)
    if one is None or other is None:
        return found == expected
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=OF_ROW * largest)


def key_of(row: Mapping[str, str], key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] if number(row[name]) is None else number(row[name]) for name in key)


def compare(
    found: Table, expected: Table, key: tuple[str, ...], differ: Mapping[tuple[str, str], str] | None = None
) -> int:
    """Hold every cell of a golden table against ours; returns how many were compared.

    `differ`: by (first key, column), what we say instead. Raises AssertionError naming the cells that disagree.
    """
    ours = {key_of(row, key): row for row in found}
    assert len(ours) == len(found)
    differ = differ or {}
    compared, wrong, used = 0, [], set()
    for row in expected:
        mine = ours[key_of(row, key)]
        largest = max((abs(value) for value in map(number, row.values()) if value and math.isfinite(value)), default=0)
        for column in set(row) - set(key):
            wanted = row[column]
            if (other := (row[key[0]], column)) in differ:
                wanted = differ[other]
                used.add(other)
            compared += 1
            if not agree(mine[column], wanted, largest):
                wrong.append(f"{key_of(row, key)} {column}: {mine[column]}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    assert used == set(differ), "a listed difference is none"
    return compared


# Values

CONFIDENCES = ("lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl")
# Nobody lives there, so nothing is expected: the reference's upper limit is infinite, ours is not there.
NOTHING_EXPECTED = {("zero_pop_all", column): "" for column in CONFIDENCES if column.startswith("upper")}
# The fitted line crosses zero: a ratio of a positive to a negative end is no ratio.
CROSSES_ZERO = {(f"steep_prop_q{k}", "rii"): "" for k in (5, 10)}


def proportion() -> int:
    key = ("case_id", "confidence_in", "multiplier")
    return compare(answer("proportion", GOLDEN / "proportion_input.csv"), read("proportion_expected.csv"), key)


def proportion_grouped() -> int:
    found = answer("proportion", GOLDEN / "proportion_grouped_input.csv")
    return compare(found, read("proportion_grouped_expected.csv"), ("group",))


def rate() -> int:
    key = ("case_id", "confidence_in", "multiplier")
    return compare(answer("rate", GOLDEN / "rate_input.csv"), read("rate_expected.csv"), key)


def mean() -> int:
    return compare(answer("mean", GOLDEN / "mean_input.csv"), read("mean_expected.csv"), ("group",))


def dsr() -> int:
    return compare(answer("dsr", GOLDEN / "dsr_input.csv"), read("dsr_expected.csv"), ("group",))


def dsr_repeat_events() -> int:
    found = answer("dsr", GOLDEN / "dsr_nonindependent_input.csv")
    return compare(found, read("dsr_nonindependent_expected.csv"), ("group",))


def israte() -> int:
    found = answer("israte", GOLDEN / "isr_input.csv")
    return compare(found, read("israte_expected.csv"), ("group",), NOTHING_EXPECTED)


def isratio() -> int:
    found = answer("isratio", GOLDEN / "isr_input.csv")
    return compare(found, read("isratio_expected.csv"), ("group",), NOTHING_EXPECTED)


def quantile() -> int:
    compared = 0
    expected = read("quantile_expected.csv")
    for setting in sorted({(row["nquantiles"], row["invert"], row["grouped"]) for row in expected}):
        rows = [row for row in expected if (row["nquantiles"], row["invert"], row["grouped"]) == setting]
        quantiles, invert, grouped = int(setting[0]), setting[1] == "TRUE", setting[2] == "TRUE"
        asked = {"quantiles": quantiles, "invert": invert, "grouped": grouped}
        compared += compare(answer("quantile", GOLDEN / "quantile_input.csv", **asked), rows, ("area",))
    return compared


def sii(folder: Path = GOLDEN) -> int:
    """Point values to 1e-9; limits with a closed form of the reference's own to 1e-9; simulated ones by width."""
    found = answer("sii", folder / "sii_input.csv")
    expected = read("sii_expected.csv", folder)
    points = ("case_id", "value_type", "transform", "multiplier", "n_quantiles", "sii", "rii", "intercept")
    compared = compare(
        found,
        [{name: row[name] for name in points} for row in expected],
        ("case_id",),
        CROSSES_ZERO if folder == GOLDEN else {},
    )
    ours = {row["case_id"]: row for row in found}
    wrong = []
    for row in expected:
        mine = ours[row["case_id"]]
        for which in ("sii", "rii"):
            for level in ("95_0", "99_8"):
                ends = [f"{which}_{end}{level}cl" for end in ("lower", "upper")]
                if which == "rii" and (row["case_id"], "rii") in CROSSES_ZERO:
                    assert not mine[ends[0]]
                    assert not mine[ends[1]]
                    continue
                simulated = [float(row[f"{end}_mean"]) for end in ends]
                width = simulated[1] - simulated[0]
                for end, limit in zip(ends, simulated, strict=True):
                    compared += 1
                    if not abs(float(mine[end]) - limit) <= OF_WIDTH * width:
                        wrong.append(f"{row['case_id']} {end}: {mine[end]}, not {limit} (width {width})")
                    if analytic := row[f"analytic_{end.removesuffix('cl')}"]:
                        compared += 1
                        if not agree(mine[end], analytic, abs(float(analytic))):
                            wrong.append(f"{row['case_id']} {end}: {mine[end]}, not {analytic}")
    assert not wrong, "\n".join(wrong)
    return compared


def sii_missing_quantile() -> int:
    asked = {"value_type": 2, "transform": True, "multiplier": 100.0}
    found = answer("sii", GOLDEN / "sii_missing_quantile_input.csv", **asked)
    expected = [
        {name: value for name, value in row.items() if name != "warning"}
        for row in read("sii_missing_quantile_expected.csv")
    ]
    compared = compare(found, expected, ("area",))
    (left,) = [row for row in found if row["area"] not in {row["area"] for row in expected}]
    assert left["state"] == "quantile missing: 3"
    assert not any(left[name] for name in left if name.startswith(("sii", "rii", "intercept")))
    return compared


def funnel_significance() -> int:
    return sum(
        compare(
            answer(f"funnel_{kind}", GOLDEN / f"funnel_{kind}_input.csv"),
            read(f"funnel_{kind}_significance_expected.csv"),
            ("unit",),
        )
        for kind in ("proportion", "rate", "ratio")
    )


def funnel_limits() -> int:
    """The lines, at the positions that the reference chooses; for a ratio we do not know its rule and take them."""
    compared = 0
    for kind, position in (("proportion", "Population"), ("rate", "Events"), ("ratio", "Observed_events")):
        expected = read(f"funnel_{kind}_limits_expected.csv")
        positions = [int(row[position]) for row in expected]
        with pytest.MonkeyPatch.context() as patch:
            if kind == "ratio":
                patch.setattr(inequality, "line_positions", lambda end, positions=positions: positions)
            found = compute(GOLDEN / f"funnel_{kind}_input.csv", f"funnel_{kind}", Options())
        assert found.lines
        columns, rows = found.lines
        assert columns == list(expected[0])
        ours = [dict(zip(columns, map(cell, row), strict=True)) for row in rows]
        assert [float(row[position]) for row in ours] == positions
        compared += compare(ours, expected, (position,))
    return compared


# How many cells each holds against the golden tables, so that none is left out unseen.
TABLES: Mapping[Callable[[], int], int] = {
    proportion: 357 * 6,
    proportion_grouped: 4 * 10,
    rate: 152 * 5,
    mean: 7 * 11,
    dsr: 21 * 10,
    dsr_repeat_events: 3 * 10,
    israte: 16 * 11,
    isratio: 16 * 10,
    quantile: 2145 * 5,
    sii: 38 * 7 + (38 * 8 - 8) + 176,
    sii_missing_quantile: 2 * 3,
    funnel_significance: 40 * 3 + 30 * 4 + 30 * 3,
    funnel_limits: 100 * (7 + 11 + 10),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_golden_value_is_met(table: Callable[[], int]) -> None:
    assert table() == TABLES[table]


def test_the_slope_on_data_sets_that_the_package_ships() -> None:
    if not PACKAGE_DATA.is_dir():
        pytest.skip("the package's own data are not here")
    assert sii(PACKAGE_DATA) > 28 * 15


def test_columns_are_named_and_ordered_as_in_the_golden_tables() -> None:
    inputs = {
        "proportion": ("proportion_input.csv", "proportion_expected.csv"),
        "rate": ("rate_input.csv", "rate_expected.csv"),
        "mean": ("mean_input.csv", "mean_expected.csv"),
        "dsr": ("dsr_input.csv", "dsr_expected.csv"),
        "israte": ("isr_input.csv", "israte_expected.csv"),
        "isratio": ("isr_input.csv", "isratio_expected.csv"),
        "quantile": ("quantile_input.csv", "quantile_expected.csv"),
        **{
            f"funnel_{kind}": (f"funnel_{kind}_input.csv", f"funnel_{kind}_significance_expected.csv")
            for kind in ("proportion", "rate", "ratio")
        },
    }
    assert set(inputs) == set(METHODS) - {"sii"}
    for method, (given, expected) in inputs.items():
        columns = compute(GOLDEN / given, method, Options()).columns
        assert [name for name in columns if name != "state"] == list(read(expected)[0])


# The macros with the warehouse's own constants


def test_the_macros_give_the_same_with_the_seeds() -> None:
    """Seeds in place of SciPy: exact limits of counts below ten, the European standard population."""
    with duckdb.connect() as connection:
        seed = f"(select * from read_csv('{SEEDS}/poisson_exact_limit.csv'))"
        standard = (
            "(select age_band as ageband, standard_population as stdpop "
            f"from read_csv('{SEEDS}/european_standard_population.csv'))"
        )
        counts = f"(select * from read_csv('{GOLDEN}/rate_input.csv') where confidence = 0.95)"
        found = connection.execute(render("inequality.sql", "rate", counts, ["case_id"], seed)).fetchdf()
        expected = {row["case_id"]: row for row in read("rate_expected.csv") if row["confidence_in"] == "0.95"}
        whole = 0
        for row in found.to_dict("records"):
            if row["value"] == row["value"] and (row["x"] >= 10 or row["x"] == int(row["x"])):
                golden = expected[row["case_id"]]
                for ours, theirs in (("lower95_0cl", "lowercl"), ("upper95_0cl", "uppercl")):
                    assert math.isclose(row[ours], float(golden[theirs]), rel_tol=RELATIVE)
                whole += 1
        assert whole > 60
        bands = f"(select * from read_csv('{GOLDEN}/dsr_input.csv'))"
        sql = render("inequality_standardised.sql", "dsr", bands, ['"group"'], standard)
        variances = {row["group"]: float(row["vardsr"]) for row in read("dsr_intermediate_variance.csv")}
        rows = connection.execute(f'select "group", variance, bands_missing, fault from ({sql})').fetchall()
        assert len(rows) == len(variances) == 21
        for group, variance, missing, fault in rows:
            assert fault is None
            assert math.isclose(variance, variances[group], rel_tol=RELATIVE)
            assert bool(missing) == (group in {"missing_band_rows", "under75_only"})


def test_the_seed_of_exact_limits_is_what_scipy_says() -> None:
    from scipy.stats import chi2

    with (SEEDS / "poisson_exact_limit.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 20
    for row in rows:
        count, confidence = int(row["observed"]), float(row["confidence"])
        lower = chi2.ppf((1 - confidence) / 2, 2 * count) / 2 if count else 0
        assert math.isclose(float(row["lower"]), lower, rel_tol=1e-12)
        upper = chi2.ppf(confidence + (1 - confidence) / 2, 2 * count + 2) / 2
        assert math.isclose(float(row["upper"]), upper, rel_tol=1e-12)


SPARK = """
    inequality.sql              | proportion            | {{ proportion('t', ['k']) }}
    inequality.sql              | rate                  | {{ rate('t', ['k'], 'p') }}
    inequality.sql              | grouped_counts        | {{ grouped_counts('t', ['k']) }}
    inequality.sql              | mean                  | {{ mean('t', ['k', 'l'], 's') }}
    inequality.sql              | quantile              | {{ quantile('t', ['k', 'l'], ['k']) }}
    inequality_standardised.sql | dsr                   | {{ dsr('t', ['k'], 'w') }}
    inequality_standardised.sql | dsr                   | {{ dsr('t', ['k', 'l'], 'w', repeat_events=true) }}
    inequality_standardised.sql | isr                   | {{ isr('t', ['k'], 'p', factor='ref_rate') }}
    inequality_slope.sql        | sii                   | {{ sii('t', ['k'], 2, true, -100, quantiles=5) }}
    inequality_funnel.sql       | funnel_significance   | {{ funnel_significance('t', ['k'], 'rate', 'p') }}
    inequality_funnel.sql       | funnel_significance   | {{ funnel_significance('t', ['k'], 'proportion') }}
    inequality_funnel.sql       | funnel_significance   | {{ funnel_significance('t', ['k'], 'ratio', 'p') }}
    inequality_funnel.sql       | funnel_proportion_limits | {{ funnel_proportion_limits('t', 0.1) }}
    inequality_funnel.sql       | funnel_poisson_limits | {{ funnel_poisson_limits('t', 1) }}
"""


@pytest.mark.parametrize("call", [line.split("|")[2].strip() for line in SPARK.strip().splitlines()])
def test_spark_can_read_every_method(call: str) -> None:
    tree = sqlglot.parse_one(drawn.render(call, side="spark"), dialect="spark")
    assert {found.name.lower() for found in tree.find_all(sqlglot.exp.Anonymous)} <= {"aggregate"}
    assert tree.find(sqlglot.exp.Qualify) is None


def test_the_same_rows_give_the_same_bytes_however_they_lie() -> None:
    """Threads bring rows in any order; sums of doubles are made in an order of their own."""
    answers = set()
    for order in ("quantile, case_id", "hash(case_id || quantile)", "case_id desc, quantile desc"):
        with duckdb.connect() as connection:
            connection.execute(
                f"create table t as select * replace (cast(se as double) as se) "
                f"from read_csv('{GOLDEN}/sii_input.csv') order by {order}"
            )
            sql = render("inequality_slope.sql", "sii", "t", ["case_id"])
            answers.add(repr(connection.execute(f"select * from ({sql}) order by case_id").fetchall()))
    assert len(answers) == 1


# Disclosure: the HES rule


def displayed(counts: list[str]) -> list[str]:
    listed = ", ".join(f"({i}, {count})" for i, count in enumerate(counts))
    sql = drawn.render(
        """
        with cells as (select * from (values {{ listed }}) as t (i, n)),
        decisions as (
            select i, n, {{ disclosure_decision("'patient_group'", "'public'", 'n') }} as decision from cells
        )
        select {{ disclosed_count('n') }} from decisions order by i
        """,
        listed=listed,
    )
    with duckdb.connect() as connection:
        return ["*" if row[0] is None else str(row[0]) for row in connection.execute(sql).fetchall()]


def test_counts_are_displayed_as_in_hospital_episode_statistics() -> None:
    expected = read("disclosure_count_expected.csv")
    assert displayed([row["count"] for row in expected]) == [row["displayed"] for row in expected]
    parts = read("disclosure_percent_expected.csv")
    for part in ("numerator", "denominator"):
        assert displayed([row[part] for row in parts]) == [row[f"{part}_displayed"] for row in parts]


def test_a_percentage_is_displayed_more_rarely_than_the_rule_for_counts_asks() -> None:
    """The golden percentage is of rounded parts; ours is of exact ones, and only where it gives nobody away."""
    shown = 0
    for row in read("disclosure_percent_expected.csv"):
        n, of = int(row["numerator"]), int(row["denominator"])
        share = f"cast({100 * n / of if of else 0} as decimal(24, 12))"
        call = f"{{{{ disclosed_percentage('{share}', '{n}', '{of}', \"'rounded'\") }}}}"
        with duckdb.connect() as connection:
            (found,) = connection.execute(drawn.render(f"select {call}")).fetchall()[0]
        if found is None:
            assert n < 8 or 0 < of - n < 8 or of < 100
            continue
        shown += 1
        assert row["percent_from_rounded_1dp"] not in {"*", "-"}
        assert float(found) == round(100 * n / of, 0 if of < 4000 else 1)
        assert (
            abs(float(found) - float(row["percent_from_rounded_1dp"])) <= 100 * 2.5 / of + 100 * n * 2.5 / of**2 + 0.55
        )
    assert shown > 5


# What the reference refuses


def one_case(tmp_path: Path, rows: Table, leave_out: tuple[str, ...] = ()) -> Path:
    path = tmp_path / "case.csv"
    columns = [name for name in rows[0] if name not in leave_out]
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


# The reference's words and our rule; "" where neither refuses.
REFUSED = {
    "proportion": {
        "denominators must be greater than zero": "denominator_not_positive",
        "numerators must be less than or equal to denominator for a proportion statistic": "numerator_above_denominator",
        "numerators must be greater than or equal to zero": "numerator_negative",
        "confidence level, if specified, must be between 90 and 100 or between 0.9 and 1": "confidence",
        "": "",
    },
    "rate": {
        "denominators must be greater than zero": "denominator_not_positive",
        "numerators must be greater than or equal to zero": "numerator_negative",
        "confidence level must be between 90 and 100 or between 0.9 and 1": "confidence",
    },
    "dsr": {
        "denominators must all be greater than zero": "denominator_not_positive",
        "numerators must all be greater than or equal to zero": "numerator_negative",
        "field n cannot have missing values": "denominator_missing",
        "field stdpop cannot have missing values": "standard_missing",
    },
    "sii": {
        "some groups have a zero, negative or missing population": "population_not_positive",
        "some groups have a zero or negative count x": "count_not_positive",
        "Number of quantiles must be between 5 and 100": "quantiles_out_of_range",
        "value_type should be 1 or 2 when transform is true": "nothing_to_transform",
        "missing lower or upper confidence limits in input dataset": "limits_missing",
        "confidence limit proportions are not all between 0 and 1": "limit_no_proportion",
        "value proportions are not all between 0 and 1": "value_no_proportion",
    },
}
ERRORS = [(method, row) for method in REFUSED for row in read(f"{method}_errors_expected.csv")]


@pytest.mark.parametrize(("method", "row"), ERRORS, ids=[f"{method}-{row['case_id']}" for method, row in ERRORS])
def test_what_the_reference_refuses_we_refuse_with_the_same_meaning(
    method: str, row: dict[str, str], tmp_path: Path
) -> None:
    in_file = method in {"dsr", "sii"}
    given = read(f"{method}_errors_input.csv") if in_file else [row]
    case = [one for one in given if one["case_id"] == row["case_id"]]
    path = one_case(tmp_path, case, ("error",))
    # Where a logarithm of 0 is drawn from, the reference fails without words of its own.
    rule = "no_log_of_zero" if row["error"].startswith("Problem while computing") else REFUSED[method][row["error"]]
    if not rule:
        assert len(answer(method, path)) == 1
        return
    with pytest.raises(Refusal) as refused:
        answer(method, path)
    assert refused.value.rule == rule
    assert refused.value.where.startswith("line ")
    assert refused.value.mend


# That the comparison bites: each formula broken once

MUTANTS = [
    (proportion, "x / n * multiplier as value", "x / n * multiplier * 1.00000001 as value"),
    (proportion, "(1 - x / n)", "(1 + x / n)"),
    (proportion, "4 * x", "3.99999 * x"),
    (proportion, "/ (2 * (n + z_1 * z_1)) * multiplier as upper", "/ (2 * (n - z_1 * z_1)) * multiplier as upper"),
    (proportion_grouped, "count(*) = count(numerator)", "count(*) >= count(numerator)"),
    (proportion_grouped, "1.959963984540054", "1.96"),
    (proportion_grouped, "3.090232306167813", "3.09"),
    (rate, "x < 10 then exact_1.lower", "x < 9 then exact_1.lower"),
    (rate, "x < 10 then exact_1.upper", "x <= 10 then exact_1.upper"),
    (rate, "1 / (9 * nullif(x, 0))", "1 / (8 * nullif(x, 0))"),
    (rate, "z_1 / (3 * sqrt(x + 1))", "z_1 / (3 * sqrt(x))"),
    (rate, "(x + 1) * (1 -", "(x) * (1 -"),
    (mean, "nullif(value_count - 1, 0)", "nullif(value_count, 0)"),
    (mean, "t_1.t * stdev / sqrt(value_count)", "t_1.t * stdev / sqrt(value_count - 0.001)"),
    (mean, "count(*) = count(value)", "count(*) >= count(value)"),
    (mean, "value_count - 1 = cast(t_2", "value_count = cast(t_2"),
    (dsr, "w * events / nullif(n, 0)", "events / nullif(n, 0)"),
    (dsr, "(w / nullif(n, 0)) * (w / nullif(n, 0))", "(w / nullif(n, 0)) * (w / nullif(n, 0)) * 1.0001"),
    (dsr, "sqrt(variance / total_count)", "sqrt(variance / (total_count + 1))"),
    (dsr, "totals.total_count >= 10", "totals.total_count >= 11"),
    (dsr, "totals.total_count >= 10", "totals.total_count >= 9"),
    (dsr, "coalesce(cast(numerator as double), 0)", "coalesce(cast(numerator as double), 1)"),
    (dsr_repeat_events, "frequency * frequency * individuals", "frequency * individuals"),
    (israte, "coalesce(n, 0) * ref_x / nullif(ref_n, 0)", "coalesce(n, 1) * ref_x / nullif(ref_n, 0)"),
    (israte, "totals.expected > 0", "totals.expected > 780"),
    (israte, "sound_expected * ref_rate as value", "sound_expected * ref_rate * 0.999 as value"),
    (isratio, "ratios.observed < 10 then 'Exact'", "ratios.observed < 9 then 'Exact'"),
    (isratio, "exact_2.upper else", "exact_1.upper else"),
    (quantile, "- ceil((areas + 1", "- floor((areas + 1"),
    (quantile, "areas >= 10", "areas > 10"),
    (quantile, "rank() over", "row_number() over"),
    (sii, "- given.population / 2", "- given.population / 3"),
    (sii, "share * position * position", "share * position * position * 1.001"),
    (sii, "fits.middle - fits.slope / 2", "fits.middle - fits.slope / 3"),
    (sii, "(2 * cast(1.959963984540054 as double))", "(2 * cast(1.8 as double))"),
    (sii, "case when multiplier < 0 then difference_upper_1", "case when multiplier > 0 then difference_upper_1"),
    (sii, "multiplier < 0 then most_deprived / least_deprived", "multiplier > 0 then most_deprived / least_deprived"),
    (sii, "least_deprived_limit - most_deprived_limit", "(least_deprived_limit - most_deprived_limit) * 1.05"),
    (sii, "most_deprived * abs(multiplier)", "most_deprived"),
    (sii, "(z * z - 1) *", "(1 - z * z) *"),
    (sii, "ln(given.value / (1 - given.value))", "ln(given.value)"),
    (sii, "+ score * sqrt(", "+ score * 1.1 * sqrt("),
    (sii_missing_quantile, "then 'quantile_missing'", "then null"),
    (funnel_significance, "lower99_8cl > average.average", "lower99_8cl > average.average * 1.2"),
    (funnel_significance, "upper95_0cl < average.average", "upper95_0cl < average.average * 0.8"),
    (funnel_limits, "+ 2) - 1)", "+ 2) + 1)"),
    (funnel_limits, "events * average / lower_2s", "events * average / upper_2s"),
    (funnel_limits, "upper_3s / average", "upper_3s * average"),
]


@pytest.mark.parametrize(
    ("table", "sound", "broken"), MUTANTS, ids=[f"{table.__name__}: {broken}" for table, _, broken in MUTANTS]
)
def test_a_broken_formula_is_noticed(
    table: Callable[[], int], sound: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = []

    def rendered(*arguments: Any, **options: Any) -> str:
        sql = render(*arguments, **options)
        met.append(sound in sql)
        return sql.replace(sound, broken)

    monkeypatch.setattr(inequality, "render", rendered)
    with pytest.raises((AssertionError, ValueError, Refusal)) as noticed:
        table()
    assert any(met), f"{sound!r} is nowhere in the query"
    assert "is nowhere" not in str(noticed.value)


CONSTANTS = [
    (rate, "poisson_limits", lambda given: lambda connection, pairs: given(connection, [(x, 0.95) for x, _ in pairs])),
    (proportion, "z_of", lambda given: lambda level: given(level) * (1 + 1e-8)),
    (funnel_limits, "beyond", lambda given: lambda largest: given(largest) * 1.01),
    (funnel_limits, "_expected", lambda given: lambda count, tail, low: given(count, tail * 1.00001, low)),
]


@pytest.mark.parametrize(("table", "name", "broken"), CONSTANTS, ids=[name for _, name, _ in CONSTANTS])
def test_a_broken_constant_is_noticed(
    table: Callable[[], int], name: str, broken: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inequality, name, broken(getattr(inequality, name)))
    with pytest.raises((AssertionError, ValueError)):
        table()

"""Difference and ratio of two proportions: the published worked examples, and the formula written another way."""

import math

import duckdb
import pytest

from orchestration.methods import render

# Newcombe RG (1998), Statistics in Medicine 17:873, table II, method 10: counts, difference, limits to four places.
NEWCOMBE = [
    (56, 70, 48, 80, 0.2, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.6, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.5714, 0.0582, 0.8062),
    (5, 56, 0, 29, 0.0893, -0.0381, 0.1926),
    (0, 10, 0, 20, 0.0, -0.1611, 0.2775),
    (10, 10, 0, 20, 1.0, 0.6791, 1.0),
]
Z = "1.959963984540054"


@pytest.mark.parametrize(("x", "n", "other_x", "other_n", "difference", "low", "high"), NEWCOMBE)
def test_the_difference_has_newcombes_limits(
    x: int, n: int, other_x: int, other_n: int, difference: float, low: float, high: float
) -> None:
    def wilson(side: str, count: str, of: str) -> str:
        return f"100 * ({render('inequality.sql', f'wilson_{side}', count, of, Z)})"

    lower = render("inequality_comparison.sql", "difference_lower", "p", "low", "other_p", "other_high")
    upper = render("inequality_comparison.sql", "difference_upper", "p", "high", "other_p", "other_low")
    found = duckdb.sql(f"""
        select p - other_p, {lower}, {upper} from (
            select 100 * x / n as p, 100 * other_x / other_n as other_p,
                {wilson("lower", "x", "n")} as low, {wilson("upper", "x", "n")} as high,
                {wilson("lower", "other_x", "other_n")} as other_low,
                {wilson("upper", "other_x", "other_n")} as other_high
            from (select cast({x} as double) as x, cast({n} as double) as n,
                cast({other_x} as double) as other_x, cast({other_n} as double) as other_n)
        )
    """).fetchone()
    assert found is not None
    assert found == pytest.approx((100 * difference, 100 * low, 100 * high), abs=0.006)


def test_the_ratio_has_katzs_limits_and_none_of_nobody() -> None:
    sides = [render("inequality_comparison.sql", "ratio_limit", "x", "n", "other_x", "other_n", Z, s) for s in (-1, 1)]
    found = duckdb.sql(f"""
        select {sides[0]}, {sides[1]}
        from (values (30.0, 300.0, 40.0, 800.0), (0.0, 300.0, 40.0, 800.0), (30.0, 300.0, 0.0, 800.0))
            as counts (x, n, other_x, other_n)
    """).fetchall()
    spread = 1.959963984540054 * math.sqrt(1 / 30 - 1 / 300 + 1 / 40 - 1 / 800)
    assert found[0] == pytest.approx((2 * math.exp(-spread), 2 * math.exp(spread)), rel=1e-9)
    assert found[1:] == [(None, None), (None, None)]

"""The check digit of NHS numbers, in Python and in the SQL screen, against the golden table."""

import csv
from pathlib import Path

import duckdb
import pytest

from ingest.identifiers import SQL_SCREEN, nhs_number, passes_check_digit

GOLDEN = Path(__file__).parent / "golden" / "inequalities" / "nhs_number_expected.csv"
CASES = list(csv.DictReader(GOLDEN.open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case_id"])
def test_check_digit(case: dict[str, str]) -> None:
    expected = case["passes_mod11"] == "1"
    written = case["nhs_number"]
    assert passes_check_digit(written.replace(" ", "").replace("-", "")) == expected
    is_placeholder = case["kind"] == "all_same_digit"
    assert (nhs_number(written) is not None) == (expected and not is_placeholder)
    with duckdb.connect() as connection:
        connection.execute(SQL_SCREEN)
        for around in ("{}", "Bed of {}, moved", "({})"):
            row = connection.execute("select holds_nhs_number(?)", [around.format(written)]).fetchone()
            assert row == (expected and not is_placeholder,)

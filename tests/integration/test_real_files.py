"""NHS England's real A&E files, both layouts, through the whole pipeline: every number arrives."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from tests.conftest import qls

FOLDERS = ("ae_attendances_2024_25", "ae_attendances_2025_26")
TYPES = (1, 2, 3)
# Indicators whose figures are a column of the 2024-25 layout as delivered, by position.
OLD = {
    **{f"AE_UNBOOKED_ATTENDANCES_TYPE_{t}": 3 + t for t in TYPES},
    **{f"AE_BOOKED_ATTENDANCES_TYPE_{t}": 6 + t for t in TYPES},
    **{f"AE_UNBOOKED_OVER_4H_TYPE_{t}": 9 + t for t in TYPES},
    **{f"AE_BOOKED_OVER_4H_TYPE_{t}": 12 + t for t in TYPES},
    "AE_DTA_4_TO_12H": 16,
    "AE_DTA_OVER_12H": 17,
    **{f"AE_EMERGENCY_ADMISSIONS_TYPE_{t}": 17 + t for t in TYPES},
    "AE_EMERGENCY_ADMISSIONS_OTHER": 21,
}
NEW = {
    **{f"AE_ATTENDANCES_TYPE_{t}": 2 + t for t in TYPES},
    "AE_ATTENDANCES_TOTAL": 6,
    **{f"AE_OVER_4H_TYPE_{t}": 10 + t for t in TYPES},
    "AE_OVER_4H_TOTAL": 14,
    **{f"AE_EMERGENCY_ADMISSIONS_TYPE_{t}": 18 + t for t in TYPES},
    "AE_EMERGENCY_ADMISSIONS_VIA_AE": 22,
    "AE_EMERGENCY_ADMISSIONS_OTHER": 23,
    "AE_EMERGENCY_ADMISSIONS_TOTAL": 24,
    "AE_DTA_OVER_4H": 25,
    "AE_DTA_OVER_12H": 26,
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home into which the real folders were put as they are, after one run."""
    from tests.conftest import SHARED

    if not (SHARED / "real").is_dir():
        pytest.skip("the folder of real published files is not here")
    root = tmp_path_factory.mktemp("real") / "home"
    for folder in FOLDERS:
        shutil.copytree(SHARED / "real" / folder, root / "landing" / folder)
    run = qls(root, "run")
    # System-Mapping.csv is of no feed: it stands refused, and everything else is published.
    assert run.returncode == 5, run.stdout
    return Home(root)


@pytest.fixture(scope="module")
def marts(real: Home) -> duckdb.DuckDBPyConnection:
    """The release's database."""
    return duckdb.connect(str(real.published / "internal" / "current" / "qls.duckdb"), read_only=True)


def delivered(folder: Path) -> dict[tuple[str, str, str], Decimal]:
    """(indicator, provider, month) -> number, straight from the files."""
    figures = {}
    for path in sorted(folder.glob("ae_activity_*.csv")):
        month = path.stem[-7:] + "-01"
        for row in list(csv.reader(path.open(encoding="utf-8-sig")))[1:]:
            if "total" not in row[1].lower():
                figures |= {(code, row[1], month): Decimal(row[at].replace(",", "")) for code, at in OLD.items()}
    for path in sorted(folder.glob("*-AE.csv")):
        name, year = path.stem.split("-")[:2]
        month = f"{year}-{['April', 'May', 'June', 'July', 'August', 'September'].index(name) + 4:02d}-01"
        for row in list(csv.reader(path.open(encoding="utf-8-sig")))[1:]:
            figures |= {(code, row[0], month): Decimal(row[at].replace(",", "")) for code, at in NEW.items()}
    return figures


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_number_of_every_provider_month_is_published(
    real: Home, marts: duckdb.DuckDBPyConnection, folder: str
) -> None:
    published = {
        (code, org, month): value
        for code, org, month, value in marts.execute(
            "select indicator_code, org_id, cast(month as varchar), value from indicators.fct_indicator_month "
            "where org_level = 'provider'"
        ).fetchall()
    }
    figures = delivered(real.landing / folder)
    assert len(figures) > 15_000
    assert {key for key, value in figures.items() if published.get(key) != value} == set()


def test_all_months_of_the_trust_are_there(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "select count(distinct month), min(month)::varchar, max(month)::varchar from indicators.fct_indicator_month "
        "where org_id = 'RAJ' and indicator_code = 'AE_ATTENDANCES_TOTAL' and value_status = 'reported'"
    ).fetchone()
    assert found == (18, "2024-04-01", "2025-09-01")


def test_the_total_is_a_check_and_no_fact(marts: duckdb.DuckDBPyConnection) -> None:
    results = marts.execute(
        "select check_status, count(*), min(rows_tested), max(rows_failed) from evidence.fct_check_result "
        "where rule_id = 'contract.ae_attendances.totals_reconcile' group by all order by all"
    ).fetchall()
    assert results == [("not_applicable", 6, 0, 0), ("pass", 12, 18, 0)]
    assert marts.execute("select sum(rows_total) from evidence.fct_file").fetchone() == (12,)
    totals = marts.execute(
        "select count(*) from indicators.fct_indicator_month "
        "where lower(trim(org_id)) = 'total' or lower(org_name) like 'total%'"
    ).fetchone()
    assert totals == (0,)


def test_the_dirt_is_visible_as_evidence(marts: duckdb.DuckDBPyConnection) -> None:
    failed = marts.execute(
        "select rule_id, check_scope, rows_failed from evidence.fct_check_result "
        "where check_status = 'fail' and rule_id like 'contract.ae%' order by all"
    ).fetchall()
    assert failed == [
        ("contract.ae_attendances.unknown_column", "ae_attendances_2024_25/ae_activity_2024-09.csv", 0),
        ("contract.ae_attendances.wrong_zero_percentage", "ae_attendances_2025_26/April-2025-AE.csv", 166),
    ]
    refused = marts.execute(
        "select file_name, refused_why from evidence.fct_file where file_status = 'refused'"
    ).fetchall()
    assert refused == [("ae_attendances_2025_26/System-Mapping.csv", "no header of a known feed is found")]


def test_published_percentages_are_those_of_the_files_and_none_stands_on_nothing(
    real: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    computed = {
        (org, str(month)): value
        for org, month, value in marts.execute(
            "select org_id, month, value from indicators.fct_indicator_month "
            "where org_level = 'provider' and indicator_code = 'AE_WITHIN_4H_PCT'"
        ).fetchall()
    }
    checked = 0
    with (real.landing / FOLDERS[1] / "May-2025-AE.csv").open(encoding="utf-8") as handle:
        for row in list(csv.reader(handle))[1:]:
            if row[15] == "-":
                assert computed[row[0], "2025-05-01"] is None
            else:
                assert abs(computed[row[0], "2025-05-01"] - Decimal(row[15].rstrip("%"))) <= Decimal("0.05")
            checked += 1
    assert checked == 200
    standing = marts.execute(
        "select count(*) from indicators.fct_indicator_month "
        "where unit = 'pct' and denominator = 0 and value is not null"
    ).fetchone()
    assert standing == (0,)

"""Real published files: each is accepted or refused with its reason, and every number arrives in the release."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.check import check_file
from ingest.home import Home
from tests.conftest import RUN_DATE

AE_FOLDERS = ("ae_attendances_2024_25", "ae_attendances_2025_26")
NO_HEADER = "no header of a known feed is found"
# What becomes of each real file: its path below the folder of real files, in which folder of landing it is tried (its
# own where none is given), and its feed, all rows accepted but those said, or words of the refusal. A file that no row
# names fails the test. The layout of the friends and family test is a workbook without a figure.
OUTCOMES = """
    ae_attendances_2024_25/*.csv              |                  | ae_attendances   |
    ae_attendances_2025_26/*-2025-AE.csv      |                  | ae_attendances   |
    ae_attendances_2025_26/System-Mapping.csv |                  |                  | no header of a known feed is found
    sickness_absence/*.csv                    |                  | sickness_absence |
    rtt/*.csv                                 |                  | rtt              |
    ods/etr.csv                               |                  |                  | have the form of the feed ods_organisation
    ods/etr.csv                               | ods_organisation |                  | the name «etr.csv» does not tell just one
    ods/etrust_2018_RAJ_RDD_RQ8.csv           |                  |                  | have the form of the feed ods_organisation
    ods/etrust_2018_RAJ_RDD_RQ8.csv           | ods_organisation | ods_organisation |
    ods/nhsuk_Hospital_2018.csv               |                  |                  | no header of a known feed is found
    ods/nhsuk_Hospital_2018.csv               | ods_organisation |                  | 27 cells in a row
    nhsrdatasets/*.csv                        |                  |                  | no header of a known feed is found
    fft_inpatient/fft_inpatient_ward_reference_RAJ_jul2025.csv | fft_ward_list | fft_ward_list |
    fft_inpatient/fft_inpatient_ward_reference_jul2025.csv     | fft_ward_list | fft_ward_list | 1 row refused
    fft_inpatient/FFT_inpatient_layout.xlsx   |                  |                  | does not tell just one
    staff_survey_2018/*.xls                   |                  | staff_survey_detail |
"""


def outcomes() -> list[tuple[str, str, str, str]]:
    """Rows of the table: glob, folder, feed, words of the refusal."""
    rows = [[cell.strip() for cell in line.split("|")] for line in OUTCOMES.strip().splitlines()]
    return [(glob, folder, feed, words) for glob, folder, feed, words in rows]


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


@pytest.mark.parametrize(("glob", "folder", "feed", "words"), outcomes())
def test_every_real_file_is_accepted_or_says_why_not(
    real_files: Path, tmp_path: Path, glob: str, folder: str, feed: str, words: str
) -> None:
    paths = sorted(real_files.glob(glob))
    assert paths
    for path in paths:
        tried = path
        if folder:
            tried = tmp_path / folder / path.name
            tried.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, tried)
        checked = check_file(tried, RUN_DATE)
        if feed:
            assert checked.refusal is None, checked.refusal
            assert checked.examined is not None
            assert f"{checked.examined.judged.counts['rejected']} row refused" == (words or "0 row refused")
            assert checked.examined.match.contract.id == feed
        else:
            assert checked.refusal is not None
            assert words in checked.refusal.why


def test_no_real_file_is_left_out_of_the_table(real_files: Path) -> None:
    named = {path for glob, *_ in outcomes() for path in real_files.glob(glob)}
    lying = {path for path in real_files.rglob("*") if path.is_file() and path.name != "SOURCES.md"}
    assert lying == named


@pytest.mark.parametrize("folder", AE_FOLDERS)
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
    assert marts.execute(
        "select feed, sum(rows_total) from evidence.fct_file group by all having sum(rows_total) > 0 order by all"
    ).fetchall() == [("ae_attendances", 12), ("rtt", 242)]
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
        "select file_name, refused_why from evidence.fct_file where file_status = 'refused' order by all"
    ).fetchall()
    assert [name for name, _ in refused] == [
        "ae_attendances_2025_26/System-Mapping.csv",
        "ods_organisation/etr.csv",
        "ods_organisation/nhsuk_Hospital_2018.csv",
    ]
    assert refused[0][1] == NO_HEADER


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
    with (real.landing / AE_FOLDERS[1] / "May-2025-AE.csv").open(encoding="utf-8") as handle:
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


def test_sickness_absence_is_that_of_the_files_and_of_providers_alone(
    real: Home, marts: duckdb.DuckDBPyConnection
) -> None:
    published = {
        (org, str(month)[:7]): (name, numerator, denominator, value)
        for org, month, name, numerator, denominator, value in marts.execute(
            "select org_id, month, org_name, numerator, denominator, value from indicators.fct_indicator_month "
            "where indicator_code = 'SICKNESS_ABSENCE_PCT' and org_level = 'provider' and value_status = 'reported'"
        ).fetchall()
    }
    expected = {}
    for path in sorted((real.landing / "sickness_absence").glob("*.csv")):
        with path.open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                if row["ORG_TYPE"] not in {"Integrated Care Board", "Commissioning Support Unit", "Others"}:
                    expected[row["ORG_CODE"], path.stem[-7:]] = row
    assert len(expected) == 2050
    assert set(published) == set(expected)
    millionth = Decimal("0.000001")
    for key, row in expected.items():
        name, numerator, denominator, value = published[key]
        assert name == row["ORG_NAME"]
        assert abs(numerator - Decimal(row["FTE_DAYS_LOST"])) <= millionth
        assert abs(denominator - Decimal(row["FTE_DAYS_AVAILABLE"])) <= millionth
        assert abs(value - Decimal(row["SICKNESS_ABSENCE_RATE_PERCENT"])) <= Decimal("0.00501")
    assert published["RAX", "2024-04"][0] != published["RAX", "2024-12"][0]


def test_the_lake_holds_sickness_as_delivered_to_the_last_digit(real: Home) -> None:
    lake = dict(
        duckdb.sql(
            f"select org_code || '|' || month, fte_days_lost from "
            f"read_parquet('{real.lake}/sickness_absence/*.parquet', union_by_name = true)"
        ).fetchall()
    )
    for path in sorted((real.landing / "sickness_absence").glob("*.csv")):
        with path.open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                assert lake[f"{row['ORG_CODE']}|{path.stem[-7:]}-01"] == Decimal(row["FTE_DAYS_LOST"])


def test_waiting_times_count_every_pathway_once(real: Home, marts: duckdb.DuckDBPyConnection) -> None:
    (path,) = (real.landing / "rtt").glob("*.csv")
    with path.open(encoding="utf-8") as handle:
        # The publisher's own totals are the proof: the figures are made without them.
        totals = [
            row
            for row in csv.DictReader(handle)
            if row["RTT Part Type"] == "Part_2" and row["Treatment Function Code"] == "C_999"
        ]
    weeks = [column for column in totals[0] if column.startswith("Gt ")]
    over = {
        after: sum(int(row[column] or 0) for row in totals for column in weeks if int(column[3:6].strip()) >= after)
        for after in (0, 18, 52, 65)
    }
    everything = sum(int(row["Total All"]) for row in totals)
    assert everything == over[0] == 176_580
    found = {
        code: (numerator, denominator, value)
        for code, numerator, denominator, value in marts.execute(
            "select indicator_code, numerator, denominator, value from indicators.fct_indicator_month "
            "where indicator_code like 'RTT%' and org_level = 'provider' and org_id = 'RAJ' and month = '2026-01-01'"
        ).fetchall()
    }
    assert found["RTT_INCOMPLETE_PATHWAYS"][0] == everything
    assert found["RTT_WITHIN_18W_PCT"][:2] == (everything - over[18], everything)
    for after in (18, 52, 65):
        numerator, denominator, value = found[f"RTT_OVER_{after}W_PCT"]
        assert (numerator, denominator) == (over[after], everything)
        assert abs(value - Decimal(100 * over[after]) / everything) < Decimal("0.0000001")


def test_a_site_code_is_looked_up_by_date(marts: duckdb.DuckDBPyConnection) -> None:
    def on(code: str, day: str) -> tuple[object, ...] | None:
        return marts.execute(
            "select site_name, trust_code, successor_trust_code from reference.dim_site "
            "where site_code = ? and valid_from <= ? and (valid_to is null or ? < valid_to)",
            [code, day, day],
        ).fetchone()

    assert on("RAJ32", "2018-06-01") == ("BROOMFIELD PHYSIOTHERAPY DEPARTMENT", "RAJ", None)
    assert on("RAJ32", "2025-06-01") == ("Broomfield Hospital", "RAJ", None)
    assert on("RQ8L0", "2018-06-01") == ("BROOMFIELD HOSPITAL", "RQ8", "RAJ")
    assert on("RDDH0", "2018-06-01") == ("BASILDON UNIVERSITY HOSPITAL", "RDD", "RAJ")
    assert on("RDDH0", "2020-04-01") is None

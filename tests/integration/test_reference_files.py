"""What becomes of each published reference file: taken by a feed in its real headers, held as a seed, or refused.

Kept out: the monthly publications (`test_real_files`).
"""

import csv
import shutil
from pathlib import Path

import pytest

from ingest.check import check_file
from tests.conftest import PROJECT, RUN_DATE, SHARED

REFERENCE = SHARED / "reference"
NO_HEADER = "no header of a known feed is found"
# File; the feed that takes all its rows, or `seed <name>` whose rows are the file's, or words of the refusal.
OUTCOMES = f"""
    esp2013_19_bands.csv                             | seed european_standard_population
    mse_census2021_disability_lsoa21.csv             | {NO_HEADER}
    mse_census2021_ethnicity5_by_imd2025_quintile.csv | {NO_HEADER}
    mse_census2021_ethnicity5_lsoa21.csv             | ethnicity_population
    mse_census2021_ethnicity_ltla.csv                | {NO_HEADER}
    mse_imd2019_lsoa11.csv                           | imd
    mse_imd2025_barrier_subdomains.csv               | {NO_HEADER}
    mse_imd2025_icb24.csv                            | {NO_HEADER}
    mse_imd2025_lsoa21.csv                           | imd
    mse_imd2025_ltla24.csv                           | {NO_HEADER}
    mse_local_authorities.csv                        | {NO_HEADER}
    mse_lsoa11_lookup.csv                            | lsoa_lookup
    mse_lsoa11_to_lsoa21.csv                         | lsoa_change
    mse_lsoa21_lookup.csv                            | lsoa_lookup
    mse_population2020_by_imd2019_decile_5yr.csv     | {NO_HEADER}
    mse_population2020_by_imd2019_quintile_5yr.csv   | {NO_HEADER}
    mse_population2020_lsoa11_5yr.csv                | population
    mse_ruc2021_lsoa21.csv                           | {NO_HEADER}
    nhs_attended_or_did_not_attend_codes.csv         | seed attendance_code
    nhs_ethnic_category_codes.csv                    | seed ethnic_category
    pheindicatormethods_DSR_data.csv                 | {NO_HEADER}
    pheindicatormethods_prevalence_data.csv          | {NO_HEADER}
    poisson_exact_limits_0_9.csv                     | seed poisson_exact_limit
    raj_catchment_by_icb22.csv                       | {NO_HEADER}
    raj_catchment_by_ltla21.csv                      | {NO_HEADER}
    raj_ods_codes.csv                                | {NO_HEADER}
    raj_trust_successor_lookup.csv                   | ods_trust_successor
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in OUTCOMES.strip().splitlines()]
TAKEN = [(name, said) for name, said in ROWS if said != NO_HEADER and not said.startswith("seed ")]
SEEDS = [(name, said.removeprefix("seed ")) for name, said in ROWS if said.startswith("seed ")]
# Files that anybody would drop into a folder of a feed that is not theirs: words of the refusal.
MISPLACED = """
    mse_imd2025_lsoa21.csv               | lsoa_lookup          | this is a file of the feed imd
    mse_ruc2021_lsoa21.csv               | lsoa_lookup          | are missing
    mse_imd2025_barrier_subdomains.csv   | imd                  | «IMD Rank», «IMD Decile» are missing
    mse_census2021_disability_lsoa21.csv | ethnicity_population | «Ethnic Group» is missing
    mse_population2020_by_imd2019_decile_5yr.csv | population   | «LSOA Code», «LSOA Vintage» are missing
"""

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the folder of published reference files is not here")


def test_every_file_of_the_folder_has_its_outcome() -> None:
    assert [name for name, _ in ROWS] == sorted(path.name for path in REFERENCE.glob("*.csv"))


@pytest.mark.parametrize(("name", "feed"), TAKEN)
def test_a_file_that_a_feed_takes_loses_no_row_and_no_column(name: str, feed: str) -> None:
    path = REFERENCE / name
    checked = check_file(path, RUN_DATE)
    assert checked.refusal is None
    examined = checked.examined
    assert examined is not None
    assert examined.match.contract.id == feed
    assert not examined.match.unknown
    with path.open(encoding="utf-8", newline="") as handle:
        rows = sum(1 for _ in csv.reader(handle)) - 1
    assert examined.judged.counts == {"accepted": rows, "rejected": 0, "total": 0, "blank": 0}
    assert [result for result in examined.judged.results if result[1] == "fail"] == []


@pytest.mark.parametrize("name", [name for name, said in ROWS if said == NO_HEADER])
def test_a_file_that_nothing_takes_is_refused_and_says_so(name: str) -> None:
    refusal = check_file(REFERENCE / name, RUN_DATE).refusal
    assert refusal is not None
    assert NO_HEADER in str(refusal)


@pytest.mark.parametrize(("name", "seed"), SEEDS)
def test_a_file_that_is_a_seed_has_the_seeds_rows(name: str, seed: str) -> None:
    published, held = (
        {tuple(row) for row in list(csv.reader(path.open(encoding="utf-8", newline="")))[1:]}
        for path in (REFERENCE / name, PROJECT / "dbt_project" / "seeds" / f"{seed}.csv")
    )
    assert len(published) == len(held)
    # The seeds have columns of ours too; the first, the code, is the publisher's.
    assert {row[0] for row in published} == {row[0] for row in held}
    assert check_file(REFERENCE / name, RUN_DATE).refusal is not None


@pytest.mark.parametrize("line", MISPLACED.strip().splitlines())
def test_a_file_in_a_folder_that_is_not_its_own_says_what_is_wrong(tmp_path: Path, line: str) -> None:
    name, feed, words = (cell.strip() for cell in line.split("|"))
    (tmp_path / feed).mkdir()
    shutil.copy(REFERENCE / name, tmp_path / feed / name)
    assert words in str(check_file(tmp_path / feed / name, RUN_DATE).refusal)


def test_the_vintages_of_the_index_are_on_their_own_areas_and_differ() -> None:
    """A quarter of the areas that never changed lie in another quintile: whoever mixes the two is wrong."""
    quintiles = []
    for name, code in (("mse_imd2019_lsoa11.csv", "lsoa11_code"), ("mse_imd2025_lsoa21.csv", "lsoa21_code")):
        with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
            quintiles.append({row[code]: row["IMD_quintile"] for row in csv.DictReader(handle)})
    before, after = quintiles
    both = before.keys() & after.keys()
    assert (len(before.keys() - after.keys()), len(after.keys() - before.keys())) == (15, 30)
    assert round(100 * sum(before[code] != after[code] for code in both) / len(both), 1) == 24.6


@pytest.mark.parametrize(
    ("name", "renamed"), [("mse_imd2019_lsoa11.csv", "imd2025.csv"), ("mse_imd2025_lsoa21.csv", "imd2019.csv")]
)
def test_an_index_under_the_other_ones_year_is_refused(tmp_path: Path, name: str, renamed: str) -> None:
    shutil.copy(REFERENCE / name, tmp_path / renamed)
    assert "2019 is on areas of 2011" in str(check_file(tmp_path / renamed, RUN_DATE).refusal)

"""How many residents are Core20, from the published files of the trust's area, through landing."""

import shutil

import duckdb
import pytest

from ingest.examples import write_example
from tests.conftest import SHARED, qls

REFERENCE = SHARED / "reference"
# File, and the name under which it is put into its folder, where its own does not tell the year.
FILES = {
    "imd": {"mse_imd2019_lsoa11.csv": "imd2019.csv", "mse_imd2025_lsoa21.csv": "imd2025.csv"},
    "lsoa_lookup": {"mse_lsoa11_lookup.csv": "lsoa11.csv", "mse_lsoa21_lookup.csv": "lsoa21.csv"},
    "lsoa_change": {"mse_lsoa11_to_lsoa21.csv": "lsoa11_to_lsoa21.csv"},
    "population": {"mse_population2020_lsoa11_5yr.csv": "population2020_lsoa11.csv"},
    "ethnicity_population": {"mse_census2021_ethnicity5_lsoa21.csv": "census2021_ethnicity5.csv"},
}

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the folder of published reference files is not here")


def test_core20_under_each_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    landing = tmp_path_factory.mktemp("core20") / "home" / "landing"
    for feed, files in FILES.items():
        (landing / feed).mkdir(parents=True)
        for name, renamed in files.items():
            shutil.copy(REFERENCE / name, landing / feed / renamed)
    written = tmp_path_factory.mktemp("registers")
    write_example(written)
    for feed in ("site_register", "ward_register"):
        shutil.copytree(written / feed, landing / feed)
    run = qls(landing.parent, "run")
    assert run.returncode == 0, run.stdout
    release = landing.parent / "published" / "internal" / "current" / "qls.duckdb"
    with duckdb.connect(str(release), read_only=True) as marts:
        found = marts.execute(
            "select imd_year, population_year, round(core20_pct, 1) from inequalities.fct_core_population order by 1"
        ).fetchall()
        appointments = marts.execute("select count(*) from inequalities.fct_access_group").fetchone()
    assert [(year, residents, float(share)) for year, residents, share in found] == [
        (2019, 2020, 10.1),
        (2025, 2021, 12.0),
    ]
    assert appointments == (0,)

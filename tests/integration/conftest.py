"""One run of the real published files, which the tests of real files share."""

import shutil
from pathlib import Path

import pytest

from ingest.home import Home
from tests.conftest import SHARED, qls

# Folders of real files, and where they are put below landing.
LANDING = {
    "ae_attendances_2024_25": "ae_attendances_2024_25",
    "ae_attendances_2025_26": "ae_attendances_2025_26",
    "sickness_absence": "sickness_absence",
    "rtt": "rtt",
    "ods": "ods_organisation",
}
WARD_NAMES = "fft_inpatient_ward_reference_RAJ_jul2025.csv"
# Files of reference, and the name under which each is put into its folder, where its own does not tell the year.
REFERENCE = {
    "imd": {"mse_imd2019_lsoa11.csv": "imd2019.csv", "mse_imd2025_lsoa21.csv": "imd2025.csv"},
    "lsoa_lookup": {"mse_lsoa11_lookup.csv": "lsoa11.csv", "mse_lsoa21_lookup.csv": "lsoa21.csv"},
    "lsoa_change": {"mse_lsoa11_to_lsoa21.csv": "lsoa11_to_lsoa21.csv"},
    "population": {"mse_population2020_lsoa11_5yr.csv": "population2020_lsoa11.csv"},
    "ethnicity_population": {"mse_census2021_ethnicity5_lsoa21.csv": "census2021_ethnicity5.csv"},
}


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, example_files: Path) -> Home:
    """A home after one run: real folders as they are, files of reference, the trust's names, the example's registers."""
    if not ((SHARED / "real").is_dir() and (SHARED / "reference").is_dir()):
        pytest.skip("the folders of real published files are not here")
    landing = tmp_path_factory.mktemp("real") / "home" / "landing"
    for folder, place in LANDING.items():
        shutil.copytree(SHARED / "real" / folder, landing / place)
    for feed, files in REFERENCE.items():
        (landing / feed).mkdir(parents=True, exist_ok=True)
        for name, renamed in files.items():
            shutil.copy(SHARED / "reference" / name, landing / feed / renamed)
    for feed in ("site_register", "ward_register", "ward_alias"):
        shutil.copytree(example_files / feed, landing / feed)
    with (landing / "ward_alias" / "ward_alias.csv").open("a", encoding="utf-8") as aliases:
        aliases.write("fft_ward_list,RAJ12,amu east,W023,01/04/2020,,data steward\r\n")
        aliases.write('fft_ward_list,RAJ01,"Cardiac Care Unit (Sita Lumsden)""",W001,01/04/2020,,data steward\r\n')
    for feed, name, content in (
        ("ods_trust_successor", "successor.csv", b"old_code,new_code,date\nRDD,RAJ,2020-04-01\nRQ8,RAJ,2020-04-01\n"),
        ("fft_ward_list", WARD_NAMES, (SHARED / "real" / "fft_inpatient" / WARD_NAMES).read_bytes()),
    ):
        (landing / feed).mkdir()
        (landing / feed / name).write_bytes(content)
    home = Home(landing.parent)
    run = qls(home.root, "run")
    # System-Mapping.csv is of no feed, etr.csv tells no date: they stand refused, and everything else is published.
    assert run.returncode == 5, run.stdout
    return home

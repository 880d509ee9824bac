"""One run of the real published files, which the tests of real files share."""

import shutil

import pytest

from ingest.examples import write_example
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


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after one run: the real folders as they are, the list of the trust's names, registers of the example."""
    if not (SHARED / "real").is_dir():
        pytest.skip("the folder of real published files is not here")
    landing = tmp_path_factory.mktemp("real") / "home" / "landing"
    for folder, place in LANDING.items():
        shutil.copytree(SHARED / "real" / folder, landing / place)
    written = tmp_path_factory.mktemp("example_files")
    write_example(written)
    for feed in ("site_register", "ward_register", "ward_alias"):
        shutil.copytree(written / feed, landing / feed)
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

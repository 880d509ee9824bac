"""Runs after the first, each on a copy of the example's home: publishing beside readers, refused files, a hold."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.examples import truth
from ingest.home import Home
from ingest.ledger import Ledger
from tests.conftest import PROJECT, qls
from tests.faults.attack import determined, gather, together
from tests.faults.test_attack import LAST_YEAR, release_of, truth_of

SEPTEMBER = (
    "indicators.fct_indicator_month where org_level = 'provider' and month = '2025-09-01' and indicator_code like 'AE%'"
)


@pytest.fixture
def copy(example: Home, tmp_path: Path) -> Home:
    """A copy of the example's home, to be changed."""
    shutil.copytree(example.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def in_force(home: Home) -> str:
    manifest = json.loads((home.published / "internal" / "current" / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["release_id"])


# Opens, counts and closes over and over, as a BI tool does, once more when its input ends; prints all that it counted.
READER = """
import json, select, sys
import duckdb
seen, ended = set(), []
while not ended:
    ended, _, _ = select.select([sys.stdin], [], [], 0.2)
    with duckdb.connect(sys.argv[1], read_only=True) as release:
        seen.add(release.execute(sys.argv[2]).fetchone()[0])
print(json.dumps(sorted(seen)))
"""


def _waive(home: Home, rule_id: str, scope: str) -> None:
    """Add a waiver of a rule to the list, in order but for the rule it may be of; runs go by the clock."""
    dates = (f"{date.today() + timedelta(days):%d/%m/%Y}" for days in (-10, 10))
    with (home.landing / "waiver" / "waiver.csv").open("a", encoding="utf-8") as waivers:
        waivers.write(",".join([rule_id, scope, *dates, "Agreed", "Analyst", "Head of analytics"]) + "\r\n")


def _send_late_outcomes(home: Home) -> None:
    """Send a month of a site's appointments again, some of them with another outcome."""
    folder = home.landing / "outpatient_appointment"
    header, *rows = (folder / "outpatient_RAJ32_2025-26.csv").read_text(encoding="utf-8").splitlines()
    of_month = [row for row in rows if row.split(",")[4].endswith("/02/2026")]
    assert len(of_month) > 100
    changed = [row.replace(",5,", ",3,", 1) if number % 9 == 0 else row for number, row in enumerate(of_month)]
    late = folder / "outpatient_RAJ32_2026-02_late_outcomes.csv"
    late.write_text("".join(f"{row}\r\n" for row in (header, *changed)), encoding="utf-8")


@pytest.fixture(scope="module")
def held(example: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str, subprocess.CompletedProcess[str]]:
    """A home whose last run was held by a postcode in a text, with what was in force before, and what the run said."""
    home = Home(tmp_path_factory.mktemp("held") / "home")
    shutil.copytree(example.root, home.root, symlinks=True)
    programme = home.landing / "programme" / "programme.csv"
    text = programme.read_text(encoding="utf-8-sig")
    assert "Sixty wards" in text
    programme.write_text(text.replace("Sixty wards", "write to SS99 3WZ"), encoding="utf-8")
    _waive(home, "gate.release.no_postcode", "all marts")
    before = in_force(home)
    return home, before, qls(home.root, "run")


def test_a_critical_failure_holds_the_release(
    example: Home, held: tuple[Home, str, subprocess.CompletedProcess[str]]
) -> None:
    home, before, run = held
    assert run.returncode == 3, run.stdout
    assert "HELD" in run.stdout
    assert "gate.release.no_postcode" in run.stdout
    assert "refused. Rules on identifiers, disclosure, the balance of rows and hashes cannot be waived." in run.stdout
    assert "SS99" not in run.stdout
    assert in_force(home) == before
    releases = [
        sorted(path.name for path in (each.published / "internal" / "releases").iterdir()) for each in (example, home)
    ]
    assert releases[0] == releases[1]
    assert Ledger(home.ledger).read("release", f"release_id <> '{before}'") == []

    again = qls(home.root, "run")
    assert (again.returncode, "Nothing new" in again.stdout) == (3, True)
    status = qls(home.root, "status")
    assert status.returncode == 3
    assert "gate.release.no_postcode" in status.stdout


def test_mending_it_lets_a_new_release_through_beside_readers_a_withdrawn_row_and_a_refused_file(
    held: tuple[Home, str, subprocess.CompletedProcess[str]],
) -> None:
    home, before, _ = held
    # Of one area both sexes and all persons, and a waiver for just that.
    with (home.landing / "population" / "population2021_lsoa21.csv").open("a", encoding="utf-8") as population:
        population.write("E01090000,0,0-4,Persons,108\n")
    _waive(home, "model.stg_reference__population.persons_or_sexes", "stg_reference__population")
    programme = home.landing / "programme" / "programme.csv"
    programme.write_text(programme.read_text(encoding="utf-8").replace("write to SS99 3WZ", "The sixty wards"))
    database = home.published / "internal" / "current" / "qls.duckdb"
    held_open = duckdb.connect(str(database), read_only=True)
    (rows_before,) = held_open.execute(f"select count(*) from {SEPTEMBER}").fetchone() or (0,)

    september = home.landing / "ae_attendances" / "September-2025-AE.csv"
    lines = september.read_text(encoding="utf-8").splitlines(keepends=True)
    revised = september.with_name("September-2025-AE-revised.csv")
    revised.write_text("".join(line for line in lines if not line.startswith("X07,")), encoding="utf-8")
    (home.landing / "ward_indicator" / "Nov 25 v2 FINAL.csv").write_text(
        "Site Code,Ward,Indicator,Month,Numerator,Value\nRAJ01,Avocet Ward,FALLS_1000,01/11/2025,1,2\n"
    )

    _send_late_outcomes(home)

    command = [sys.executable, "-c", READER, str(database), f"select count(*) from {SEPTEMBER}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        run = qls(home.root, "run")
        counted, _ = reader.communicate()

    assert run.returncode == 5, run.stdout
    assert "«Denominator» is missing" in run.stdout
    assert "add the column, named: Denominator or Denom or OBD" in run.stdout
    assert reader.returncode == 0
    assert in_force(home) != before
    manifest = json.loads((home.published / "internal" / "current" / "manifest.json").read_text(encoding="utf-8"))
    (waived,) = manifest["waived"]
    assert "persons_or_sexes in stg_reference__population" in waived
    assert f"  waiver    {waived}" in qls(home.root, "status").stdout
    (per_provider,) = held_open.execute(f"select count(*) from {SEPTEMBER} and org_id = 'X07'").fetchone() or (0,)
    assert held_open.execute(f"select count(*) from {SEPTEMBER}").fetchone() == (rows_before,)
    with duckdb.connect(str(database), read_only=True) as anew:
        assert anew.execute(f"select count(*) from {SEPTEMBER}").fetchone() == (rows_before - per_provider,)
        events = anew.execute(
            "select release_event from evidence.fct_release order by event_at, release_event_no"
        ).fetchall()
        assert events == [("assembled",), ("published",), ("assembled",)]
    assert json.loads(counted) == sorted((rows_before, rows_before - per_provider))

    again = qls(home.root, "run")
    assert (again.returncode, "Nothing new" in again.stdout) == (5, True)
    assert "Nov 25 v2 FINAL.csv" in qls(home.root, "status").stdout


def test_what_was_hidden_cannot_be_had_from_the_release_before_and_this_one(
    example: Home, held: tuple[Home, str, subprocess.CompletedProcess[str]]
) -> None:
    """Of the home of the test before, which published anew after late outcomes; what it held in between is no release."""
    home, before, _ = held
    if in_force(home) == before:
        pytest.fail("goes with the test before it, which publishes")
    truths, knowledge = [], []
    for each in (example, home):
        with release_of(each) as database:
            truths.append(truth_of(database, LAST_YEAR))
            knowledge.append(gather(database, truths[-1], ["missed"]))
    changed = [cell for cell, people in truths[0].items() if truths[1][cell] != people]
    assert len(changed) > 100
    assert len(knowledge[1].hidden - knowledge[0].hidden) > 10, "nothing had to be hidden for it"
    shown_again = knowledge[0].hidden - knowledge[1].hidden
    assert not shown_again, sorted(shown_again)[:5]
    known = together(knowledge[0], knowledge[1], truths[0], truths[1])
    found = determined(known)
    assert not found, f"{len(found)} of {len(known.hidden)}: {sorted(found)[:5]}"
    with duckdb.connect(str(home.published / "internal" / "current" / "qls.duckdb"), read_only=True) as release:
        (remembered,) = release.execute(
            "select cells_decided from evidence.fct_suppression where suppression_rule = 'remembered'"
        ).fetchone() or (0,)
    assert remembered > 1_000


def test_a_landing_that_vanished_is_a_fault(copy: Home) -> None:
    before = in_force(copy)
    copy.landing.rename(copy.root / "elsewhere")
    missing = qls(copy.root, "run")
    assert missing.returncode == 1
    assert "landing is missing" in missing.stdout
    copy.landing.mkdir()
    empty = qls(copy.root, "run")
    assert empty.returncode == 1
    assert "landing is empty" in empty.stdout
    assert in_force(copy) == before


def test_a_second_run_at_the_same_time_gives_up_at_once(copy: Home) -> None:
    from orchestration.lock import home_lock

    with home_lock(copy.root, wait=False):
        busy = qls(copy.root, "run")
    assert busy.returncode == 4
    assert "another run is at work" in busy.stdout


# Runs the whole job on a home, as of a time that is not now.
AT_A_TIME = """
import sys
from datetime import datetime
from pathlib import Path
from ingest.home import Home
from orchestration.definitions import JOB, build_definitions, instance
from orchestration.settings import Settings
settings = Settings(Home(Path(sys.argv[1])))
definitions = build_definitions(settings, clock=lambda: datetime.fromisoformat(sys.argv[2]))
with instance(settings) as storage:
    assert definitions.resolve_job_def(JOB).execute_in_process(instance=storage).success
"""


def figures(home: Home, release: str) -> dict[str, bytes]:
    """Every Parquet file of a release but those of evidence."""
    folder = home.published / "internal" / "releases" / release / "parquet"
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.parquet")}
    return {name: content for name, content in found.items() if not name.startswith("evidence/")}


@pytest.mark.long
def test_a_past_state_is_rebuilt_byte_for_byte_and_never_put_in_force(copy: Home) -> None:
    earlier = in_force(copy)
    ledger = Ledger(copy.ledger)
    (first,) = ledger.read("run")
    (copy.landing / "ward_indicator" / "late confirmed.csv").write_text(
        "Site Code,Ward,Indicator,Month,Numerator,Denominator,Value\n"
        "RAJ12,Cedar Ward,FALLS_1000,01/02/2025,9,700,12.857142857143\n"
    )
    programme = copy.landing / "programme" / "programme.csv"
    programme.write_text(programme.read_text(encoding="utf-8-sig").replace("Sixty wards", "The sixty wards"))
    tomorrow = (first["started_at"].replace(tzinfo=UTC) + timedelta(days=1)).isoformat()
    subprocess.run([sys.executable, "-c", AT_A_TIME, str(copy.root), tomorrow], cwd=PROJECT, check=True)
    later = in_force(copy)
    assert figures(copy, later) != figures(copy, earlier)
    with duckdb.connect(str(copy.published / "internal" / "current" / "qls.duckdb"), read_only=True) as release:
        withdrawn = release.execute(
            "select count(*) from evidence.fct_restatement where restatement_kind = 'withdrawn'"
        ).fetchone()
        assert withdrawn != (0,), "the rest of the site's month was not in the later file"

    day = first["run_date"].isoformat()
    rebuilt = qls(copy.root, "run", "--as-of", day)
    assert rebuilt.returncode == 0, rebuilt.stdout
    assert "nothing new is loaded" in rebuilt.stdout
    assert in_force(copy) == later
    beside = max(ledger.read("run"), key=lambda row: row["run_no"])
    assert str(beside["run_id"]) in rebuilt.stdout
    assert (beside["run_date"], beside["as_of_sequence"]) == (first["run_date"], len(truth.EXPECTED))
    assert figures(copy, beside["run_id"]) == figures(copy, earlier)
    assert ledger.read("file", f"run_id = '{beside['run_id']}'") == []

    from orchestration import runs

    newest = runs.newest(ledger, rebuilds=False)
    assert newest is not None
    assert newest[0].run_id == later, "a rebuild is not the last run"
    assert later in qls(copy.root, "status").stdout


def test_a_past_state_of_which_nothing_is_known_is_told(copy: Home) -> None:
    before = sorted((copy.ledger / "run").iterdir())
    too_early = qls(copy.root, "run", "--as-of", "2020-01-01")
    assert too_early.returncode == 1
    assert "nothing had been received by 01 January 2020" in too_early.stdout
    assert qls(copy.root, "run", "--as-of", "2999-01-01").returncode == 2
    assert qls(copy.root, "run", "--as-of", "yesterday").returncode == 2
    assert sorted((copy.ledger / "run").iterdir()) == before

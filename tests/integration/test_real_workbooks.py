"""Real spreadsheets and ward lists as published: each is loaded or refused with a reason, and no ward name vanishes."""

import csv
import re
import resource
import shutil
from functools import partial
from pathlib import Path

import duckdb
import pytest

from ingest.check import check_file
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.load import load
from ingest.readers.staff_survey import one_row_per_answer
from ingest.readers.workbook import open_workbook
from ingest.refusal import Refusal
from tests.conftest import RUN_DATE, make_run
from tests.integration.conftest import WARD_NAMES

OWN_NAMES = 171


def test_each_of_the_trusts_names_finds_its_ward_or_waits(real: Home) -> None:
    release = duckdb.connect(str(real.published / "internal" / "current" / "qls.duckdb"), read_only=True)
    used = dict(
        release.execute(
            "select org_level, sum(rows_used)::int from evidence.fct_file_use where feed = 'fft_ward_list' group by all"
        ).fetchall()
    )
    waiting = release.execute(
        "select site_code, unmatched_name, rows_waiting from evidence.fct_unmatched_name where feed = 'fft_ward_list'"
    ).fetchall()
    # Two have an alias; one of these has a doubled blank in the list.
    assert used == {"ward": 2, "site": OWN_NAMES - 2}
    # Those without a ward are counted under their site, and they are those that wait.
    assert sum(rows for *_, rows in waiting) == used["site"]
    with (real.landing / "fft_ward_list" / WARD_NAMES).open(encoding="utf-8-sig", newline="") as handle:
        delivered = {(row["Site Code"], match_text(row["Ward Name"])) for row in csv.DictReader(handle)}
    explained = {("RAJ12", "amu east"), ("RAJ01", 'cardiac care unit (sita lumsden)"')}
    assert {(site, match_text(name)) for site, name, _ in waiting} == delivered - explained


def match_text(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("\u00a0", " ")).strip().lower()


def test_the_list_of_all_providers_is_loaded_and_replaces_no_other_trust(
    real_files: Path, home: Home, ledger: Ledger
) -> None:
    folder = home.landing / "fft_ward_list"
    folder.mkdir()
    for name in (WARD_NAMES, WARD_NAMES.replace("_RAJ", "")):
        shutil.copy(real_files / "fft_inpatient" / name, folder / name)
    outcomes = load(home, make_run(), ledger).outcomes
    counts = {outcome.file.path.name: outcome.examined.judged.counts for outcome in outcomes if outcome.examined}
    assert counts[WARD_NAMES] == {"accepted": OWN_NAMES, "rejected": 0, "total": 0, "blank": 0}
    # One name stands twice at one site.
    assert counts[WARD_NAMES.replace("_RAJ", "")] == {"accepted": 6940, "rejected": 1, "total": 0, "blank": 0}


def test_the_empty_layout_is_refused_for_what_it_lacks(real_files: Path, tmp_path: Path) -> None:
    layout = real_files / "fft_inpatient" / "FFT_inpatient_layout.xlsx"
    folder = tmp_path / "fft_inpatient"
    folder.mkdir()
    refusals = []
    for name in ("FFT_inpatient_layout.xlsx", "FFT-inpatient-data-July-2025.xlsx"):
        shutil.copy(layout, folder / name)
        refusals.append(check_file(folder / name, RUN_DATE).refusal)
    unnamed, empty = refusals
    assert unnamed is not None
    assert unnamed.mend == "name the file as its publisher does, such as FFT-inpatient-data-July-2025.xlsx"
    assert empty is not None
    assert (empty.rule, empty.why) == ("some_rows", "the file has no rows of data")


def test_the_real_layout_with_figures_in_it_is_accepted(real_files: Path, tmp_path: Path) -> None:
    """The publisher's own sheet, styles and formulas, with three wards written into its blank cells."""
    wards = (
        ["QH8", "RAJ", "MSE", "RAJ12", "BASILDON HOSPITAL - RAJ12", "AMU East", 20, 80, 0.9, 0.05, 15, 3, 1, 1, 0, 0],
        ["QH8", "RAJ", "MSE", "RAJ12", "BASILDON HOSPITAL - RAJ12", "AMU West", "*", 9, "-", "-", *"******"],
        ["QE1", "RXL", "BTH", "RXL01", "BLACKPOOL - RXL01", 12, 10, 40, 0.5, 0.1, 4, 2, 1, 1, 0, 2],
    )
    path = tmp_path / "fft_inpatient" / "FFT-inpatient-data-July-2025.xlsx"
    path.parent.mkdir()
    path.write_bytes(filled((real_files / "fft_inpatient" / "FFT_inpatient_layout.xlsx").read_bytes(), wards))
    checked = check_file(path, RUN_DATE)
    assert checked.refusal is None
    assert checked.examined.match.header_index == 10
    assert checked.examined.judged.counts == {"accepted": 3, "rejected": 0, "total": 3, "blank": 0}
    # Its third ward says half of ten were positive, and six were. The publisher's Selection holds formulas alone here.
    assert [(finding.rule, finding.samples) for finding in checked.examined.judged.findings] == [
        ("positive_recomputes", (6,)),
        ("stored_value", (3,)),
    ]


def filled(content: bytes, wards: tuple[list[object], ...]) -> bytes:
    import io
    import zipfile

    from ingest.examples.workbook import column_letters, package

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet6.xml"].decode()
    for number, ward in enumerate(wards, start=15):
        for position, value in enumerate(ward):
            place = f"{column_letters(position)}{number}"
            cell = f"<is><t>{value}</t></is>" if isinstance(value, str) else f"<v>{value}</v>"
            kind = "inlineStr" if isinstance(value, str) else "n"
            sheet, done = re.subn(
                rf'<c r="{place}" s="(\d+)" t="n" />', rf'<c r="{place}" s="\1" t="{kind}">{cell}</c>', sheet
            )
            assert done == 1
    return package(parts | {"xl/worksheets/sheet6.xml": sheet.encode()})


SHEETS = {
    "ST18 - abuse_sheet5 - religion.xls": (11, 54, 12),
    "ST18 - health_sheet4-religion.xls": (10, 25, 10),
    "ST18 - job1_sheet1 - religion.xls": (10, 83, 17),
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_answer_of_the_staff_surveys_sheets_is_a_row(
    real_files: Path, home: Home, ledger: Ledger, name: str
) -> None:
    (home.landing / "staff_survey_detail").mkdir()
    shutil.copy(real_files / "staff_survey_2018" / name, home.landing / "staff_survey_detail" / name)
    (outcome,) = load(home, make_run(), ledger).outcomes
    assert outcome.state == "accepted", outcome.refusal
    assert outcome.examined.encoding == "xls"
    lake = duckdb.sql(f"from read_parquet('{home.lake}/staff_survey_detail/*.parquet')")
    groups, answers, questions = SHEETS[name]
    assert lake.aggregate(
        "count(*), count(distinct respondents), count(distinct question_no), count(answer_pct), count(base_n), "
        "min(survey_year)::varchar, min(breakdown), max(breakdown)"
    ).fetchone() == (*(groups * answers, groups, questions), *(groups * answers,) * 2, "2018-01-01", *("religion",) * 2)
    # The answers to a question of one choice are all of those who answered; these three let people give several.
    several = {"Q12d", "Q13d", "Q15c"}
    shares = lake.aggregate("question_no, respondents, sum(answer_pct)::double as total").fetchall()
    assert [row for row in shares if row[0] not in several and abs(row[2] - 100) > 0.001] == []


def test_a_cell_of_the_staff_survey_is_what_the_sheet_says(real_files: Path, tmp_path: Path) -> None:
    name = "ST18 - abuse_sheet5 - religion.xls"
    book = open_workbook(real_files / "staff_survey_2018" / name)
    long = book.head(partial(one_row_per_answer, name))[1]
    asked = "In the last 12 months how many times have you personally experienced physical violence at work from..."
    by_whom = "a) Patients / service users, their relatives or other members of the public"
    assert long[1] == [
        "2018", "abuse_sheet5_mean", "religion", "ALL TRUSTS", "Q12a", f"{asked} {by_whom}", "Never",
        "85.45742749589218", "477007",
    ]  # fmt: skip
    # The words over question 13 do not reach question 14, which has none of its own there.
    rows = [
        row.values()
        for batch in book.read(1, 9, 0, partial(one_row_per_answer, name)).batches()
        for row in batch.to_pylist()
    ]
    fourteen = next(list(row) for row in rows if list(row)[4] == "Q14")
    assert fourteen[5].startswith("Does your organisation act fairly")


def test_a_damaged_byte_that_puts_a_cell_far_away_takes_no_memory(real_files: Path, tmp_path: Path) -> None:
    content = bytearray((real_files / "staff_survey_2018" / "ST18 - abuse_sheet5 - religion.xls").read_bytes())
    # The first record of a number, of 14 bytes: row and column are its first two.
    number = content.index(b"\x03\x02\x0e\x00") + 4
    content[number : number + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "damaged.xls").write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refusal, match="in the memory that one takes"):
        open_workbook(tmp_path / "damaged.xls")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB

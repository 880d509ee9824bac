"""The example files: the same every time, in the real layouts, and with all in them that `truth` says is planted.

Kept out: what the pipeline makes of them (`tests/integration`).
"""

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.check import check_file
from ingest.examples import SEED, catalogue, indicators, reference, truth, write_example
from ingest.identifiers import passes_check_digit
from ingest.landing import scan
from tests.conftest import RUN_DATE

# On one worker: each size is written once.
pytestmark = pytest.mark.xdist_group("example_files")

MONTH_FORMATS = ("%d/%m/%Y", "%b-%y", "%Y-%m-%d")


@pytest.fixture(scope="module")
def landing(example_files: Path) -> Path:
    return example_files


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("medium") / "landing"
    write_example(landing, "medium")
    return landing


@pytest.fixture(scope="module")
def indicator_rows(landing: Path) -> dict[str, list[list[str]]]:
    """Rows of each ward_indicator file without blank ones: site, ward, indicator, ISO month, three figures, rest."""
    found = {}
    for path in sorted((landing / "ward_indicator").iterdir()):
        rows = [[cell.strip() for cell in row] for row in read(path)[1:] if any(cell.strip() for cell in row)]
        found[path.stem] = [[*row[:3], iso(row[3]), *(cell.replace(",", "") for cell in row[4:])] for row in rows]
    return found


def read(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return list(csv.reader(text.splitlines()))


def iso(text: str) -> str:
    for form in MONTH_FORMATS:
        try:
            return f"{datetime.strptime(text, form).replace(tzinfo=UTC):%Y-%m-%d}"
        except ValueError:
            continue
    raise AssertionError(f"no month: {text}")


def contents(landing: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(landing).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in landing.rglob("*")
        if path.is_file()
    }


def current(rows: dict[str, list[list[str]]]) -> dict[tuple[str, str, str, str], list[str]]:
    """Rows by key, the restatement over what it restates; of refused duplicates nothing is used here."""
    return {tuple(row[:4]): row for stem in sorted(rows, key=lambda stem: "restated" in stem) for row in rows[stem]}  # type: ignore[misc]


class TestWriting:
    def test_a_second_call_writes_the_files_expected_with_the_same_bytes_and_times(self, landing, tmp_path):
        names = [path.relative_to(tmp_path).as_posix() for path in write_example(tmp_path)]
        assert sorted(names) == sorted(truth.EXPECTED)
        assert contents(tmp_path) == contents(landing)

    def test_another_seed_gives_other_figures_in_the_same_files(self, landing, tmp_path):
        write_example(tmp_path, seed=7)
        before, after = contents(landing), contents(tmp_path)
        assert before.keys() == after.keys()
        changed = {name.split("/")[0] for name in before if before[name][0] != after[name][0]}
        assert changed == {
            "ward_indicator",
            "ae_attendances",
            "pulse_survey",
            "sickness_absence",
            "rtt",
            "outpatient_appointment",
            "ward_stay",
            "waiting_list",
            "fft_inpatient",
            "workforce",
            "staff_survey_detail",
            "staff_survey",
            "bed_days",
            "safer_staffing",
            "incident_summary",
            "infection",
            "rare_event",
            "staff_in_post",
            "fft_submission",
            "ward_accreditation",
            "imd",
            "population",
            "ethnicity_population",
            "travel_time",
        }

    def test_a_larger_size_holds_the_same_figures_and_more(self, landing, medium):
        small, large = contents(landing), contents(medium)
        assert set(small) <= set(large)
        same = [name for name in small if small[name] == large[name]]
        # Only these files have further rows in a larger size.
        larger = {"ae_attendances", "sickness_absence", "rtt", "outpatient_appointment", "ward_stay", "waiting_list"}
        larger |= {"ward_indicator", "indicator_definition"}
        assert {name.split("/")[0] for name in set(small) - set(same)} == larger
        name = "ae_attendances/April-2025-AE.csv"
        assert set(small[name][0].splitlines()) < set(large[name][0].splitlines())

    def test_the_medium_size_is_three_years_of_29_indicators_on_66_wards(self, landing, tmp_path):
        size = truth.SIZES["medium"]
        assert (size.years, size.appointments) == (3, 300_000)
        for delivery in (
            *reference.deliveries(size),
            *indicators.deliveries(SEED, size, catalogue.further),
        ):
            delivery.write(tmp_path)
        defined = {row[0] for row in read(tmp_path / "indicator_definition" / "indicator_definition.csv")[1:]}
        defined -= set(truth.BETWEEN_INDICATORS)
        assert len(defined) == 29
        told = defaultdict(set)
        for year in ("2023-24", "2024-25", "2025-26"):
            name = f"ward_indicator_{year}.csv"
            rows = read(tmp_path / "ward_indicator" / name)
            told[year] = {row[2] for row in rows[1:] if len(row) > 2 and row[2]}
            # What the small size tells of a year is told alike.
            ours = {tuple(row) for row in rows}
            assert {tuple(row) for row in read(landing / "ward_indicator" / name)} <= ours
            assert len({(row[0], row[1].strip()) for row in rows[1:] if len(row) > 2 and row[1] != "Total"}) >= 66
        assert told["2023-24"] == told["2024-25"] == defined - {
            "CDIFF", "BANK_PCT", "AGENCY_PCT", "MEAN_STAY_DAYS", "STAY_21_DAYS_PCT",
        }  # fmt: skip
        assert told["2025-26"] == {*truth.INDICATORS, *truth.MORE_INDICATORS}

    def test_an_unknown_size_is_refused_with_the_sizes_named(self, tmp_path):
        with pytest.raises(ValueError, match="small, medium, large"):
            write_example(tmp_path, "huge")
        assert not list(tmp_path.iterdir())

    def test_the_restatement_is_scanned_after_the_file_that_it_restates(self, landing):
        names = [file.name for file in scan(landing) if file.folder == "ward_indicator"]
        assert names == [
            "ward_indicator/ward_indicator_2023-24.csv",
            "ward_indicator/ward_indicator_2024-25.csv",
            "ward_indicator/ward_indicator_2025-02_RAJ12_restated.csv",
            "ward_indicator/ward_indicator_2025-26.csv",
        ]


@pytest.mark.parametrize("name", sorted(truth.EXPECTED))
def test_the_contracts_make_of_each_file_what_truth_expects(landing, name):
    checked = check_file(landing / name, RUN_DATE)
    assert checked.refusal is None
    counts = checked.examined.judged.counts
    found = truth.Rows(counts["accepted"], counts["rejected"], counts["total"], counts["blank"])
    assert found == truth.EXPECTED[name]


class TestWardsAndProgramme:
    def test_each_site_has_22_wards_and_every_ward_one_row_a_day(self):
        for month in truth.months(truth.BEGAN, truth.LAST_MONTH):
            ids = [ward.ward_id for ward in truth.wards_on(month)]
            assert len(ids) == len(set(ids)) == (65 if month >= truth.MERGED.on else 66)
        assert Counter(ward.site for ward in truth.wards_on(truth.BEGAN)) == {"RAJ01": 22, "RAJ12": 22, "RAJ32": 22}

    def test_a_name_means_one_ward_on_a_site_and_kingfisher_ward_is_at_two(self):
        for month in truth.months(truth.BEGAN, truth.LAST_MONTH):
            assert len({(ward.site, ward.name) for ward in truth.wards_on(month)}) == len(truth.wards_on(month))
        assert len({ward.site for ward in truth.REGISTER if ward.name == "Kingfisher Ward"}) == 2

    def test_the_rename_the_merger_and_the_move_are_in_the_register(self, landing):
        header, *rows = read(landing / "ward_register" / "ward_register.csv")
        events = {row[-1]: dict(zip(header, row, strict=True)) for row in rows if row[-1] != "open"}
        assert events["rename"]["Ward Name"] == truth.RENAMED.new_name
        assert (events["merge"]["Ward ID"], events["merge"]["Predecessor Ward ID"]) == ("W035", "W036")
        assert (events["move"]["Ward ID"], events["move"]["Site Code"]) == ("W014", "RAJ12")

    def test_sixty_wards_in_four_waves_of_five_a_site_less_the_one_withdrawn(self, landing):
        everything = read(landing / "ward_enrolment" / "ward_enrolment.csv")[1:-1]
        again, other = everything[60:]
        assert (again[2], again[3], again[-1]) == ("Poplar Maternity Ward", "2", "Enrolled")
        assert other[0] == truth.ON_TWO_PROGRAMMES[1]
        assert (truth.PROGRAMME, *other[1:]) in {tuple(row) for row in everything}
        rows = everything[:60]
        assert set(Counter((row[3], row[1]) for row in rows).values()) == {truth.WARDS_PER_WAVE_AND_SITE}
        staying = Counter((row[3], row[1]) for row in rows if row[-1] != "Withdrawn")
        assert {cell for cell, wards in staying.items() if wards < 5} == {("4", "RAJ12")}
        assert len(truth.ENGAGED_ON) == 54

    def test_every_name_of_the_enrolments_is_a_ward_or_an_alias(self, landing):
        for row in read(landing / "ward_enrolment" / "ward_enrolment.csv")[1:-1]:
            known = {(ward.site, ward.name) for ward in truth.REGISTER}
            known |= {(alias.site, alias.text) for alias in truth.ALIASES if alias.feed == "ward_enrolment"}
            assert (row[1], row[2]) in known

    def test_one_register_row_has_its_stages_out_of_order(self):
        broken = [
            item.ward_id
            for item in truth.ENROLMENTS
            if any(later < earlier for earlier, later in pairwise([item.enrolled, *item.reached.values()]))
        ]
        assert broken == [truth.STAGES_OUT_OF_ORDER]


class TestWardIndicator:
    def test_encodings_months_and_headers_differ_by_year(self, landing):
        folder = landing / "ward_indicator"
        with pytest.raises(UnicodeDecodeError):
            (folder / "ward_indicator_2023-24.csv").read_bytes().decode("utf-8")
        assert b"\xa0," in (folder / "ward_indicator_2023-24.csv").read_bytes()
        assert read(folder / "ward_indicator_2023-24.csv")[0][-1] == "Comments"
        assert (folder / "ward_indicator_2024-25.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        late = (folder / "ward_indicator_2025-26.csv").read_text(encoding="utf-8")
        assert ",Nov-25," in late
        assert "%,N" in late
        assert late.count(",Y\n") == 65 * 6 * 2

    def test_names_are_wards_aliases_or_the_one_that_waits(self, indicator_rows):
        unmatched = Counter()
        for row in (row for rows in indicator_rows.values() for row in rows if row[1] != "Total"):
            month = date.fromisoformat(row[3])
            known = {ward.name for ward in truth.wards_on(month) if ward.site == row[0]}
            known |= {
                alias.text
                for alias in truth.ALIASES
                if alias.feed == "*"
                and alias.site == row[0]
                and alias.valid_from <= month < (alias.valid_to or date.max)
            }
            if row[1] not in known:
                unmatched[row[0], row[1]] += 1
        assert unmatched == {(truth.UNMATCHED.site, truth.UNMATCHED.text): 12}

    def test_every_alias_for_all_feeds_is_used(self, indicator_rows):
        used = {row[1] for rows in indicator_rows.values() for row in rows}
        assert {alias.text for alias in truth.ALIASES if alias.feed == "*"} <= used

    def test_marks_stand_where_truth_puts_them(self, indicator_rows):
        rows = [row for stem, rows in indicator_rows.items() if "restated" not in stem for row in rows]
        assert Counter(row[6] for row in rows if row[6] in {"*", ""}) == {"*": 12, "": 3}
        dashes = Counter(row[2] for row in rows if row[6] == "-")
        without_bed_days = 9 * 36
        assert dashes == {
            "FALLS_1000": without_bed_days,
            "PRESSURE_ULCERS_1000": without_bed_days,
            "COMPLAINTS_1000": without_bed_days,
            "FILL_RATE_DAY_RN_PCT": without_bed_days,
            "VTE_PCT": 3 * 36,
        }

    def test_values_recompute_and_bed_days_are_plausible(self, indicator_rows):
        for row in (row for rows in indicator_rows.values() for row in rows if row[4] and row[1] != "Total"):
            multiplier = 1000 if row[2].endswith("_1000") else 100
            value = Decimal(row[6].rstrip("%"))
            assert abs(value - Decimal(row[4]) / Decimal(row[5]) * multiplier) <= Decimal("0.005")
            if multiplier == 1000:
                assert 400 <= int(row[5]) <= 950

    def test_totals_equal_the_sum_of_their_rows(self, indicator_rows):
        sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        totals: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for row in indicator_rows["ward_indicator_2024-25"]:
            (totals if row[1] == "Total" else sums)[row[0], row[2], row[3]] += Decimal(row[4] or 0)
        assert len(totals) == 3 * 6 * 12
        assert totals == sums

    def test_the_duplicates_are_one_alike_and_one_different(self, indicator_rows):
        counted = Counter(tuple(row[:4]) for stem, rows in indicator_rows.items() for row in rows if "rest" not in stem)
        doubled = {key: count for key, count in counted.items() if count > 1}
        assert {(key[2], key[3]) for key in doubled} == {
            (truth.TWICE_ALIKE[1], truth.TWICE_ALIKE[2].isoformat()),
            (truth.TWICE_DIFFERENT[1], truth.TWICE_DIFFERENT[2].isoformat()),
        }
        rows = [tuple(row) for rows in indicator_rows.values() for row in rows]
        assert sorted(len({row for row in rows if row[:4] == key}) for key in doubled) == [1, 2]

    def test_the_restatement_changes_one_count_and_carries_the_whole_month(self, indicator_rows):
        planted = truth.RESTATED
        old = {tuple(row[:4]): row[4:7] for row in indicator_rows["ward_indicator_2024-25"] if row[1] != "Total"}
        new = {tuple(row[:4]): row[4:7] for row in indicator_rows["ward_indicator_2025-02_RAJ12_restated"]}
        assert {key for key in old if (key[0], key[3]) == (planted.site, planted.month.isoformat())} == set(new)
        changed = {key: (old[key], new[key]) for key in new if old[key] != new[key]}
        assert changed == {
            (planted.site, "Cedar Ward", planted.indicator, planted.month.isoformat()): (
                [str(planted.old_numerator), str(planted.denominator), planted.old_value],
                [str(planted.new_numerator), str(planted.denominator), planted.new_value],
            )
        }

    def test_engaged_wards_improve_on_two_indicators_and_no_other_ward_does(self, indicator_rows):
        months = truth.months(date(2023, 4, 1), truth.LAST_MONTH)
        wards = {(ward.site, ward.name, month): ward.ward_id for month in months for ward in truth.wards_on(month)}
        sums: dict[tuple[str, bool, bool], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in current(indicator_rows).values():
            month = date.fromisoformat(row[3])
            ward_id = wards.get((row[0], row[1], month))
            if ward_id is None or not row[4]:
                continue
            since = truth.first_month_of_effect(ward_id)
            # Wards that never engaged are split at the middle of the programme.
            cell = sums[row[2], since is not None, month >= (since or date(2024, 9, 1))]
            cell[0] += Decimal(row[4])
            cell[1] += Decimal(row[5])
        for indicator in ("FALLS_1000", "PRESSURE_ULCERS_1000", "COMPLAINTS_1000"):
            for engaged in (True, False):
                before, after = (sums[indicator, engaged, later] for later in (False, True))
                ratio = float(after[0] / after[1] / (before[0] / before[1]))
                expected = truth.EFFECTS.get(indicator, 1) if engaged else 1
                assert ratio == pytest.approx(expected, abs=0.06), (indicator, engaged)

    def test_the_second_definition_of_vte_starts_where_its_level_falls(self, landing, indicator_rows):
        versions = [
            row for row in read(landing / "indicator_definition" / "indicator_definition.csv") if row[0] == "VTE_PCT"
        ]
        assert [(row[1], row[13]) for row in versions] == [("1", "01/04/2024"), ("2", "")]
        levels = defaultdict(list)
        for row in current(indicator_rows).values():
            if row[2] == "VTE_PCT" and row[4]:
                levels[date.fromisoformat(row[3]) >= truth.VTE_REDEFINED_ON].append(int(row[4]) / int(row[5]))
        for is_later, expected in enumerate(truth.VTE_LEVELS):
            shares = levels[bool(is_later)]
            assert sum(shares) / len(shares) == pytest.approx(expected, abs=0.005)


def table(landing: Path, feed: str, name: str | None = None) -> list[dict[str, str]]:
    """The rows of one file by its headers, without blank ones."""
    header, *rows = read(landing / feed / (name or f"{feed}.csv"))
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


CAME = {"Y", "1", "\u2713", "Attended"}


class TestCourses:
    def registers(self, landing: Path, corrected: bool = True) -> dict[str, dict[tuple[str, str], str]]:
        """Of each cohort's register in force the mark of every day and person, one reference a person."""
        same = {row["Participant Ref"]: row["Same Person As"] for row in table(landing, "participant")}
        found: dict[str, dict[tuple[str, str], str]] = {}
        for path in sorted((landing / "attendance").iterdir(), key=lambda path: path.stat().st_mtime):
            if "corrected" in path.name and not corrected:
                continue
            of_file: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
            for row in table(landing, "attendance", path.name):
                ref = same[row["Participant Ref"]] or row["Participant Ref"]
                of_file[row["Cohort ID"]][row["Session ID"], ref] = row["Attended"]
            found |= of_file
        return found

    def completed(self, registers: dict[str, dict[tuple[str, str], str]]) -> set[tuple[str, str]]:
        days = {course.cohort_id: len(course.days) for course in truth.COURSES}
        came = Counter((cohort, ref) for cohort, marks in registers.items() for _, ref in self.present(marks))
        return {(cohort, ref) for (cohort, ref), count in came.items() if count == days[cohort]}

    def present(self, marks: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
        return [key for key, mark in marks.items() if mark in CAME]

    def test_over_seven_hundred_are_trained_each_once(self, landing):
        completed = self.completed(self.registers(landing))
        assert len({ref for _, ref in completed}) == truth.TRAINED > 700
        assert Counter(cohort.split("-")[0] for cohort, _ in completed) == {
            "FUND": 416,
            "PRAC": 207,
            "ICB": 95,
            "WRAP": 30,
        }

    def test_the_corrected_register_takes_one_completion_back_after_the_certificate(self, landing):
        before, after = (self.completed(self.registers(landing, corrected)) for corrected in (False, True))
        ((cohort, ref),) = before - after
        assert (cohort, after - before) == (truth.CORRECTED[0], set())
        certificates = {
            row["Participant Ref"]: row["Certificate Date"]
            for row in table(landing, "booking")
            if row["Cohort ID"] == cohort
        }
        assert certificates[ref]

    def test_a_person_under_two_references_completes_only_as_one(self, landing):
        (second,) = [row for row in table(landing, "participant") if row["Same Person As"]]
        assert (truth.TWO_REFERENCES[0], second["Same Person As"]) in self.completed(self.registers(landing))
        days = Counter(
            row["Participant Ref"]
            for path in (landing / "attendance").iterdir()
            for row in table(landing, "attendance", path.name)
            if row["Cohort ID"] == truth.TWO_REFERENCES[0]
        )
        assert (days[second["Same Person As"]], days[second["Participant Ref"]]) == (3, 2)

    def test_one_came_without_a_place_and_one_certificate_is_unearned(self, landing):
        marks = self.registers(landing)
        places = {(row["Cohort ID"], row["Participant Ref"]): row for row in table(landing, "booking")}
        came = {(cohort, ref) for cohort, found in marks.items() for _, ref in self.present(found)}
        assert {cohort for cohort, _ in came - set(places)} == {truth.NO_BOOKING[0]}
        assert len(came - set(places)) == 1
        certified = {key for key, row in places.items() if row["Certificate Date"]}
        unearned = certified - self.completed(marks)
        assert {cohort for cohort, _ in unearned} == {truth.CERTIFICATE_UNEARNED[0], truth.CORRECTED[0]}

    def test_registers_are_marked_in_every_way_and_once_in_none(self, landing):
        marks = Counter(mark for found in self.registers(landing).values() for mark in found.values())
        assert CAME | {"N", "0", "Did not attend", "Apologies", "?"} == set(marks)
        assert marks["?"] == 1

    def test_four_practitioner_runs_a_year_of_five_weekly_days_and_five_cohorts_of_three_teams_of_eight(self, landing):
        days = defaultdict(list)
        for row in table(landing, "session"):
            days[row["Cohort ID"]].append(row)
        runs = Counter(row["Cohort Name"] for row in table(landing, "cohort") if row["Cohort ID"].startswith("PRAC"))
        assert len(runs) == 16
        for cohort, found in days.items():
            dates = [datetime.strptime(row["Date"], "%d/%m/%Y").replace(tzinfo=UTC) for row in found]
            if cohort.startswith(("PRAC", "WRAP")):
                assert {(later - earlier).days for earlier, later in pairwise(dates)} == {7}
                assert len(dates) == 5
            if cohort.startswith("ICB"):
                assert Counter(row["Curriculum"] for row in found) == {"qsir": 5, "staff_college": 4}
        teams = Counter(
            (row["Cohort ID"], row["Team"]) for row in table(landing, "booking") if row["Cohort ID"].startswith("ICB")
        )
        assert len(teams) == 15
        assert set(teams.values()) == {8}

    def test_nominees_of_wards_in_training_have_a_place_and_two_of_three_a_project(self, landing):
        rows = table(landing, "nomination")
        wards = {item.ward_id: item.reached for item in truth.ENROLMENTS}
        placed = {row["Ward ID"] for row in rows if row["Cohort ID"]}
        assert placed == {ward_id for ward_id, reached in wards.items() if "training" in reached}
        assert sum(bool(row["Project ID"]) for row in rows) == truth.NOMINEES_WITH_PROJECT


class TestImprovement:
    def test_the_control_totals_hold_in_the_last_weekly_copy(self, landing):
        rows = table(landing, "project", f"project_register_{truth.PROJECT_WEEKS[-1]}.csv")
        words = {word: status for status, found in truth.STATUS_SYNONYMS.items() for word in found}
        statuses = Counter(words[row["Status"]] for row in rows)
        assert len({row["Project ID"] for row in rows}) == truth.IDEAS
        assert statuses["completed"] == truth.COMPLETED
        assert statuses["approved"] + statuses["active"] + statuses["paused"] == truth.IN_PROGRESS
        assert len({row["Status"] for row in rows}) > len(statuses)

    def test_an_identifier_is_used_again_and_ideas_come_later(self, landing):
        copies = [table(landing, "project", f"project_register_{day}.csv") for day in truth.PROJECT_WEEKS]
        reused, since = truth.PROJECT_ID_REUSED
        names = [next(row["Project Name"] for row in rows if row["Project ID"] == reused) for rows in copies]
        assert len(set(names[:since])) == len(set(names[since:])) == 1
        assert names[0] != names[-1]
        new, first = truth.PROJECTS_NEW_FROM
        for week, rows in enumerate(copies):
            assert (set(new) <= {row["Project ID"] for row in rows}) == (week >= first)

    def test_measures_values_and_orphans_are_as_planted(self, landing):
        measures = table(landing, "project_measure")
        running = {f"P{number:04d}" for number in range(1, 126)}
        assert running - {row["Project ID"] for row in measures} == set(truth.NO_MEASURE)
        last = defaultdict(str)
        for row in table(landing, "measure_value"):
            project = row["Measure ID"].split("-")[0]
            last[project] = max(last[project], iso(row["Date"]))
        stopped = {project for project in last if 46 <= int(project[1:]) <= 125 and last[project] < "2026-01-01"}
        assert stopped == set(truth.NO_RECENT_VALUE)
        for feed in ("project_measure", "pdsa_cycle", "benefit"):
            assert [row["Project ID"] for row in table(landing, feed)].count(truth.ORPHANED_PROJECT) == 1
        validated = [row["Validated"] for row in table(landing, "benefit") if row["Unit"] == "GBP"]
        assert sum(int(value.replace(",", "") or 0) for value in validated) == truth.VALIDATED_GBP

    def test_the_huddle_begins_where_the_effect_does_and_the_board_has_none(self, landing):
        rows = table(landing, "intervention")
        huddles = {
            row["Ward ID"]: iso(row["Start Date"]) for row in rows if row["Intervention ID"] == truth.INTERVENTION
        }
        assert huddles == {ward_id: f"{truth.first_month_of_effect(ward_id)}" for ward_id in huddles}
        assert len(huddles) == 48
        boards = {row["Ward ID"] for row in rows} - set(huddles)
        assert boards == {*truth.INTERVENTION_WITHOUT_EFFECT[1], truth.INTERVENTION_ORPHAN}
        assert not boards & set(truth.ENGAGED_ON)


class TestWardFeeds:
    """The sources tell what ward_indicator tells of the same months, but for what is planted."""

    @pytest.fixture(scope="class")
    def reported(self, indicator_rows) -> dict[tuple[str, str, str, str], list[str]]:
        return {
            (site, name, code, month): figures
            for (site, name, code, month), (_, _, _, _, *figures) in current(indicator_rows).items()
            if month >= "2025-04-01"
        }

    def test_midnight_counts_add_up_to_the_bed_days_of_the_month(self, landing, reported):
        summed = Counter[tuple[str, str, str]]()
        for site in truth.SITES:
            for row in table(landing, "bed_days", f"bed_days_{site.code}_2025-26.csv"):
                if row["Ward"] and row["Ward"] != "Site Total":
                    written = row["Date"]
                    when = (
                        date(1899, 12, 30) + timedelta(int(written))
                        if written.isdigit()
                        else date.fromisoformat(iso(written))
                    )
                    summed[site.code, row["Ward"].strip(), f"{when:%Y-%m-01}"] += int(row["Midnight Count"])
        planted = {
            (truth.CENSUS_GAP[0], truth.CENSUS_GAP[1].replace(day=1)),
            (truth.CENSUS_TYPO[0], truth.CENSUS_TYPO[1].replace(day=1)),
        }
        differ = {
            key
            for key, days in summed.items()
            if (figures := reported.get((key[0], key[1], "FALLS_1000", key[2]))) and days != int(figures[1])
        }
        names = {(ward.site, ward.name): ward.ward_id for ward in truth.wards_on(truth.LAST_MONTH)}
        assert {(names[site, name], date.fromisoformat(month)) for site, name, month in differ} == planted
        assert len(summed) == 57 * 12 - 12

    def test_falls_by_harm_add_up_to_the_falls_of_the_month(self, landing, reported):
        summed = Counter[tuple[str, str, str]]()
        for row in table(landing, "incident_summary", "incident_summary_2025-26.csv"):
            if row["Incident Type"] == "Fall":
                summed[row["Site Code"], row["Ward"], iso(row["Month"])] += int(row["Incidents"])
        found = {
            (site, name, month): int(figures[0])
            for (site, name, code, month), figures in reported.items()
            if code == "FALLS_1000" and figures[0] and name != truth.UNMATCHED.text
        }
        assert len(found) > 600
        assert {key for key, count in found.items() if summed[key] != count} == set()

    def test_a_narrative_stands_where_no_contract_looks(self, landing):
        rows = table(landing, "incident_summary", "incident_summary_2025-26.csv")
        assert {row["Description"] for row in rows} == {"", truth.INCIDENT_NARRATIVE}

    def test_two_wards_stand_under_two_divisions(self, landing):
        seen = defaultdict(list)
        for row in table(landing, "safer_staffing", "safer_staffing_2025-26.csv"):
            if row["Ward Name"] != "Total":
                seen[row["Site"], row["Ward Name"], iso(row["Month"])].append(row)
        twice = {key: rows for key, rows in seen.items() if len(rows) > 1}
        assert len(twice) == 2
        alike = sorted(rows[0]["Day RN Actual"] == rows[1]["Day RN Actual"] for rows in twice.values())
        assert alike == [False, True]

    def test_the_published_decile_of_2025_is_that_of_truth_but_for_one(self, landing):
        rows = {row["lsoa21_code"]: row for row in table(landing, "imd", "imd2025_lsoa21.csv")}
        differ = [code for code, decile in truth.LSOAS if int(rows[code]["IMD_decile"]) != decile]
        assert differ == [truth.IMD_WRONG_DECILE]
        before = {row["lsoa11_code"]: row["IMD_decile"] for row in table(landing, "imd", "imd2019_lsoa11.csv")}
        assert set(rows) - set(before) == {truth.LSOA_SPLIT[1]}
        assert 0.2 < sum(rows[code]["IMD_decile"] != decile for code, decile in before.items()) / len(before) < 0.3


class TestPulseSurvey:
    def test_three_quarters_a_year_and_none_in_october(self, landing):
        quarters = {iso(row[0])[5:] for path in (landing / "pulse_survey").iterdir() for row in read(path)[1:-1]}
        assert quarters == {"04-01", "07-01", "01-01"}

    def test_the_renamed_ward_keeps_its_old_name_and_groups_stand_for_small_wards(self, landing):
        units = {row[2] for path in (landing / "pulse_survey").iterdir() for row in read(path)[1:-1]}
        assert truth.RENAMED.old_name in units
        assert truth.RENAMED.new_name not in units
        assert set(truth.SURVEY_GROUPS.values()) <= units
        assert not [unit for unit in units if unit.endswith(("Day Unit", "Virtual Ward", "Critical Care Unit"))]

    def test_one_base_under_eleven_could_be_found_by_subtraction(self, landing):
        cell = truth.SUBTRACTABLE
        rows = [
            row for row in read(landing / "pulse_survey" / "pulse_survey_2024-25_Q4.csv")[1:] if row[1] == cell.site
        ]
        for question in truth.QUESTIONS:
            bases = {row[2]: int(row[4]) for row in rows if row[3] == question}
            total = bases.pop("Site Total")
            assert {unit: base for unit, base in bases.items() if base < 11} == {cell.unit: cell.base}
            assert total == sum(bases.values())

    def test_small_units_fall_under_eleven_in_some_quarters_and_not_in_others(self, landing):
        paths = (landing / "pulse_survey").iterdir()
        bases = [int(row[4]) for path in paths for row in read(path)[1:-1] if row[2] == "Dipper Ward"]
        assert min(bases) < 11 < max(bases)


class TestAccidentAndEmergency:
    def test_the_first_layout_has_22_headers_and_september_28(self, landing):
        for month in truth.months(*truth.AE_FIRST_LAYOUT):
            path = landing / "ae_attendances" / f"ae_activity_{month:%Y-%m}.csv"
            rows = read(path)
            stray = ["", "", "", "", "", "a"] if month == truth.AE_STRAY_HEADERS_MONTH else []
            assert rows[0][22:] == stray
            assert {len(row) for row in rows} == {22 + len(stray)}
            assert rows[1][0] == f"MSitAE-{month:%B}-{month:%Y}".upper().replace("MSITAE", "MSitAE")

    def test_the_last_row_of_the_first_layout_is_the_sum_of_providers(self, landing):
        spellings = set()
        for path in (landing / "ae_attendances").glob("ae_activity_*.csv"):
            *rows, last = read(path)[1:]
            spellings |= set(last[:4])
            assert [int(cell) for cell in last[4:22]] == [
                sum(map(int, column)) for column in list(zip(*rows, strict=True))[4:22]
            ]
        assert spellings == {"Total ", "Total", "TOTAL"}

    def test_the_second_layout_has_27_headers_of_which_some_stand_three_times(self, landing):
        for month in truth.months(*truth.AE_SECOND_LAYOUT):
            header, *rows = read(landing / "ae_attendances" / f"{month:%B-%Y}-AE.csv")
            assert len(header) == 27
            assert sorted(Counter(header).values())[-3:] == [3, 3, 3]
            assert ("Type 1 Departments 0 Major A&E" in header) == (month == truth.AE_WRONG_ZERO_MONTH)
            for row in rows:
                counts = [int(cell.replace(",", "")) for cell in row[3:15]]
                assert sum(counts[:3]) == counts[3] == counts[7] + counts[11]

    def test_april_has_zeros_where_the_other_months_have_dashes(self, landing):
        of_nobody = {}
        for month in truth.months(*truth.AE_SECOND_LAYOUT):
            text = (landing / "ae_attendances" / f"{month:%B-%Y}-AE.csv").read_text(encoding="utf-8")
            rows = list(csv.reader(text.splitlines()))[1:]
            wrong = [row for row in rows if any(count == "0" and pct == "0.0" for count, pct in _by_type(row))]
            of_nobody[month] = len(wrong)
            assert (",-," in text) == ('"' in text) == ("%" in text) == (month != truth.AE_WRONG_ZERO_MONTH)
        assert of_nobody.pop(truth.AE_WRONG_ZERO_MONTH) == truth.AE_WRONG_ZERO_ROWS
        assert set(of_nobody.values()) == {0}

    def test_the_trust_is_in_every_month_and_one_provider_changes_its_name(self, landing):
        code, since = truth.AE_RENAMED
        for month in truth.months(truth.AE_FIRST_LAYOUT[0], truth.AE_SECOND_LAYOUT[1]):
            first = month <= truth.AE_FIRST_LAYOUT[1]
            name = f"ae_activity_{month:%Y-%m}.csv" if first else f"{month:%B-%Y}-AE.csv"
            rows = read(landing / "ae_attendances" / name)
            names = {row[1]: row[3] for row in rows} if first else {row[0]: row[2] for row in rows}
            assert names[truth.TRUST].upper() == truth.TRUST_NAME.upper()
            assert ("TEACHING" in names[code].upper()) == (month >= since)


def _by_type(row: list[str]) -> list[tuple[str, str]]:
    """Attendances and published percentage of all types together, then of each."""
    return list(zip([row[6], *row[3:6]], row[15:19], strict=True))


class TestAppointments:
    def test_missed_appointments_rise_with_deprivation_as_planted(self, medium):
        quintile = {code: (decile + 1) // 2 for code, decile in truth.LSOAS}
        missed, held = Counter(), Counter()
        for path in (medium / "outpatient_appointment").glob("*.csv"):
            for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
                if row["LSOA"] and row["Attendance Code"] in {"3", "5", "6"}:
                    held[quintile[row["LSOA"]]] += 1
                    missed[quintile[row["LSOA"]]] += row["Attendance Code"] == "3"
        for number, share in truth.MISSED_BY_QUINTILE.items():
            spread = (share * (1 - share) / held[number]) ** 0.5
            assert abs(missed[number] / held[number] - share) < 4 * spread

    def test_numbers_are_of_the_range_that_is_given_to_nobody(self, landing):
        seen = Counter()
        for path in (landing / "outpatient_appointment").glob("*.csv"):
            for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
                number = row["NHS Number"].replace(" ", "")
                kind = "missing" if not number else "valid" if passes_check_digit(number) else "invalid"
                seen[kind] += 1
                assert kind != "valid" or number.startswith("999")
        assert 0.85 < seen["valid"] / seen.total() < 0.95
        assert seen["missing"]
        assert seen["invalid"]


class TestInpatients:
    """Measured in the medium size, where chance leaves room for what is planted to show."""

    @pytest.fixture(scope="class")
    def admissions(self, medium) -> dict[str, dict[str, str]]:
        return {row["Spell ID"]: row for path in (medium / "ward_stay").glob("*.csv") for row in rows_of(path)}

    def test_long_stays_and_readmissions_rise_with_deprivation_and_mornings_do_not(self, admissions):
        of_person = defaultdict(list)
        for row in admissions.values():
            of_person[row["Spell ID"][1:]].append((day_of(row["Admission Date"]), row))
        long, back, noon = Counter(), Counter(), Counter()
        gone, followed = Counter(), Counter()
        for row in admissions.values():
            if not row["LSOA"] or not row["Discharge Date"]:
                continue
            group, left = QUINTILE[row["LSOA"]], day_of(row["Discharge Date"])
            gone[group] += 1
            long[group] += (left - day_of(row["Admission Date"])).days >= 21
            noon[group] += row["Discharge Time"] < "12:00"
            # A month before the end, so that everybody has had the days to come back in.
            if row["Discharge Destination"] != "79" and left <= date(2026, 3, 1):
                followed[group] += 1
                back[group] += any(0 < (day - left).days <= 30 for day, _ in of_person[row["Spell ID"][1:]])
        for group in range(1, 6):
            assert_share(back[group], followed[group], truth.READMITTED_BY_QUINTILE[group])
            assert_share(noon[group], gone[group], truth.BEFORE_NOON)
        # Who is still there on the last day is not counted: the shares come out a little low.
        shares = [long[group] / gone[group] for group in range(1, 6)]
        assert shares == sorted(shares, reverse=True)
        assert shares == pytest.approx(list(truth.LONG_STAY_BY_QUINTILE.values()), abs=0.012)

    def test_readmissions_are_emergencies_and_a_stay_lies_within_its_admission(self, medium, admissions):
        assert {row["Admission Method"] for spell, row in admissions.items() if spell[0] != "A"} == {"21"}
        seen = 0
        for path in sorted((medium / "ward_stay").glob("*RAJ01*.csv")):
            for row in rows_of(path):
                assert day_of(row["Admission Date"]) <= day_of(row["Ward Start Date"])
                assert (row["Discharge Date"] == "") <= (row["Stay ID"].endswith("-1") or row["Ward End Date"] == "")
                seen += bool(row["Discharge Date"])
        assert seen

    def test_every_ward_is_in_the_register_on_the_first_day_of_the_stay(self, landing):
        for path in (landing / "ward_stay").glob("*.csv"):
            for row in rows_of(path):
                on = day_of(row["Ward Start Date"])
                assert (row["Site Code"], row["Ward"]) in {(ward.site, ward.name) for ward in truth.wards_on(on)}

    def test_waits_of_18_weeks_rise_with_deprivation_on_the_last_copy(self, medium):
        over, listed = Counter(), Counter()
        for row in rows_of(medium / "waiting_list" / f"waiting_list_{truth.WAITING_LIST_COPIES[-1]}.csv"):
            if row["LSOA"]:
                listed[QUINTILE[row["LSOA"]]] += 1
                over[QUINTILE[row["LSOA"]]] += int(row["Weeks Waited"]) >= 18
        for group, share in truth.WAITED_18_WEEKS_BY_QUINTILE.items():
            assert_share(over[group], listed[group], share)

    def test_a_pathway_waits_four_weeks_more_on_each_copy(self, medium):
        copies = [
            {
                row["Pathway ID"]: int(row["Weeks Waited"])
                for row in rows_of(medium / "waiting_list" / f"waiting_list_{day}.csv")
            }
            for day in truth.WAITING_LIST_COPIES
        ]
        for before, after in pairwise(copies):
            both = set(before) & set(after)
            assert {after[pathway] - before[pathway] for pathway in both} <= {4, 0}
            assert 0.75 < len(both) / len(before) < 0.95


QUINTILE = {code: (decile + 1) // 2 for code, decile in truth.LSOAS}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def day_of(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date()


def assert_share(count: int, of: int, share: float) -> None:
    """Within four standard errors of what is planted."""
    assert abs(count / of - share) < 4 * (share * (1 - share) / of) ** 0.5

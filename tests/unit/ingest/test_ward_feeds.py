"""Rules of the trust's own delimited feeds on wards and small areas: each seen holding, each seen broken.

Kept out: rules that every contract has (`test_rows`) and what the example plants (`test_examples`).
"""

from pathlib import Path

import pytest

from ingest.contract import CONTRACTS, ContractError, feeds, load_contract
from ingest.refusal import Refusal
from tests.unit.ingest.test_people_feeds import judged
from tests.unit.ingest.test_rows import examined

# One sound row of each feed, under canonical names.
SOUND = {
    "bed_days": "site_code=RAJ01; ward_name=Avocet; census_date=01/11/2025; midnight_count=22; available_beds=24",
    "safer_staffing": "site_code=RAJ01; ward_name=Avocet; division=Medicine; month=01/11/2025;"
    " day_registered_planned_hours=1,800; day_registered_actual_hours=1750.5; day_unregistered_planned_hours=900;"
    " day_unregistered_actual_hours=950; night_registered_planned_hours=1200; night_registered_actual_hours=1200;"
    " night_unregistered_planned_hours=600; night_unregistered_actual_hours=610; patient_count_midnight=660;"
    " missing_census_count=0",
    "incident_summary": "site_code=RAJ01; ward_name=Avocet; incident_type=Pressure ulcer category 3;"
    " harm_level=Moderate harm; month=01/11/2025; incident_count=1",
    "rare_event": "event_id=E1; site_code=RAJ01; ward_name=Avocet; event_type=never_event; event_date=01/11/2025;"
    " reported_date=02/11/2025",
    "infection": "case_id=C1; site_code=RAJ01; ward_name=Avocet; organism=C. difficile; specimen_date=03/11/2025;"
    " admission_date=01/11/2025; onset_class=HOHA",
    "staff_in_post": "cost_centre=RW001; staff_group=nursing_midwifery; band_group=band_5_6; month=01/11/2025;"
    " headcount=20; staff_fte=17.6",
    "fft_submission": "site_code=RAJ01; ward_name=Avocet; month=01/11/2025; eligible_n=90; responses_n=21;"
    " very_good_n=12; good_n=5; neither_n=1; poor_n=1; very_poor_n=1; dont_know_n=1",
    "ward_accreditation": "site_code=RAJ01; ward_name=Avocet; assessed_date=01/11/2025; accreditation_level=Gold;"
    " score_pct=94.5; reassessment_due_date=01/11/2026",
    "spc_baseline": "org_level=ward; org_id=W001; indicator_code=FALLS_1000; month=01/11/2025; kind=fix_after_n;"
    " value=12; reason=Baseline before the huddle; author=Analyst",
    "indicator_definition": "indicator_code=MRSA_DAYS; version=1; indicator_name=Days between; multiplier=1; unit=days;"
    " direction=increase; owner=Nurse; valid_from=01/04/2020; is_proportion=N; min_value=0; max_value=900;"
    " chart=time_between; disclosure_class=ward_event",
    "imd": "vintage_date=2025; lsoa_code=E01015814; lsoa_vintage=2021; imd_score=14.949; imd_rank=19370; imd_decile=6;"
    " imd_quintile=3",
    "lsoa_lookup": "lsoa_code=E01015814; lsoa_vintage=2021; lsoa_name=Southend-on-Sea 003A; ltla_code=E06000033;"
    " icb_code=E54000026",
    "lsoa_change": "lsoa11_code=E01015814; lsoa21_code=E01015814; change_code=U",
    "population": "vintage_date=2020; lsoa_code=E01015814; lsoa_vintage=2011; age_band=90+; from_age=90; population_n=8",
    "ethnicity_population": "vintage_date=2021; lsoa_code=E01015814; lsoa_vintage=2021; ethnic_group=White;"
    " population_n=1200; residents_n=1378",
    "travel_time": "lsoa_code=E01015814; lsoa_vintage=2021; site_code=RAJ01; travel_mode=Public transport;"
    " travel_minutes=25.5; distance_km=6.2",
}

BROKEN = """
    feed                 | changed                                                                | rule
    bed_days             | census_date=24/11/2026                                                 | census_in_future
    bed_days             | midnight_count=37                                                      | far_above_beds
    safer_staffing       | month=01/12/2026                                                       | month_in_future
    safer_staffing       | patient_count_midnight=0                                               | hours_without_census
    safer_staffing       | missing_census_count=1                                                 | census_missing
    safer_staffing       | night_unregistered_planned_hours=0                                     | worked_unplanned
    incident_summary     | month=01/12/2026                                                       | month_in_future
    incident_summary     | harm_level=No harm                                                     | severe_ulcer_harmless
    rare_event           | event_date=24/11/2026; reported_date=                                  | event_in_future
    rare_event           | reported_date=31/10/2025                                               | reported_before_event
    infection            | specimen_date=24/11/2026                                               | specimen_in_future
    infection            | specimen_date=31/10/2025                                               | specimen_before_admission
    infection            | specimen_date=02/11/2025                                               | hoha_too_early
    staff_in_post        | month=01/12/2026                                                       | month_in_future
    staff_in_post        | staff_fte=20.1                                                         | fte_above_headcount
    fft_submission       | month=01/12/2026                                                       | month_in_future
    fft_submission       | responses_n=22                                                         | answers_sum
    fft_submission       | eligible_n=20                                                          | more_than_eligible
    ward_accreditation   | assessed_date=24/11/2026; reassessment_due_date=                       | assessed_in_future
    ward_accreditation   | reassessment_due_date=01/11/2025                                       | due_before_assessed
    spc_baseline         | value=                                                                 | points_missing
    spc_baseline         | value=11                                                               | points_missing
    spc_baseline         | kind=rebase                                                            | points_unneeded
    indicator_definition | valid_to=01/04/2020                                                    | validity_order
    indicator_definition | max_value=-1                                                           | range_order
    indicator_definition | unit=count                                                             | between_events_in_days
    indicator_definition | direction=decrease                                                     | between_events_in_days
    imd                  | imd_rank=20257; imd_decile=6                                           | decile_of_rank
    imd                  | imd_quintile=4                                                         | quintile_of_decile
    population           | from_age=85                                                            | band_of_age
    ethnicity_population | population_n=1379                                                      | part_above_whole
    travel_time          | distance_km=60                                                         | faster_than_possible
    travel_time          | travel_minutes=                                                        | minutes_missing
"""
CASES = [tuple(cell.strip() for cell in line.split("|")) for line in BROKEN.strip().splitlines()[1:]]
# What refuses a whole file, or needs another vintage, is drawn below.
APART = {("imd", "areas_of_vintage"), ("imd", "rank_beyond_areas")}


def cells(text: str) -> dict[str, str]:
    """Named values, told apart by semicolons."""
    return dict(pair.strip().split("=", 1) for pair in text.split(";"))


def another(feed: str) -> dict[str, str]:
    """What makes a second row of the sound one."""
    return {
        "staff_in_post": {"cost_centre": "RW009"},
        "spc_baseline": {"org_id": "W009"},
        "indicator_definition": {"version": "2"},
        "rare_event": {"event_id": "E9"},
        "infection": {"case_id": "C9"},
    }.get(feed) or ({"ward_name": "Dunlin"} if "ward_name" in SOUND[feed] else {"lsoa_code": "E01015815"})


@pytest.mark.parametrize("feed", SOUND)
def test_a_sound_row_breaks_no_rule(tmp_path: Path, feed: str) -> None:
    (row,) = judged(tmp_path, feed, cells(SOUND[feed]))
    assert (row["class"], row["problems"]) == ("accepted", [])


@pytest.mark.parametrize(("feed", "changed", "rule"), CASES, ids=["-".join(case) for case in CASES])
def test_a_broken_rule_speaks_and_refuses_what_it_must(tmp_path: Path, feed: str, changed: str, rule: str) -> None:
    sound = cells(SOUND[feed])
    bad = judged(tmp_path, feed, sound, sound | another(feed) | cells(changed))[1]
    severity = next(item.severity for item in feeds()[feed].rules if item.name == rule)
    assert bad["problems"] == [f"{rule}|"]
    assert bad["class"] == ("rejected" if severity == "error" else "accepted")


def test_every_rule_of_these_contracts_is_drawn() -> None:
    drawn = {(feed, rule) for feed, _, rule in CASES} | APART
    assert {(feed, rule.name) for feed in SOUND for rule in feeds()[feed].rules} == drawn


@pytest.mark.parametrize(("vintage", "areas"), [("2019", "2021"), ("2025", "2011"), ("2015", "2011")])
def test_an_index_on_areas_that_are_not_its_own_is_refused_whole(tmp_path: Path, vintage: str, areas: str) -> None:
    with pytest.raises(Refusal) as refused:
        judged(tmp_path, "imd", cells(SOUND["imd"]) | {"vintage_date": vintage, "lsoa_vintage": areas})
    assert "2019 is on areas of 2011" in str(refused.value)


def test_a_rank_beyond_the_areas_of_its_vintage_is_refused(tmp_path: Path) -> None:
    sound = cells(SOUND["imd"]) | {"vintage_date": "2019", "lsoa_vintage": "2011"}
    last, beyond = (
        another("imd") | {"imd_rank": rank, "imd_decile": "10", "imd_quintile": "5"} for rank in ("32844", "32845")
    )
    rows = judged(tmp_path, "imd", sound, sound | last, sound | beyond | {"lsoa_code": "E01015816"})
    assert [row["problems"] for row in rows] == [[], [], ["rank_beyond_areas|", "decile_of_rank|"]]


def test_the_header_tells_of_which_year_the_areas_are(tmp_path: Path) -> None:
    for year in ("2011", "2021"):
        text = f"lsoa{year[2:]}_code,agestart,ageband,population\nE01015814,0,0-4,43\n"
        _, rows = examined(tmp_path, text, "population", "mid_2020.csv")
        assert (rows[1]["lsoa_vintage"], f"{rows[1]['vintage_date']}") == (year, "2020-01-01")


def test_a_column_of_vintages_stands_over_what_the_header_tells(tmp_path: Path) -> None:
    text = "lsoa21_code,LSOA Vintage,ageband,population\nE01015814,2011,0-4,43\n"
    _, rows = examined(tmp_path, text, "population", "mid_2020.csv")
    assert rows[1]["lsoa_vintage"] == "2011"


def test_without_a_vintage_areas_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="LSOA Vintage"):
        examined(tmp_path, "LSOA,ageband,population\nE01015814,0-4,43\n", "population", "mid_2020.csv")


def test_the_published_return_is_told_from_the_own_one_by_its_stars(tmp_path: Path) -> None:
    sound = cells(SOUND["fft_submission"])
    with pytest.raises(Refusal, match="cannot be read as a number"):
        judged(tmp_path, "fft_submission", sound | {"poor_n": "*"})


def test_a_description_of_an_incident_is_left_out_and_told(tmp_path: Path) -> None:
    text = "Site,Ward,Type,Harm,Month,Count,Description\nRAJ01,Avocet,Fall,None,Nov-25,1,Planted words\n"
    found, rows = examined(tmp_path, text, "incident_summary")
    assert (rows[1]["class"], rows[1]["problems"]) == ("accepted", ["unknown_column|"])
    assert "Planted words" not in str(rows[1])
    (told,) = [result for result in found.results if result[0] == "unknown_column"]
    assert told[1:4] == ("fail", 1, 1)


def test_no_way_no_time_and_nobody_are_three_things(tmp_path: Path) -> None:
    sound = cells(SOUND["travel_time"])
    rows = judged(tmp_path, "travel_time", sound | {"travel_minutes": "-"}, sound | {"site_code": "RAJ12"})
    assert [row["travel_minutes_status"] for row in rows] == ["not_applicable", "reported"]


def test_a_rule_about_several_rows_is_no_rule_of_a_contract(tmp_path: Path) -> None:
    """DuckDB reads the stream twice for some window functions, so that every row of the file would be gone."""
    source = CONTRACTS / "indicators" / "bed_days.odcs.yaml"
    text = source.read_text(encoding="utf-8")
    changed = text.replace("census_date > run_date", "count(*) over (partition by ward_name) > 1")
    assert changed != text
    path = tmp_path / source.name
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(ContractError, match="about several rows"):
        load_contract(path)


def test_what_a_header_tells_is_a_text(tmp_path: Path) -> None:
    source = CONTRACTS / "reference" / "population.odcs.yaml"
    text = source.read_text(encoding="utf-8")
    told = text.index("from_header")
    place = text.rindex("physicalType: string", 0, told)
    path = tmp_path / source.name
    path.write_text(f"{text[:place]}physicalType: int{text[place + len('physicalType: string') :]}", encoding="utf-8")
    with pytest.raises(ContractError, match="is a string"):
        load_contract(path)


def test_feeds_of_single_events_are_personal() -> None:
    assert [feed for feed in SOUND if feeds()[feed].personal] == ["rare_event", "infection"]

"""Which feed a file is: by folder and header; and what its sender reads where it is none."""

from dataclasses import replace

import pytest

from ingest.contract import feeds
from ingest.recognise import Match, match_header, normal, recognise
from ingest.refusal import Refusal

REGISTER = ["Site Code", "Site Name", "Valid From", "Valid To", "Predecessor Code"]
NEW_AE = [
    "Code", "Region", "Name",
    *["Type 1 Departments - Major A&E", "Type 2 Departments - Single Specialty",
      "Type 3 Departments - Other A&E/Minor Injury Unit", "Total attendances"],
    *["Type 1 Departments - Major A&E", "Type 2 Departments - Single Specialty",
      "Type 3 Departments - Other A&E/Minor Injury Unit", "Total Attendances < 4 hours"],
    *["Type 1 Departments - Major A&E", "Type 2 Departments - Single Specialty",
      "Type 3 Departments - Other A&E/Minor Injury Unit", "Total Attendances > 4 hours"],
    "Percentage in 4 hours or less (all)", "Percentage in 4 hours or less (type 1)",
    "Percentage in 4 hours or less (type 2)", "Percentage in 4 hours or less (type 3)",
    "Emergency Admissions via Type 1 A&E", "Emergency Admissions via Type 2 A&E",
    "Emergency Admissions via Type 3 and 4 A&E", "Total Emergency Admissions via A&E",
    "Other Emergency admissions (i.e not via A&E)", "Total Emergency Admissions",
    "Number of patients spending >4 hours from decision to admit to admission",
    "Number of patients spending >12 hours from decision to admit to admission",
]  # fmt: skip


def test_headers_are_found_by_content_below_notes() -> None:
    number, match = recognise("site_register", [[["x"]], [["A note"], [], REGISTER, ["RAJ01", "Southend"]]], feeds())
    assert (number, match.header_index, match.contract.id) == (1, 2, "site_register")


def test_case_spaces_and_no_break_spaces_do_not_matter() -> None:
    match = match_header(feeds()["site_register"], 0, ["SITE  code", "\ufeffsite\u00a0name ", "Valid from"])
    assert isinstance(match, Match)
    assert dict(match.columns) == {"site_code": 0, "site_name": 1, "valid_from": 2}


def test_dashes_apostrophes_and_underscores_are_those_of_a_keyboard() -> None:
    wards = ["ICB_Code", "TrustCode", "Trust Name", "Site Code", "Site Name", "Ward\u200bName", "Total Responses",
             "Total Eligible", "% Positive", "Percentage Negative", "Very Good", "Good", "Neither Good nor Poor", "Poor",
             "Very Poor", "Don\u2019t Know"]  # fmt: skip
    assert isinstance(match_header(feeds()["fft_inpatient"], 1, wards), Match)


def test_no_two_columns_of_a_contract_answer_to_one_header() -> None:
    for contract in feeds().values():
        named = [{normal(text) for text in (*column.headers, column.name)} for column in contract.read_columns]
        assert sum(map(len, named)) == len(set().union(*named)), contract.id


def test_a_header_that_repeats_is_told_by_its_turn() -> None:
    match = match_header(feeds()["ae_attendances"], 0, NEW_AE)
    assert isinstance(match, Match)
    assert match.layout.name == "from_april_2025"
    assert [match.columns[f"{what}_type_1"] for what in ("attendances", "within_4_hours", "over_4_hours")] == [3, 7, 11]
    dashes = [header.replace(" - ", "\u2013") for header in NEW_AE]
    assert match_header(feeds()["ae_attendances"], 0, dashes) == match
    april = [header.replace(" - ", " 0 ") for header in NEW_AE]
    assert match_header(feeds()["ae_attendances"], 0, april) == match


def test_outside_a_feeds_folder_the_header_decides() -> None:
    assert recognise("anything", [[NEW_AE]], feeds())[1].contract.id == "ae_attendances"
    assert recognise("", [[REGISTER]], feeds())[1].contract.id == "site_register"


def test_a_file_of_another_feed_says_where_it_belongs() -> None:
    with pytest.raises(Refusal, match="a file of the feed site_register, in the folder of ward_indicator") as refusal:
        recognise("ward_indicator", [[REGISTER]], feeds())
    assert refusal.value.mend == "move it to landing/site_register/"


def test_a_missing_column_is_named_with_the_names_it_may_have() -> None:
    cells = ["Site Code", "Ward", "Indicator", "Month", "Numerator", "Value"]
    with pytest.raises(Refusal) as refusal:
        recognise("ward_indicator", [[["Monthly return"], cells]], feeds())
    assert (refusal.value.rule, refusal.value.where) == ("columns_present", "row 2")
    assert "«Denominator» is missing (found: Site Code, Ward" in refusal.value.why


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(Refusal, match="«Site Name» stands more than once"):
        recognise("site_register", [[[*REGISTER, "Site Name"]]], feeds())


def test_no_known_feed() -> None:
    with pytest.raises(Refusal, match="no header of a known feed"):
        recognise("", [[["Code", "Name", "ICB Code"]]], feeds())


def test_a_header_over_two_rows_is_read_by_leaf_or_group() -> None:
    contract = replace(feeds()["site_register"], header_rows=2)
    groups = ["Site Code", "Site", "", "Valid To", ""]
    leaves = ["", "Site Name", "Valid From", "", "Predecessor Code"]
    rows = [["A note"], [], groups, leaves, ["RAJ01", "Southend", "01/04/2020"]]
    _, match = recognise("site_register", [rows], {"site_register": contract})
    assert match.header_index == 3
    assert dict(match.columns) == {
        "site_code": 0, "site_name": 1, "valid_from": 2, "valid_to": 3, "predecessor_code": 4,
    }  # fmt: skip
    with pytest.raises(Refusal, match="«Valid From» is missing"):
        recognise("site_register", [[groups, [*leaves[:2], "", *leaves[3:]]]], {"site_register": contract})

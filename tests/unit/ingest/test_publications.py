"""National publications as drawn files: what later issues change, and what must never become a figure.

Kept out: the real files (`tests/integration/test_real_files.py`).
"""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from ingest.contract import CONTRACTS, ContractError, feeds, load_contract
from ingest.recognise import recognise
from ingest.refusal import Refusal
from tests.unit.ingest.test_recognise import NEW_AE
from tests.unit.ingest.test_rows import examined

SICKNESS = (
    "DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,"
    "FTE_DAYS_LOST,FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT"
)
PLACE = "Y61,East of England,QH8,Mid and South Essex"


def sickness(*rows: str, header: str = SICKNESS) -> str:
    return "\n".join([header, *rows]) + "\n"


class TestSicknessAbsence:
    def test_days_stay_exact_and_month_ends_become_months(self, tmp_path: Path) -> None:
        text = sickness(f"30/04/2024,{PLACE},RAJ,MSE,Acute,17000.000000000004,460545.97609999997,3.69")
        _, rows = examined(tmp_path, text, "sickness_absence", "nhs_sickness_absence_2024-04.csv")
        assert rows[1]["fte_days_available"] == Decimal("460545.97609999997")
        assert rows[1]["fte_days_lost"] == Decimal("17000.000000000004")
        assert rows[1]["month"] == date(2024, 4, 1)
        assert rows[1]["problems"] == []

    @pytest.mark.parametrize(
        "written",
        ["30/04/2024", "2024-04-30", "30-APR-24", "30-Apr-2024", "30APR2024", "30 April 2024", "Apr-24", "45412"],
    )
    def test_a_month_is_read_in_every_way_in_which_it_is_written(self, tmp_path: Path, written: str) -> None:
        text = sickness(f"{written},{PLACE},RAJ,MSE,Acute,35,1000,3.5")
        _, rows = examined(tmp_path, text, "sickness_absence")
        assert rows[1]["month"] == date(2024, 4, 1)

    def test_days_lost_and_available_in_each_others_place_refuse_the_file(self, tmp_path: Path) -> None:
        text = sickness(*(f"30/04/2024,{PLACE},R{number:02d},MSE,Acute,1000,35,3.5" for number in range(10)))
        with pytest.raises(Refusal, match="in 10 of 10 rows the columns do not fit together"):
            examined(tmp_path, text, "sickness_absence")

    def test_headers_in_words_commas_and_blank_columns_do_no_harm(self, tmp_path: Path) -> None:
        header = SICKNESS.replace("_", " ").title().replace("Rate Percent", "Rate (%)") + ",,"
        text = sickness(f'30/04/2024,{PLACE},RAJ,MSE,Acute,"17,000.5","460,545",3.69%,,', header=header)
        judged, rows = examined(tmp_path, text, "sickness_absence")
        assert (rows[1]["class"], rows[1]["fte_days_lost"]) == ("accepted", Decimal("17000.5"))
        assert [name for name, status, *_ in judged.results if status == "fail"] == ["unknown_column"]

    def test_a_rate_that_is_not_its_days_is_told_and_kept(self, tmp_path: Path) -> None:
        text = sickness(
            f"30/04/2024,{PLACE},RAJ,MSE,Acute,35,1000,3.5",
            f"30/04/2024,{PLACE},RDE,ESNEFT,Acute,35,1000,3.52",
            f"30/04/2024,{PLACE},RGN,NWA,Acute,1001,1000,",
            f"30/04/2024,{PLACE},RM1,NNUH,Acute,0,0,0",
        )
        _, rows = examined(tmp_path, text, "sickness_absence")
        assert [rows[number]["problems"] for number in rows] == [
            [],
            ["rate_recomputes|"],
            ["lost_within_available|"],
            ["wrong_zero_percentage|"],
        ]
        assert {row["class"] for row in rows.values()} == {"accepted"}

    @pytest.mark.parametrize("code", ["England", "ENG", "Total ", "Y61"])
    def test_a_total_of_england_or_a_region_is_no_organisation(self, tmp_path: Path, code: str) -> None:
        text = sickness(
            f"30/04/2024,{PLACE},RAJ,MSE,Acute,35,1000,3.5", f"30/04/2024,Y61,East,,,{code},{code},,35,1000,3.5"
        )
        judged, _ = examined(tmp_path, text, "sickness_absence")
        assert (judged.counts["accepted"], judged.counts["total"]) == (1, 1)
        assert ("totals_reconcile", "pass", 2, 0, None) in judged.results

    @pytest.mark.parametrize(
        "name",
        [
            "nhs_sickness_absence_2024-05.csv",
            "NHS Sickness Absence Rates, May 2024.csv",
            "sickness_May24_revised.csv",
        ],
    )
    def test_a_name_that_tells_another_month_refuses_the_file(self, tmp_path: Path, name: str) -> None:
        text = sickness(f"30/04/2024,{PLACE},RAJ,MSE,Acute,35,1000,3.5")
        with pytest.raises(Refusal, match="the name says May 2024, the rows say April 2024"):
            examined(tmp_path, text, "sickness_absence", name)


def rtt(rows: Sequence[tuple[str, str, dict[str, int | str]]]) -> str:
    """An extract of one provider and commissioner: pathway type, treatment function, cells by canonical name."""
    columns = feeds()["rtt"].columns
    first = {
        "month": "RTT-January-2026", "org_parent_code": "QH8", "org_parent_name": "MSE ICB", "org_code": "RAJ",
        "org_name": "MSE", "commissioner_code": "NONC",
    }  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.headers[0] for column in columns])
    for pathway_type, treatment, cells in rows:
        every = first | {"pathway_type": pathway_type, "treatment_function_code": treatment} | cells
        weeks = "" if pathway_type == "Part_3" else "0"
        writer.writerow(every.get(column.name, weeks if column.name.startswith("weeks_") else "") for column in columns)
    return text.getvalue()


class TestWaitingTimes:
    def test_the_total_of_treatment_functions_is_held_against_them_and_never_loaded(self, tmp_path: Path) -> None:
        parts = [
            ("Part_2", "C_100", {"weeks_17_to_18": 3, "weeks_over_104": 1, "pathways_total": 4}),
            ("Part_2", "X02", {"weeks_17_to_18": 2, "pathways_total": 2}),
            ("Part_3", "C_100", {"pathways_total": 9}),
            ("Part_3", "C_999", {"pathways_total": 9}),
        ]
        total = {"weeks_17_to_18": 5, "weeks_over_104": 1, "pathways_total": 6}
        judged, rows = examined(tmp_path, rtt([*parts, ("Part_2", "C_999", total)]), "rtt")
        assert (judged.counts["accepted"], judged.counts["total"]) == (3, 2)
        assert {row["treatment_function_code"] for row in rows.values() if row["class"] == "accepted"} == {
            "C_100",
            "X02",
        }
        (reconciled,) = [result for result in judged.results if result[0] == "totals_reconcile"]
        assert reconciled[1] == "pass"
        with pytest.raises(Refusal, match="the total says 7, the rows add up to 6"):
            examined(tmp_path, rtt([*parts, ("Part_2", "C_999", total | {"pathways_total": 7})]), "rtt")

    def test_weeks_that_do_not_add_up_are_told(self, tmp_path: Path) -> None:
        text = rtt(
            [
                ("Part_2", "C_100", {"weeks_00_to_01": 3, "pathways_total": 4}),
                ("Part_1A", "C_100", {"weeks_00_to_01": 3, "pathways_unknown_start": 1, "pathways_total": 4}),
                ("Part_1B", "C_100", {"weeks_00_to_01": 3, "pathways_known_start": 2, "pathways_total": 3}),
                ("Part_3", "C_100", {"pathways_total": 4}),
            ]
        )
        _, rows = examined(tmp_path, text, "rtt")
        assert [rows[number]["problems"] for number in rows] == [
            ["weeks_sum_to_total|"],
            [],
            ["weeks_sum_to_known|"],
            [],
        ]

    @pytest.mark.parametrize(
        ("name", "is_refused"),
        [
            ("20260131-RTT-January-2026-full-extract.csv", False),
            ("20260131-RTT-JANUARY-2026-full-extract-revised.csv", False),
            ("RTT_full_extract_Jan26_RAJ_only.csv", False),
            ("Full-CSV-data-file-Jan26-ZIP-4M.csv", False),
            ("rtt_2026_01.csv", False),
            ("extract.csv", False),
            ("20260228-RTT-February-2026-full-extract.csv", True),
            ("rtt_Feb26.csv", True),
            ("rtt_2026_02.csv", True),
        ],
    )
    def test_name_and_period_agree(self, tmp_path: Path, name: str, is_refused: bool) -> None:
        text = rtt([("Part_2", "C_100", {"weeks_00_to_01": 3, "pathways_total": 3})])
        if is_refused:
            with pytest.raises(Refusal, match="the name says February 2026, the rows say January 2026"):
                examined(tmp_path, text, "rtt", name)
        else:
            judged, _ = examined(tmp_path, text, "rtt", name)
            assert judged.periods == (("", date(2026, 1, 1), 1),)


AE_BLOCKS = {"attendances": NEW_AE[3:7], "within": NEW_AE[7:11], "over": NEW_AE[11:15]}


def attendances(headers: Sequence[str], figures: Sequence[str], wrong: Sequence[int] = ()) -> str:
    """Twelve providers in the layout of 2025-26: blocks of four columns, their headers and figures in these orders.

    Of the rows `wrong` the parts do not add up, as a publisher's slip would have it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*NEW_AE[:3], *(header for block in headers for header in AE_BLOCKS[block]), *NEW_AE[15:]])
    for number in range(12):
        within, over = (70 + number, 0, 40), (30, 0, 5 + number)
        all_of = [a + b for a, b in zip(within, over, strict=True)]
        blocks = {"within": within, "over": over, "attendances": all_of}
        cells = [cell for block in figures for cell in (*blocks[block], sum(blocks[block]) + (number in wrong))]
        shares = [
            f"{100 * part / whole:.2f}%" if whole else "-"
            for part, whole in zip((sum(within), *within), (sum(all_of), *all_of), strict=True)
        ]
        writer.writerow([f"R{number:02d}", "East", "A Trust", *cells, *shares, 9, 0, 1, 10, 5, 15, 3, 1])
    return text.getvalue()


class TestAttendances:
    USUAL = ("attendances", "within", "over")

    def test_blocks_in_their_places_are_read(self, tmp_path: Path) -> None:
        judged, rows = examined(tmp_path, attendances(self.USUAL, self.USUAL), "ae_attendances", "October-2025-AE.csv")
        assert not [name for name, status, *_ in judged.results if status == "fail"]
        assert [rows[1][name] for name in ("attendances_total", "within_4_hours_total", "over_4_hours_total")] == [
            145,
            110,
            35,
        ]

    @pytest.mark.parametrize("order", list(permutations(USUAL))[1:])
    @pytest.mark.parametrize("moved", ["headers too", "figures alone"])
    def test_blocks_in_other_places_refuse_the_file(self, tmp_path: Path, order: Sequence[str], moved: str) -> None:
        headers = order if moved == "headers too" else self.USUAL
        with pytest.raises(Refusal, match="of 12 rows the columns do not fit together") as refusal:
            examined(tmp_path, attendances(headers, order), "ae_attendances", "October-2025-AE.csv")
        assert refusal.value.rule == "columns_in_place"

    @pytest.mark.parametrize(
        "name",
        [
            "AE.csv",
            "AE-2025.csv",
            "Monthly AE Dec-12-2025.csv",
            "October-2025-AE-November-2025.csv",
            "marketing2025.csv",
        ],
    )
    def test_a_name_that_does_not_tell_one_month_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(Refusal, match="does not tell just one") as refusal:
            examined(tmp_path, attendances(self.USUAL, self.USUAL), "ae_attendances", name)
        assert refusal.value.mend.endswith("such as October-2025-AE.csv")

    def test_the_odd_row_that_does_not_add_up_is_told_and_kept(self, tmp_path: Path) -> None:
        text = attendances(self.USUAL, self.USUAL, wrong=(0, 3, 5))
        judged, _ = examined(tmp_path, text, "ae_attendances", "October-2025-AE.csv")
        assert (judged.counts["accepted"], judged.counts["rejected"]) == (12, 0)
        assert {"types_sum_to_total", "hours_sum_to_attendances"} == {
            name for name, status, *_ in judged.results if status == "fail"
        }

    @pytest.mark.parametrize(
        "name",
        [
            "October-2025-AE.csv", "October-2025-AE-revised.csv", "October-2025-AE-by-provider-a1b2C.csv",
            "OCTOBER-2025-AE.csv", "Oct-2025-AE.csv", "October 2025 AE (revised 13.02.2026).csv",
            "October-2025-AE-CSV-revised-13022026.csv", "Monthly-AE-October-2025-revised-12.02.26.csv",
            "2025-10-AE.csv", "AE_2025_10.csv", "ae_activity_2025-10.csv", "Oct25-AE.csv", "202510-AE.csv", "AE Oct.25.csv",
            "20251113-October-2025-AE.csv", "AE October 2025 published 13-11-2025.csv",
        ],
    )  # fmt: skip
    def test_the_month_is_read_from_every_plausible_name(self, tmp_path: Path, name: str) -> None:
        judged, _ = examined(tmp_path, attendances(self.USUAL, self.USUAL), "ae_attendances", name)
        assert judged.periods == (("", date(2025, 10, 1), 12),)


def listed(code: str, name: str = "A TRUST", cells: int = 27) -> list[str]:
    return [code, name, "Y55", "Q79", "WAY", "", "", "TOWN", "", "ZZ99 3WZ", "19910401", *[""] * (cells - 11)]


def as_text(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


class TestFilesWithoutHeader:
    def test_the_first_row_is_data_and_the_name_tells_the_date(self, tmp_path: Path) -> None:
        text = as_text([listed("RAJ"), listed("RAJ32", "PHYSIOTHERAPY"), listed("raj 12")])
        judged, rows = examined(tmp_path, text, "ods_organisation", "etrust_2018_RAJ.csv")
        assert [row["class"] for row in rows.values()] == ["accepted", "accepted", "rejected"]
        assert rows[1]["org_code"] == "RAJ"
        assert (rows[2]["open_date"], rows[2]["list_date"]) == (date(1991, 4, 1), date(2018, 1, 1))
        assert not [name for name, status, *_ in judged.results if status == "fail" and name == "unknown_column"]
        _, rows = examined(tmp_path, text, "ods_organisation", "etr_2022-03.csv")
        assert rows[1]["list_date"] == date(2022, 3, 1)

    def test_a_byte_order_mark_is_no_part_of_the_first_code(self, tmp_path: Path) -> None:
        _, rows = examined(tmp_path, "\ufeff" + as_text([listed("RAJ")]), "ods_organisation", "etr_2022.csv")
        assert rows[1]["org_code"] == "RAJ"

    def test_outside_its_folder_form_is_no_proof_and_says_so(self) -> None:
        with pytest.raises(Refusal, match="have the form of the feed ods_organisation") as refusal:
            recognise("ods", [[listed("RAJ")]], feeds())
        assert "landing/ods_organisation/" in refusal.value.mend

    @pytest.mark.parametrize("row", [listed("RAJ", cells=26), listed("Organisation Code"), listed("RAJ", name="")])
    def test_rows_of_another_form_are_refused_with_the_form(self, row: list[str]) -> None:
        with pytest.raises(Refusal, match="27 cells in a row") as refusal:
            recognise("ods_organisation", [[row]], feeds())
        assert "1 Organisation Code" in refusal.value.why

    def test_a_file_of_another_feed_is_told_from_its_header(self) -> None:
        with pytest.raises(Refusal, match="a file of the feed site_register, in the folder of ods_organisation"):
            recognise("ods_organisation", [[["Site Code", "Site Name", "Valid From"]]], feeds())

    @pytest.mark.parametrize(
        ("sound", "wrong"),
        [
            ("position, value: 12", "position, value: 28"),
            ("position, value: 12", "position, value: 11"),
            ("          - {property: position, value: 2}\n", "          - {property: formats, value: []}\n"),
            ("  - {property: cells_without_header, value: 27}\n", ""),
        ],
    )
    def test_a_contract_whose_positions_are_wrong_is_refused(self, tmp_path: Path, sound: str, wrong: str) -> None:
        text = (CONTRACTS / "reference" / "ods_organisation.odcs.yaml").read_text(encoding="utf-8")
        assert sound in text
        path = tmp_path / "ods_organisation.odcs.yaml"
        path.write_text(text.replace(sound, wrong, 1), encoding="utf-8")
        with pytest.raises(ContractError, match="has a `position` of its own"):
            load_contract(path)

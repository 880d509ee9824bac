"""What becomes of the wards' own feeds on their way to indicators: completeness, double rows, zeros, precedence."""

from tests.unit.dbt.drawn import answer, render_file, same

INDICATORS = "models/intermediate/indicators/int_indicators__"


def result(model: str, tables: dict[str, str]) -> list[dict[str, object]]:
    sql, _ = render_file(f"{INDICATORS}{model}.sql")
    return answer(sql, tables)


def test_a_month_of_bed_days_is_complete_or_says_so() -> None:
    """W1 has both days on which it was open; W2 lacks one; W3 has a day under two names; W4 is in no register."""
    days = """
        | site_code | ward_name | census_date: date | midnight_count: int | available_beds: int |
        | RAJ01     | Ash       | 2025-02-27        | 20                  | 24                  |
        | RAJ01     | Ash       | 2025-02-28        | 22                  | 24                  |
        | RAJ01     | Elm       | 2025-02-28        | 9                   |                     |
        | RAJ01     | Fir       | 2025-02-28        | 5                   | 6                   |
        | RAJ01     | Fir Ward  | 2025-02-28        | 5                   | 6                   |
        | RAJ01     | Oak       | 2025-02-28        | 7                   | 8                   |
        | RAJ01     | Nobody    | 2025-02-28        | 7                   | 8                   |
        """
    names = """
        | feed           | site_code | ward_name | used_from: date | ward_id |
        | bed_days       | RAJ01     | Ash       | 2025-02-01      | W1      |
        | ward_indicator | RAJ01     | Ash       | 2025-02-01      | W9      |
        | bed_days       | RAJ01     | Elm       | 2025-02-01      | W2      |
        | bed_days       | RAJ01     | Fir       | 2025-02-01      | W3      |
        | bed_days       | RAJ01     | Fir Ward  | 2025-02-01      | W3      |
        | bed_days       | RAJ01     | Oak       | 2025-02-01      | W4      |
        | bed_days       | RAJ01     | Nobody    | 2025-02-01      |         |
        """
    register = """
        | ward_id | valid_from: date | valid_to: date |
        | W1      | 2025-02-27       |                |
        | W2      | 2020-04-01       | 2025-02-15     |
        | W2      | 2025-02-27       |                |
        | W3      | 2025-02-28       |                |
        """
    same(
        result(
            "bed_day_month",
            {
                "stg_indicators__bed_days": days,
                "int_reference__ward_name": names,
                "int_reference__ward_validity": register,
                "int_reference__ward_month": "| ward_id | month: date | site_code |\n| W1 | 2025-02-01 | RAJ12 |",
            },
        ),
        """
        | ward_id | month: date | site_code | occupied_bed_days: int | available_bed_days: int | days_reported: int | days_open: int | is_complete: boolean |
        | W1      | 2025-02-01  | RAJ12     | 42                     | 48                      | 2                  | 2              | true                 |
        | W2      | 2025-02-01  | RAJ01     | 9                      |                         | 1                  | 16             | false                |
        | W3      | 2025-02-01  | RAJ01     | 10                     | 12                      | 1                  | 1              | false                |
        | W4      | 2025-02-01  | RAJ01     | 7                      | 8                       | 1                  |                | false                |
        """,
    )


HOURS = [f"{shift}_{kind}_{what}_hours" for shift in ("day", "night") for kind in ("registered", "unregistered")
         for what in ("planned", "actual")]  # fmt: skip


def test_a_ward_under_two_divisions_counts_once_or_not_at_all() -> None:
    header = " | ".join(f"{name}: decimal(12, 2)" for name in HOURS)

    def row(ward: str, division: str, actual: str) -> str:
        return f"| RAJ01 | {ward} | {division} | 2025-09-01 | {' | '.join(['100', actual] * 4)} | 60 | 0 |"

    returned = "\n".join(
        [
            f"| site_code | ward_name | division | month: date | {header} | patient_count_midnight: int |"
            " missing_census_count: int |",
            row("Ash", "Medicine", "90"),
            row("Ash", "Surgery", "90"),
            row("Elm", "Medicine", "90"),
            row("Elm", "Surgery", "45"),
        ]
    )
    names = """
        | feed           | site_code | ward_name | used_from: date | ward_id |
        | safer_staffing | RAJ01     | Ash       | 2025-09-01      | W1      |
        | safer_staffing | RAJ01     | Elm       | 2025-09-01      | W2      |
        """
    found = result("staffing_month", {"stg_indicators__safer_staffing": returned, "int_reference__ward_name": names})
    same(
        [{name: row[name] for name in ("ward_id", "is_one_meaning", "day_registered_actual_hours")} for row in found],
        """
        | ward_id | is_one_meaning: boolean | day_registered_actual_hours: decimal(12, 2) |
        | W1      | true                    | 90                                          |
        | W2      | false                   |                                             |
        """,
    )


def test_a_ward_without_an_incident_had_none_unless_a_name_is_unknown() -> None:
    """At RAJ01 every name is known; at RAJ12 one is not, so nobody can say that W4 had none; RAJ32 sent nothing."""
    incidents = """
        | site_code | ward_name | incident_type             | harm_level | month: date | incident_count: int |
        | RAJ01     | Ash       | fall                      | none       | 2025-09-01  | 3                   |
        | RAJ01     | Ash       | fall                      | low        | 2025-09-01  | 2                   |
        | RAJ01     | Ash       | pressure_ulcer_category_1 | low        | 2025-09-01  | 4                   |
        | RAJ01     | Ash       | pressure_ulcer_category_2 | low        | 2025-09-01  | 1                   |
        | RAJ12     | Elm       | medication                | none       | 2025-09-01  | 6                   |
        | RAJ12     | Nobody    | fall                      | none       | 2025-09-01  | 1                   |
        """
    names = """
        | feed             | site_code | ward_name | used_from: date | ward_id |
        | incident_summary | RAJ01     | Ash       | 2025-09-01      | W1      |
        | incident_summary | RAJ12     | Elm       | 2025-09-01      | W3      |
        | incident_summary | RAJ12     | Nobody    | 2025-09-01      |         |
        """
    beds = """
        | ward_id | month: date | site_code |
        | W1      | 2025-09-01  | RAJ01     |
        | W2      | 2025-09-01  | RAJ01     |
        | W3      | 2025-09-01  | RAJ12     |
        | W4      | 2025-09-01  | RAJ12     |
        | W5      | 2025-09-01  | RAJ32     |
        """
    same(
        result(
            "incident_month",
            {
                "stg_indicators__incident_summary": incidents,
                "int_reference__ward_name": names,
                "int_indicators__bed_day_month": beds,
            },
        ),
        """
        | ward_id | falls: int | falls_with_harm: int | pressure_ulcers: int | medication_incidents: int |
        | W1      | 5          | 2                    | 1                    | 0                         |
        | W2      | 0          | 0                    | 0                    | 0                         |
        | W3      | 0          | 0                    | 0                    | 6                         |
        | W4      |            |                      |                      |                           |
        """,
    )


MADE = {
    "int_indicators__workforce_ward": """
        | measure  | ward_id | month: date | numerator: decimal(18, 6) | denominator: decimal(18, 6) |
        | turnover | W1      | 2025-09-01  | 3                         | 30                          |
        | turnover | W1      | 2025-09-01  | 1                         | 10                          |
        | turnover | W2      | 2025-09-01  | 3                         | 30                          |
        | turnover | W2      | 2025-09-01  |                           | 10                          |
        | turnover |         | 2025-09-01  | 9                         | 90                          |
        | sickness | W1      | 2025-09-01  | 9                         | 900                         |
        """,
    "int_reference__ward_month": """
        | ward_id | month: date | site_code |
        | W1      | 2025-09-01  | RAJ01     |
        | W2      | 2025-09-01  | RAJ01     |
        """,
    "int_indicators__bed_day_month": """
        | ward_id | site_code | month: date | occupied_bed_days: bigint | available_bed_days: bigint | is_complete: boolean |
        | W1      | RAJ01     | 2025-09-01  | 600                       | 640                        | true                 |
        | W2      | RAJ01     | 2025-09-01  | 500                       | 640                        | false                |
        | W1      | RAJ01     | 2025-10-01  | 620                       | 640                        | true                 |
        """,
    "int_indicators__discharge_month": """
        | ward_id | site_code | month: date | discharges: bigint | days_in_hospital: bigint | stayed_21_days: bigint | before_noon: bigint |
        | W1      | RAJ01     | 2025-09-01  | 8                  | 60                       | 1                      | 2                   |
        """,
    "int_indicators__incident_month": """
        | ward_id | site_code | month: date | falls: bigint | falls_with_harm: bigint | pressure_ulcers: bigint | medication_incidents: bigint |
        | W1      | RAJ01     | 2025-09-01  | 3             | 1                       | 0                       | 2                            |
        | W2      | RAJ01     | 2025-09-01  | 4             | 1                       | 0                       | 2                            |
        """,
    "int_indicators__staffing_month": """
        | ward_id | site_code | month: date | day_registered_planned_hours: decimal(12, 2) | day_registered_actual_hours: decimal(12, 2) | day_unregistered_planned_hours: decimal(12, 2) | day_unregistered_actual_hours: decimal(12, 2) | night_registered_planned_hours: decimal(12, 2) | night_registered_actual_hours: decimal(12, 2) | night_unregistered_planned_hours: decimal(12, 2) | night_unregistered_actual_hours: decimal(12, 2) | patient_count_midnight: int | missing_census_count: int |
        | W1      | RAJ01     | 2025-09-01  | 1000 | 900 | 500 | 510 | 800 | 800 | 400 | 390 | 600 | 0 |
        | W2      | RAJ01     | 2025-09-01  | 1000 | 900 | 500 | 510 | 800 | 800 | 400 | 390 | 500 | 2 |
        | W3      | RAJ01     | 2025-09-01  | 1000 | 900 | 500 | 510 | 800 | 800 | 400 | 390 | 0   | 0 |
        """,
    "stg_indicators__fft_submission": """
        | site_code | ward_name | month: date | eligible_n: int | very_good_n: int | good_n: int | neither_n: int | poor_n: int | very_poor_n: int | dont_know_n: int |
        | RAJ01     | Ash       | 2025-09-01  | 80              | 12               | 5           | 1              | 1           | 1                | 0                |
        | RAJ01     | Elm       | 2025-09-01  |                 | 3                | 0           | 0              | 0           | 0                | 0                |
        """,
    "stg_indicators__infection": """
        | site_code | ward_name | organism    | onset_class | specimen_date: date |
        | RAJ01     | Ash       | c_difficile | hoha        | 2025-09-03          |
        | RAJ01     | Ash       | c_difficile | coha        | 2025-09-30          |
        | RAJ01     | Ash       | c_difficile | coca        | 2025-09-30          |
        | RAJ01     | Ash       | mrsa        | hoha        | 2025-09-04          |
        """,
    "int_reference__ward_name": """
        | feed           | site_code | ward_name | used_from: date | ward_id |
        | fft_submission | RAJ01     | Ash       | 2025-09-01      | W1      |
        | fft_submission | RAJ01     | Elm       | 2025-09-01      | W2      |
        | infection      | RAJ01     | Ash       | 2025-09-01      | W1      |
        """,
}


def test_a_part_is_whole_where_both_its_sides_are_known() -> None:
    """W2 lacks days, who could answer and some leavers; of W3 nobody was counted; October is beyond the infections."""
    found = {
        (row["indicator_code"], row["ward_id"], str(row["month"])): (
            row["numerator"],
            row["denominator"],
            row["is_whole"],
        )
        for row in result("feed_part", MADE)
    }
    assert {key: value for key, value in found.items() if key[1] == "W1" and key[2] == "2025-09-01"} == {
        (code, "W1", "2025-09-01"): (numerator, denominator, True)
        for code, numerator, denominator in (
            ("FALLS_1000", 3, 600), ("FALLS_HARM_1000", 1, 600), ("PRESSURE_ULCERS_1000", 0, 600),
            ("MEDICATION_INCIDENTS_1000", 2, 600), ("OCCUPANCY_PCT", 600, 640),
            ("CHPPD_ALL", 2600, 600), ("CHPPD_RN", 1700, 600), ("CHPPD_CARE", 900, 600),
            ("FILL_RATE_DAY_RN_PCT", 900, 1000), ("FILL_RATE_DAY_CARE_PCT", 510, 500),
            ("FILL_RATE_NIGHT_RN_PCT", 800, 800), ("FILL_RATE_NIGHT_CARE_PCT", 390, 400),
            ("FFT_POSITIVE_PCT", 17, 20), ("FFT_NEGATIVE_PCT", 2, 20), ("FFT_RESPONSE_PCT", 20, 80),
            ("TURNOVER_12M_PCT", 4, 40), ("CDIFF", 2, None),
            ("MEAN_STAY_DAYS", 60, 8), ("STAY_21_DAYS_PCT", 1, 8), ("BEFORE_NOON_PCT", 2, 8),
        )
    }  # fmt: skip
    lacking = {key[:2] for key, (_, _, is_whole) in found.items() if not is_whole}
    assert lacking == {
        *((code, "W2") for code in ("FALLS_1000", "FALLS_HARM_1000", "PRESSURE_ULCERS_1000")),
        *((code, "W2") for code in ("MEDICATION_INCIDENTS_1000", "OCCUPANCY_PCT", "FFT_RESPONSE_PCT")),
        ("TURNOVER_12M_PCT", "W2"),
        *((code, ward) for code in ("CHPPD_ALL", "CHPPD_RN", "CHPPD_CARE") for ward in ("W2", "W3")),
    }
    assert found["CDIFF", "W2", "2025-09-01"] == (0, None, True)
    assert ("CDIFF", "W1", "2025-10-01") not in found


def test_who_left_counts_on_the_last_ward_in_the_month_of_leaving() -> None:
    """Of Ash two left in October, one who came to it under its name of September; who died or is still there did not."""
    admissions = """
        | spell_id | site_code | last_ward_name | last_ward_from: date | discharge_date: date | days_in_hospital: int | has_left_alive: boolean | is_before_noon: boolean |
        | S1       | RAJ01     | Ash            | 2025-09-28           | 2025-10-02           | 21                    | true                    | true                    |
        | S2       | RAJ01     | Ash Ward       | 2025-10-01           | 2025-10-31           | 30                    | true                    | false                   |
        | S3       | RAJ01     | Ash Ward       | 2025-10-01           | 2025-10-03           | 2                     | false                   | true                    |
        | S4       | RAJ01     | Ash Ward       | 2025-10-01           |                      |                       | false                   | false                   |
        | S5       | RAJ01     | Nobody         | 2025-10-01           | 2025-10-02           | 1                     | true                    | false                   |
        | S6       | RAJ12     | Ash Ward       | 2025-10-01           | 2025-10-21           | 20                    | true                    | false                   |
        """
    names = """
        | feed      | site_code | ward_name | used_from: date | ward_id |
        | ward_stay | RAJ01     | Ash       | 2025-09-01      | W1      |
        | ward_stay | RAJ01     | Ash Ward  | 2025-10-01      | W1      |
        | ward_stay | RAJ12     | Ash Ward  | 2025-10-01      | W2      |
        | ward_stay | RAJ01     | Nobody    | 2025-10-01      |         |
        | bed_days  | RAJ01     | Ash Ward  | 2025-10-01      | W9      |
        """
    same(
        result("discharge_month", {"int_inequalities__admission": admissions, "int_reference__ward_name": names}),
        """
        | ward_id | month: date | site_code | discharges: int | days_in_hospital: int | stayed_21_days: int | before_noon: int |
        | W1      | 2025-10-01  | RAJ01     | 2               | 51                    | 2                   | 1                |
        | W2      | 2025-10-01  | RAJ12     | 1               | 20                    | 0                   | 0                |
        """,
    )


def test_of_a_site_with_an_unknown_name_nobody_is_said_to_be_free_of_infection() -> None:
    nameless = MADE["stg_indicators__infection"] + "| RAJ01 | Nobody | mrsa | hoha | 2025-09-05 |\n"
    names = MADE["int_reference__ward_name"] + "| infection | RAJ01 | Nobody | 2025-09-01 | |\n"
    found = result("feed_part", MADE | {"stg_indicators__infection": nameless, "int_reference__ward_name": names})
    told = {row["ward_id"]: row["numerator"] for row in found if row["indicator_code"] == "CDIFF"}
    assert told == {"W1": 2, "W2": None}


def test_the_feed_of_a_ward_stands_over_what_is_reported_where_it_is_whole() -> None:
    reported = """
        | site_code | ward_name | indicator_code | month: date | numerator: decimal(18, 6) | denominator: decimal(18, 6) | value: decimal(24, 12) | value_status | is_provisional: boolean |
        | RAJ01     | Ash       | FALLS_1000     | 2025-09-01  | 9                         | 600                         | 15                     | reported     | true                    |
        | RAJ01     | Elm       | FALLS_1000     | 2025-09-01  | 8                         | 500                         | 16                     | reported     | false                   |
        """
    names = """
        | feed           | site_code | ward_name | used_from: date | ward_id |
        | ward_indicator | RAJ01     | Ash       | 2025-09-01      | W1      |
        | ward_indicator | RAJ01     | Elm       | 2025-09-01      | W2      |
        """
    parts = """
        | ward_id | site_code | indicator_code | month: date | numerator: decimal(18, 6) | denominator: decimal(18, 6) | is_whole: boolean | source_feed      |
        | W1      | RAJ01     | FALLS_1000     | 2025-09-01  | 3                         | 600                         | true              | incident_summary |
        | W2      | RAJ01     | FALLS_1000     | 2025-09-01  | 4                         |                             | false             | incident_summary |
        | W3      | RAJ01     | FALLS_1000     | 2025-09-01  | 4                         |                             | false             | incident_summary |
        """
    definitions = """
        | indicator_code | definition_version: int | unit     | multiplier: decimal(12, 4) | disclosure_class | valid_from: date | valid_to: date |
        | FALLS_1000     | 1                       | per_1000 | 1000                       | ward_event       | 2020-04-01       |                |
        """
    found = result(
        "ward_part",
        {
            "stg_indicators__ward_indicator": reported,
            "int_reference__ward_name": names,
            "int_indicators__feed_part": parts,
            "int_indicators__definition": definitions,
        },
    )
    same(
        found,
        """
        | ward_id | numerator: decimal(24, 12) | denominator: decimal(18, 6) | part_status | is_part_lacking: boolean | is_provisional: boolean | source_feed      |
        | W1      | 3              | 600              | reported    | false                    | true                    | incident_summary |
        | W2      | 8              | 500              | reported    | false                    | false                   | ward_indicator   |
        | W3      | 4              |                  | missing     | true                     | false                   | incident_summary |
        """,
    )


def test_a_name_of_an_event_waits_without_its_month_and_number() -> None:
    """One case of a ward in a month, at a site and under a name, would be a patient."""
    sql, _ = render_file("models/marts/evidence/fct_unmatched_name.sql")
    names = """
        | feed        | site_code | meant_site_code | ward_name | match_text | used_from: date | ward_id | matched_by | row_count: bigint |
        | infection   | RAJ01     | RAJ01           | Elmm      | elmm       | 2025-09-01      |         | unmatched  | 1                 |
        | bed_days    | RAJ01     | RAJ01           | Elmm      | elmm       | 2025-09-01      |         | unmatched  | 30                |
        """
    register = "| site_code | ward_id | ward_name |\n| RAJ01 | W1 | Elm |"
    workforce = """
        | cost_centre_id | cost_centre_name | month: date | matched_by |
        | E36            | Elm              | 2025-09-01  | unmatched  |
        """
    tables = {
        "int_reference__ward_name": names,
        "int_reference__ward_validity": register,
        "int_indicators__workforce_ward": workforce,
    }
    same(
        answer(sql, tables),
        """
        | feed      | unmatched_name | rows_waiting: bigint | first_used_date: date | last_used_date: date | suggested_ward_id |
        | infection | Elmm           |                      |                       |                      | W1                |
        | bed_days  | Elmm           | 30                   | 2025-09-01            | 2025-09-01           | W1                |
        | workforce | E36 Elm        | 1                    | 2025-09-01            | 2025-09-01           | W1                |
        """,
    )


AREAS = {
    "stg_reference__lsoa_lookup": """
        | lsoa_code | lsoa_vintage | lsoa_name | ltla_code | ltla_name | icb_code | icb_name |
        | E01       | 2011         | A         | E07       | Basildon  | E54      | Essex    |
        | E01       | 2021         | A         | E07       | Basildon  | E54      | Essex    |
        | E02       | 2021         | B         | E07       | Basildon  | E54      | Essex    |
        """,
    "stg_reference__imd": """
        | lsoa_code | lsoa_vintage | vintage_date: date | imd_rank: int | imd_decile: int | imd_quintile: int |
        | E01       | 2011         | 2019-01-01         | 100           | 1               | 1                 |
        | E01       | 2021         | 2025-01-01         | 9000          | 3               | 2                 |
        """,
    "stg_reference__lsoa_change": """
        | lsoa11_code | lsoa21_code | change_code |
        | E01         | E01         | s           |
        | E01         | E02         | s           |
        """,
}


def test_no_index_is_carried_to_areas_that_are_not_its_own() -> None:
    """The second half of an area that was split has no index of 2025 here, and none of 2019 is lent to it."""
    sql, _ = render_file("models/intermediate/reference/int_reference__lsoa.sql")
    same(
        answer(sql, AREAS),
        """
        | lsoa_code | lsoa_vintage | is_unchanged: boolean | imd_year: int | imd_decile: int |
        | E01       | 2011         | false                 | 2019          | 1               |
        | E01       | 2021         | false                 | 2025          | 3               |
        | E02       | 2021         | false                 |               |                 |
        """,
    )


def test_an_accreditation_is_the_wards_newest_or_an_older_one_and_falls_due() -> None:
    """W1 stands twice on a day under two names; W2's site took a new code; W3 has closed; Nobody is of no ward."""
    assessments = """
        | site_code | ward_name | assessed_date: date | accreditation_level | score_pct: decimal(5, 2) | reassessment_due_date: date |
        | RAJ01     | Ash       | 2024-06-01          | bronze              | 71.5                     | 2025-06-01                  |
        | RAJ01     | Ash       | 2025-06-03          | gold                | 92                       | 2026-06-03                  |
        | RAJ01     | Ash Ward  | 2025-06-03          | silver              | 88                       | 2026-04-08                  |
        | RDDH0     | Elm       | 2025-07-01          | silver              |                          |                             |
        | RAJ01     | Oak       | 2024-06-01          | white               | 95                       | 2025-06-01                  |
        | RAJ01     | Nobody    | 2025-06-01          | gold                | 99                       |                             |
        """
    names = """
        | feed               | site_code | meant_site_code | ward_name | used_from: date | ward_id |
        | ward_accreditation | RAJ01     | RAJ01           | Ash       | 2024-06-01      | W1      |
        | ward_accreditation | RAJ01     | RAJ01           | Ash       | 2025-06-03      | W1      |
        | ward_accreditation | RAJ01     | RAJ01           | Ash Ward  | 2025-06-03      | W1      |
        | ward_accreditation | RDDH0     | RAJ12           | Elm       | 2025-07-01      | W2      |
        | ward_accreditation | RAJ01     | RAJ01           | Oak       | 2024-06-01      | W3      |
        | ward_accreditation | RAJ01     | RAJ01           | Nobody    | 2025-06-01      |         |
        | bed_days           | RAJ01     | RAJ01           | Ash       | 2024-06-01      | W9      |
        """
    register = """
        | ward_id | ward_name | valid_from: date | valid_to: date | is_latest: boolean |
        | W1      | Old Ash   | 2020-04-01       | 2025-01-01     | false              |
        | W1      | Ash       | 2025-01-01       |                | true               |
        | W2      | Elm       | 2020-04-01       |                | true               |
        | W3      | Oak       | 2020-04-01       | 2025-01-01     | true               |
        """
    sql, _ = render_file("models/marts/indicators/fct_ward_accreditation.sql")
    found = answer(
        sql,
        {
            "stg_indicators__ward_accreditation": assessments,
            "int_reference__ward_name": names,
            "int_reference__ward_validity": register,
            "ledger_run": "| run_id | run_no: int | run_date: date | as_of_sequence: int | audience |\n"
            "| r1 | 1 | 2026-04-09 | | internal |",
        },
    )
    for row in found:
        row.pop("ward_accreditation_key", None)
    same(
        found,
        """
        | ward_id | ward_name | site_code | assessed_date: date | accreditation_level | score_pct: decimal(5, 2) | reassessment_due_date: date | is_latest: boolean | is_reassessment_overdue: boolean |
        | W1      | Ash       | RAJ01     | 2024-06-01          | bronze              | 71.5                     | 2025-06-01                  | false              | false                            |
        | W1      | Ash       | RAJ01     | 2025-06-03          | silver              | 88                       | 2026-04-08                  | true               | true                             |
        | W2      | Elm       | RAJ12     | 2025-07-01          | silver              |                          |                             | true               | false                            |
        | W3      | Oak       | RAJ01     | 2024-06-01          | white               | 95                       | 2025-06-01                  | true               | false                            |
        """,
    )

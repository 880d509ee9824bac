"""What must hold across the programme marts before a release.

Kept out: what a row or a file must be (its contract, with the order of stages); plan and keys (dbt tests).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

FRAMES = [
    Frame(
        name="waves and their wards",
        subject="fct_ward_progress",
        query="""
            with listed as (
                select programme_id, wave_no, site_code, count(*) as wards_listed
                from programmes.fct_ward_progress
                group by programme_id, wave_no, site_code
            )

            select
                programme_id,
                wave_no,
                site_code,
                coalesce(waves.wards_enrolled + waves.wards_withdrawn, 0) as wards_counted,
                coalesce(listed.wards_listed, 0) as wards_listed
            from programmes.fct_wave as waves
            full join listed using (programme_id, wave_no, site_code)
        """,
        key=("programme_id", "wave_no", "site_code"),
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="wards_counted",
                column_B="wards_listed",
                or_equal=True,
                **rule(
                    "gate.programmes.ward_in_its_wave",
                    severity="critical",
                    dimension="consistency",
                    owner="improvement_team",
                    holds="No wave shows more wards one by one than it counts.",
                    because="A ward doubled by its names would be counted as progress.",
                ),
            ),
        ],
    ),
]

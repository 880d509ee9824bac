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
    Frame(
        name="cases and the summary of training",
        subject="rpt_programme_case",
        query="""
            with cases as (
                select
                    programme_id,
                    date_trunc('quarter', coalesce(end_date, start_date)) as quarter,
                    min(cohort_id) as cohort_id,
                    max(completed_n) as completed_n
                from programmes.rpt_programme_case
                where value_status <> 'not_applicable'
                group by programme_id, date_trunc('quarter', coalesce(end_date, start_date))
                having count(*) = 1
            )

            select
                cases.cohort_id,
                coalesce(cases.completed_n, -1) as completed_in_case,
                coalesce(summary.completed_n, -1) as completed_in_summary
            from cases
            inner join programmes.fct_training_summary as summary using (programme_id, quarter)
            where summary.org_level = 'trust'
        """,
        key=("cohort_id",),
        expectations=[
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="completed_in_case",
                column_B="completed_in_summary",
                **rule(
                    "gate.programmes.case_tells_training",
                    severity="critical",
                    dimension="consistency",
                    owner="improvement_team",
                    holds="A cohort alone in its quarter shows as many completions as the summary of it, or neither.",
                    because="Money was asked for with one number while the summary of training told another.",
                ),
            ),
        ],
    ),
]

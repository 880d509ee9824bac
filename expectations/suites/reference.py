"""What register and figures must be to each other, day by day.

Kept out: keys, validity and plain relations (dbt tests beside the model).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

FRAMES = [
    Frame(
        name="wards that figures name",
        subject="dim_ward",
        query="""
            with used as (
                select org_id as ward_id, 'fct_indicator_month' as mart_name, month as used_date
                from indicators.fct_indicator_month
                where org_level = 'ward'

                union all

                select ward_id, 'fct_ward_progress' as mart_name, enrolled_date as used_date
                from programmes.fct_ward_progress
            ),

            spans as (
                select ward_id, mart_name, min(used_date) as first_used_date, max(used_date) as last_used_date
                from used
                group by ward_id, mart_name
            ),

            known as (
                select ward_id, min(valid_from) as valid_from, max(coalesce(valid_to, date '9999-12-31')) as valid_to
                from reference.dim_ward
                group by ward_id
            )

            select
                spans.ward_id,
                spans.mart_name,
                spans.first_used_date >= date_trunc('month', known.valid_from)
                    and spans.last_used_date < known.valid_to as is_open
            from spans
            inner join known using (ward_id)
        """,
        key=("ward_id", "mart_name"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="is_open",
                value_set=[True],
                **rule(
                    "gate.reference.ward_open",
                    severity="warning",
                    dimension="validity",
                    owner="analytics",
                    holds="A ward has figures and enrolments only while the register has it open.",
                    because="Figures of a closed ward are most often those of the ward that took its name.",
                ),
            ),
        ],
    ),
    Frame(
        name="wards that are open",
        subject="dim_ward",
        query="""
            with newest as (
                select max(month) as month from indicators.fct_indicator_month where org_level = 'ward'
            ),

            reporting as (
                select distinct facts.org_id as ward_id, true as reports
                from indicators.fct_indicator_month as facts
                inner join newest using (month)
                where facts.org_level = 'ward'
            )

            select wards.site_code, wards.ward_id, reporting.reports
            from reference.dim_ward as wards
            inner join newest
                on wards.valid_from <= newest.month
                and (wards.valid_to is null or wards.valid_to > newest.month)
            left join reporting using (ward_id)
        """,
        key=("site_code", "ward_id"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="reports",
                **rule(
                    "gate.reference.ward_reports",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="Every ward that the register has open has a figure in the newest month.",
                    because="A ward without any is closed and nobody said so, or reports under a name nobody knows.",
                ),
            ),
        ],
    ),
]

"""What must hold across the survey marts before a release.

Kept out: what a row or a file must be (its contract); ranges, keys and what subtraction could give away (dbt tests);
whether a base is large enough to show (the sweep over all marts in `release`).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

FRAMES = [
    Frame(
        name="suppressed scores",
        subject="fct_survey_score",
        query="""
            select
                survey_code,
                quarter,
                org_level,
                org_id,
                measure_code,
                base_n is not null or positive_n is not null or positive_pct is not null as shows
            from surveys.fct_survey_score
            where value_status = 'suppressed'
        """,
        key=("survey_code", "quarter", "org_level", "org_id", "measure_code"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="shows",
                value_set=[False],
                **rule(
                    "gate.surveys.suppressed_shows_nothing",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="A suppressed score shows neither base nor count nor percentage.",
                    because="Any one of the three gives back the others to who knows the ward.",
                ),
            ),
        ],
    ),
    Frame(
        name="sites and their units",
        subject="fct_survey_score",
        query="""
            with units as (
                select
                    survey_code,
                    quarter,
                    site_code as org_id,
                    measure_code,
                    sum(base_n) as base_n,
                    count(*) filter (where value_status <> 'reported') as units_not_shown
                from surveys.fct_survey_score
                where org_level = 'unit'
                group by all
            )

            select
                sites.survey_code,
                sites.quarter,
                sites.org_id,
                sites.measure_code,
                sites.base_n,
                units.base_n as summed_base_n
            from surveys.fct_survey_score as sites
            inner join units using (survey_code, quarter, org_id, measure_code)
            where sites.org_level = 'site'
                and sites.value_status = 'reported'
                and units.units_not_shown = 0
        """,
        key=("survey_code", "quarter", "org_id", "measure_code"),
        expectations=[
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="base_n",
                column_B="summed_base_n",
                **rule(
                    "gate.surveys.site_sums_units",
                    severity="critical",
                    dimension="consistency",
                    owner="staff_experience",
                    holds="Those who answered at a site are the sum of those of its units, where all show.",
                    because="A unit counted under two sites is heard twice.",
                ),
            ),
        ],
    ),
    Frame(
        name="sites of each quarter",
        subject="fct_survey_score",
        query="""
            with sites as (
                select distinct survey_code, org_id from surveys.fct_survey_score where org_level = 'site'
            ),

            quarters as (
                select distinct survey_code, quarter from surveys.fct_survey_score
            ),

            answered as (
                select distinct survey_code, quarter, org_id, true as is_there
                from surveys.fct_survey_score
                where org_level = 'site'
            )

            select quarters.survey_code, quarters.quarter, sites.org_id, answered.is_there
            from quarters
            inner join sites using (survey_code)
            left join answered using (survey_code, quarter, org_id)
        """,
        key=("survey_code", "quarter", "org_id"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="is_there",
                **rule(
                    "gate.surveys.quarter_complete",
                    severity="warning",
                    dimension="completeness",
                    owner="staff_experience",
                    holds="Every site that ever took part has results in every quarter of the survey.",
                    because="The trust's score moves when a site is missing, and reads like a change of mood.",
                ),
            ),
        ],
    ),
]

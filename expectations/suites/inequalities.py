"""What must hold across the marts of healthcare inequalities before a release.

Kept out: that counts add up (dbt tests on exact figures: displayed parts are rounded and need not), that no suppressed
one can be had (`tests/faults/attack`), small numbers (the sweep of `release`).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

_FIGURE = ("org_level", "org_id", "measure_code", "dimension_code", "group_code", "period_type", "period_start_date")
_SHARE = ", ".join(_FIGURE)

FRAMES = [
    Frame(
        name="one figure in two marts",
        subject="fct_barrier",
        query=f"""
            select
                {_SHARE},
                coalesce(cast(barrier.numerator as varchar), 'suppressed') as barrier_numerator,
                coalesce(cast(access.numerator as varchar), 'suppressed') as access_numerator,
                coalesce(cast(barrier.value as varchar), 'suppressed') as barrier_value,
                coalesce(cast(access.value as varchar), 'suppressed') as access_value
            from inequalities.fct_barrier as barrier
            inner join inequalities.fct_access_group as access using ({_SHARE})
        """,
        key=_FIGURE,
        expectations=[
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="barrier_numerator",
                column_B="access_numerator",
                **rule(
                    "gate.inequalities.one_count",
                    severity="critical",
                    dimension="consistency",
                    owner="information_governance",
                    holds="A count of a group is shown alike, or not at all, in every mart.",
                    because="What one mart hides and another shows is not hidden.",
                ),
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="barrier_value",
                column_B="access_value",
                **rule(
                    "gate.inequalities.one_share",
                    severity="critical",
                    dimension="consistency",
                    owner="information_governance",
                    holds="A share of a group is shown alike, or not at all, in every mart.",
                    because="What one mart hides and another shows is not hidden.",
                ),
            ),
        ],
    ),
    Frame(
        name="slopes and their quintiles",
        subject="fct_inequality_slope",
        query=f"""
            select
                slopes.org_level,
                slopes.org_id,
                slopes.measure_code,
                slopes.imd_year,
                slopes.period_type,
                slopes.period_start_date,
                count(figures.value) as quintiles_shown
            from inequalities.fct_inequality_slope as slopes
            left join (
                from inequalities.fct_access_group select {_SHARE}, value
                union all
                from inequalities.fct_inpatient_group select {_SHARE}, value
            ) as figures
                on slopes.org_level = figures.org_level
                and slopes.org_id = figures.org_id
                and slopes.measure_code = figures.measure_code
                and slopes.period_type = figures.period_type
                and slopes.period_start_date = figures.period_start_date
                and figures.dimension_code = concat('deprivation_', slopes.imd_year)
                and figures.group_code in ('1', '2', '3', '4', '5')
            where slopes.sii is not null
            group by all
        """,
        key=("org_level", "org_id", "measure_code", "imd_year", "period_type", "period_start_date"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="quintiles_shown",
                min_value=5,
                max_value=5,
                **rule(
                    "gate.inequalities.slope_of_five",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="A slope is shown only where the shares of all five quintiles of its own index are.",
                    because="A slope and four shares give the fifth back; and of two indices it would be of neither.",
                ),
            ),
        ],
    ),
    Frame(
        name="gaps of months and their quarters",
        subject="fct_gap_point",
        query="""
            select
                points.measure_code,
                points.dimension_code,
                points.group_code,
                points.month,
                count(distinct figures.group_code) as groups_shown
            from inequalities.fct_gap_point as points
            left join inequalities.fct_access_group as figures
                on points.measure_code = figures.measure_code
                and points.dimension_code = figures.dimension_code
                and figures.org_level = 'trust'
                and figures.period_type = 'quarter'
                and cast(date_trunc('quarter', points.month) as date) = figures.period_start_date
                and figures.group_code in (points.group_code, points.comparator_group_code)
                and figures.value is not null
            where points.difference is not null
            group by all
        """,
        key=("measure_code", "dimension_code", "group_code", "month"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="groups_shown",
                min_value=2,
                max_value=2,
                **rule(
                    "gate.inequalities.gap_if_shown",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="A month's gap is shown only where the quarter's shares of both groups are.",
                    because="Three months tell the quarter: a gap and one share give the hidden one back.",
                ),
            ),
        ],
    ),
    Frame(
        name="the groups of a ward's patients",
        subject="fct_ward_patient_group",
        query="""
            select
                ward_id,
                dimension_code,
                count(*) filter (numerator is null) as groups_hidden,
                count(*) filter (numerator is not null and value is null and numerator > 0) as groups_rounded
            from inequalities.fct_ward_patient_group
            where denominator is not null
            group by all
            having groups_rounded = 0
        """,
        key=("ward_id", "dimension_code"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="groups_hidden",
                value_set=[1],
                **rule(
                    "gate.inequalities.no_ward_group_by_subtraction",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="Of a ward's patients no group is hidden alone beside the shares of all others.",
                    because="The total less the others is the hidden one.",
                ),
            ),
        ],
    ),
    Frame(
        name="how well ethnicity is known",
        subject="fct_group_recording",
        query="""
            select org_level, org_id, group_code, period_start_date, value as unknown_pct
            from inequalities.fct_group_recording
            where dimension_code = 'ethnic_group_2021'
                and period_type = 'rolling_12_months'
                and org_level in ('trust', 'site')
                and value is not null
        """,
        key=("org_level", "org_id", "group_code", "period_start_date"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="unknown_pct",
                max_value=17,
                **rule(
                    "gate.inequalities.ethnicity_known",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="Ethnicity is unknown for any one reason of no more outpatients than in England in 2019/20.",
                    because="17 % of outpatients had none then (Nuffield Trust, 2021); the rest alone mislead.",
                ),
            ),
        ],
    ),
]

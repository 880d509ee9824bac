"""What must hold across the indicator marts before a release.

Belongs here: completeness, history, and what wards, sites and trust must be to each other as readers see them.
Kept out: what a row or a file must be (its contract, with the reconciliation of NHS England's totals), keys and
relations (dbt tests beside the model).
"""

from collections.abc import Sequence

import great_expectations.expectations as gxe

from expectations.rule import Frame, Mart, rule
from expectations.small_numbers import CLASSES, shows_small


def _levels(upper: str, lower: str, upper_of_lower: str) -> str:
    """Rows of one level against the sum of the level below, where every part shows: protected parts need not add up."""
    return f"""
        with parts as (
            select
                {upper_of_lower} as org_id,
                indicator_code,
                month,
                sum(numerator) as numerator,
                sum(denominator) as denominator,
                count(*) filter (where value_status not in ('reported', 'not_applicable')) as parts_not_shown
            from indicators.fct_indicator_month
            where org_level = '{lower}'
            group by all
        )

        select
            wholes.org_id,
            wholes.indicator_code,
            wholes.month,
            wholes.numerator,
            parts.numerator as summed_numerator,
            wholes.denominator,
            parts.denominator as summed_denominator,
            abs(wholes.numerator - parts.numerator)
                + abs(coalesce(wholes.denominator, 0) - coalesce(parts.denominator, 0)) as difference
        from indicators.fct_indicator_month as wholes
        inner join parts using (org_id, indicator_code, month)
        where wholes.org_level = '{upper}'
            and wholes.value_status = 'reported'
            and parts.parts_not_shown = 0
    """


def _small_numbers(marts: Sequence[Mart], audience: str) -> str:
    """Numerators and denominators that show although the class of their indicator suppresses them, by indicator."""
    parts = ("numerator", "denominator")
    conditions = {name: [shows_small(name, audience, part) for part in parts] for name in CLASSES}
    open_classes = [name for name, (condition, _) in conditions.items() if condition is None]
    # A survey has a base of its own and is no indicator of this mart: by that class nothing may show here.
    cases = "\n".join(
        f"when '{name}' then coalesce({numerator}, false) or coalesce({denominator}, false)"
        for name, (numerator, denominator) in conditions.items()
        if name not in open_classes and name != "survey"
    )
    return f"""
        select
            facts.indicator_code,
            facts.org_level,
            count(*) filter (
                where case definitions.disclosure_class {cases} else numerator is not null end
            ) as values_too_small
        from indicators.fct_indicator_month as facts
        inner join reference.dim_indicator as definitions using (indicator_code, definition_version)
        where definitions.disclosure_class not in ({", ".join(f"'{name}'" for name in open_classes)})
            and facts.numerator is not null
        group by facts.indicator_code, facts.org_level
    """


FRAMES = [
    Frame(
        name="small numbers by class of indicator",
        subject="fct_indicator_month",
        query=_small_numbers,
        key=("indicator_code", "org_level"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="values_too_small",
                max_value=0,
                **rule(
                    "gate.indicators.no_small_number",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="No numerator or denominator shows that the class of its indicator suppresses.",
                    because="The class belongs to the indicator, not to the column: a sweep by column cannot see it.",
                ),
            ),
        ],
    ),
    Frame(
        name="sites and their wards",
        subject="fct_indicator_month",
        query=_levels("site", "ward", "site_code"),
        key=("org_id", "indicator_code", "month"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="difference",
                max_value=0,
                **rule(
                    "gate.indicators.site_sums_wards",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="A site's numerator and denominator are the sums of those of its wards, where all show.",
                    because="A ward manager who adds up her floor must come to the figure that the board sees.",
                ),
            ),
        ],
    ),
    Frame(
        name="the trust and its sites",
        subject="fct_indicator_month",
        query="""
            with trusts as (
                select distinct org_id as trust_id from indicators.fct_indicator_month where org_level = 'trust'
            )
        """
        + _levels("trust", "site", "(select min(trust_id) from trusts)").replace("with parts", ", parts", 1),
        key=("org_id", "indicator_code", "month"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="difference",
                max_value=0,
                **rule(
                    "gate.indicators.trust_sums_sites",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="The trust's numerator and denominator are the sums of those of its sites, where all show.",
                    because="Three site reports that do not add up to the trust's end every discussion of either.",
                ),
            ),
        ],
    ),
    Frame(
        name="months of each site",
        subject="fct_indicator_month",
        query="""
            with ends as (
                select indicator_code, max(month) as last_month
                from indicators.fct_indicator_month
                where org_level = 'site'
                group by indicator_code
            )

            select
                facts.org_id as site_code,
                facts.indicator_code,
                date_diff('month', min(facts.month), any_value(ends.last_month)) + 1
                    - count(distinct facts.month) as months_without_figure
            from indicators.fct_indicator_month as facts
            inner join ends using (indicator_code)
            where facts.org_level = 'site'
            group by facts.org_id, facts.indicator_code
        """,
        key=("site_code", "indicator_code"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="months_without_figure",
                max_value=0,
                **rule(
                    "gate.indicators.month_complete",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="A site has every month of an indicator from its first to the newest that any site has.",
                    because="A month that one site did not send moves the trust's line although nothing happened.",
                ),
            ),
        ],
    ),
    Frame(
        name="wards of each site",
        subject="fct_indicator_month",
        query="""
            select
                org_id as site_code,
                indicator_code,
                month,
                100.0 * wards_reporting / wards_applicable as completeness_pct
            from indicators.fct_indicator_month
            where org_level = 'site'
                and not is_provisional
                and wards_applicable > 0
        """,
        key=("site_code", "indicator_code", "month"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="completeness_pct",
                min_value=90,
                **rule(
                    "gate.indicators.ward_completeness",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="Nine in ten wards to which an indicator applies report it, at each site in each month.",
                    because="A site's figure from fewer has misled readers before.",
                ),
            ),
        ],
    ),
    Frame(
        name="providers from month to month",
        subject="fct_indicator_month",
        query="""
            with counted as (
                select indicator_code, month, count(distinct org_id) as providers
                from indicators.fct_indicator_month
                where org_level = 'provider'
                group by indicator_code, month
            ),

            followed as (
                select
                    indicator_code,
                    month,
                    providers,
                    lag(providers) over (partition by indicator_code order by month) as providers_before,
                    date_diff('month', lag(month) over (partition by indicator_code order by month), month) as months_on
                from counted
            )

            select indicator_code, month, 100.0 * providers / providers_before as providers_pct, months_on
            from followed
            where providers_before is not null
        """,
        key=("indicator_code", "month"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="providers_pct",
                min_value=90,
                max_value=111,
                **rule(
                    "gate.indicators.providers_steady",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="The number of providers changes by no more than a tenth from one month to the next.",
                    because="Providers merge one at a time; a tenth of them at once is a file cut short.",
                ),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="months_on",
                max_value=1,
                **rule(
                    "gate.indicators.national_month_complete",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="National figures have every month between their first and their last.",
                    because="Each month is a file of its own, and one not downloaded is missed by nobody else.",
                ),
            ),
        ],
    ),
]

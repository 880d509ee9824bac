"""What must hold across the indicator marts before a release.

Belongs here: completeness, history, and what wards, sites and trust must be to each other as readers see them.
Kept out: what a row or a file must be (its contract, with the reconciliation of NHS England's totals), keys and
relations (dbt tests beside the model).
"""

from collections.abc import Sequence

import great_expectations.expectations as gxe

from expectations.rule import Frame, Mart, rule
from expectations.small_numbers import INDICATOR_PEOPLE, indicator_shows_small


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
    """Figures that show although the class of their indicator suppresses them, by indicator."""
    people = "\n".join(f"when '{name}' then {expression}" for name, expression in INDICATOR_PEOPLE.items())
    conditions = {
        name: indicator_shows_small(name, audience)
        for name in ("none", "ward_event", "patient_group", "fft", "staff", "survey")
    }
    cases = "\n".join(f"when '{name}' then {condition}" for name, condition in conditions.items() if condition)
    open_classes = ", ".join(f"'{name}'" for name, condition in conditions.items() if not condition)
    return f"""
        with shown as (
            select
                facts.*,
                definitions.disclosure_class,
                max(case definitions.disclosure_class {people} end) over (
                    partition by facts.org_level, facts.org_id, facts.month, definitions.disclosure_class
                ) as people
            from indicators.fct_indicator_month as facts
            inner join reference.dim_indicator as definitions using (indicator_code, definition_version)
            where facts.numerator is not null
        )

        select
            indicator_code,
            org_level,
            count(*) filter (where case disclosure_class {cases} else true end) as values_too_small
        from shown
        where disclosure_class not in ({open_classes})
        group by indicator_code, org_level
    """


def _rare_events(marts: Sequence[Mart], audience: str) -> str:
    """Series of rare events with the points that show although their class or the audience lets none."""
    allowed = "definitions.disclosure_class = 'ward_event'" if audience == "internal" else "false"
    return f"""
        select
            points.org_level,
            points.indicator_code,
            count(*) filter (where not coalesce({allowed}, false)) as events_told
        from indicators.fct_spc_point as points
        left join reference.dim_indicator as definitions
            on points.indicator_code = definitions.indicator_code and definitions.is_latest
        where points.chart = 'time_between'
        group by points.org_level, points.indicator_code
    """


# A total with one part that is not shown tells it, where all others show.
_LONE_PARTS = """
    with parts as (
        select org_level, site_code as parent_id, indicator_code, month, value_status
        from indicators.fct_indicator_month
        where org_level = 'ward'
        union all
        select org_level, (select any_value(org_id) from indicators.fct_indicator_month where org_level = 'trust'),
            indicator_code, month, value_status
        from indicators.fct_indicator_month
        where org_level = 'site'
    )

    select
        wholes.org_id,
        parts.indicator_code,
        parts.month,
        count(*) filter (where parts.value_status = 'suppressed') as parts_suppressed
    from parts
    inner join indicators.fct_indicator_month as wholes
        on parts.parent_id = wholes.org_id
        and parts.indicator_code = wholes.indicator_code
        and parts.month = wholes.month
        and wholes.org_level = case parts.org_level when 'ward' then 'site' else 'trust' end
    where wholes.numerator is not null
    group by wholes.org_id, parts.indicator_code, parts.month
"""

# Icon and words, line by line.
_SCORECARD = """
    with facts as (
        select org_id as ward_id, indicator_code, month, value_status, value
        from indicators.fct_indicator_month
        where org_level = 'ward'
        union all
        -- Days between rare events have no monthly figure.
        select
            org_id, indicator_code, cast(date_trunc('month', last_point_date) as date),
            case when last_value is null then 'incomplete' else 'reported' end, last_value
        from indicators.fct_spc_summary
        where org_level = 'ward' and chart = 'time_between'
    ),

    newest as (
        select ward_id, indicator_code, max(month) as month from facts group by ward_id, indicator_code
    )

    select
        lines.ward_id,
        lines.indicator_code,
        lines.month = newest.month as is_newest,
        lines.value is not distinct from facts.value and lines.value_status = facts.value_status as is_the_fact,
        lines.variation_type is not distinct from summaries.variation_type
            and lines.variation_icon is not distinct from summaries.variation_icon
            and lines.assurance_type is not distinct from summaries.assurance_type
            and lines.limits_status is not distinct from summaries.limits_status
            and starts_with(lines.sentence, coalesce(summaries.sentence, '')) as is_the_chart,
        case
            when lines.variation_type = 'special_cause_improvement' then lines.sentence like '%: improvement.%'
            when lines.variation_type = 'special_cause_concern' then lines.sentence like '%: concern.%'
            else lines.sentence not like '%: improvement.%' and lines.sentence not like '%: concern.%'
        end
            and case lines.assurance_type
                when 'consistent_pass' then lines.sentence like '%consistently met%'
                when 'consistent_fail' then lines.sentence like '%will not be met%'
                when 'inconsistent' then lines.sentence like '%is met some%'
                else lines.sentence not like '% The target %'
            end as is_in_words
    from indicators.rpt_ward_scorecard as lines
    left join newest using (ward_id, indicator_code)
    left join facts
        on lines.ward_id = facts.ward_id and lines.indicator_code = facts.indicator_code and lines.month = facts.month
    left join indicators.fct_spc_summary as summaries
        on summaries.org_level = 'ward'
        and lines.ward_id = summaries.org_id
        and lines.indicator_code = summaries.indicator_code
"""

_WARDS_OF_SCORECARD = """
    with charted as (
        select org_id as ward_id, indicator_code, max(month) as month
        from indicators.fct_indicator_month
        where org_level = 'ward'
        group by org_id, indicator_code
    ),

    newest as (
        select indicator_code, max(month) as month from charted group by indicator_code
    )

    select
        wards.ward_id,
        charted.indicator_code,
        lines.ward_id as line_ward_id
    from reference.dim_ward as wards
    inner join charted using (ward_id)
    inner join newest using (indicator_code, month)
    left join indicators.rpt_ward_scorecard as lines
        on wards.ward_id = lines.ward_id and charted.indicator_code = lines.indicator_code
    where wards.valid_to is null
"""

# Days between rare events are counted of wards that are open, which the scorecard lists.
_OVERVIEW = """
    with series as (
        select org_level as chart_level, indicator_code, last_point_date, chart, variation_type, assurance_type
        from indicators.fct_spc_summary
        where org_level in ('site', 'trust') or (org_level = 'ward' and chart <> 'time_between')
        union all
        select 'ward', lines.indicator_code, summaries.last_point_date, summaries.chart, lines.variation_type,
            lines.assurance_type
        from indicators.rpt_ward_scorecard as lines
        inner join indicators.fct_spc_summary as summaries
            on summaries.org_level = 'ward'
            and summaries.chart = 'time_between'
            and lines.ward_id = summaries.org_id
            and lines.indicator_code = summaries.indicator_code
    ),

    newest as (
        select chart_level, indicator_code, max(last_point_date) as last_point_date
        from series
        group by chart_level, indicator_code
    ),

    counted as (
        select
            series.chart_level,
            series.indicator_code,
            count(*) as series_charted,
            count(*) filter (variation_type = 'special_cause_improvement') as improvement,
            count(*) filter (variation_type = 'special_cause_concern') as concern,
            count(*) filter (variation_type is not null) as judged,
            count(*) filter (assurance_type = 'consistent_pass') as passing,
            count(*) filter (assurance_type = 'consistent_fail') as falling_short
        from series
        inner join newest using (chart_level, indicator_code)
        where series.chart = 'time_between' or series.last_point_date = newest.last_point_date
        group by series.chart_level, series.indicator_code
    )

    select
        coalesce(counted.chart_level, lines.chart_level) as chart_level,
        coalesce(counted.indicator_code, lines.indicator_code) as indicator_code,
        abs(counted.series_charted - lines.series_charted)
            + abs(counted.judged - lines.series_judged)
            + abs(counted.improvement - lines.series_improvement)
            + abs(counted.concern - lines.series_concern)
            + abs(counted.passing - lines.series_consistently_passing)
            + abs(counted.falling_short - lines.series_consistently_falling_short) as difference,
        lines.series_judged = 0
            or lines.sentence like concat('%', lines.series_concern, ' of concern, ', lines.series_improvement,
                ' of improvement%chance alone would give%') as is_beside_chance
    from counted
    full join indicators.rpt_trust_overview as lines
        on counted.chart_level = lines.chart_level and counted.indicator_code = lines.indicator_code
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
        name="totals and what they give away",
        subject="fct_indicator_month",
        query=_LONE_PARTS,
        key=("org_id", "indicator_code", "month"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="parts_suppressed",
                value_set=[1],
                **rule(
                    "gate.indicators.no_part_by_subtraction",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="Of a site or trust whose figure shows, no single part is suppressed.",
                    because="The total less the parts that show is the part that does not.",
                ),
            ),
        ],
    ),
    Frame(
        name="rare events by audience",
        subject="fct_spc_point",
        query=_rare_events,
        key=("org_level", "indicator_code"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="events_told",
                max_value=0,
                **rule(
                    "gate.indicators.rare_events_inside_alone",
                    severity="critical",
                    dimension="validity",
                    owner="information_governance",
                    holds="Days of rare events show inside the trust alone, and of ward events alone.",
                    because="Each is what befell one patient on one day: neighbours and papers know who was there.",
                ),
            ),
        ],
    ),
    Frame(
        name="lines of the scorecard",
        subject="rpt_ward_scorecard",
        query=_SCORECARD,
        key=("ward_id", "indicator_code"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="is_newest",
                value_set=[True],
                **rule(
                    "gate.indicators.scorecard_newest",
                    severity="critical",
                    dimension="timeliness",
                    owner="analytics",
                    holds="A line of a ward's scorecard is of the newest month that the ward has of the indicator.",
                    because="A ward that reads last quarter as now acts on what is over.",
                ),
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="is_the_fact",
                value_set=[True],
                **rule(
                    "gate.indicators.scorecard_tells_the_fact",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="The figure on a ward's scorecard is that of the ward, indicator and month in the facts.",
                    because="Two pages with two figures end the discussion of either.",
                ),
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="is_the_chart",
                value_set=[True],
                **rule(
                    "gate.indicators.scorecard_tells_the_chart",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="Icons, worth of the limits and sentence on a ward's scorecard are those of its chart.",
                    because="An icon that the chart does not bear out is worse than none.",
                ),
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="is_in_words",
                value_set=[True],
                **rule(
                    "gate.indicators.scorecard_words_fit_icons",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="The sentence calls improvement or concern, and the target met or not, as the icons do.",
                    because="Who reads the words and who sees the icon must not come to two conclusions.",
                ),
            ),
        ],
    ),
    Frame(
        name="wards on the scorecard",
        subject="rpt_ward_scorecard",
        query=_WARDS_OF_SCORECARD,
        key=("ward_id", "indicator_code"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="line_ward_id",
                **rule(
                    "gate.indicators.scorecard_complete",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="An open ward with a figure in an indicator's newest month has a line of it.",
                    because="A line that is missing is read as nothing to report.",
                ),
            ),
        ],
    ),
    Frame(
        name="lines of the overview",
        subject="rpt_trust_overview",
        query=_OVERVIEW,
        key=("chart_level", "indicator_code"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="difference",
                value_set=[0],
                **rule(
                    "gate.indicators.overview_counts_charts",
                    severity="critical",
                    dimension="consistency",
                    owner="analytics",
                    holds="The overview counts charts, signals and targets of a level and indicator as they stand.",
                    because="A board that reads three wards of concern must find the three.",
                ),
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="difference",
                **rule(
                    "gate.indicators.overview_complete",
                    severity="critical",
                    dimension="completeness",
                    owner="analytics",
                    holds="Each level and indicator with charts has a line in the overview, and no other has.",
                    because="An indicator that is missing there is one that nobody asks about.",
                ),
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="is_beside_chance",
                value_set=[True],
                **rule(
                    "gate.indicators.overview_beside_chance",
                    severity="critical",
                    dimension="validity",
                    owner="analytics",
                    holds="The overview says how many signals chance alone would give wherever it counts signals.",
                    because="Of stable charts some show a signal: without that number chance is read as change.",
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

"""What must hold of the account itself before a release: nothing refused without a word, nothing accepted and unread.

Kept out: what a single file must be (its contract); row balance, keys and relations (dbt tests beside the model).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

FRAMES = [
    Frame(
        name="refused rows",
        subject="fct_rejection",
        query="""
            select
                files.file_id,
                files.rows_rejected,
                coalesce(explained.rows_explained, 0) as rows_explained
            from evidence.fct_file as files
            left join (
                select file_id, cast(sum(rows_affected) as bigint) as rows_explained
                from evidence.fct_rejection
                where row_action = 'rejected'
                group by file_id
            ) as explained using (file_id)
            where files.rows_rejected > 0
        """,
        key=("file_id",),
        expectations=[
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="rows_explained",
                column_B="rows_rejected",
                or_equal=True,
                **rule(
                    "gate.evidence.rejections_explained",
                    severity="critical",
                    dimension="completeness",
                    owner="analytics",
                    holds="Every refused row is named under at least one rule.",
                    because="A sender can mend only what we can say is wrong.",
                ),
            ),
        ],
    ),
    Frame(
        name="current files",
        subject="fct_file_use",
        query="""
            select files.feed, files.file_id, uses.file_id as used_file_id
            from evidence.fct_file as files
            left join (select distinct file_id from evidence.fct_file_use) as uses using (file_id)
            where files.periods_current > 0
                and files.rows_accepted > 0
        """,
        key=("feed", "file_id"),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="used_file_id",
                **rule(
                    "gate.evidence.current_file_used",
                    severity="critical",
                    dimension="completeness",
                    owner="analytics",
                    holds="Every file that is current for some period is read by the models.",
                    because="A feed accepted and then forgotten looks to its sender like one that is published.",
                ),
            ),
        ],
    ),
    Frame(
        name="rules with results",
        subject="fct_check_result",
        query="""
            select distinct results.rule_id, rules.rule_id as described_rule_id
            from evidence.fct_check_result as results
            left join evidence.dim_check as rules using (rule_id)
        """,
        key=("rule_id",),
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="described_rule_id",
                **rule(
                    "gate.evidence.checks_described",
                    severity="warning",
                    dimension="completeness",
                    owner="analytics",
                    holds="Every rule that has a result is described in dim_check.",
                    because="An auditor must be able to read what was checked, not only how often.",
                ),
            ),
        ],
    ),
    Frame(
        name="publishers who never revise",
        subject="fct_feed_timeliness",
        query="""
            select feed, period_start_date, revisions
            from evidence.fct_feed_timeliness
            where not is_revisable
        """,
        key=("feed", "period_start_date"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="revisions",
                max_value=0,
                **rule(
                    "gate.evidence.never_revised",
                    severity="warning",
                    dimension="consistency",
                    owner="analytics",
                    holds="A feed whose publisher never revises has one version of each period.",
                    because="A second version of what is never revised is a wrong file under a right name.",
                ),
            ),
        ],
    ),
    Frame(
        name="restated values that may not show",
        subject="fct_restatement",
        # Stated apart from the models on purpose, so that a slip there is seen here.
        query="""
            select
                restatements.restatement_key,
                restatements.feed,
                concat_ws(
                    '|', restatements.restated_row, restatements.old_value, restatements.new_value
                ) as told
            from evidence.fct_restatement as restatements
            where restatements.value_status <> 'reported'
                or restatements.domain in ('surveys', 'inequalities')
                or (
                    restatements.feed = 'ward_indicator'
                    and not exists (
                        select 1 from reference.dim_indicator as indicators
                        where indicators.indicator_code = restatements.indicator_code
                            and indicators.disclosure_class in ('none', 'ward_event')
                    )
                )
        """,
        key=("feed", "restatement_key"),
        hidden=True,
        expectations=[
            gxe.ExpectColumnValueLengthsToEqual(
                column="told",
                value=0,
                **rule(
                    "gate.evidence.restatement_protected",
                    severity="critical",
                    dimension="validity",
                    owner="analytics",
                    holds="Old and new show only where the class of the value lets everybody see it.",
                    because="What a cell was before a correction gives away the person who was added to it.",
                ),
            ),
        ],
    ),
]

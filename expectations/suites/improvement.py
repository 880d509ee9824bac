"""What must hold across the marts of what was tried and what happened before a release.

Kept out: what a row must be (its contract), keys and the register of wards (dbt tests).
"""

import great_expectations.expectations as gxe

from expectations.rule import Frame, rule

# Words that make of what followed a change what it did.
CREDITS = r"(?i)\b(?:worked|led to)\b"

FRAMES = [
    Frame(
        name="effects and what they were named for",
        subject="fct_intervention_effect",
        query="""
            select
                effects.intervention_id,
                effects.ward_id,
                effects.indicator_code,
                effects.effect_status,
                case
                    when effects.effect_status = 'estimated'
                        and not coalesce(interventions.is_named_beforehand, false)
                        then 'not named'
                    else 'sound'
                end as naming,
                effects.effect_sentence
            from improvement.fct_intervention_effect as effects
            left join improvement.fct_intervention as interventions using (intervention_id, ward_id)
        """,
        key=("intervention_id", "ward_id", "indicator_code"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="naming",
                value_set=["sound"],
                **rule(
                    "gate.improvement.named_beforehand",
                    severity="critical",
                    dimension="validity",
                    owner="improvement_team",
                    holds="Nothing is said of an indicator that was not named before the change began.",
                    because="Of 25 indicators some move by chance: picked afterwards, one always fits.",
                ),
            ),
            gxe.ExpectColumnValuesToNotMatchRegex(
                column="effect_sentence",
                regex=CREDITS,
                **rule(
                    "gate.improvement.credits_no_cause",
                    severity="critical",
                    dimension="validity",
                    owner="improvement_team",
                    holds="No sentence on an effect says that a change made what followed it.",
                    because="A ward where nothing changed may show the same signal, and a ward would copy chance.",
                ),
            ),
        ],
    ),
    Frame(
        name="interventions and their effects",
        subject="fct_intervention_effect",
        query="""
            select
                interventions.intervention_id,
                interventions.ward_id,
                count(effects.ward_id) as rows_of_effect
            from improvement.fct_intervention as interventions
            left join improvement.fct_intervention_effect as effects using (intervention_id, ward_id)
            group by interventions.intervention_id, interventions.ward_id
        """,
        key=("intervention_id", "ward_id"),
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="rows_of_effect",
                min_value=1,
                **rule(
                    "gate.improvement.intervention_answered",
                    severity="critical",
                    dimension="completeness",
                    owner="improvement_team",
                    holds="Every intervention has a row that says what was seen, or why nothing can be said.",
                    because="What is left out silently is what did not move, and the library would show luck alone.",
                ),
            ),
        ],
    ),
    Frame(
        name="cards of the learning library",
        subject="rpt_learning_library",
        query="""
            select intervention_id, concat_ws(' ', what_followed, certainty_sentence) as card_text
            from improvement.rpt_learning_library
        """,
        key=("intervention_id",),
        expectations=[
            gxe.ExpectColumnValuesToNotMatchRegex(
                column="card_text",
                regex=CREDITS,
                **rule(
                    "gate.improvement.card_credits_no_cause",
                    severity="critical",
                    dimension="validity",
                    owner="improvement_team",
                    holds="No card of the library says that a change made what followed it.",
                    because="A card is read alone and taken home: what it credits is copied.",
                ),
            ),
        ],
    ),
    Frame(
        name="what is said of the rollout",
        subject="fct_rollout_effect",
        query="""
            select
                programme_id,
                indicator_code,
                variant,
                case when (rollout_status = 'estimated') = (estimate is not null) then 'sound' else 'beyond' end
                    as telling,
                rollout_sentence
            from improvement.fct_rollout_effect
        """,
        key=("programme_id", "indicator_code", "variant"),
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="telling",
                value_set=["sound"],
                **rule(
                    "gate.improvement.rollout_within_its_bounds",
                    severity="critical",
                    dimension="validity",
                    owner="improvement_team",
                    holds="The rollout has a figure where it can be estimated, and nowhere else.",
                    because="Below ten wards or two events a month a mean moves by luck, and would be believed.",
                ),
            ),
            gxe.ExpectColumnValuesToNotMatchRegex(
                column="rollout_sentence",
                regex=CREDITS,
                **rule(
                    "gate.improvement.rollout_credits_no_cause",
                    severity="critical",
                    dimension="validity",
                    owner="improvement_team",
                    holds="No sentence on the rollout says that it made what was seen.",
                    because="Wards are held against wards that wait; what else came with a wave is not seen.",
                ),
            ),
        ],
    ),
]

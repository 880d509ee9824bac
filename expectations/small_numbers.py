"""Which counts of people may not show, by disclosure class and audience: the gate's own statement of the rule.

It stands apart from the disclosure macro on purpose, so that a slip there is seen here. Sources: NHS Staff Survey,
fewer than 11 responses; friends and family test, 1 to 4; workforce, counts under 5 and figures of fewer than 11;
patient groups, the HES rule of September 2018 (1 to 7 suppressed, the rest rounded to the nearest 5).

Kept out: applying the rule (`disclosure.sql`).
"""

# The class is the indicator's, row by row: judged in the suite of indicators.
BY_CLASS = "by_class"
_HES = "({column} between 1 and 7 or {column} % 5 <> 0)"
_RULES = {
    # A survey suppresses by its base: a count of answers shows only in a row whose base shows and is large enough.
    "survey": "({column} is not null and coalesce(base_n, 0) < 11)",
    "fft": "{column} between 1 and 4",
    "staff": "{column} between 1 and 4",
    "patient_group": _HES,
    "ward_event": _HES,
}
# How many people an indicator's figure is of, at the least, by class: the answers; the staff of whom it says the most.
INDICATOR_PEOPLE = {
    "fft": "case indicator_code when 'FFT_RESPONSE_PCT' then numerator else denominator end",
    "staff": """
        case indicator_code
            when 'SICKNESS_PCT' then floor(denominator / day(last_day(month)))
            when 'VACANCY_PCT' then denominator - numerator
            when 'TURNOVER_12M_PCT' then denominator
            when 'APPRAISAL_PCT' then denominator
            else 0
        end""",
}
# Of patients a share or what is made of shares is no count: it shows no finer than two places, which only a ratio has.
_SHARE = "({column} is not null and round({column}, 2) <> {column})"
_COUNTS = ("numerator", "denominator")
_MADE_OF_COUNTS = ("value", "ratio", "ratio_lower", "ratio_upper")


def shows_small(disclosure: str, audience: str, column: str) -> str | None:
    """An SQL condition that is true where a value may not show; None where the class suppresses nothing.

    Any audience but `internal` is held to the public's rule. A class that nobody has stated lets nothing show.
    """
    if disclosure in ("none", BY_CLASS) or (disclosure == "ward_event" and audience == "internal"):
        return None
    name = column.strip('"')
    # A share or ratio of staff stands beside the counts that it is made of, and they are judged.
    if disclosure == "staff" and (name in _MADE_OF_COUNTS or name.endswith(("_pct", "_gbp"))):
        return None
    if disclosure == "patient_group" and not (name in _COUNTS or name.endswith("_n")):
        return _SHARE.format(column=column)
    return _RULES.get(disclosure, "{column} is not null").format(column=column)


def indicator_shows_small(disclosure: str, audience: str) -> str | None:
    """The same of a row of indicators, with the column `people` by `INDICATOR_PEOPLE` of all that shows of its class.

    By a class that is stated for other marts alone nothing may show.
    """
    if disclosure == "none" or (disclosure == "ward_event" and audience == "internal"):
        return None
    if disclosure == "fft":
        return "coalesce(people, 1) between 1 and 4"
    if disclosure == "staff":
        return "people < 11" if audience == "internal" else "(people < 11 or org_level not in ('site', 'trust'))"
    if disclosure in ("ward_event", "patient_group"):
        return " or ".join(f"coalesce({_HES.format(column=column)}, false)" for column in _COUNTS)
    return "true"

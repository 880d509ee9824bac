"""Example files of the surveys: the pulse survey, one per quarter of fieldwork (1, 2 and 4; none in October to
December); which wards a unit covers; which question is which, year by year; one detailed sheet of the national staff
survey, and the trust's own results of it.

Planted: units that are wards or groups of small ones; a site's total below its units; bases under 11; one cell that
subtraction would reveal; the old name of a ward that was renamed.

Kept out: which units and cells these are (`truth`).
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws, WorkbookDelivery, day
from ingest.examples.workbook import Cell, Sheet

_HEADER = ("Quarter", "Site Code", "Team", "Question", "Responses", "Positive")
_QUARTERS = {1: 4, 2: 7, 4: 1}


def deliveries(seed: int, size: truth.Size) -> Iterator[Delivery | WorkbookDelivery]:
    """A file for each quarter of fieldwork in the size's years, the maps of units and questions, the detailed sheet."""
    yield _staff_survey_detail(seed)
    for year in truth.STAFF_SURVEY_YEARS:
        yield _staff_survey(seed, year, "Local results, unweighted", truth.REGISTER, f"{year} local results", 0.0)
    year, above = truth.STAFF_SURVEY_BENCHMARK
    yield _staff_survey(seed, year, "Benchmark results, weighted", (), f"{year} benchmark", above)
    for start_year in range(truth.LAST_MONTH.year - size.years, truth.LAST_MONTH.year):
        for number, month in _QUARTERS.items():
            quarter = date(start_year + (month < 4), month, 1)
            year = f"{start_year}-{(start_year + 1) % 100:02d}"
            delivered = date(quarter.year, month + 3, 26)
            yield Delivery(
                "pulse_survey", f"pulse_survey_{year}_Q{number}.csv", delivered, _HEADER, list(_rows(seed, quarter))
            )
    yield _unit_wards()
    yield _question_map()


def _unit_wards() -> Delivery:
    header = ("Survey", "Site Code", "Unit", "Ward ID", "Valid From", "Valid To")
    rows = []
    for ward in truth.REGISTER:
        name = truth.RENAMED.old_name if ward.ward_id == truth.RENAMED.ward_id else ward.name
        pulse = truth.SURVEY_GROUPS.get(ward.type, name)
        # The yearly survey's units are the divisions of a site: each is shared by its wards, and never split.
        for survey, unit in (("pulse", pulse), ("staff", f"{ward.division} {ward.site}")):
            rows.append((survey, ward.site, unit, ward.ward_id, day(ward.valid_from), day(ward.valid_to)))
    return Delivery("survey_unit_ward", "survey_unit_ward.csv", date(2026, 4, 9), header, rows, encoding="cp1252")


# Questions of the yearly survey: code, wording, measure, its type, sub-score. After the published questionnaire, but
# the renumbering is invented.
_ENGAGEMENT, _VOICE = ("staff_engagement", "theme"), ("voice_that_counts", "promise_element")
_STAFF_QUESTIONS = (
    ("q2a", "I look forward to going to work.", *_ENGAGEMENT, "motivation"),
    ("q3c", "I have frequent opportunities to show initiative.", *_ENGAGEMENT, "involvement"),
    ("q3d", "I am able to make suggestions to improve the work of my team.", *_ENGAGEMENT, "involvement"),
    ("q3e", "I am involved in deciding on changes that affect my work area.", *_VOICE, "autonomy_and_control"),
    ("q3f", "I am able to make improvements happen in my area of work.", *_ENGAGEMENT, "involvement"),
    ("q20a", "I would feel secure raising concerns about unsafe practice.", *_VOICE, "raising_concerns"),
    ("q25c", "I would recommend my organisation as a place to work.", *_ENGAGEMENT, "advocacy"),
)


def _question_map() -> Delivery:
    header = (
        "Survey", "Year", "Question", "Wording", "Measure", "Measure Type", "Sub-score", "Previous Question",
        "Comparable",
    )  # fmt: skip
    rows = []
    for year in (2023, 2024, 2025):
        for code, wording, measure, kind, subscore in _STAFF_QUESTIONS:
            # The question on raising concerns was renumbered in 2024; the years before are not held against it.
            before = "q19a" if (code, year) == ("q20a", 2024) else code
            here = "q19a" if (code, year) == ("q20a", 2023) else code
            is_comparable = year > 2023 and (code, year) != ("q20a", 2024)
            rows.append(
                ("staff", str(year), here, wording, measure, kind, subscore, before if year > 2023 else "",
                 "Y" if is_comparable else "N")
            )  # fmt: skip
        for question in truth.QUESTIONS:
            kept = question if year > 2023 else ""
            rows.append(
                ("pulse", str(year), question, question.replace("_", " ").capitalize(), "staff_engagement", "theme",
                 "", kept, "Y" if kept else "N")
            )  # fmt: skip
    return Delivery("survey_question_map", "survey_question_map.csv", date(2026, 4, 9), header, rows)


def units_in(quarter: date) -> dict[tuple[str, str], list[truth.Ward]]:
    """The survey's units in a quarter, by site and name as the survey writes it, with the wards in each."""
    units: dict[tuple[str, str], list[truth.Ward]] = defaultdict(list)
    for ward in truth.wards_on(quarter):
        name = truth.SURVEY_GROUPS.get(ward.type, ward.name)
        units[ward.site, truth.RENAMED.old_name if ward.ward_id == truth.RENAMED.ward_id else name].append(ward)
    return units


def _rows(seed: int, quarter: date) -> Iterator[list[str]]:
    units = units_in(quarter)
    for site in truth.SITES:
        totals = {question: [0, 0] for question in truth.QUESTIONS}
        for (code, name), wards in units.items():
            if code != site.code:
                continue
            for question, base, positive in _answers(seed, quarter, name, wards):
                totals[question][0] += base
                totals[question][1] += positive
                yield [day(quarter), code, name, question, str(base), str(positive)]
        for question, (base, positive) in totals.items():
            yield [day(quarter), site.code, "Site Total", question, str(base), str(positive)]
    yield [""] * len(_HEADER)


def _answers(seed: int, quarter: date, name: str, wards: list[truth.Ward]) -> Iterator[tuple[str, int, int]]:
    ward_id = wards[0].ward_id
    mood = Draws(seed, "pulse_survey", name, ward_id).about(0.64, 0.04)
    draws = Draws(seed, "pulse_survey", name, ward_id, quarter)
    small = len(wards) == 1 and ward_id in truth.SMALL_UNITS
    asked = round(draws.between(8, 13) if small else draws.between(16, 40))
    cell = truth.SUBTRACTABLE
    planted = (ward_id, quarter) == (cell.ward_id, cell.quarter)
    for place, question in enumerate(truth.QUESTIONS):
        # One or two leave a question out, so bases differ by question as they do in the real survey.
        base = cell.base if planted else asked - round(draws.between(0, 2))
        yield question, base, draws.of(base, mood + 0.02 * (place % 3 - 1))


# Question, its words, part and answers, as the stacked header of a detailed sheet has them.
_DETAIL = (
    ("Q2", "How often do you feel this way about your job?", "a) I look forward to going to work", ("Never", "Often")),
    (None, None, "b) I am enthusiastic about my job", ("Never", "Often")),
    ("Q14", None, "Does your organisation act fairly?", ("Yes", "No", "Don't know")),
)


def _staff_survey_detail(seed: int) -> WorkbookDelivery:
    header: list[list[Cell]] = [[None, None] for _ in range(5)]
    header[0][0], header[1][0] = "Data is Unweighted", "National NHS Staff Survey 2018"
    for number, words, part, answers in _DETAIL:
        width = len(answers) + 1
        for row, first in zip(header, (number, words, part), strict=False):
            row += [first, *[None] * (width - 1)]
        header[3] += [*answers, "Base (number of respondents)"]
        header[4] += [*"%" * len(answers), "n"]
    rows = list(header)
    for name, size in truth.DETAIL_RESPONDENTS:
        rows.append([" ", name])
        for number, _, part, answers in _DETAIL:
            draws = Draws(seed, "staff_survey_detail", name, number, part)
            base = draws.of(size, 0.9)
            counts = [draws.of(base, 1 / len(answers)) for _ in answers[1:]]
            counts = [max(0, base - sum(counts)), *counts]
            # Fewer than 11 answers are not displayed.
            rows[-1] += (
                [*(100 * count / sum(counts) for count in counts), base] if base >= 11 else [None] * (len(counts) + 1)
            )
    return WorkbookDelivery(
        "staff_survey_detail",
        "ST18 - job_sheet1 - religion.xlsx",
        date(2019, 2, 26),
        {"Notes": Sheet([["Detailed spreadsheets (invented example)"]]), "job_sheet1_mean": Sheet(rows)},
    )


def _staff_survey(
    seed: int, year: int, title: str, register: tuple[truth.Ward, ...], name: str, above: float
) -> WorkbookDelivery:
    """A wide workbook: the trust, its sites and the divisions of those, with a pair of columns for each measure.

    Without a register it has the trust alone. Whoever is not shown counts in the units above.
    """
    divisions = sorted({(ward.site, f"{ward.division} {ward.site}") for ward in truth.REGISTER})
    questions = [
        (code, "q19a" if (code, year) == ("q20a", 2023) else code, words) for code, words, *_ in _STAFF_QUESTIONS
    ]
    header: list[list[Cell]] = [[None] * 3, ["Site Code", "Level", "Unit"]]
    for measure, _ in truth.STAFF_SURVEY_MEASURES:
        header[0] += [measure, None]
        header[1] += ["Base", "Score"]
    for _, here, words in questions:
        header[0] += [f"{here.capitalize()} {words}", None]
        header[1] += ["Base", "% positive"]
    # By unit: for each measure how many answered, and the sum of what they gave.
    given: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for site, unit in divisions:
        few = (year, site, unit) == truth.STAFF_SURVEY_FEW
        asked = 8 if few else round(Draws(seed, "staff_survey", unit, year).between(60, 240))
        given[site, "Division", unit] = [
            (asked, asked * (_result(seed, year, unit, measure, level) + above))
            for measure, level in (
                *truth.STAFF_SURVEY_MEASURES, *((code, 62.0) for code, _, _ in questions),
            )
        ]  # fmt: skip
    for site in truth.SITES:
        given[site.code, "Site", site.name] = _added([found for key, found in given.items() if key[0] == site.code])
    sites = [found for key, found in given.items() if key[1] == "Site"]
    given[truth.TRUST, "Trust", truth.TRUST_NAME] = _added(sites)
    rows: list[list[Cell]] = [
        [f"NHS Staff Survey {year}"],
        [f"{title}. Fewer than 11 answers are not shown."],
        [],
        *header,
    ]
    for key, found in given.items():
        if register or key[1] == "Trust":
            rows.append([*key])
            for base, total in found:
                rows[-1] += [base, round(total / base, 4)] if base >= 11 else [None, None]
    return WorkbookDelivery(
        "staff_survey", f"Staff Survey {name}.xlsx", date(year + 1, 3, 12), {"Results": Sheet(rows)}
    )


def _result(seed: int, year: int, unit: str, measure: str, level: float) -> float:
    spread = 0.3 if level <= 10 else 5.0
    rises = truth.VOICE_RISE * (year - truth.STAFF_SURVEY_YEARS[0]) if "voice" in measure else 0.0
    at = Draws(seed, "staff_survey", unit, measure).about(level, spread / 2)
    return at + rises + Draws(seed, "staff_survey", unit, measure, year).between(-spread / 8, spread / 8)


def _added(parts: list[list[tuple[int, float]]]) -> list[tuple[int, float]]:
    return [(sum(base for base, _ in each), sum(total for _, total in each)) for each in zip(*parts, strict=True)]

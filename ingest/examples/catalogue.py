"""What the ward indicators tell further in the larger sizes, so that nearly all of the catalogue have every month.

Six indicators that no feed of the example has the parts of for so long or of every ward and month (discharges before
noon: where a ward has stays, they stand in the figure), and, for the months before the wards' own feeds begin, the
twelve that these feeds tell from then on: of the same draws, so that no level moves where the source changes.

Kept out: which indicators there are and to which wards they apply (`truth`), their definitions (`reference`).
"""

from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Draws
from ingest.examples.indicators import ward_month
from ingest.examples.ward_feeds import fft_answers, incidents, staffing_hours

Pair = tuple[float, float]


def further(seed: int, ward: truth.Ward, month: date) -> dict[str, Pair]:
    """Numerator and denominator by indicator; denominators are never zero where the indicator applies to the ward."""
    return {**_people_and_flow(seed, ward, month), **_of_feeds(seed, ward, month)}


def _people_and_flow(seed: int, ward: truth.Ward, month: date) -> dict[str, Pair]:
    habitual = Draws(seed, "catalogue", ward.ward_id)
    draws = Draws(seed, "catalogue", ward.ward_id, month)
    posts, heads = round(habitual.between(28, 46), 1), round(habitual.between(32, 52))
    vacant, leaving = habitual.between(0.04, 0.12), habitual.between(0.06, 0.13)
    bed_days = ward_month(seed, ward, month)["FALLS_1000"][1]
    went_home = round(max(ward.beds, 1) * draws.between(3, 6))
    return {
        "VACANCY_PCT": (round(posts * max(0.0, vacant + draws.about(0, 0.012)), 1), posts),
        "TURNOVER_12M_PCT": (round(posts * max(0.0, leaving + draws.about(0, 0.008)), 1), posts),
        "APPRAISAL_PCT": (draws.of(heads, 0.85), heads),
        "MANDATORY_TRAINING_PCT": (draws.of(heads * 10, 0.91), heads * 10),
        "NO_CRITERIA_TO_RESIDE_PCT": (round(bed_days * max(0.02, draws.about(0.16, 0.025))), bed_days),
        "BEFORE_NOON_PCT": (draws.of(went_home, truth.BEFORE_NOON), went_home),
    }


def _of_feeds(seed: int, ward: truth.Ward, month: date) -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    if ward.type in truth.BED_WARDS:
        bed_days = ward_month(seed, ward, month)["FALLS_1000"][1]
        happened = incidents(seed, ward, month, restated=False)
        harmed = sum(count for (kind, harm), count in happened.items() if kind == "Fall" and harm != "No harm")
        medicines = sum(count for (kind, _), count in happened.items() if kind == "Medication")
        planned = staffing_hours(seed, ward, month)[0::2]
        worked = staffing_hours(seed, ward, month)[1::2]
        found = {
            "FALLS_HARM_1000": (harmed, bed_days),
            "MEDICATION_INCIDENTS_1000": (medicines, bed_days),
            "OCCUPANCY_PCT": (bed_days, ward.beds * (truth.next_month(month) - month).days),
            "CHPPD_ALL": (round(sum(worked), 1), bed_days),
            "CHPPD_RN": (round(worked[0] + worked[2], 1), bed_days),
            "CHPPD_CARE": (round(worked[1] + worked[3], 1), bed_days),
            "FILL_RATE_DAY_CARE_PCT": (worked[1], planned[1]),
            "FILL_RATE_NIGHT_RN_PCT": (worked[2], planned[2]),
            "FILL_RATE_NIGHT_CARE_PCT": (worked[3], planned[3]),
        }
    eligible, answers = fft_answers(seed, ward, month)
    # Of nobody there is no share: such a month has one answer, a good one.
    given = max(1, sum(answers))
    return found | {
        "FFT_POSITIVE_PCT": (answers[0] + answers[1] if sum(answers) else 1, given),
        "FFT_NEGATIVE_PCT": (answers[3] + answers[4], given),
        "FFT_RESPONSE_PCT": (given, eligible),
    }

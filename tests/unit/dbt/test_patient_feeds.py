"""The tests of the patients' staging models, each seen failing; what the door and the contracts hold is in `ingest`."""

import yaml

from tests.conftest import PROJECT
from tests.unit.dbt.drawn import answer, render_generic

MODELS = PROJECT / "dbt_project" / "models" / "staging" / "inequalities" / "_stg_inequalities__models.yml"


def test_the_stays_of_one_admission_say_the_same_days() -> None:
    """P2 was admitted on two days, P3 discharged on two; P4's first stay was sent before the discharge was known."""
    (model,) = (
        found
        for found in yaml.safe_load(MODELS.read_text())["models"]
        if found["name"] == "stg_inequalities__ward_stay"
    )
    (arguments,) = (test["holds_within"]["arguments"] for test in model["data_tests"] if "holds_within" in test)
    sql, _ = render_generic("holds_within", model="stays", **arguments)
    stays = """
        | spell_id | admission_date: date | discharge_date: date |
        | P1       | 2025-11-01           | 2025-11-09           |
        | P1       | 2025-11-01           | 2025-11-09           |
        | P2       | 2025-11-01           | 2025-11-09           |
        | P2       | 2025-11-02           | 2025-11-09           |
        | P3       | 2025-11-01           | 2025-11-09           |
        | P3       | 2025-11-01           | 2025-11-10           |
        | P4       | 2025-11-01           |                      |
        | P4       | 2025-11-01           | 2025-11-10           |
        """
    assert sorted(row["spell_id"] for row in answer(sql, {"stays": stays})) == ["P2", "P3"]

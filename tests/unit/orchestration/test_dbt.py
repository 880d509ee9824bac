"""What a dbt test is called in the ledger, and what its outcome becomes."""

from collections.abc import Mapping
from typing import Any

import pytest

from orchestration import dbt
from tests.conftest import make_run

MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.qls.fct_a": {"name": "fct_a", "resource_type": "model", "fqn": ["qls", "marts", "indicators", "fct_a"]},
        "model.qls.fct_a__b": {
            "name": "fct_a__b",
            "resource_type": "model",
            "fqn": ["qls", "marts", "indicators", "fct_a__b"],
        },
        "model.qls.dim_c": {"name": "dim_c", "resource_type": "model", "fqn": ["qls", "marts", "reference", "dim_c"]},
    }
}


def node(**given: Any) -> Mapping[str, Any]:
    """A data test as the manifest has it."""
    return {
        "name": "a_test",
        "resource_type": "test",
        "unique_id": "test.qls.a_test",
        "config": {"meta": given.pop("meta", {})},
        "depends_on": {"nodes": given.pop("depends_on", [])},
        **given,
    }


@pytest.mark.parametrize(
    ("expected", "test"),
    [
        (
            "model.fct_a.unique_key",
            node(name="unique_key_fct_a_x", attached_node="model.qls.fct_a", test_metadata={"name": "unique_key"}),
        ),
        (
            "model.fct_a.file_id.one_of",
            node(attached_node="model.qls.fct_a", column_name="file_id", test_metadata={"name": "one_of"}),
        ),
        (
            "model.fct_a.rows_balance",
            node(attached_node="model.qls.fct_a", test_metadata={"name": "holds"}, meta={"rule": "rows_balance"}),
        ),
        # A relation names two models: the test is of the one that it is attached to.
        (
            "model.fct_a.id.relates_to",
            node(
                attached_node="model.qls.fct_a",
                column_name="id",
                test_metadata={"name": "relates_to"},
                depends_on=["model.qls.dim_c", "model.qls.fct_a"],
            ),
        ),
        # A test of its own is of the model that its file is named after, whatever it reads first.
        (
            "model.fct_a.plausible",
            node(name="fct_a__plausible", depends_on=["model.qls.dim_c", "model.qls.fct_a"]),
        ),
        ("model.dim_c.a_test", node(depends_on=["source.qls.lake.x", "model.qls.dim_c"])),
    ],
)
def test_the_one_id_of_a_dbt_test(expected: str, test: Mapping[str, Any]) -> None:
    assert dbt.rule_id(MANIFEST, test) == expected


@pytest.mark.parametrize(
    ("told", "rows", "status"),
    [
        ("pass", 5, "pass"),
        ("pass", 0, "not_applicable"),
        ("warn", 5, "fail"),
        ("fail", 5, "fail"),
        ("error", 5, "error"),
        ("skipped", 5, "not_run"),
        (None, 5, "not_run"),
    ],
)
def test_what_dbt_says_becomes_one_of_our_statuses(told: str | None, rows: int, status: str) -> None:
    outcome = {"status": told, "failures": 2, "message": "it broke", "compiled_code": None} if told else None
    subject = {"name": "fct_a", "config": {"meta": {"key": ["id"]}}}
    test = node(meta={"description": "It holds."})
    row = dbt._result_row(make_run(), "model.fct_a.x", test, subject, outcome, {"fct_a": rows}, None)  # type: ignore[arg-type]
    assert (row["status"], row["rows_tested"], row["scope"]) == (status, rows, "fct_a")
    assert row["detail"] == {"fail": "2 rows: It holds.", "error": "it broke"}.get(status)


def test_a_domain_is_the_folder_below_the_layer_and_a_seed_is_reference() -> None:
    assert dbt.domain_of(MANIFEST["nodes"]["model.qls.fct_a"]) == "indicators"
    assert dbt.domain_of({"resource_type": "seed", "fqn": ["qls", "national_indicator_definition"]}) == "reference"


def test_marts_by_domain_and_name() -> None:
    assert [mart["name"] for mart in dbt.marts(MANIFEST)] == ["fct_a", "fct_a__b", "dim_c"]

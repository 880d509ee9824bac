"""What a dbt test is called in the ledger, what its outcome becomes, and how often the project is parsed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration import dbt
from orchestration.settings import Settings
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


class TestParsing:
    @pytest.fixture
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project of one model, and a parse that tells where it was at work."""
        (tmp_path / "project").mkdir()
        (tmp_path / "project" / "model.sql").write_text("select 1")

        def parse(settings: Settings, arguments: list[str], listen: object, *, home: str, target: Path) -> None:
            assert arguments == ["parse"]
            (tmp_path / "parses").open("a").write("x")
            (target / "manifest.json").write_text(json.dumps({"place": f"{home}/lake"}))
            if "fault" in (tmp_path / "project" / "model.sql").read_text():
                raise dbt.DbtError("the project cannot be parsed")

        monkeypatch.setattr(dbt, "DBT_PROJECT", tmp_path / "project")
        monkeypatch.setattr(dbt, "ENVIRONMENT", tmp_path / "environment")
        (tmp_path / "environment").mkdir()
        monkeypatch.setattr(dbt, "_invoke", parse)
        return tmp_path

    def place(self, home: Path) -> str:
        manifest = dbt.manifest_path(Settings(Home(home)))
        return str(json.loads(manifest.read_text(encoding="utf-8"))["place"])

    def test_homes_share_one_parse_and_each_has_its_own_manifest(self, project: Path) -> None:
        assert self.place(project / "a") == f"{project}/a/lake"
        assert self.place(project / "b") == f"{project}/b/lake"
        assert self.place(project / "a") == f"{project}/a/lake"
        assert (project / "parses").read_text() == "x"

    def test_a_changed_file_is_parsed_anew_and_the_old_one_goes(self, project: Path) -> None:
        self.place(project / "a")
        (project / "project" / "model.sql").write_text("select 2")
        self.place(project / "a")
        assert (project / "parses").read_text() == "xx"
        assert len(list((project / "environment" / "parsed").iterdir())) == 1

    def test_where_the_environment_is_read_only_each_home_has_its_own(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dbt.os, "access", lambda *_: False)
        self.place(project / "a")
        assert self.place(project / "b") == f"{project}/b/lake"
        assert (project / "parses").read_text() == "xx"
        assert list((project / "environment").iterdir()) == []

    def test_a_parse_that_fails_leaves_nothing_behind(self, project: Path) -> None:
        (project / "project" / "model.sql").write_text("a fault")
        with pytest.raises(dbt.DbtError):
            self.place(project / "a")
        assert list((project / "environment" / "parsed").iterdir()) == []


def test_more_rows_may_take_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    assert dbt._memory_mb(home) == 400
    (home.lake / "a").mkdir(parents=True)
    with (home.lake / "a" / "b.parquet").open("wb") as file:
        file.truncate(20_000_000)
    assert dbt._memory_mb(home) == 800
    with (home.lake / "a" / "c.parquet").open("wb") as file:
        file.truncate(500_000_000)
    assert dbt._memory_mb(home) == 3_000
    # A machine of 2 GB.
    monkeypatch.setattr(dbt.os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 488_281}.__getitem__)
    assert dbt._memory_mb(home) == 999

"""The dbt step: parse once, build once, and account for every test and published column in the ledger.

dbt runs in this process by its own Python interface: a child process would pay for a second import, would not hold
the home's lock, and would go on writing for seconds after its parent was killed.

Kept out: Dagster (`assets`); any figure (the models).
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.home import Home
from ingest.ledger import Ledger
from ingest.rows import rows_of
from ingest.run import Run
from orchestration.settings import PROJECT, Settings

STATION = "dbt"
DBT_PROJECT = PROJECT / "dbt_project"
ENVIRONMENT = Path(sys.prefix)
# Stands for the home in the parsed project.
_ANY_HOME = "/__home_of_a_run__"
_LEAST_MEMORY_MB, _MOST_MEMORY_MB = 400, 3_000
_PARSED = "partial_parse.msgpack"
_PARSING = ".parsing-"
_STATUS = {"pass": "pass", "warn": "fail", "fail": "fail", "error": "error", "skipped": "not_run"}
_SAMPLES = 5
_LISTENED_TO = {"LogModelResult", "LogSeedResult", "LogTestResult"}


class DbtError(RuntimeError):
    """dbt could not parse or build; the message is dbt's own first complaint."""


@dataclass(frozen=True)
class Built:
    """What one `dbt build` left behind."""

    manifest: Mapping[str, Any]
    results: tuple[Mapping[str, Any], ...]
    events: tuple[dict[str, Any], ...]
    seconds: float


def manifest_path(settings: Settings) -> Path:
    """The parsed project as a manifest of this home.

    Raises DbtError where the project cannot be parsed.
    """
    for_any_home = (parsed(settings) / "manifest.json").read_text(encoding="utf-8")
    manifest = settings.home.dbt / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    partial = manifest.with_name(".manifest.json.partial")
    partial.write_text(for_any_home.replace(_ANY_HOME, str(settings.home.root)), encoding="utf-8")
    partial.replace(manifest)
    return manifest


def parsed(settings: Settings) -> Path:
    """The folder of the project as parsed for any home, once for each state of its files.

    A parse takes a third as long as all models of the small example, and a home has no part in it but its path, which
    is put in afterwards. It lies in the environment that dbt is installed in; where that is read-only, in the home.
    Raises DbtError where the project cannot be parsed.
    """
    room = ENVIRONMENT / "parsed" if os.access(ENVIRONMENT, os.W_OK) else settings.home.dbt / "parsed"
    folder = room / _sources_hash()
    if not folder.exists():
        room.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=_PARSING, dir=room))
        try:
            for earlier in room.glob(f"[!.]*/{_PARSED}"):
                # dbt then reads the changed files alone.
                shutil.copy(earlier, partial)
            _invoke(settings, ["parse"], lambda _: None, home=_ANY_HOME, target=partial)
            for stale in room.iterdir():
                # What another process is at, or has done, is its own.
                if stale != folder and not stale.name.startswith(_PARSING):
                    shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
            # For whoever runs it, not for the installer alone. Another process may have been first.
            partial.chmod(0o755)
            with contextlib.suppress(OSError):
                partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(DBT_PROJECT.rglob("*")):
        if path.suffix in {".sql", ".yml", ".md", ".csv"} and path.is_file():
            digest.update(path.relative_to(DBT_PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _manifest_of(settings: Settings) -> Any:
    """dbt's own parsed project, with the places of this home's lake and ledger."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    packed = (parsed(settings) / _PARSED).read_bytes()
    manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    home = str(settings.home.root)
    for source in manifest.sources.values():
        source.relation_name = source.relation_name.replace(_ANY_HOME, home)
        for meta in (source.meta, source.source_meta, source.config.meta):
            meta["external_location"] = meta["external_location"].replace(_ANY_HOME, home)
    manifest.build_flat_graph()
    return manifest


def build(settings: Settings) -> Built:
    """Build every seed and model, and run every data test, into a new warehouse file.

    Raises DbtError where a model or seed fails; a failing test is no error here: the gate decides.
    """
    warehouse = settings.home.warehouse
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    for leftover in warehouse.parent.glob(f"{warehouse.name}*"):
        leftover.unlink()
    events: list[dict[str, Any]] = []
    # Unit tests of models are for whoever changes them: `make test` runs them, a load does not.
    manifest = _manifest_of(settings)
    results = _invoke(settings, ["build", "--exclude-resource-type", "unit_test"], events.append, manifest=manifest)
    broken = [
        result
        for result in results["results"]
        if result["unique_id"].split(".")[0] != "test" and result["status"] not in {"success", "skipped"}
    ]
    if broken:
        raise DbtError(f"{broken[0]['unique_id']}: {broken[0]['message']}")
    compiled = json.loads((settings.home.dbt / "manifest.json").read_text(encoding="utf-8"))
    return Built(compiled, tuple(results["results"]), tuple(events), results["elapsed_time"])


def _invoke(
    settings: Settings,
    arguments: list[str],
    listen: Callable[[dict[str, Any]], None],
    *,
    home: str | None = None,
    target: Path | None = None,
    manifest: Any = None,
) -> dict[str, Any]:
    # Imported here: dbt's command line costs two seconds.
    from dbt.cli.main import dbtRunner
    from dbt_common.events.base_types import BaseEvent, EventLevel, EventMsg
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager
    from google.protobuf.json_format import MessageToDict

    class Brief(EventManager):  # type: ignore[misc]
        """dbt's own, without what it says for its debugging alone: to word that took a sixth of a build's time."""

        def fire_event(self, e: BaseEvent, level: EventLevel | None = None, *arguments: Any, **options: Any) -> None:
            if (level or e.level_tag()) != EventLevel.DEBUG:
                super().fire_event(e, level, *arguments, **options)

    def callback(event: EventMsg) -> None:
        if event.info.name in _LISTENED_TO:
            listen(MessageToDict(event, preserving_proto_field_name=True))

    os.environ["QLS_DBT_MEMORY"] = f"{settings.memory_mb or _memory_mb(settings.home)}MB"
    os.environ["QLS_HOME"] = home or str(settings.home.root)
    folder, target = str(DBT_PROJECT), target or settings.home.dbt
    options = ["--project-dir", folder, "--profiles-dir", folder, "--target-path", str(target)]
    options += ["--log-path", str(target / "logs"), "--quiet", "--no-use-colors"]
    if arguments[0] == "build":
        options += ["--threads", str(settings.threads)]
    here = Path.cwd()
    ctx_set_event_manager(Brief())
    try:
        result = dbtRunner(manifest, [callback]).invoke([*arguments, *options])
    finally:
        os.chdir(here)
        os.environ["QLS_HOME"] = str(settings.home.root)
        _release_warehouse()
    if result.exception is not None:
        raise DbtError(str(result.exception)) from result.exception
    if arguments[0] == "parse":
        if not result.success:
            raise DbtError("the project cannot be parsed")
        return {}
    found: dict[str, Any] = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    return found


def _memory_mb(home: Home) -> int:
    """What DuckDB may hold under dbt, by the size of the lake, but no more than half of the machine's memory.

    The small example (3 MB) is as fast with 450 MB as with 1,500, takes half a gigabyte less, and breaks off with 250;
    300,000 appointments (13 MB) are built with 400, 10 million (270 MB) break off with 700 and are built with 3,000.
    """
    lake = sum(path.stat().st_size for path in home.lake.rglob("*.parquet")) / 1e6
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    return int(min(_LEAST_MEMORY_MB + 20 * lake, _MOST_MEMORY_MB, max(machine / 2, _LEAST_MEMORY_MB)))


def _release_warehouse() -> None:
    # dbt-duckdb keeps the file open until the process ends, which would shut out the gate and the release.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def tests(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every data test of the project as (rule id, node)."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            yield rule_id(manifest, node), node


def rule_id(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """The one id of a dbt test: `model.<model>.<what>`, with the column where it is about one.

    What: the name of the generic test, or for a test of its own the name of its file after the model's.
    """
    subject = _subject(manifest, node)
    if generic := node.get("test_metadata"):
        column = f"{node['column_name']}." if node.get("column_name") else ""
        what = node["config"]["meta"].get("rule") or generic["name"]
        return f"model.{subject}.{column}{what}"
    return f"model.{subject}.{node['name'].removeprefix(f'{subject}__')}"


def _subject(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    attached = node.get("attached_node")
    if attached:
        return str(manifest["nodes"][attached]["name"])
    models = [unique_id for unique_id in node["depends_on"]["nodes"] if unique_id in manifest["nodes"]]
    named = [manifest["nodes"][unique_id]["name"] for unique_id in models]
    return str(next((name for name in named if node["name"].startswith(f"{name}__")), named[0]))


def account(home: Home, run: Run, ledger: Ledger, built: Built) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Enter tests, their outcomes, the published columns and what is hidden of a build into the ledger.

    Returns the outcomes and the rows of each table by name.
    """
    manifest = built.manifest
    by_name = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] != "test"}
    outcomes = {result["unique_id"]: result for result in built.results}
    rules, results = [], []
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        counts = _row_counts(warehouse)
        for identifier, node in tests(manifest):
            subject = by_name[_subject(manifest, node)]
            rules.append(_rule_row(run, identifier, node, subject))
            outcome = outcomes.get(node["unique_id"])
            results.append(_result_row(run, identifier, node, subject, outcome, counts, warehouse))
        cells = _disclosed_cells(run, warehouse)
    ledger.append("rule", run.run_id, STATION, rules)
    ledger.append("check_result", run.run_id, STATION, results)
    ledger.append("published_column", run.run_id, STATION, _column_rows(run, manifest))
    ledger.append("disclosed_cell", run.run_id, STATION, cells)
    return results, counts


def domain_of(node: Mapping[str, Any]) -> str:
    """The domain of a model or seed: the folder below its layer; seeds are constants of `reference`."""
    return str(node["fqn"][2]) if node["resource_type"] == "model" else "reference"


def _rule_row(run: Run, identifier: str, node: Mapping[str, Any], subject: Mapping[str, Any]) -> dict[str, Any]:
    meta = node["config"]["meta"]
    return {
        "run_id": run.run_id,
        "rule_id": identifier,
        "domain": domain_of(subject),
        "subject": subject["name"],
        "severity": meta["severity"],
        "dimension": meta["dimension"],
        "owner": meta.get("owner") or subject["config"]["meta"].get("owner", "analytics"),
        "description": _description(node),
    }


def _result_row(
    run: Run,
    identifier: str,
    node: Mapping[str, Any],
    subject: Mapping[str, Any],
    outcome: Mapping[str, Any] | None,
    counts: Mapping[str, int],
    warehouse: duckdb.DuckDBPyConnection,
) -> dict[str, Any]:
    status = _STATUS[outcome["status"]] if outcome else "not_run"
    tested = counts.get(subject["name"])
    failures = outcome.get("failures") if outcome else None
    if status == "pass" and tested == 0:
        status = "not_applicable"
    return {
        "run_id": run.run_id,
        "rule_id": identifier,
        "scope": subject["name"],
        "status": status,
        "rows_tested": tested,
        "rows_failed": failures,
        "sample_keys": _sample_keys(outcome, subject, warehouse) if status == "fail" else None,
        "detail": _detail(status, failures, node, outcome),
        "code_version": run.code_version,
    }


def _detail(
    status: str, failures: int | None, node: Mapping[str, Any], outcome: Mapping[str, Any] | None
) -> str | None:
    if status == "fail":
        return f"{rows_of(failures)}: {_description(node)}"
    return outcome.get("message") if outcome and status == "error" else None


def _description(node: Mapping[str, Any]) -> str:
    return str(node.get("description") or node["config"]["meta"]["description"]).strip()


def _row_counts(warehouse: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = warehouse.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
    counts = {}
    for schema, table in tables:
        row = warehouse.execute(f'select count(*) from "{schema}"."{table}"').fetchone()
        counts[table] = row[0] if row else 0
    return counts


def _sample_keys(
    outcome: Mapping[str, Any] | None, subject: Mapping[str, Any], warehouse: duckdb.DuckDBPyConnection
) -> str | None:
    """Keys of some failing rows, where the test's rows carry the model's key; never another column, never a person."""
    meta = subject["config"]["meta"]
    key = meta.get("key") or []
    if outcome is None or not outcome.get("compiled_code") or meta.get("personal"):
        return None
    failing = warehouse.sql(outcome["compiled_code"])
    named = [name for name in key if name in failing.columns]
    if not named:
        return None
    columns = ", ".join(f'"{name}"' for name in named)
    rows = failing.project(columns).distinct().order(columns).limit(_SAMPLES).fetchall()
    return "; ".join(", ".join(f"{name}={value}" for name, value in zip(named, row, strict=True)) for row in rows)


def _disclosed_cells(run: Run, warehouse: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the marts show of each count of patients: the next run's decision reads it."""
    return warehouse.execute(
        """
        select
            cast(? as varchar) as run_id, org_level, org_id, period_type, period_start_date, dimension_code, group_code,
            count_code, shown_from, shown_to
        from intermediate.int_inequalities__cell_decision
        order by all
        """,
        [run.run_id],
    ).to_arrow_table()


def marts(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The nodes of all marts, by domain and name."""
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["fqn"][1] == "marts"]
    return sorted(nodes, key=lambda node: (domain_of(node), node["name"]))


def _column_rows(run: Run, manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for node in marts(manifest):
        meta = node["config"]["meta"]
        for number, column in enumerate(node["columns"].values(), 1):
            yield {
                "run_id": run.run_id,
                "domain": domain_of(node),
                "mart_name": node["name"],
                "column_name": column["name"],
                "column_no": number,
                "data_type": column["data_type"],
                "description": column["description"].strip(),
                "is_key": column["name"] in meta["key"],
                "disclosure": column["config"]["meta"].get("disclosure"),
                "mart_description": node["description"].strip(),
                "mart_grain": meta["grain"],
                "mart_owner": meta["owner"],
            }

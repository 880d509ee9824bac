"""A snapshot of the asset graph, so that a change shows what it moved.

`python -m tests.house.test_graph` writes `asset_graph.txt` anew; read the difference before you commit it.
"""

import difflib
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingest.home import Home
from orchestration import dbt
from orchestration.definitions import build_definitions
from orchestration.settings import Settings

SNAPSHOT = Path(__file__).parent / "asset_graph.txt"
RENEW = "python -m tests.house.test_graph"


@cache
def definitions_of(root: Path) -> dg.Definitions:
    """Everything Dagster knows of a home that has run, from the project as it was parsed for that run."""
    settings = Settings(Home(root))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt, "manifest_path", lambda settings: settings.home.dbt / "manifest.json")
        return build_definitions(settings)


def lines_of(definitions: dg.Definitions) -> list[str]:
    """One line per asset, by key: `key [group] checks <- what it is made from`."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for node in graph.asset_nodes:
        parents = " ".join(sorted(parent.to_user_string() for parent in node.parent_keys)) or "-"
        checks = len(node.check_keys)
        lines.append(f"{node.key.to_user_string()} [{node.group_name}] {checks} checks <- {parents}")
    return sorted(lines)


def test_the_graph_is_as_it_was(example: Home) -> None:
    found = lines_of(definitions_of(example.root))
    known = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    moved = list(difflib.unified_diff(known, found, "known", "found", lineterm="", n=0))
    assert not moved, "\n".join(["the asset graph has moved:", *moved, f"Meant so? Renew the snapshot: {RENEW}"])


def test_the_release_stands_on_every_mart_and_every_mart_on_a_feed(example: Home) -> None:
    graph = definitions_of(example.root).resolve_asset_graph()
    reached = upstream(graph, dg.AssetKey("release"))
    nodes = {node.key: node for node in graph.asset_nodes}
    marts = {dg.AssetKey([n["schema"], n["name"]]) for n in dbt.marts(_manifest(example))}
    assert marts <= reached, f"no gate stands between {sorted(marts - reached)} and the release"
    rootless = [
        key.to_user_string()
        for key in marts
        if not any(parent.path[0] in {"lake", "ledger"} for parent in upstream(graph, key))
    ]
    assert not rootless, f"made from no feed and no ledger table: {rootless}"
    used = {key for key in nodes if key.path[0] == "lake"} & reached
    assert used == {key for key in nodes if key.path[0] == "lake"}, "a feed that no mart is made from"


def upstream(graph: Any, key: dg.AssetKey) -> set[dg.AssetKey]:
    """Every asset that one is made from, near and far."""
    found: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        for parent in graph.get(waiting.pop()).parent_keys:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _manifest(home: Home) -> dict[str, Any]:
    return json.loads((home.dbt / "manifest.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        parsed = Settings(Home(Path(folder).resolve()))
        SNAPSHOT.write_text("\n".join(lines_of(build_definitions(parsed))) + "\n", encoding="utf-8")
    print(f"wrote {SNAPSHOT.name}")

"""Who may import what, read the environment, ask the clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

ROOMS = ("ingest", "expectations", "publish", "orchestration")
MODULES = sorted(path for room in ROOMS for path in (PROJECT / room).rglob("*.py"))
CLOCK = re.compile(
    r"(datetime\.)?(datetime|date)\.(now|today|utcnow)|dt\.\w+\.(now|today)|time\.(time|time_ns|localtime|gmtime)"
)
# The one place where the clock is asked, by whoever starts a run (docs/decisions/0003).
CLOCK_HOME = PROJECT / "orchestration" / "settings.py"


def room_of(path: Path) -> str:
    return path.relative_to(PROJECT).parts[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_rooms_import_to_the_left_only(path: Path) -> None:
    later = ROOMS[ROOMS.index(room_of(path)) + 1 :]
    found = {name.split(".")[0] for name in imports(path)}
    assert not found & set(later)
    if room_of(path) != "orchestration":
        assert not found & {"dagster", "dagster_dbt", "dbt"}
    if room_of(path) != "expectations":
        assert "great_expectations" not in found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_only_orchestration_reads_the_environment_and_one_place_the_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            named = ast.unparse(node)
            if room_of(path) != "orchestration":
                assert named not in {"os.environ", "os.getenv"}, f"line {node.lineno} reads the environment"
            assert not CLOCK.fullmatch(named) or path == CLOCK_HOME, f"line {node.lineno} asks the clock: {named}"


def test_no_model_asks_the_clock() -> None:
    asks = re.compile(
        r"\b(current_date|current_timestamp|now\(\)|today\(\)|get_current_time\w*|run_started_at)\b", re.I
    )
    for path in (PROJECT / "dbt_project").rglob("*.sql"):
        assert not asks.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_module_says_what_belongs_in_it_and_what_is_kept_out(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert len(text) > 40
    assert "Kept out:" in text


def test_help_and_a_quiet_run_import_nothing_heavy() -> None:
    top = set(imports(PROJECT / "orchestration" / "cli.py"))
    tree = ast.parse((PROJECT / "orchestration" / "cli.py").read_text(encoding="utf-8"))
    at_import = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert at_import <= {
        "argparse",
        "gc",
        "datetime",
        "sys",
        "collections.abc",
        "pathlib",
        "orchestration.lock",
        "orchestration.settings",
    }
    assert "orchestration.definitions" in top

"""Drawn tables: a small table in, a small table out, so that an analyst can read what a macro or a test does.

The project's macros, tests and models are rendered as they stand, by Jinja alone: `var` reads `dbt_project.yml`, `ref`
and `source` give the bare name of a table, which a test has drawn.

    | org_id | base_n: int |
    | A      | 7           |
    | B      |             |

A cell left empty is null; `''` is an empty text. A column without a type is text.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import CodeType
from typing import Any

import duckdb
import jinja2
import yaml

from tests.conftest import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
VARS = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


class _Adapter:
    """Dispatches to DuckDB's side, as dbt does on this target; `spark` for the other."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.macros: Any = None

    def dispatch(self, name: str, package: str) -> Any:
        assert package == "qls"
        return getattr(self.macros, f"{self.side}__{name}")


@cache
def _macros() -> CodeType:
    """All macros of the project, compiled once: each test that did it for itself spent four fifths of its time on it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DBT_PROJECT / "macros").glob("*.sql")))
    return _jinja().compile(text)


def _jinja() -> jinja2.Environment:
    return jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined, trim_blocks=True)


def environment(side: str = "default") -> tuple[jinja2.Environment, dict[str, Any]]:
    """Jinja with the project's macros, and the dictionary into which `config` of a rendered file goes."""
    settings: dict[str, Any] = {}
    adapter = _Adapter(side)
    jinja = _jinja()

    def config(**given: Any) -> str:
        settings.update(given)
        return ""

    jinja.globals |= {
        "adapter": adapter,
        "return": lambda value: value,
        "var": lambda name: VARS[name],
        "ref": lambda name: name,
        "source": lambda folder, name: f"{folder}_{name}",
        "config": config,
    }
    macros = jinja2.Template.from_code(jinja, _macros(), jinja.globals).module
    adapter.macros = macros
    jinja.globals |= {name: getattr(macros, name) for name in dir(macros) if not name.startswith("_")}
    return jinja, settings


def render(sql: str, side: str = "default", **names: Any) -> str:
    """SQL with Jinja in it as dbt would send it to DuckDB (or to Spark)."""
    return environment(side)[0].from_string(sql).render(**names)


def render_file(path: str) -> tuple[str, dict[str, Any]]:
    """A model or a test of its own, by its path in the dbt project: its SQL and its config."""
    jinja, settings = environment()
    sql = jinja.from_string((DBT_PROJECT / path).read_text(encoding="utf-8")).render()
    return sql, settings


def render_generic(name: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """A generic test with its arguments: its SQL and its config."""
    jinja, settings = environment()
    text = (DBT_PROJECT / "tests" / "generic" / f"{name}.sql").read_text(encoding="utf-8")
    text = re.sub(r"\{%-?\s*test (\w+\([^)]*\))\s*-?%\}", r"{% macro \1 %}", text)
    text = re.sub(r"\{%-?\s*endtest\s*-?%\}", "{% endmacro %}", text)
    macro = getattr(jinja.from_string(text).module, name)
    return str(macro(**arguments)), settings


def rows_of(drawn: str) -> tuple[list[tuple[str, str]], list[list[str | None]]]:
    """Columns (name, type) and cells of a drawn table; a cell left empty is None."""
    lines = [line.strip() for line in drawn.strip().splitlines() if line.strip()]
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    columns = []
    for cell in split[0]:
        name, _, kind = cell.partition(":")
        columns.append((name.strip(), kind.strip() or "varchar"))
    assert all(len(cells) == len(columns) for cells in split), f"a ragged table:\n{drawn}"
    return columns, [[None if cell == "" else cell.strip("'") for cell in cells] for cells in split[1:]]


def draw(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
    """Make each drawn table under its name."""
    for name, drawn in tables.items():
        columns, rows = rows_of(drawn)
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
        connection.execute(f'create or replace table "{name}" ({listed})')
        for cells in rows:
            connection.execute(f'insert into "{name}" values ({", ".join("?" * len(cells))})', cells)


def answer(sql: str, tables: Mapping[str, str]) -> list[dict[str, Any]]:
    """What SQL gives on drawn tables."""
    with duckdb.connect() as connection:
        draw(connection, tables)
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def same(found: list[dict[str, Any]], drawn: str) -> None:
    """Hold what came out against a drawn table, in the columns that it draws and in any order."""
    columns, _ = rows_of(drawn)
    names = [name for name, _ in columns]
    with duckdb.connect() as connection:
        draw(connection, {"expected": drawn})
        expected = connection.execute("select * from expected").fetchall()
    got = [tuple(row[name] for name in names) for row in found]
    assert sorted(map(repr, got)) == sorted(map(repr, expected))

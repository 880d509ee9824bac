"""Method macros without dbt: plain Jinja renders the SQL that dbt would, and DuckDB runs it on tables in memory.

What a method macro may use is given here and nothing else: the target's type, and other macros of the project, which
dbt finds by name or by `adapter.dispatch`.

Kept out: the methods (`dbt_project/macros`), and the files that people bring (`spc`, `inequality`).
"""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.settings import PROJECT

MACROS = PROJECT / "dbt_project" / "macros"


def render(macro_file: str, macro: str, *arguments: object, platform: str = "duckdb", **options: object) -> str:
    """The SQL of one macro of `macros/<macro_file>`, for DuckDB or Spark.

    Raises AttributeError where the file has no such macro, jinja2.UndefinedError where it uses anything of dbt but
    the target's type and the project's macros.
    """
    template = _environment(platform).get_template(macro_file)
    return str(getattr(template.module, macro)(*arguments, **options))


@cache
def _environment(platform: str) -> Environment:
    """Jinja in which each macro sees the macros of every file, as in dbt."""
    jinja = Environment(loader=FileSystemLoader(MACROS), extensions=["jinja2.ext.do"], undefined=StrictUndefined)
    side = "spark" if platform == "spark" else "default"
    jinja.globals |= {
        "target": SimpleNamespace(type=platform),
        "adapter": SimpleNamespace(dispatch=lambda name, _package: jinja.globals[f"{side}__{name}"]),
        "return": lambda value: value,
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql")))
    macros: Any = jinja.from_string(text).module
    jinja.globals |= {name: getattr(macros, name) for name in dir(macros) if not name.startswith("_")}
    return jinja


def run(sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The rows of a rendered query over tables that it names."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).to_arrow_table()

"""Method macros without dbt: plain Jinja renders the SQL that dbt would, and DuckDB runs it on tables in memory.

What a method macro may use is given here and nothing else: the target's type, and the macros of `platform.sql`, which
dbt finds by `adapter.dispatch`.

Kept out: the methods (`dbt_project/macros`), and the files that people bring (`spc`).
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
from jinja2 import Environment, StrictUndefined

from orchestration.settings import PROJECT

MACROS = PROJECT / "dbt_project" / "macros"


def render(macro_file: str, macro: str, *arguments: object, platform: str = "duckdb", **options: object) -> str:
    """The SQL of one macro of `macros/<macro_file>`, for DuckDB or Spark.

    Raises AttributeError where the file has no such macro, jinja2.UndefinedError where it uses anything of dbt but
    the target's type and `platform.sql`.
    """
    source = "\n".join((MACROS / name).read_text(encoding="utf-8") for name in ("platform.sql", macro_file))
    environment = Environment(undefined=StrictUndefined)
    macros: Any = None

    def dispatch(name: str, _package: str) -> Any:
        return getattr(macros, f"{'spark' if platform == 'spark' else 'default'}__{name}")

    environment.globals |= {
        "target": SimpleNamespace(type=platform),
        "adapter": SimpleNamespace(dispatch=dispatch),
        "return": lambda value: value,
    }
    macros = environment.from_string(source).module
    return str(getattr(macros, macro)(*arguments, **options))


def run(sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The rows of a rendered query over tables that it names."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).to_arrow_table()

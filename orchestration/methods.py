"""Renders a method macro of the dbt project without dbt, so that the command line and the tests run the same SQL.

`render` gives a macro's text with plain Jinja: a macro that takes names of relations and options, and asks dbt for
nothing but which platform it is on.

Kept out: any method, and what a method's input looks like.
"""

from functools import cache
from types import SimpleNamespace
from typing import Any

import jinja2

from orchestration.settings import PROJECT

MACROS = PROJECT / "dbt_project" / "macros"


def render(macro_file: str, macro: str, *arguments: Any, **options: Any) -> str:
    """The SQL that a macro of `dbt_project/macros/<macro_file>` gives on DuckDB.

    Raises jinja2.UndefinedError where the macro asks for what only dbt has.
    """
    template = _environment().from_string((MACROS / macro_file).read_text(encoding="utf-8"))
    return str(getattr(template.module, macro)(*arguments, **options))


@cache
def _environment() -> jinja2.Environment:
    """Jinja in which each macro sees the macros of every file, as in dbt."""
    jinja = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    jinja.globals |= {
        "return": lambda text: text,
        "adapter": SimpleNamespace(dispatch=lambda name, _package: jinja.globals[f"default__{name}"]),
    }
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql")))
    macros = jinja.from_string(text).module
    jinja.globals |= {name: getattr(macros, name) for name in dir(macros) if not name.startswith("_")}
    return jinja

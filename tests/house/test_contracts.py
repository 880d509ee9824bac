"""One fact, one home: a column in its contract, a rule under one id."""

import re
from collections import Counter

import sqlglot
import yaml

from ingest import rules
from ingest.contract import DOMAINS, feeds, ledger_tables, load_contracts
from tests.conftest import PROJECT

MODELS = PROJECT / "dbt_project" / "models"


def selected_columns(path) -> list[str]:
    """The columns of a model's last select, with Jinja replaced by a name."""
    sql = re.sub(r"\{\{.*?\}\}", "(select 1) ", path.read_text(encoding="utf-8"), flags=re.S)
    sql = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", sql, flags=re.S)
    return sqlglot.parse_one(sql, dialect="duckdb").named_selects


def test_staging_lists_the_contracts_columns() -> None:
    for contract in feeds().values():
        path = MODELS / "staging" / contract.domain / f"stg_{contract.domain}__{contract.id}.sql"
        expected = [*(column.name for column in contract.columns), "_file_id", "_row_number"]
        assert selected_columns(path) == expected, path.name


def test_every_feed_and_ledger_table_is_a_source_and_no_other_is() -> None:
    document = yaml.safe_load((MODELS / "sources.yml").read_text(encoding="utf-8"))
    sources = {source["name"]: {table["name"] for table in source["tables"]} for source in document["sources"]}
    assert sources["lake"] == set(feeds())
    assert sources["ledger"] <= set(ledger_tables())


def test_every_contract_has_what_a_reader_and_an_owner_need() -> None:
    for contract in load_contracts().values():
        assert contract.purpose
        assert contract.grain
        assert re.fullmatch(r"[a-z_]+", contract.owner)
        assert contract.key or contract.kind == "ledger", contract.id
        assert contract.domain in DOMAINS
        names = [column.name for column in contract.columns]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_contract_rules_have_one_id_each() -> None:
    ids = Counter(rule.id for contract in feeds().values() for rule in rules.all_rules(contract))
    assert [rule for rule, count in ids.items() if count > 1] == []
    assert all(re.fullmatch(r"contract\.[a-z_]+\.[a-z0-9_]+", rule) for rule in ids)


def test_every_feed_has_an_example() -> None:
    from ingest.examples import write_example

    assert callable(write_example)
    folder = PROJECT / "ingest" / "examples"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [feed for feed in feeds() if feed not in text] == []

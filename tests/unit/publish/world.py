"""A small home that is ready to be published: a warehouse of three marts, the ledger's rows, the gate's account."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations.data_docs import docs_folder, write_docs
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run

MARTS: dict[tuple[str, str], list[tuple[str, str, bool]]] = {
    ("reference", "dim_site"): [("site_code", "string", True), ("site_name", "string", False)],
    ("indicators", "fct_indicator_month"): [
        ("org_id", "string", True),
        ("month", "date", True),
        ("value", "decimal(24,12)", False),
    ],
    ("evidence", "fct_release"): [
        ("release_id", "string", True),
        ("event", "string", True),
        ("event_no", "bigint", True),
    ],
}


def make_run(run_no: int = 1, **changes: Any) -> Run:
    """Run number `run_no`, one a day from 1 November 2026."""
    day = date(2026, 11, run_no)
    facts: dict[str, Any] = {
        "run_id": f"{day}-0600-a{run_no:03d}",
        "run_no": run_no,
        "run_date": day,
        "started_at": datetime(2026, 11, run_no, 6, tzinfo=UTC),
        "as_of_sequence": None,
        "audience": "internal",
        "code_version": "c0de",
        "input_fingerprint": "f1f1",
        "is_demonstration": True,
    }
    return Run(**(facts | changes))


def make_home(root: Path, rows: int = 500) -> tuple[Home, Ledger]:
    """A home with a warehouse whose facts lie in no order, and an empty ledger."""
    home = Home(root)
    ledger = Ledger(home.ledger)
    ledger.prepare()
    home.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        for schema in ("reference", "indicators", "evidence"):
            warehouse.execute(f"create schema {schema}")
        warehouse.execute(
            "create table reference.dim_site as select * from (values "
            "('RAJ32', 'Broomfield Hospital'), ('RAJ01', 'Southend Hospital')) as sites (site_code, site_name)"
        )
        warehouse.execute(
            "create table indicators.fct_indicator_month as "
            "select printf('W%05d', i) as org_id, date '2025-10-01' as month, "
            f"cast(hash(i) % 1000 / 7 as decimal(24, 12)) as value from range({rows}) as ids (i) order by hash(i + 1)"
        )
        warehouse.execute(
            "create view evidence.fct_release as select release_id, event, event_no "
            f"from read_parquet('{home.ledger}/release/*.parquet')"
        )
        warehouse.execute(
            "create macro reference.search_sites(words) as table "
            "select site_code from reference.dim_site where site_name ilike '%' || words || '%'"
        )
    return home, ledger


def make_ready(home: Home, ledger: Ledger, run: Run, held: bool = False) -> None:
    """What dbt and the gate leave before a run is published."""
    ledger.append(
        "published_column",
        run.run_id,
        "dbt",
        [
            {
                "run_id": run.run_id,
                "domain": domain,
                "mart_name": mart,
                "column_name": column,
                "column_no": number,
                "data_type": data_type,
                "description": f"What {column} means: it's quoted.",
                "is_key": is_key,
                "mart_description": f"All of {mart}.",
                "mart_grain": "row",
                "mart_owner": "analytics",
            }
            for (domain, mart), columns in MARTS.items()
            for number, (column, data_type, is_key) in enumerate(columns, start=1)
        ],
    )
    ledger.append(
        "check_result",
        run.run_id,
        "dbt",
        [
            {
                "run_id": run.run_id,
                "rule_id": "model.dim_site.unique",
                "scope": "dim_site",
                "status": "pass",
                "code_version": run.code_version,
            }
        ],
    )
    write_docs(
        docs_folder(home), {"run_id": run.run_id, "held": held, "notice": None, "checks": [], "told_of_waivers": []}, []
    )

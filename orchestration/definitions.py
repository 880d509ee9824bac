"""One assembly of everything Dagster knows, for production, `make dev` and tests alike; only arguments differ.

Nothing reads the environment at import: `defs` below is made when Dagster's own loader asks for it.

Kept out: what the parts do.
"""

import json
from collections.abc import Callable
from datetime import date, datetime

import dagster as dg

from ingest.contract import ledger_tables
from orchestration import dbt
from orchestration.assets import gate_assets, lake_assets, mart_keys, release_asset, warehouse_assets
from orchestration.desk import GateProcess, Say
from orchestration.resources import desk_resource
from orchestration.schedules import daily, landing_sensor
from orchestration.settings import Settings, from_environment, now

JOB = "load_and_publish"
INSTANCE = """\
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: orchestration.storage
  class: KeptOpenSqlite
  config:
    base_dir: {folder}
"""


def build_definitions(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
    say: Say | None = None,
    gate: GateProcess | None = None,
    audience: str = "internal",
    as_of: date | None = None,
) -> dg.Definitions:
    """Assets, checks, job, schedule and sensor of one home.

    `clock`, `say`, `gate`, `audience` and `as_of` are as in `resources.desk_resource`. Parses the dbt project where
    that was not done.
    """
    manifest = dbt.manifest_path(settings)
    models = warehouse_assets(manifest)
    gates = gate_assets(mart_keys(json.loads(manifest.read_text(encoding="utf-8"))))
    # In one process: each further one would import Dagster and dbt again, three seconds for steps of one.
    job = dg.define_asset_job(JOB, selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)
    return dg.Definitions(
        assets=[lake_assets, models, gates, release_asset(list(gates.keys)), *_ledger_specs()],
        jobs=[job],
        schedules=[daily(job)],
        sensors=[landing_sensor(settings, job)],
        resources={"desk": desk_resource(settings, clock, say=say, gate=gate, audience=audience, as_of=as_of)},
    )


def _ledger_specs() -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            dg.AssetKey(["ledger", contract.id]),
            description=contract.purpose,
            group_name=contract.domain,
            owners=[f"team:{contract.owner}"],
            kinds={"parquet"},
        )
        for contract in ledger_tables().values()
    ]


def instance(settings: Settings) -> dg.DagsterInstance:
    """Dagster's storage of this home, with telemetry off."""
    folder = settings.home.dagster
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "dagster.yaml"
    if not config.exists():
        events = json.dumps(str(folder / "history" / "runs"))
        config.write_text(INSTANCE.format(folder=events), encoding="utf-8")
    return dg.DagsterInstance.from_config(str(folder))


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` and the daemon load."""
    return build_definitions(from_environment())

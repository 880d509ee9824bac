"""dbt's own unit tests of models, run as `dbt test` runs them, on the example's built warehouse."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ingest.home import Home
from tests.conftest import PROJECT


def test_every_unit_test_of_a_model_passes(example: Home, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for part in ("lake", "ledger", "warehouse", "dbt"):
        shutil.copytree(example.root / part, home / part)
    command = [str(Path(sys.executable).parent / "dbt"), "test", "--select", "test_type:unit", "--no-use-colors"]
    command += ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project"]
    command += ["--target-path", str(home / "dbt"), "--log-path", str(home / "dbt" / "logs")]
    run = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | {"QLS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    results = json.loads((home / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) >= 13
    assert {result["status"] for result in results} == {"pass"}

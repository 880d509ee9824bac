"""What a release says of itself: `manifest.json` (what, from what, how checked, the hash of every file) and
`datapackage.json` (Frictionless: every table with its columns, texts and key).

Kept out: assembling and switching (`release`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.run import Run
from publish.formats import PublishedMart

MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every file below a folder by its relative path, without the manifest itself."""
    described = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            with path.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            described[name] = {"sha256": digest, "bytes": path.stat().st_size}
    return described


def write_manifest(
    folder: Path,
    release_id: str,
    run: Run,
    rows: Mapping[str, int],
    marts: Sequence[PublishedMart],
    checks: Mapping[str, int],
    waived: Sequence[str],
) -> None:
    """Write `manifest.json` as the last file of a release; `rows` are by Parquet path, `checks` by status.

    `waived` says in words which broken critical rules a waiver let through.
    """
    manifest = {
        "release_id": release_id,
        "audience": run.audience,
        "is_demonstration": run.is_demonstration,
        "notice": run.notice,
        "run": {
            "run_id": run.run_id,
            "run_no": run.run_no,
            "run_date": run.run_date.isoformat(),
            "started_at": run.started_at.isoformat(),
            "as_of_sequence": run.as_of_sequence,
        },
        "code_version": run.code_version,
        "input_fingerprint": run.input_fingerprint,
        "checks": dict(checks),
        "waived": list(waived),
        "marts": [
            {
                "domain": mart.domain,
                "mart_name": mart.name,
                "grain": mart.grain,
                "key": list(mart.key),
                "parquet": mart.parquet,
                "row_count": rows[mart.parquet],
            }
            for mart in marts
        ],
        "files": describe_files(folder),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release folder. Raises FileNotFoundError or ValueError where it is absent or broken."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"{MANIFEST} is no object")
    return manifest


def write_datapackage(folder: Path, release_id: str, run: Run, marts: Sequence[PublishedMart]) -> None:
    """Write `datapackage.json` over the Parquet files that lie in the folder.

    Raises `frictionless.FrictionlessException` where the description breaks the standard.
    """
    # Imported here: 0.4 s, which `qls status` and a run with nothing new need not pay.
    from frictionless import Package

    files = describe_files(folder / "parquet")
    package = Package.from_descriptor(
        {
            "name": "qls",
            "title": "Quality Learning System",
            "description": run.notice or f"Release for the audience {run.audience}.",
            "version": release_id,
            "created": run.started_at.isoformat(),
            "resources": [_resource(mart, files[mart.parquet.removeprefix("parquet/")]) for mart in marts],
        }
    )
    (folder / DATAPACKAGE).write_text(package.to_json() + "\n", encoding="utf-8")


def _resource(mart: PublishedMart, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": mart.name,
        "title": f"{mart.domain}.{mart.name}",
        "description": f"{mart.description} One row per {mart.grain}.",
        "path": mart.parquet,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{file['sha256']}",
        "bytes": file["bytes"],
        "schema": {
            "fields": [
                {"name": column.name, "type": _field_type(column.type), "description": column.description}
                for column in mart.columns
            ],
            "primaryKey": list(mart.key),
        },
    }


def _field_type(sql_type: str) -> str:
    """The standard's word for a type of a mart; `any` for one that it has no word for."""
    name = sql_type.lower().split("(")[0].strip()
    words = {
        "string": ("string", "varchar", "text"),
        "integer": ("int", "integer", "bigint", "smallint", "hugeint"),
        "number": ("double", "decimal", "numeric", "float"),
        "date": ("date",),
        "datetime": ("timestamp",),
        "boolean": ("boolean",),
    }
    return next((word for word, names in words.items() if name in names), "any")

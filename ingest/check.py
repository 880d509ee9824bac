"""What a file is and what would become of it, for the person who sends it; nothing is written.

Kept out: loading (`load`); both go by the same `load.examine`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory

from ingest.contract import feeds
from ingest.identifiers import SHORTEST_KEY, Door
from ingest.landing import LandingFile
from ingest.load import Examined, connect, examine
from ingest.refusal import Refusal
from ingest.rows import rows_of


@dataclass(frozen=True)
class Checked:
    """The outcome for one file: what was found in it, or why it would be refused whole."""

    path: Path
    examined: Examined | None
    refusal: Refusal | None

    @property
    def is_clean(self) -> bool:
        """Whether the file would be loaded with no row refused."""
        return self.examined is not None and self.examined.judged.counts["rejected"] == 0


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files that paths name, those below a folder in the order of their names; what is not there is left out."""
    found: list[Path] = []
    for path in paths:
        found += sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    return [path for path in found if path.exists()]


def check_file(path: Path, run_date: date) -> Checked:
    """Examine one file, taking the name of its folder as the feed's where it is one.

    Identifiers are held against a key that is thrown away: nothing is kept, so none need be given.

    Raises OSError where the file is not there.
    """
    listing = path.lstat()
    folder = path.resolve().parent.name
    name = f"{folder}/{path.name}" if folder in feeds() else path.name
    file = LandingFile(path, name, listing.st_size, listing.st_mtime_ns)
    try:
        with connect() as connection, TemporaryDirectory(prefix="qls-check-") as scratch:
            door = Door(token_bytes(SHORTEST_KEY))
            return Checked(path, examine(connection, file, run_date, Path(scratch) / "judged.parquet", door), None)
    except Refusal as refusal:
        return Checked(path, None, refusal)


def account(checked: Checked) -> list[str]:
    """The outcome as lines for its sender: what, where, why, mend."""
    if checked.refusal:
        refusal = checked.refusal
        return [
            f"refused  {checked.path}",
            f"  where  {refusal.where}",
            f"  why    {refusal.why}",
            f"  mend   {refusal.mend}",
        ]
    assert checked.examined
    match, judged = checked.examined.match, checked.examined.judged
    counts = judged.counts
    lines = [
        f"{'accepted' if checked.is_clean else 'in part '} {checked.path}",
        f"  feed   {match.contract.id} ({match.contract.name}), layout {match.layout.name}",
        f"  rows   {judged.rows_read} read: {counts['accepted']} would be loaded, {counts['rejected']} refused, "
        f"{counts['total']} totals, {counts['blank']} blank",
    ]
    for finding in judged.findings:
        what = "note  " if finding.kept else "refuse"
        shown = ", ".join(map(checked.examined.text.place, finding.samples[:5])) + (" …" if finding.rows > 5 else "")
        lines.append(f"  {what} {rows_of(finding.rows)} (data row {shown}): {finding.message}")
    if match.unknown:
        shown = ", ".join(f"«{header}»" for header in match.unknown.values())
        lines.append(f"  note   columns that the contract does not know are left out: {shown}")
    return lines

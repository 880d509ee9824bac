"""What lies in landing: every delivered file with its size, time and hash, in the order in which it counts.

Nothing here moves, changes or deletes: landing is the sender's.

Kept out: what a file means (`recognise`) and whether it was loaded before (`load`).
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.identifiers import masked
from ingest.refusal import shown

_CHUNK = 1 << 20
# Left by editors, copy tools and operating systems; never a delivery.
_NOT_DELIVERED = re.compile(
    r"^(\.|~\$)|(\.part|\.partial|\.tmp|\.crdownload|~)$|^(thumbs\.db|desktop\.ini)$", re.IGNORECASE
)
_LAST_TIME = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_REVISION = re.compile(r"(?:^|[^a-z])(?:v|rev|revision)[ _-]?(\d{1,3})(?:[^0-9]|$)|revised", re.IGNORECASE)


class LandingError(OSError):
    """Landing itself is missing or cannot be read: a fault, never «nothing new»."""


@dataclass(frozen=True)
class LandingFile:
    """One file in landing as its folder listing shows it; `name` is its path below landing, with `/`."""

    path: Path
    name: str
    size: int
    modified_ns: int

    @property
    def folder(self) -> str:
        """First folder below landing, which may name a feed; empty for a file that lies in landing itself."""
        return self.name.split("/")[0] if "/" in self.name else ""

    @property
    def modified_at(self) -> datetime:
        """When the sender last changed the file, in UTC."""
        # Some disks hold times that no calendar has.
        return datetime.fromtimestamp(min(max(self.modified_ns / 1e9, 0), _LAST_TIME), UTC)

    @property
    def revision(self) -> int:
        """The publisher's revision as the file's name tells it: 0 for a first issue, 1 for `revised`, n for `v n`."""
        match = _REVISION.search(Path(self.name).stem)
        return int(match[1] or 1) if match else 0


def scan(landing: Path) -> list[LandingFile]:
    """All delivered files, in the order in which they count: revision, time of change, name.

    A folder below that cannot be listed stands as one file, for `load` to refuse. Raises LandingError where landing
    itself is missing, cannot be listed or is empty: a mount that went away looks so.
    """
    files = []
    try:
        if not landing.is_dir():
            raise LandingError(f"landing is missing: {landing} (make the folder, or mend the mount)")
        for path, listing in sorted(_walk(landing), key=lambda found: found[0]):
            files.append(
                LandingFile(
                    path,
                    # The name goes into the ledger and onto the screen; what lies there is refused by its true one.
                    shown(masked(path.relative_to(landing).as_posix())),
                    listing.st_size,
                    listing.st_mtime_ns,
                )
            )
    except OSError as error:
        if isinstance(error, LandingError):
            raise
        raise LandingError(f"landing cannot be read: {error} (mend its permissions, or the mount)") from error
    if not files:
        raise LandingError(f"landing is empty: {landing} (put files into the folder of their feed, or mend the mount)")
    return sorted(files, key=lambda file: (file.revision, file.modified_ns, file.name))


def _walk(folder: Path) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in folder.iterdir():
        if _NOT_DELIVERED.search(path.name):
            continue
        try:
            listing = path.lstat()
        except FileNotFoundError:
            # Taken away since the folder was listed.
            continue
        try:
            found += _walk(path) if stat.S_ISDIR(listing.st_mode) else [(path, listing)]
        except OSError:
            found.append((path, listing))
    return found


def listing_fingerprint(files: list[LandingFile]) -> str:
    """A hash of names, sizes and times: changes whenever anything in landing does, without reading contents."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(f"{file.name}\0{file.size}\0{file.modified_ns}\n".encode())
    return digest.hexdigest()


def content_hash(file: LandingFile) -> str | None:
    """SHA-256 of the content in hex; None where the file changed while it was read, so is still growing.

    Raises OSError where the file cannot be read.
    """
    digest = hashlib.sha256()
    with file.path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return None if has_changed(file) else digest.hexdigest()


def has_changed(file: LandingFile) -> bool:
    """Whether the file is no longer as its listing shows it, so is still being written, or is gone."""
    try:
        after = file.path.lstat()
    except FileNotFoundError:
        return True
    return (after.st_size, after.st_mtime_ns) != (file.size, file.modified_ns)

"""One writer at a time: a lock on the home, held for the whole run and inherited by child processes.

The kernel frees it when the last process that holds it is gone, so that a killed parent with a child still writing
keeps others out, and a crash leaves no lock behind.

Kept out: who waits and who gives up; the caller says.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeIsLocked(RuntimeError):
    """Another run is at work in this home."""


@contextmanager
def home_lock(root: Path, *, wait: bool) -> Iterator[int]:
    """Hold the home's lock; gives the file descriptor to pass on to child processes.

    Raises HomeIsLocked at once where `wait` is false and another run holds it.
    """
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise HomeIsLocked(f"another run is at work in {root}") from error
        yield descriptor
    finally:
        os.close(descriptor)

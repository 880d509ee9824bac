"""What every step of one run shares: the home's lock, the waiting gate process, and who is told of progress.

Kept out: Dagster (`resources` gives a desk its lifetime); what the steps do (`assets`).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from expectations.gate import GateOutcome, order, read_outcome
from ingest.ledger import Ledger
from ingest.run import Run
from orchestration.lock import home_lock
from orchestration.runs import newest
from orchestration.settings import PROJECT, Settings

Say = Callable[[str], None]


class GateFault(RuntimeError):
    """The gate's process ended without an outcome; what it printed stands in the message."""


@dataclass(frozen=True)
class Desk:
    """The run's settings, ledger, gate and time. `say` tells whoever watches, one line at a time.

    `audience` is whom the run is for; `as_of` the earlier day for which it is made, None for the present one.
    """

    settings: Settings
    ledger: Ledger
    at: datetime
    say: Say
    audience: str
    as_of: date | None
    _gate: subprocess.Popen[str]

    @property
    def run(self) -> Run:
        """The run at work: the newest of the ledger."""
        last = newest(self.ledger)
        if last is None:
            raise LookupError("no run was begun in this home")
        return last[0]

    def judge(self, run: Run) -> GateOutcome:
        """Send the gate its orders and wait for the outcome. Raises GateFault where it ends without one."""
        answer, complaint = self._gate.communicate(order(self.settings.home, run) + "\n")
        if self._gate.returncode != 0 or not answer.strip():
            raise GateFault(f"the gate ended with {self._gate.returncode}: {complaint.strip()[-2000:]}")
        return read_outcome(answer.strip().splitlines()[-1])


@contextmanager
def desk(
    settings: Settings,
    say: Say,
    at: datetime,
    *,
    wait: bool,
    lock: int | None = None,
    audience: str = "internal",
    as_of: date | None = None,
) -> Iterator[Desk]:
    """A desk for one run. Takes the home's lock unless its caller holds it (`lock`, a file descriptor).

    The gate's process is started at once, so that its import of Great Expectations passes while dbt builds.
    Raises HomeIsLocked where `wait` is false and another run is at work.
    """
    with ExitStack() as stack:
        held = lock if lock is not None else stack.enter_context(home_lock(settings.home.root, wait=wait))
        gate = subprocess.Popen(
            [sys.executable, "-m", "expectations.gate"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(held,),
            env=os.environ | {"GX_ANALYTICS_ENABLED": "false"},
        )
        stack.callback(_end, gate)
        yield Desk(settings, Ledger(settings.home.ledger), at, say, audience, as_of, gate)


def _end(gate: subprocess.Popen[str]) -> None:
    if gate.poll() is None:
        gate.kill()
    gate.wait()
    for stream in (gate.stdin, gate.stdout, gate.stderr):
        if stream:
            stream.close()

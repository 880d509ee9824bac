"""What every step of one run shares: the home's lock, the waiting gate process, and who is told of progress.

Kept out: Dagster (`resources` gives a desk its lifetime); what the steps do (`assets`).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from expectations.gate import GateOutcome, order, read_outcome
from ingest.home import Home
from ingest.ledger import Ledger
from ingest.run import Run
from orchestration.lock import home_lock
from orchestration.runs import newest
from orchestration.settings import PROJECT, Settings

Say = Callable[[str], None]


class GateFault(RuntimeError):
    """The gate's process ended without an outcome; what it printed stands in the message."""


class GateProcess:
    """The process that judges a run: started early, for it imports Great Expectations before it can judge.

    As a context it stops at the end, whatever it is at.
    """

    def __init__(self, lock: int) -> None:
        self._is_asked = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "expectations.gate"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(lock,),
            env=os.environ | {"GX_ANALYTICS_ENABLED": "false"},
        )

    def ask(self, home: Home, run: Run) -> None:
        """Send the gate its orders, once; it judges while its caller goes on."""
        if self._is_asked or self._process.stdin is None:
            return
        self._is_asked = True
        # One that has ended is told of by `answer`.
        with suppress(BrokenPipeError):
            self._process.stdin.write(order(home, run) + "\n")
            self._process.stdin.flush()

    def answer(self) -> GateOutcome:
        """Wait for the outcome. Raises GateFault where the process ends without one."""
        answer, complaint = self._process.communicate()
        if self._process.returncode != 0 or not answer.strip():
            raise GateFault(f"the gate ended with {self._process.returncode}: {complaint.strip()[-2000:]}")
        return read_outcome(answer.strip().splitlines()[-1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                stream.close()


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
    _gate: GateProcess

    @property
    def run(self) -> Run:
        """The run at work: the newest of the ledger."""
        last = newest(self.ledger)
        if last is None:
            raise LookupError("no run was begun in this home")
        return last[0]

    def begin_to_judge(self, run: Run) -> None:
        """Let the gate judge the marts while the caller goes on; they must stand complete in the warehouse."""
        self._gate.ask(self.settings.home, run)

    def judge(self, run: Run) -> GateOutcome:
        """The gate's outcome. Raises GateFault where it ends without one."""
        self.begin_to_judge(run)
        return self._gate.answer()


@contextmanager
def desk(
    settings: Settings,
    say: Say,
    at: datetime,
    *,
    gate: GateProcess | None = None,
    audience: str = "internal",
    as_of: date | None = None,
) -> Iterator[Desk]:
    """A desk for one run. Without the `gate` of a caller that holds the home's lock it waits for the lock and starts
    one."""
    with ExitStack() as stack:
        if gate is None:
            gate = stack.enter_context(GateProcess(stack.enter_context(home_lock(settings.home.root, wait=True))))
        yield Desk(settings, Ledger(settings.home.ledger), at, say, audience, as_of, gate)

"""What Dagster gives to the steps of a run, with the lifetime of that run.

Kept out: what the steps do with it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import dagster as dg

from orchestration.desk import Desk, GateProcess, Say, desk
from orchestration.settings import Settings


def desk_resource(
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    say: Say | None = None,
    gate: GateProcess | None = None,
    audience: str = "internal",
    as_of: date | None = None,
) -> dg.ResourceDefinition:
    """The desk of a run: holds the home's lock from the first step to the last.

    Without the `gate` of a caller that holds the lock it waits for a run at work to end. Without `say`, progress goes
    to Dagster's log. The run is for one `audience`; with `as_of` it is made for that earlier day.
    """

    @dg.resource(description="The home's lock, ledger and gate process, for one run")
    def opened(context: dg.InitResourceContext) -> Iterator[Desk]:
        log = context.log
        tell = say or (lambda line: log.info(line) if log else None)
        with desk(settings, tell, clock(), gate=gate, audience=audience, as_of=as_of) as ready:
            yield ready

    return opened

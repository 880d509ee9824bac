"""The command line `qls`: parses, imports what the command needs, prints, and returns an exit code.

Imports at the top are those that every command needs and that cost milliseconds: `--help`, and a run with nothing
new, must never import Dagster.

Kept out: what the commands do.
"""

import argparse
import gc
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from orchestration.lock import HomeIsLocked, home_lock
from orchestration.settings import AUDIENCES, Settings, from_environment, now

PUBLISHED, FAULT, USAGE, HELD, BUSY, REFUSED = range(6)
EXIT_CODES = """exit codes:
  0  published, or nothing new; with --as-of, written beside
  1  a fault: nothing was published
  2  wrong use of the command, or a file that it cannot answer
  3  held by the gate: what was in force stays in force
  4  another run is at work in this home
  5  published, or nothing new, but a file in landing stands refused
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = from_environment()
    except ValueError as error:
        return _complain(str(error), USAGE)
    try:
        return int(options.command(settings, options))
    except HomeIsLocked as error:
        return _complain(str(error), BUSY)
    except KeyboardInterrupt:
        return _complain("stopped by hand; what was in force stays in force")
    except (OSError, ValueError, RuntimeError) as error:
        return _complain(str(error))


def _complain(message: str, code: int = FAULT) -> int:
    print(f"qls: {message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qls",
        description="The warehouse of the Quality Learning System: landing files in, checked releases out.",
        epilog=EXIT_CODES
        + "\nThe environment variable QLS_HOME names the folder that holds everything (default: var/).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="load all that is new, build, check, publish")
    run.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DATE",
        help="rebuild from what had been received by DATE (2026-03-31), beside what is in force",
    )
    run.add_argument(
        "--audience",
        default="internal",
        choices=AUDIENCES,
        help="for whom: the trust itself (the default), or the public, which needs a recorded approval",
    )
    run.set_defaults(command=_run)
    example = commands.add_parser("example", help="write example landing files into a home of their own")
    example.add_argument("--size", default="small", choices=("small", "medium", "large"))
    example.add_argument("--if-new", action="store_true", help="do nothing where a home is already")
    example.set_defaults(command=_example)
    check = commands.add_parser("check", help="what a file is, what of it would be accepted, and why not")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.set_defaults(command=_check)
    status = commands.add_parser("status", help="the release in force, the last run, the feeds, what stands refused")
    status.set_defaults(command=_status)
    _add_inequality(commands)
    spc = commands.add_parser("spc", help="statistical process control of any tidy CSV: limits, signals, icons")
    spc.add_argument("source", type=Path, metavar="IN.csv", help="series_id, period, value, and options by column")
    spc.add_argument("--out", type=Path, required=True, metavar="OUT.csv", help="one row a point")
    spc.add_argument("--summary", type=Path, metavar="S.csv", help="one row a series")
    spc.add_argument("--chart", type=Path, metavar="C.html", help="one page with a chart of each series")
    spc.add_argument("--profile", metavar="P", help="making_data_count_2023 (the default) or nhsrplotthedots")
    spc.add_argument(
        "--strict-reference",
        action="store_true",
        help="the package's own answers, where limits are degenerate or undefined too",
    )
    spc.set_defaults(command=_spc)
    return parser


def _add_inequality(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    inequality = commands.add_parser(
        "inequality",
        help="the inequality statistics on any tidy CSV",
        description="The inequality statistics on any tidy CSV; docs/inequality_methods.md says which columns each "
        "method reads. A column of the same name as an option wins. Exit code 2: the file was refused.",
    )
    inequality.add_argument("file", type=Path, metavar="IN.csv")
    inequality.add_argument(
        "--method",
        required=True,
        choices=(
            *("proportion", "rate", "mean", "dsr", "israte", "isratio", "quantile", "sii"),
            *("funnel_proportion", "funnel_rate", "funnel_ratio"),
        ),
    )
    inequality.add_argument("--out", required=True, type=Path, metavar="OUT.csv")
    inequality.add_argument("--lines", type=Path, metavar="LINES.csv", help="write a funnel's lines too")
    inequality.add_argument(
        "--group", default="", metavar="COL,COL", help="columns that name a group (default: case_id, group, area, ...)"
    )
    inequality.add_argument(
        "--confidence", default="0.95,0.998", metavar="LEVEL", help="one level, 0.9-1 or 90-100 (default: 0.95,0.998)"
    )
    inequality.add_argument("--multiplier", type=float, help="per what a figure is given; sii: negative turns it round")
    inequality.add_argument("--value-type", type=int, choices=(0, 1, 2), help="sii: 0 other, 1 rate, 2 proportion")
    inequality.add_argument("--transform", action="store_true", help="sii: fit on the log or logit scale")
    inequality.add_argument(
        "--quantiles", type=int, metavar="K", help="how many there must be (sii) or are made (quantile: 10)"
    )
    inequality.add_argument(
        "--invert", action=argparse.BooleanOptionalAction, default=True, help="quantile: 1 is the highest value"
    )
    inequality.add_argument("--ungrouped", action="store_true", help="quantile: all areas together")
    inequality.set_defaults(command=_inequality)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.landing import scan
    from ingest.ledger import Ledger
    from orchestration import runs, status

    at = now()
    audience = options.audience
    if options.as_of:
        return _run_as_of(settings, options.as_of, runs.local_date(at), audience)
    files = scan(settings.home.landing)
    ledger = Ledger(settings.home.ledger)
    with home_lock(settings.home.root, wait=False) as lock:
        inputs = runs.fingerprint(files, runs.code_version(), runs.local_date(at), audience, settings.pseudonym_key)
        if ended := runs.ended_like_this(ledger, inputs, audience):
            print(f"Nothing new since run {ended['run_id']}, which was {ended['outcome']}.")
        else:
            _execute(settings, lock, audience)
    _, ended = runs.newest(ledger, rebuilds=False, audience=audience) or (None, None)
    refused = runs.standing_refusals(ledger, files)
    for line in [
        *status.in_force(settings, audience),
        *status.refused(refused),
        *status.open_next(settings, audience),
    ]:
        print(line)
    if ended is None or ended["outcome"] != "published":
        return HELD
    return REFUSED if refused else PUBLISHED


def _run_as_of(settings: Settings, day: date, today: date, audience: str) -> int:
    from ingest.ledger import Ledger
    from orchestration import runs, status

    if day > today:
        return _complain(f"{day} is still to come: --as-of takes a day that has been", USAGE)
    ledger = Ledger(settings.home.ledger)
    with home_lock(settings.home.root, wait=False) as lock:
        runs.sequence_as_of(ledger, day)
        _execute(settings, lock, audience, day)
    last = runs.newest(ledger)
    ended = last[1] if last else None
    if ended is None or ended["outcome"] != "written_beside":
        return HELD
    folder = settings.home.published / audience / "releases" / str(ended["release_id"])
    print(f"Written     {status.shown(folder)}  (as of {day:%d %B %Y}; what was in force stays in force)")
    for line in status.in_force(settings, audience):
        print(line)
    return PUBLISHED


def _execute(settings: Settings, lock: int, audience: str, as_of: date | None = None) -> None:
    """Run the same Dagster job as the schedule, in this process. Raises RuntimeError where a step fails."""
    # dbt's and Dagster's records are many and live to the end: looking among them for rings of garbage at the usual
    # pace took a fifth of a run's processor time. At this one it takes none to speak of, and 0.3 GB less than never.
    gc.set_threshold(100_000, 50, 100)
    doing = "build as it stood then, check, write beside" if as_of else "load, build, check, publish"
    whom = ", for the public" if audience == "public" else ""
    print(f"Starting    {settings.home.root}: {doing}{whom}", flush=True)
    from orchestration.desk import GateProcess

    with GateProcess(lock) as gate:
        from orchestration.definitions import JOB, build_definitions, instance

        definitions = build_definitions(
            settings, say=lambda line: print(line, flush=True), gate=gate, audience=audience, as_of=as_of
        )
        with instance(settings) as storage:
            quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
            result = definitions.resolve_job_def(JOB).execute_in_process(
                run_config=quiet, instance=storage, raise_on_error=False
            )
    # Nor are they looked through once more at the end of the process, which took two seconds.
    gc.freeze()
    if not result.success:
        failures = [event for event in result.all_events if event.is_step_failure]
        errors = [event.step_failure_data.error for event in failures if event.step_failure_data.error]
        message = "\n".join(_innermost(error) for error in errors) or "a step failed"
        raise RuntimeError(f"{message}\nnothing was published; what was in force stays in force")


def _innermost(error: object) -> str:
    while cause := getattr(error, "cause", None):
        error = cause
    return str(getattr(error, "message", error)).strip()


def _example(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.examples import write_example
    from ingest.ledger import Ledger

    home, ledger = settings.home, Ledger(settings.home.ledger)
    with home_lock(home.root, wait=False):
        lying = home.landing.is_dir() and any(home.landing.iterdir())
        if options.if_new and (ledger.exists or lying):
            return PUBLISHED
        if (lying or ledger.exists) and not ledger.is_demonstration:
            return _complain(
                f"{home.root} holds real files, and examples never mix with them: set QLS_HOME to a new folder",
                USAGE,
            )
        # Marked before the first file: whatever breaks here, no example can be taken for a real file.
        ledger.mark(demonstration=True)
        written = write_example(home.landing, options.size)
    print(f"Wrote       {len(written)} example files into {home.landing}; this home is a demonstration for ever")
    return PUBLISHED


def _check(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.check import account, check_file, files_of
    from orchestration.runs import local_date

    run_date = local_date(now())
    missing = [path for path in options.paths if not path.exists()]
    checked = [check_file(path, run_date) for path in files_of(options.paths)]
    for line in (line for item in checked for line in account(item)):
        print(line)
    if missing:
        return _complain(f"there is no {', '.join(map(str, missing))}", USAGE)
    return PUBLISHED if all(item.is_clean for item in checked) else REFUSED


def _inequality(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.refusal import Refusal
    from orchestration import inequality, tidy

    if not options.file.is_file():
        return _complain(f"there is no {options.file}", USAGE)
    if options.file.resolve() in {path.resolve() for path in (options.out, options.lines) if path}:
        return _complain("the answer would overwrite the question: give --out another name", USAGE)
    try:
        levels = tuple(float(level) for level in options.confidence.split(","))
    except ValueError:
        return _complain(f"--confidence {options.confidence} is no number", USAGE)
    asked = inequality.Options(
        group=tuple(name.strip().lower() for name in options.group.split(",") if name.strip()),
        confidence=levels,
        multiplier=options.multiplier,
        value_type=options.value_type,
        transform=options.transform,
        quantiles=options.quantiles,
        invert=options.invert,
        grouped=not options.ungrouped,
    )
    try:
        answer = inequality.compute(options.file, options.method, asked)
    except Refusal as refusal:
        lines = [f"refused  {options.file}", f"  where  {refusal.where}", f"  why    {refusal.why}"]
        print("\n".join([*lines, f"  mend   {refusal.mend}"]), file=sys.stderr)
        return USAGE
    tidy.write(options.out, answer.columns, answer.rows)
    print(f"Wrote       {len(answer.rows)} rows into {options.out}")
    if options.lines and answer.lines:
        tidy.write(options.lines, *answer.lines)
        print(f"Wrote       {len(answer.lines[1])} positions of its lines into {options.lines}")
    for note in answer.notes:
        print(f"Note        {note}")
    return PUBLISHED


def _spc(settings: Settings, options: argparse.Namespace) -> int:
    from ingest.refusal import Refusal
    from orchestration import spc

    request = spc.Request(
        source=options.source,
        out=options.out,
        summary=options.summary,
        chart=options.chart,
        profile=options.profile or spc.PROFILES[0],
        strict_reference=options.strict_reference,
    )
    try:
        for line in spc.run(request):
            print(line)
    except Refusal as refusal:
        return _complain(f"{options.source}: {refusal}", USAGE)
    return PUBLISHED


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration import status

    lines, held = status.report(settings)
    print("\n".join(lines))
    return HELD if held else PUBLISHED


if __name__ == "__main__":
    sys.exit(main())

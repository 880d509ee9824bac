"""Landing to lake and ledger: each new file is recognised, read, judged, stored and accounted for.

A file is new when its content was not yet read under the present version of its contract. One that is refused does
not stop the others, and is not tried again until it, its place or its contract changes.

Kept out: what `qls` prints of it; what is current.
"""

import hashlib
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from ingest import lake, rows, rules
from ingest.compile import NO_PERIOD
from ingest.contract import Contract, feeds
from ingest.home import Home
from ingest.identifiers import SQL_SCREEN, Door, holds_nhs_number
from ingest.landing import LandingFile, content_hash, has_changed, scan
from ingest.ledger import Ledger
from ingest.readers import delimited, staff_survey, workbook
from ingest.readers.text import TextRows
from ingest.recognise import Match, join_sheets, recognise
from ingest.refusal import Refusal
from ingest.run import Run

STATION = "ingest"
# A register, or a month, that loses more than half of its rows from one delivery to the next was cut short: the
# steepest true fall seen is a survey's, of a tenth. Below so many rows a share says nothing.
LEAST_LEFT = 0.5
_FEWEST_TO_COMPARE = 10
# Files read side by side. Most of a small file's time goes into planning its queries, which one core does.
_AT_ONCE = 2


@dataclass(frozen=True)
class Examined:
    """What a file is and what became of its rows."""

    match: Match
    encoding: str
    text: TextRows
    judged: rows.Judged


@dataclass(frozen=True)
class FileOutcome:
    """What became of one landing file in this run.

    `state` is accepted, refused, known (read before under the same contract) or growing (waits for the next run).
    """

    file: LandingFile
    state: str
    feed: str | None = None
    examined: Examined | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class LoadReport:
    """What became of landing: every file's outcome, in the order in which they count.

    `standing` are files refused in an earlier run that still lie there, as rows of the ledger table `file`.
    """

    outcomes: tuple[FileOutcome, ...]
    standing: tuple[dict[str, Any], ...]

    def of(self, state: str) -> list[FileOutcome]:
        """The outcomes of one state."""
        return [outcome for outcome in self.outcomes if outcome.state == state]


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that keeps the order of rows and reaches for no extension."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "threads": threads,
            # Ten million rows took 1.7 GiB under this bound, of 3 that a load may take.
            "memory_limit": "1500MB",
        }
    )
    connection.execute(SQL_SCREEN)
    return connection


@dataclass(frozen=True)
class _Worker:
    """One of those that read side by side: a connection to the engine they share, and a scratch file of its own."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path


@dataclass(frozen=True)
class _Reading:
    """What reading a file came to: its hash ('' where none could be made), and its rows or why there are none.

    Neither rows nor a refusal: its content is known.
    """

    sha256: str
    examined: Examined | None = None
    refusal: Refusal | None = None


def examine(
    connection: duckdb.DuckDBPyConnection, file: LandingFile, run_date: date, scratch: Path, door: Door
) -> Examined:
    """Recognise, read and judge one file, leaving its rows in the file `scratch`, which the view `judged` reads.

    Raises Refusal where the file is refused whole.
    """
    _refuse_unless_plain(file)
    if workbook.is_workbook(file.path):
        book = workbook.open_workbook(file.path)
        encoding = book.form
        shapes = (None, partial(staff_survey.one_row_per_answer, file.path.name), staff_survey.one_row_per_measure)
        heads = [book.head(shape) for shape in shapes]
        number, match = recognise(file.folder, [rows for head in heads for rows in head], feeds())
        if match.contract.sheet_column:
            match, parts = join_sheets(match.contract, list(zip(book.sheet_names(), heads[0], strict=True)))
            text = book.read_sheets(parts, match.width)
        else:
            shape, sheet = divmod(number, len(heads[0]))
            text = book.read(sheet, match.width, match.header_index, shapes[shape])
    else:
        encoding = delimited.encoding_of(file.path)
        number, match = recognise(file.folder, delimited.head(file.path, encoding), feeds())
        text = delimited.read(file.path, encoding, delimited.DELIMITERS[number], match.width, match.header_index)
    period = _period_from_name(connection, match, file)
    judged = rows.judge(connection, match, text, run_date, scratch, door, period)
    return Examined(match, encoding, text, judged)


def _refuse_unless_plain(file: LandingFile) -> None:
    try:
        mode = file.path.lstat().st_mode
    except OSError as error:
        raise Refusal("readable", "the file", f"it cannot be read: {error.strerror}", "drop it again") from error
    if not str(file.path).isprintable() and "\\udc" in ascii(str(file.path)):
        raise Refusal("readable", "the file's name", "its name is not UTF-8", "rename it, then drop it again")
    if holds_nhs_number(str(file.path)):
        raise Refusal(
            "identifier_in_name", "the file's name", "it holds an NHS number", "rename it, then drop it again"
        )
    if not stat.S_ISREG(mode):
        if stat.S_ISDIR(mode):
            raise Refusal("readable", "the folder", "it cannot be listed, so its files wait", "mend its permissions")
        what = "a link" if stat.S_ISLNK(mode) else "no ordinary file"
        raise Refusal("readable", "the file", f"it is {what}", "put the file itself into landing")


def _period_from_name(connection: duckdb.DuckDBPyConnection, match: Match, file: LandingFile) -> date | None:
    """The period that a file's name gives, where the contract says how; else None.

    Raises Refusal where it gives none and no column does either.
    """
    name = file.name.split("/")[-1]
    for column in match.contract.columns:
        if column.from_file_name is None:
            continue
        formats = column.from_file_name["formats"]
        words = re.findall(column.from_file_name["pattern"], name)
        told = {_parsed(connection, "-".join(word), formats) for word in words} - {None}
        period = told.pop() if len(told) == 1 else None
        if period is None and column.name not in match.columns:
            raise Refusal(
                "one_period",
                "the file's name",
                f"no column gives the {column.name}, and the name «{name}» does not tell just one",
                f"name the file as its publisher does, such as {column.from_file_name['example']}",
            )
        return period
    return None


def _parsed(connection: duckdb.DuckDBPyConnection, text: str, formats: Sequence[str]) -> date | None:
    row = connection.execute("select try_strptime(?, ?)::date", [text, list(formats)]).fetchone()
    return row[0] if row else None


class _Known:
    """Which contents were read before, so need not be again."""

    def __init__(self, entries: list[dict[str, Any]], contracts: Mapping[str, Contract], key_id: str | None) -> None:
        self.contracts, self.key_id = contracts, key_id
        self.entries: dict[str, list[dict[str, Any]]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: dict[str, Any]) -> None:
        self.entries.setdefault(entry["sha256"], []).append(entry)

    def find(self, file: LandingFile, sha256: str) -> dict[str, Any] | None:
        """The ledger's entry that makes reading this file again needless; None if it is new."""
        for entry in reversed(self.entries.get(sha256, [])):
            if entry["contract_version"] != contract_version(entry["feed"], self.contracts):
                continue
            if str(entry.get("refused_rule")).endswith(".key_present") and self.key_id:
                continue
            # A refusal may be mended by another place, and a period by another name, without a byte being changed.
            place_matters = entry["status"] == "refused" or self._named(entry["feed"])
            if not place_matters or entry["file_name"] == file.name:
                return entry
        return None

    def place(self, file: LandingFile, sha256: str) -> int | None:
        """The newest sequence under which this delivery was accepted, by whatever version of its contract."""
        return max(
            (
                entry["sequence"]
                for entry in self.entries.get(sha256, [])
                if entry["status"] == "accepted" and (entry["file_name"] == file.name or not self._named(entry["feed"]))
            ),
            default=None,
        )

    @property
    def is_contract_mended(self) -> bool:
        """Whether a delivery that was accepted is of an older version of its contract than the present one."""
        return any(
            entry["status"] == "accepted"
            and entry["contract_version"] != contract_version(entry["feed"], self.contracts)
            for entries in self.entries.values()
            for entry in entries
        )

    def _named(self, feed: str | None) -> bool:
        """Whether a period by the name makes the name a part of the delivery."""
        contract = self.contracts.get(feed or "")
        return contract is not None and any(column.from_file_name for column in contract.columns)


def contract_version(feed: str | None, contracts: Mapping[str, Contract]) -> str:
    """The version of a feed's contract; for a file of no feed, one that changes with any contract."""
    if feed is not None:
        return contracts[feed].version if feed in contracts else ""
    versions = ",".join(f"{name}={contract.version}" for name, contract in sorted(contracts.items()))
    return hashlib.sha256(versions.encode()).hexdigest()[:12]


def load(
    home: Home,
    run: Run,
    ledger: Ledger,
    on_file: Callable[[FileOutcome], None] = lambda _: None,
    *,
    key: bytes | None = None,
    threads: int = 2,
) -> LoadReport:
    """Load all that is new in landing into the lake and account for it in the ledger.

    Without the `key` of pseudonyms, files with patient identifiers are refused and the rest loads. A run as of an
    earlier day loads nothing: it only states contracts and rules.
    Raises LandingError where landing itself is missing or cannot be read.
    """
    contracts = feeds()
    files = scan(home.landing) if run.as_of_sequence is None else []
    lake.prepare(home)
    account = _Account(run, ledger, contracts)
    door = Door(key)
    known = _Known(ledger.read("file"), contracts, door.key_id)
    outcomes, standing = [], []
    with connect(threads) as connection, ThreadPoolExecutor(_AT_ONCE) as pool:
        workers = [
            _Worker(connection.cursor(), home.scratch / f"judged.{number}.parquet") for number in range(_AT_ONCE)
        ]
        for worker in workers:
            worker.connection.execute(SQL_SCREEN)
        read = partial(_read, run.run_date, known, door)
        for file, worker, reading in _read_ahead(pool, workers, read, _in_order(files, known)):
            outcome, entry = _settle(worker.connection, home, file, reading, known, account, door)
            if outcome.state == "known" and entry and entry["status"] == "refused":
                standing.append(entry)
            if outcome.state in {"accepted", "refused"} and entry:
                known.add(entry)
            outcomes.append(outcome)
            on_file(outcome)
    lake.clear_scratch(home)
    account.write()
    return LoadReport(tuple(outcomes), tuple(standing))


def _in_order(files: list[LandingFile], known: _Known) -> list[LandingFile]:
    """The order of the scan; but what is read again under a mended contract comes first, as it once counted."""
    if not known.is_contract_mended:
        return files

    def place(file: LandingFile) -> float:
        try:
            content = content_hash(file) if stat.S_ISREG(file.path.lstat().st_mode) else None
        except OSError:
            content = None
        return (known.place(file, content) if content else None) or float("inf")

    return sorted(files, key=place)


def _read_ahead(
    pool: ThreadPoolExecutor,
    workers: Sequence[_Worker],
    read: Callable[[_Worker, LandingFile], _Reading | None],
    files: Iterable[LandingFile],
) -> Iterator[tuple[LandingFile, _Worker, _Reading | None]]:
    """Each file in its order with what it read as, while those that follow are being read.

    The worker's view `judged` is the file's until the next one is asked for.
    """
    waiting = iter(files)
    begun = deque(
        (file, worker, pool.submit(read, worker, file)) for worker, file in zip(workers, waiting, strict=False)
    )
    while begun:
        file, worker, reading = begun.popleft()
        yield file, worker, reading.result()
        begun.extend((following, worker, pool.submit(read, worker, following)) for following in islice(waiting, 1))


def _read(run_date: date, known: _Known, door: Door, worker: _Worker, file: LandingFile) -> _Reading | None:
    """Read and judge a file whose content is not known; None where it is still growing."""
    sha256 = ""
    try:
        _refuse_unless_plain(file)
        try:
            content = content_hash(file)
        except OSError as error:
            why = f"it cannot be read: {error.strerror}"
            raise Refusal("readable", "the file", why, "mend its permissions") from error
        if content is None:
            return None
        sha256 = content
        if known.find(file, sha256):
            return _Reading(sha256)
        return _Reading(sha256, examine(worker.connection, file, run_date, worker.scratch, door))
    except Refusal as refusal:
        return _Reading(sha256, refusal=refusal)


def _settle(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    file: LandingFile,
    reading: _Reading | None,
    known: _Known,
    account: "_Account",
    door: Door,
) -> tuple[FileOutcome, dict[str, Any] | None]:
    """Store and account for a file in its turn, for what came before it decides what it is."""
    if reading is None or has_changed(file):
        return FileOutcome(file, "growing"), None
    # What could not be hashed is known by its listing, so that it is not told anew by every run.
    listing = f"{file.name}\0{file.size}\0{file.modified_ns}"
    sha256 = reading.sha256 or hashlib.sha256(listing.encode()).hexdigest()
    if entry := known.find(file, sha256):
        return FileOutcome(file, "known", entry["feed"]), entry
    try:
        if reading.refusal:
            raise reading.refusal
        examined = reading.examined
        assert examined, "what was known while it was read is known now"
        contract = examined.match.contract
        place = known.place(file, sha256)
        account.refuse_another_key(contract, door)
        if place is None:
            account.refuse_steep_fall(file, examined)
        file_id = version_id(contract, sha256, file)
        lake.store(connection, home, contract, examined.text, file_id, delivery_id(contract, sha256, file))
        if has_changed(file):
            return FileOutcome(file, "growing"), None
        entry = account.accepted(file, sha256, file_id, examined, place)
        return FileOutcome(file, "accepted", contract.id, examined), entry
    except Refusal as refusal:
        if has_changed(file):
            return FileOutcome(file, "growing"), None
        feed = file.folder if file.folder in feeds() else None
        return FileOutcome(file, "refused", feed, refusal=refusal), account.refused(file, sha256, feed, refusal)


def version_id(contract: Contract, sha256: str, file: LandingFile) -> str:
    """The identifier of a delivered version: of the content, the contract's version and, where it matters, the name."""
    return hashlib.sha256(f"{contract.version}\0{delivery_id(contract, sha256, file)}".encode()).hexdigest()[:16]


def delivery_id(contract: Contract, sha256: str, file: LandingFile) -> str:
    """The identifier of a delivery, the same whatever the contract's version."""
    named = file.name if any(column.from_file_name for column in contract.columns) else ""
    return hashlib.sha256(f"{contract.id}\0{sha256}\0{named}".encode()).hexdigest()[:16]


class _Account:
    """The ledger rows of one load, gathered and written at its end; `file` last, for it is what makes a file known."""

    def __init__(self, run: Run, ledger: Ledger, contracts: Mapping[str, Contract]) -> None:
        self.run, self.ledger, self.contracts = run, ledger, contracts
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("feed", "rule", "check_result", "rejection", "file_period", "file")
        }
        files = ledger.read("file")
        self.held: dict[tuple[str, str, date], tuple[int, int]] = {}
        for row in ledger.read("file_period"):
            self._hold(row)
        self.sequence = max((row["sequence"] for row in files), default=0)
        self.key_ids = {row["key_id"] for row in files} - {None}

    def _hold(self, row: Mapping[str, Any]) -> None:
        held = row["feed"], row["scope"], row["period"]
        self.held[held] = max((row["sequence"], row["rows_accepted"]), self.held.get(held, (0, 0)))

    def refuse_another_key(self, contract: Contract, door: Door) -> None:
        """Raise Refusal where pseudonyms under this key would not be those of the files before."""
        if contract.has_door and self.key_ids - {door.key_id}:
            raise Refusal(
                "key_present",
                "the environment",
                "QLS_PSEUDONYM_KEY is not the key under which earlier files were read, so nobody would be known again",
                "set the earlier key, or begin a new home with the new one",
            )

    def refuse_steep_fall(self, file: LandingFile, examined: Examined) -> None:
        """Raise Refusal where a delivery would replace one of more than twice its rows: it was probably cut short."""
        contract = examined.match.contract
        if contract.delivery == "append" or "confirmed" in file.name.lower():
            return
        for scope, period, count in examined.judged.periods:
            _, held = self.held.get((contract.id, scope, period), (0, 0))
            if held >= _FEWEST_TO_COMPARE and count < LEAST_LEFT * held:
                of = " ".join(filter(None, (scope, None if period == NO_PERIOD else f"{period:%B %Y}")))
                raise Refusal(
                    "no_steep_fall",
                    "the whole file" if not of else f"the rows of {of}",
                    f"it has {rows.rows_of(count)} where the delivery that it replaces has {held:,}",
                    "it was probably cut short: export it again; if so few are right, put «confirmed» into its name",
                )

    def _file(self, file: LandingFile, sha256: str, file_id: str, feed: str | None) -> dict[str, Any]:
        self.sequence += 1
        return {
            "file_id": file_id,
            "run_id": self.run.run_id,
            "sequence": self.sequence,
            "feed": feed,
            "domain": self.contracts[feed].domain if feed else None,
            "file_name": file.name,
            "sha256": sha256,
            "contract_version": contract_version(feed, self.contracts),
            "size_bytes": file.size,
            "modified_at": file.modified_at,
            "received_date": self.run.run_date,
        }

    def accepted(
        self, file: LandingFile, sha256: str, file_id: str, examined: Examined, place: int | None
    ) -> dict[str, Any]:
        """Account for an accepted file; `place` is the sequence under which this delivery counted before, if it did.

        What is read again keeps its place: it never overtakes a delivery that had replaced it and no longer lies in
        landing to be read again too.
        """
        contract, judged = examined.match.contract, examined.judged
        periods = [period for _, period, _ in judged.periods if period != NO_PERIOD]
        entry = self._file(file, sha256, file_id, contract.id) | {
            "layout": examined.match.layout.name,
            "status": "accepted",
            "encoding": examined.encoding,
            "rows_read": judged.rows_read,
            "rows_accepted": judged.counts["accepted"],
            "rows_rejected": judged.counts["rejected"],
            "rows_total": judged.counts["total"],
            "rows_blank": judged.counts["blank"],
            "period_from": min(periods, default=None),
            "period_to": max(periods, default=None),
            "ignored_columns": "|".join(examined.match.unknown.values()) if examined.match.unknown else None,
            "key_id": judged.key_id,
        }
        delivered = judged.periods
        if contract.delivery == "append":
            own = delivery_id(contract, sha256, file)
            delivered = tuple((own, period, count) for _, period, count in judged.periods)
        self.rows["file"].append(entry)
        for scope, period, count in delivered:
            if place is not None and self.held.get((contract.id, scope, period), (0, 0))[0] > place:
                continue
            row = {
                "file_id": file_id,
                "run_id": self.run.run_id,
                "feed": contract.id,
                "sequence": entry["sequence"],
                "scope": scope,
                "period": period,
                "rows_accepted": count,
            }
            self.rows["file_period"].append(row)
            self._hold(row)
        if judged.key_id:
            self.key_ids.add(judged.key_id)
        self.rows["rejection"] += [
            {
                "file_id": file_id,
                "run_id": self.run.run_id,
                "rule_id": contract.rule_id(finding.rule),
                "column_name": finding.column,
                "action": "kept" if finding.kept else "rejected",
                "row_count": finding.rows,
                "sample_rows": ", ".join(map(str, finding.samples)),
                "message": finding.message,
            }
            for finding in judged.findings
        ]
        for name, status, tested, failed, detail in judged.results:
            self._result(contract.rule_id(name), file.name, status, tested, failed, detail)
        return entry

    def refused(self, file: LandingFile, sha256: str, feed: str | None, refusal: Refusal) -> dict[str, Any]:
        rule_id = f"contract.{feed or 'landing'}.{refusal.rule}"
        version = contract_version(feed, self.contracts)
        file_id = hashlib.sha256(f"{feed}\0{version}\0{sha256}\0{file.name}".encode()).hexdigest()[:16]
        counts = dict.fromkeys(("rows_read", "rows_accepted", "rows_rejected", "rows_total", "rows_blank"), 0)
        entry = self._file(file, sha256, file_id, feed) | counts | {
            "status": "refused",
            "refused_rule": rule_id,
            "refused_where": refusal.where,
            "refused_why": refusal.why,
            "refused_mend": refusal.mend,
        }  # fmt: skip
        self.rows["file"].append(entry)
        self._result(rule_id, file.name, "fail", None, None, str(refusal))
        return entry

    def _result(
        self,
        rule_id: str,
        scope: str,
        status: str,
        tested: int | None,
        failed: int | None,
        detail: str | None,
    ) -> None:
        self.rows["check_result"].append(
            {
                "run_id": self.run.run_id,
                "rule_id": rule_id,
                "scope": scope,
                "status": status,
                "rows_tested": tested,
                "rows_failed": failed,
                "detail": detail,
                "code_version": self.run.code_version,
            }
        )

    def write(self) -> None:
        self.rows["feed"] = [
            {
                "run_id": self.run.run_id,
                "feed": contract.id,
                "domain": contract.domain,
                "owner": contract.owner,
                "delivery": contract.delivery,
                "frequency": contract.frequency,
                "period_months": contract.period_months,
                "due_working_day": contract.due_working_day,
                "months_without": "|".join(map(str, contract.months_without)) or None,
                "is_revisable": contract.revises,
            }
            for contract in self.contracts.values()
        ]
        subjects = [
            (contract.id, contract.domain, contract.owner, rule)
            for contract in self.contracts.values()
            for rule in rules.all_rules(contract)
        ]
        # A file of no feed is refused under a rule of landing itself.
        landing = [("landing", "evidence", "analytics", rule) for rule in rules.IMPLIED if rule.severity == "critical"]
        self.rows["rule"] = [
            {
                "run_id": self.run.run_id,
                "rule_id": f"contract.{subject}.{rule.name}",
                "domain": domain,
                "subject": subject,
                "severity": rule.severity,
                "dimension": rule.dimension,
                "owner": owner,
                "description": rule.description,
            }
            for subject, domain, owner, rule in [*landing, *subjects]
        ]
        self.ledger.append_all(self.run.run_id, STATION, self.rows)

"""Great Expectations, held behind one class: a frame of values in, a verdict per rule out.

The only module besides the suites that imports it; the import takes about five seconds, so `gate` asks for this
module only when it is to work.

Kept out: the warehouse and the ledger (`gate`), what the folder of results looks like (`data_docs`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView

from expectations.rule import Frame

# Enough for a person to see a pattern; a rule that breaks on every row must not write the mart a second time.
SAMPLE_KEYS = 5
SAMPLE_VALUES = 20


@dataclass(frozen=True)
class Verdict:
    """What one rule came to on one frame; counts are None where nothing could be counted."""

    rule_id: str
    status: str
    rows_tested: int | None
    rows_failed: int | None
    sample_keys: str | None
    detail: str


@dataclass(frozen=True)
class Judged:
    """The verdicts on one frame, with Great Expectations' own result as JSON and as a page where it made one."""

    verdicts: tuple[Verdict, ...]
    result: dict[str, Any] | None = None
    page: str | None = None


def same_verdict(frame: Frame, status: str, detail: str) -> Judged:
    """One verdict for every rule of a frame that could not be looked at or is empty."""
    rows = 0 if status == "not_applicable" else None
    return Judged(
        tuple(
            Verdict(expectation.meta["rule_id"], status, rows, rows, None, detail) for expectation in frame.expectations
        )
    )


class Engine:
    """Great Expectations on pandas frames, in memory: no progress bars, no statistics sent, nothing stored."""

    def __init__(self) -> None:
        self._context = gx.get_context(
            project_config=DataContextConfig(
                analytics_enabled=False,
                progress_bars=ProgressBarsConfig(globally=False),
                store_backend_defaults=InMemoryStoreBackendDefaults(),
            )
        )
        self._source = self._context.data_sources.add_pandas("marts")
        # One for all pages: each view parses its forty templates anew, a tenth of a second a page.
        self._view = DefaultJinjaPageView()

    def judge(self, suite: str, frame: Frame, values: pd.DataFrame, run_id: str, at: datetime) -> Judged:
        """Hold the frame's expectations against its values.

        An expectation that Great Expectations cannot evaluate is an `error`; one that finds no value to look at
        (every value null) is `not_applicable`, so that an empty column never counts as a pass.
        """
        if values.empty:
            return same_verdict(frame, "not_applicable", "There are no rows of this kind.")
        name = f"{suite}: {frame.name}"
        asset = self._source.add_dataframe_asset(name=name)
        try:
            batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": values})
            return _judged(name, frame, batch, self._view, run_id, at)
        finally:
            self._source.delete_asset(name)


def _judged(name: str, frame: Frame, batch: Any, view: Any, run_id: str, at: datetime) -> Judged:
    expectations = [expectation.copy(deep=True) for expectation in frame.expectations]
    found = batch.validate(
        gx.ExpectationSuite(name=name, expectations=expectations), result_format=_format(frame.key, frame.hidden)
    )
    by_rule = {result.expectation_config.meta["rule_id"]: result for result in found.results}
    verdicts = []
    for expectation in frame.expectations:
        result = by_rule[expectation.meta["rule_id"]]
        counted = result
        if frame.hidden:
            # What is kept of a hidden frame says only yes or no; which of its keys broke the rule is asked apart.
            counted = batch.validate(expectation.copy(deep=True), result_format=_format(frame.key, False))
        verdicts.append(_verdict(expectation, result, counted, frame.key))
    if any(verdict.status == "error" for verdict in verdicts):
        return Judged(tuple(verdicts))
    for result in found.results:
        for listed in {"unexpected_list", "unexpected_index_list"} & set(result.result):
            result.result[listed] = (result.result[listed] or [])[:SAMPLE_VALUES]
    # Its page reads the name as a time if it can: an id that ends in four digits would be one in an absurd time zone.
    found.meta["run_id"] = RunIdentifier(run_name=f"run {run_id}", run_time=at)
    found.meta.pop("batch_markers", None)
    page = view.render(ValidationResultsPageRenderer().render(found))
    return Judged(tuple(verdicts), found.to_json_dict(), page)


def _format(key: tuple[str, ...], hidden: bool) -> dict[str, Any]:
    if hidden:
        return {"result_format": "BOOLEAN_ONLY"}
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": list(key),
        "partial_unexpected_count": SAMPLE_VALUES,
        "include_unexpected_rows": False,
        "return_unexpected_index_query": False,
    }


def _verdict(expectation: Any, result: Any, counted: Any, key: tuple[str, ...]) -> Verdict:
    rule_id = expectation.meta["rule_id"]
    if fault := _raised(result.exception_info) or _raised(counted.exception_info):
        return Verdict(rule_id, "error", None, None, None, f"The rule could not be judged: {fault}")
    found = counted.result
    tested = int(found.get("element_count", 0)) - int(found.get("missing_count") or 0)
    failed = int(found.get("unexpected_count", 0))
    if not result.success:
        keys = _sample_keys(found.get("partial_unexpected_index_list") or (), key)
        broken = f"{failed} of {tested} {'row breaks' if tested == 1 else 'rows break'} the rule"
        return Verdict(rule_id, "fail", tested, failed, keys, f"{broken}: {expectation.meta['holds']}")
    if tested == 0:
        return Verdict(rule_id, "not_applicable", 0, 0, None, "There is no value to look at.")
    return Verdict(rule_id, "pass", tested, failed, None, f"{tested} tested.")


def _raised(info: Mapping[str, Any] | None) -> str | None:
    """The message of the exception that a result carries, either directly or under the name of each metric."""
    entries = [info, *info.values()] if info else []
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return str(entry.get("exception_message") or "no message").strip().splitlines()[0]
    return None


def _sample_keys(rows: Any, key: tuple[str, ...]) -> str:
    return "; ".join(" ".join(f"{name}={_text(row.get(name))}" for name in key) for row in list(rows)[:SAMPLE_KEYS])


def _text(value: Any) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return naive.date().isoformat() if naive.time() == datetime.min.time() else naive.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

"""Charts as data, and as SVG in one page that asks nobody for anything: no script, no font, no outside host.

`spc_marks` says what stands where; `svg` only draws it. Colours are those of the NHS identity guidelines, as Making
Data Count uses them (blue improvement, orange concern, grey common cause, purple neither); each has its own shape too,
so that a photocopy says the same. Every chart has a title, a description and a table in words.

Kept out: limits, signals and sentences (`dbt_project/macros/spc.sql`); which series are drawn.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

BLUE, ORANGE, GREY, PURPLE, RED, INK = "#005eb8", "#ed8b00", "#768692", "#330072", "#da291c", "#231f20"
# Point type -> colour, shape, words.
STYLES = {
    "special_cause_improvement": (BLUE, "diamond", "special cause: improvement"),
    "special_cause_concern": (ORANGE, "square", "special cause: concern"),
    "special_cause_neutral_high": (PURPLE, "triangle", "special cause: higher than usual"),
    "special_cause_neutral_low": (PURPLE, "triangle_down", "special cause: lower than usual"),
    "common_cause": (GREY, "circle", "common cause"),
    None: ("#ffffff", "circle", "not judged"),
}
WIDTH, HEIGHT = 880, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 140, 16, 44
_SHAPES = {
    "circle": "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
    "diamond": "M0,-6.5L6.5,0L0,6.5L-6.5,0z",
    "square": "M-4.8,-4.8H4.8V4.8H-4.8z",
    "triangle": "M0,-6.2L6,5H-6z",
    "triangle_down": "M0,6.2L6,-5H-6z",
}
_STYLE = """
body { font: 16px/1.5 Arial, sans-serif; color: #231f20; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
figure { margin: 0 0 2.5rem; break-inside: avoid; }
h2 { font-size: 1.15rem; margin: 0; }
svg { width: 100%; height: auto; }
svg text { font: 12px Arial, sans-serif; fill: #231f20; }
table { border-collapse: collapse; font-size: 0.85rem; }
th, td { text-align: left; padding: 0.1rem 0.7rem 0.1rem 0; border-bottom: 1px solid #d8dde0; }
.method { font-size: 0.85rem; color: #425563; }
"""


@dataclass(frozen=True)
class SpcPoint:
    """One point as the SPC macro judged it; limits are null where there are none."""

    period: date
    value: float | None
    rebase_group: int
    mean: float | None
    lpl: float | None
    upl: float | None
    target: float | None
    point_type: str | None
    special_cause_type: str | None
    bridged_months: int
    annotation: str | None


@dataclass(frozen=True)
class SpcChart:
    """One series: its name, the sentence that says what it shows, the method in words, and its points in order."""

    title: str
    sentence: str
    method: str
    points: Sequence[SpcPoint]


@dataclass(frozen=True)
class Line:
    """A line through positions (date, value), of one kind: value, mean, upl, lpl, target or rebase."""

    kind: str
    through: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Dot:
    """A point, with its colour, its shape, its text, and the number of its annotation."""

    at: tuple[date, float]
    colour: str
    shape: str
    text: str
    note_no: int | None


@dataclass(frozen=True)
class Marks:
    """What stands on a chart. `gaps` are stretches without a value; `notes` are the annotations in order."""

    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    gaps: tuple[tuple[date, date], ...]
    notes: tuple[str, ...]
    values: tuple[float, float]
    periods: tuple[date, date]


def spc_marks(chart: SpcChart) -> Marks:
    """The marks of an XmR chart: the value line broken where months are missing, limits stepping at each rebase."""
    lines: list[Line] = []
    gaps: list[tuple[date, date]] = []
    for number, (_, group) in enumerate(groupby(chart.points, key=lambda point: point.rebase_group)):
        points = list(group)
        if number:
            lines.append(Line("rebase", ((points[0].period, -math.inf), (points[0].period, math.inf))))
        for kind in ("mean", "upl", "lpl"):
            if (level := getattr(points[0], kind)) is not None:
                lines.append(Line(kind, ((points[0].period, level), (points[-1].period, level))))
    for target, same in groupby(chart.points, key=lambda point: point.target):
        stretch = list(same)
        if target is not None:
            lines.append(Line("target", ((stretch[0].period, target), (stretch[-1].period, target))))
    run: list[tuple[date, float]] = []
    for before, point in zip([None, *chart.points], chart.points, strict=False):
        if before and (point.bridged_months or point.value is None or before.value is None):
            gaps.append((before.period, point.period))
            if run:
                lines.append(Line("value", tuple(run)))
            run = []
        if point.value is not None:
            run.append((point.period, point.value))
    if run:
        lines.append(Line("value", tuple(run)))
    notes, dots = [], []
    for point in chart.points:
        if point.annotation:
            notes.append(f"{point.period:%d %b %Y}: {point.annotation}")
        if point.value is not None:
            colour, shape, words = STYLES[point.point_type]
            text = f"{point.period:%d %b %Y}: {plain(point.value)}, {words}"
            if point.special_cause_type and point.special_cause_type != "Common Cause":
                text += f" ({point.special_cause_type})"
            note_no = len(notes) if point.annotation else None
            dots.append(Dot((point.period, point.value), colour, shape, text, note_no))
    levels = [level for line in lines for _, level in line.through if math.isfinite(level)] or [0.0]
    periods = [point.period for point in chart.points]
    return Marks(
        lines=tuple(lines),
        dots=tuple(dots),
        gaps=tuple(gaps),
        notes=tuple(notes),
        values=(min(levels), max(levels)),
        periods=(min(periods), max(periods)),
    )


def plain(number: float) -> str:
    """A number for a reader: four significant digits, or all the digits of a whole part."""
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.4g}"


# From marks to SVG


def svg(chart: SpcChart, number: int = 1) -> str:
    """The chart as one SVG element; `number` makes its ids its own on a page."""
    marks = spc_marks(chart)
    scale = _Scale(marks)
    body = [*_axes(marks, scale), *(part for line in marks.lines for part in _line(line, scale))]
    body += [_dot(dot, scale) for dot in marks.dots]
    body += _labels(marks, scale)
    description = " ".join([chart.sentence, chart.method, *marks.notes])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title{number} desc{number}">'
        f'<title id="title{number}">{escape(chart.title)}</title>'
        f'<desc id="desc{number}">{escape(description)}</desc>' + "".join(body) + "</svg>"
    )


class _Scale:
    def __init__(self, marks: Marks) -> None:
        low, high = marks.values
        self.ticks = _ticks(low, high)
        step = self.ticks[1] - self.ticks[0]
        self.low, self.high = min(low, self.ticks[0]) - step * 0.1, max(high, self.ticks[-1]) + step * 0.1
        self.first, last = marks.periods
        self.days = max((last - self.first).days, 1)

    def x(self, day: date) -> float:
        return _LEFT + 8 + (WIDTH - _LEFT - _RIGHT - 16) * (day - self.first).days / self.days

    def y(self, value: float) -> float:
        if math.isinf(value):
            return float(_TOP if value > 0 else HEIGHT - _BOTTOM)
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (value - self.low) / (self.high - self.low)


def _ticks(low: float, high: float) -> list[float]:
    """About five round values that span from low to high."""
    span = (high - low) or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(span / 4))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if span / (step * factor) <= 5)
    first = math.floor(low / step)
    return [step * count for count in range(first, max(math.ceil(high / step), first + 1) + 1)]


_LINES = {
    "value": f'stroke="{GREY}" stroke-width="1.5"',
    "mean": f'stroke="{INK}" stroke-width="1.5"',
    "upl": f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 4"',
    "lpl": f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 4"',
    "target": f'stroke="{RED}" stroke-width="1.5" stroke-dasharray="2 3"',
    "rebase": f'stroke="{GREY}" stroke-width="1" stroke-dasharray="1 3"',
}


def _line(line: Line, scale: _Scale) -> Iterator[str]:
    through = " ".join(f"{scale.x(day):.1f},{scale.y(value):.1f}" for day, value in line.through)
    yield f'<polyline class="{line.kind}" fill="none" {_LINES[line.kind]} points="{through}"/>'
    if line.kind == "rebase":
        yield _text(scale.x(line.through[0][0]) + 3, _TOP + 10, "new limits")


def _dot(dot: Dot, scale: _Scale) -> str:
    x, y = scale.x(dot.at[0]), scale.y(dot.at[1])
    mark = (
        f'<path class="{dot.shape}" transform="translate({x:.1f},{y:.1f})" d="{_SHAPES[dot.shape]}" '
        f'fill="{dot.colour}" stroke="{INK}" stroke-width="0.8"><title>{escape(dot.text)}</title></path>'
    )
    return mark + (_text(x, y - 10, f"[{dot.note_no}]", "middle") if dot.note_no else "")


def _axes(marks: Marks, scale: _Scale) -> Iterator[str]:
    for tick in scale.ticks:
        y = scale.y(tick)
        yield f'<path d="M{_LEFT},{y:.1f}H{WIDTH - _RIGHT}" stroke="#e8edee"/>'
        yield _text(_LEFT - 8, y + 4, plain(tick + 0.0), "end")
    for start, end in marks.gaps:
        x, width = scale.x(start), scale.x(end) - scale.x(start)
        yield (
            f'<rect class="gap" x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{HEIGHT - _TOP - _BOTTOM}" '
            'fill="#e8edee"><title>no value</title></rect>'
        )
    days = sorted({dot.at[0] for dot in marks.dots}) or list(marks.periods)
    every = math.ceil(len(days) / 8)
    for day in days[::every]:
        yield _text(scale.x(day), HEIGHT - _BOTTOM + 20, f"{day:%b %Y}", "middle")


def _labels(marks: Marks, scale: _Scale) -> Iterator[str]:
    """Names at the right end of the lines that reach it, moved apart where they would overlap."""
    words = {"mean": "mean", "upl": "upper limit", "lpl": "lower limit", "target": "target"}
    ends = marks.periods[1]
    last = {
        line.kind: line.through[-1][1] for line in marks.lines if line.kind in words and line.through[-1][0] == ends
    }
    below = -math.inf
    for kind, level in sorted(last.items(), key=lambda item: -item[1]):
        below = max(scale.y(level) + 4, below + 13)
        yield _text(WIDTH - _RIGHT + 4, below, f"{words[kind]} {plain(level)}")


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


# The page


def spc_page(charts: Sequence[SpcChart], title: str) -> str:
    """One HTML page with each chart, its sentence, its method and its points as a table."""
    figures = "".join(_figure(chart, number) for number, chart in enumerate(charts, 1))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{_key()}{figures}</body></html>\n"
    )


def _key() -> str:
    """What shapes and colours mean, once a page."""
    entries = "".join(
        f'<path transform="translate({12 + 290 * (position % 3)},{12 + 22 * (position // 3)})" d="{_SHAPES[shape]}" '
        f'fill="{colour}" stroke="{INK}" stroke-width="0.8"/>'
        + _text(26 + 290 * (position % 3), 16 + 22 * (position // 3), words)
        for position, (colour, shape, words) in enumerate(STYLES.values())
    )
    return f'<svg viewBox="0 0 {WIDTH} 48" role="img" aria-label="Key to the points">{entries}</svg>'


def _figure(chart: SpcChart, number: int) -> str:
    marks = spc_marks(chart)
    notes = "".join(f"<li>{escape(note)}</li>" for note in marks.notes)
    rows = "".join(
        f"<tr><td>{point.period:%d %b %Y}</td>"
        + "".join(
            f"<td>{'' if figure is None else plain(figure)}</td>"
            for figure in (point.value, point.mean, point.lpl, point.upl, point.target)
        )
        + f"<td>{escape(STYLES[point.point_type][2] if point.value is not None else 'no value')}</td></tr>"
        for point in chart.points
    )
    heads = "".join(f"<th>{name}</th>" for name in ("Date", "Value", "Mean", "Lower", "Upper", "Target", "What it is"))
    return (
        f"<figure><h2>{escape(chart.title)}</h2><p>{escape(chart.sentence)}</p>{svg(chart, number)}"
        + (f"<ol>{notes}</ol>" if notes else "")
        + f'<figcaption class="method">{escape(chart.method)}</figcaption>'
        f"<details><summary>The same as a table</summary><table><tr>{heads}</tr>{rows}</table></details></figure>"
    )

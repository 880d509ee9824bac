"""Charts as data and as a page: steps at rebases, gaps, shapes that a photocopy keeps, nothing fetched from anywhere."""

import re
from datetime import date
from xml.etree import ElementTree

from publish.charts import STYLES, SpcChart, SpcPoint, spc_marks, spc_page, svg


def point(month: int, value: float | None, **changes: object) -> SpcPoint:
    facts: dict[str, object] = {
        "period": date(2025, month, 1),
        "value": value,
        "rebase_group": 0,
        "mean": 50.0,
        "lpl": 40.0,
        "upl": 60.0,
        "target": None,
        "point_type": "common_cause",
        "special_cause_type": "Common Cause",
        "bridged_months": 0,
        "annotation": None,
    }
    return SpcPoint(**(facts | changes))  # type: ignore[arg-type]


def chart(*points: SpcPoint) -> SpcChart:
    return SpcChart("Falls <Ward & more>", "Falls: as usual.", "XmR chart (profile making_data_count_2023)", points)


NEW = {"rebase_group": 1, "mean": 70.0, "lpl": 65.0, "upl": 75.0}
STEPPED = chart(
    point(1, 50, target=55.0),
    point(2, 61, target=55.0, point_type="special_cause_concern", special_cause_type="Above UCL"),
    point(3, 70, target=55.0, annotation="New <team>", **NEW),
    point(4, 71, target=60.0, **NEW),
)


def through(drawn: SpcChart, kind: str) -> list[list[tuple[int, float]]]:
    return [[(day.month, level) for day, level in line.through] for line in spc_marks(drawn).lines if line.kind == kind]


def test_limits_and_target_step_where_they_change() -> None:
    assert through(STEPPED, "upl") == [[(1, 60), (2, 60)], [(3, 75), (4, 75)]]
    assert through(STEPPED, "mean") == [[(1, 50), (2, 50)], [(3, 70), (4, 70)]]
    assert through(STEPPED, "target") == [[(1, 55), (3, 55)], [(4, 60), (4, 60)]]
    assert [line[0][0] for line in through(STEPPED, "rebase")] == [3]


def test_a_group_without_limits_has_none_and_still_begins_anew() -> None:
    bare = {"rebase_group": 1, "mean": None, "lpl": None, "upl": None, "point_type": None}
    drawn = chart(point(1, 50), point(2, 51), point(3, 52, **bare))
    assert through(drawn, "upl") == [[(1, 60), (2, 60)]]
    assert [line[0][0] for line in through(drawn, "rebase")] == [3]
    assert "upper limit" not in svg(drawn)


def test_the_line_breaks_where_a_month_or_a_value_is_missing() -> None:
    drawn = chart(point(1, 50), point(2, 51), point(4, 52, bridged_months=1), point(5, None), point(6, 49))
    assert through(drawn, "value") == [[(1, 50), (2, 51)], [(4, 52)], [(6, 49)]]
    assert [(start.month, end.month) for start, end in spc_marks(drawn).gaps] == [(2, 4), (4, 5), (5, 6)]


def test_what_a_point_is_shows_in_colour_and_in_shape() -> None:
    marks = spc_marks(STEPPED)
    assert [(dot.colour, dot.shape) for dot in marks.dots[:2]] == [("#768692", "circle"), ("#ed8b00", "square")]
    assert "Above UCL" in marks.dots[1].text
    looks = {(shape, colour == "#ffffff") for colour, shape, _ in STYLES.values()}
    assert len(looks) == len(STYLES), "two kinds of point look alike in greyscale"


def test_an_annotation_is_numbered_and_told() -> None:
    marks = spc_marks(STEPPED)
    assert [dot.note_no for dot in marks.dots] == [None, None, 1, None]
    assert marks.notes == ("01 Mar 2025: New <team>",)
    page = spc_page([STEPPED], "SPC")
    assert "[1]" in page
    assert "New &lt;team&gt;" in page
    assert "<team>" not in page


def test_the_picture_is_whole_and_has_its_text() -> None:
    tree = ElementTree.fromstring(svg(STEPPED))
    name = "{http://www.w3.org/2000/svg}"
    assert tree.findtext(f"{name}title") == "Falls <Ward & more>"
    description = tree.findtext(f"{name}desc") or ""
    assert "Falls: as usual." in description
    assert "making_data_count_2023" in description
    assert len([path for path in tree.iter(f"{name}path") if path.get("class")]) == 4
    assert not re.search(r"\b(nan|inf)\b", svg(STEPPED))


def test_little_to_draw_is_drawn() -> None:
    for points in ([point(1, 5)], [point(1, 0, mean=0.0, lpl=0.0, upl=0.0), point(2, 0)], [point(1, None, mean=None)]):
        ElementTree.fromstring(svg(chart(*points)))
    nothing = {"mean": None, "lpl": None, "upl": None, "point_type": None}
    ElementTree.fromstring(svg(chart(point(1, None, **nothing), point(2, None, **nothing))))


def test_the_page_asks_nobody_for_anything() -> None:
    page = spc_page([STEPPED, chart(point(1, 5))], "SPC")
    assert "<script" not in page
    assert set(re.findall(r"\w+://[^\s\"']+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"(src|href|@import|url\()", page)
    assert page.count('id="title') == len(set(re.findall(r'id="title\d+"', page))) == 2
    assert "The same as a table" in page

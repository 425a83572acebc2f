"""Map, outlines and Gantt: readable by machines, nothing lost, nothing overlapping."""

import itertools
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from api.web.drawing.calendar import months_of, weeks_from, written, written_span
from api.web.drawing.families import LOOKS, body, looks_of
from api.web.drawing.gantt import Bar, Hatch, Row, gantt, lanes_of
from api.web.drawing.map import LARGEST_RADIUS, SMALLEST_RADIUS, MapPoint, europe_map, radius
from api.web.drawing.svg import element
from api.web.pages.outlines import outlines

MONDAY = date(2026, 11, 30)
SVG = "{http://www.w3.org/2000/svg}"


def bar(start: int, end: int, label: str = "001", row: str = "s") -> Bar:
    first = MONDAY + timedelta(days=start)
    return Bar(row, first, MONDAY + timedelta(days=end), "CAR-T cells", label, "/there", f"{label} <there>")


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


class TestMap:
    def test_each_facility_is_a_link_with_a_title(self) -> None:
        points = [MapPoint(52.5, 13.4, 3, "/a", "A & B: 3 starts"), MapPoint(48.9, 2.4, 0, "/b", "C: no starts")]
        drawn = parsed(europe_map(points, outlines="/map/europe.svg", title="Where"))
        assert [(link.get("href"), link.findtext("title")) for link in drawn.iter("a")] == [
            ("/a", "A & B: 3 starts"),
            ("/b", "C: no starts"),
        ]

    def test_the_largest_is_drawn_first_so_that_none_is_hidden(self) -> None:
        points = [MapPoint(52.5, 13.4, size, "/", str(size)) for size in (1, 9, 4)]
        drawn = parsed(europe_map(points, outlines="/map/europe.svg", title="Where"))
        assert [link.findtext("title") for link in drawn.iter("a")] == ["9", "4", "1"]

    def test_radii_stay_between_what_one_can_hit_and_the_largest(self) -> None:
        assert radius(0, 10) == SMALLEST_RADIUS
        assert radius(10, 10) == LARGEST_RADIUS
        assert SMALLEST_RADIUS < radius(5, 10) < LARGEST_RADIUS

    def test_outlines_hold_every_member_state_and_are_small(self) -> None:
        drawn, _tag = outlines()
        groups = {group.get("id"): len(group) for group in parsed(drawn.decode()).iter(f"{SVG}g")}
        assert groups["within"] == 31
        assert groups["around"] > 15
        assert len(drawn) < 150_000


class TestGantt:
    def test_every_bar_is_a_link_with_title_and_number(self) -> None:
        drawn = gantt(
            MONDAY,
            26,
            rows=[Row("s", "Facility", "Suite A", "/f")],
            bars=[bar(0, 14)],
            hatches=[],
            looks={"CAR-T cells": 1},
        )
        (link,) = parsed(drawn.bars).iter("a")
        assert link.get("href") == "/there"
        assert link.findtext("title") == "001 <there>"
        assert link.findtext("text") == "001"

    def test_what_leaves_the_horizon_is_cut_at_its_edge(self) -> None:
        drawn = gantt(
            MONDAY, 2, rows=[Row("s", "Facility", "Suite A", "/f")], bars=[bar(-7, 28)],
            hatches=[Hatch("s", MONDAY - timedelta(days=9), MONDAY + timedelta(days=99), "closed")],
            looks={"CAR-T cells": 0},
        )  # fmt: skip
        chart = parsed(drawn.bars)
        for shape in chart.iter("rect"):
            assert float(shape.get("x", "0")) >= 0
            assert float(shape.get("x", "0")) + float(shape.get("width", "0")) <= float(chart.get("width", "0"))

    def test_a_label_that_does_not_fit_is_left_to_the_title(self) -> None:
        rows = [Row("s", "Facility", "Suite A", "/f")]
        drawn = gantt(MONDAY, 4, rows=rows, bars=[bar(0, 7, "much too long")], hatches=[], looks={"CAR-T cells": 0})
        (link,) = parsed(drawn.bars).iter("a")
        assert link.find("text") is None
        assert link.findtext("title") == "much too long <there>"

    def test_without_rows_it_is_empty_and_readable(self) -> None:
        drawn = gantt(MONDAY, 26, rows=[], bars=[], hatches=[], looks={})
        assert list(parsed(drawn.bars).iter("a")) == []

    @given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=30))
    def test_bars_of_one_lane_never_overlap_and_none_is_lost(self, stays: list[tuple[int, int]]) -> None:
        bars = [bar(start, start + length, str(index)) for index, (start, length) in enumerate(stays)]
        lanes = lanes_of(bars)
        assert sorted(known.label for lane in lanes for known in lane) == sorted(known.label for known in bars)
        for lane in lanes:
            assert all(first.end <= second.start for first, second in itertools.pairwise(lane))
        busiest = max((sum(b.start <= day.start < b.end for b in bars) for day in bars), default=0)
        assert len(lanes) == busiest


class TestLooks:
    def test_same_families_same_looks_in_any_order(self) -> None:
        assert looks_of(["b", "a", "b"]) == looks_of(["a", "b"]) == {"a": 0, "b": 1}

    def test_every_look_has_its_own_pair_of_colour_and_weave(self) -> None:
        assert len({body(look, x=0, y=0, width=9, height=9) for look in range(LOOKS)}) == LOOKS

    def test_more_families_than_looks_share_them(self) -> None:
        assert set(looks_of(map(str, range(2 * LOOKS))).values()) == set(range(LOOKS))


class TestCalendar:
    def test_days_are_written_as_europeans_do(self) -> None:
        assert written(date(2026, 11, 25)) == "25 Nov 2026"

    def test_a_span_names_its_last_day_not_the_day_after(self) -> None:
        assert written_span(date(2027, 1, 4), date(2027, 1, 18)) == "4–17 Jan 2027"
        assert written_span(date(2027, 1, 4), date(2027, 1, 5)) == "4 Jan 2027"
        assert written_span(date(2027, 1, 25), date(2027, 2, 8)) == "25 Jan – 7 Feb 2027"
        assert written_span(date(2026, 12, 28), date(2027, 1, 11)) == "28 Dec 2026 – 10 Jan 2027"

    def test_months_cover_the_weeks_once(self) -> None:
        weeks = weeks_from(MONDAY, 26)
        months = months_of(weeks)
        assert sum(month.weeks for month in months) == 26
        assert months[1].label == "Dec 2026"
        assert weeks[5].number == 1


def test_text_and_attributes_are_escaped() -> None:
    drawn = element("text", "<script>", title='"><script>')
    assert "<script>" not in drawn

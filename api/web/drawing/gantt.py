"""A plan as bars over weeks: one row for each suite, as many lanes in it as stays run side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.web.drawing.calendar import Week, months_of, weeks_from
from api.web.drawing.families import body, weaves
from api.web.drawing.svg import element, link

LABEL_WIDTH = 220
WEEK_WIDTH = 36
LANE_HEIGHT = 22
GAP = 3
ROW_MARGIN = 5
HEAD_HEIGHT = 46
TWO_LINES = 40
LETTER_WIDTH = 7.2


@dataclass(frozen=True, slots=True)
class Row:
    """A suite; `heading` names its facility on the first of its rows and is empty on the others."""

    id: str
    heading: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stay in a row from `start` (in) to `end` (out), drawn in the look of its family."""

    row: str
    start: date
    end: date
    family: str
    label: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Hatch:
    """Days on which a row takes nothing."""

    row: str
    start: date
    end: date
    title: str


@dataclass(frozen=True, slots=True)
class Gantt:
    """Three drawings that a page lines up: weeks on top, names on the left, bars in the middle."""

    weeks: Markup
    names: Markup
    bars: Markup


@dataclass(frozen=True, slots=True)
class _Laid:
    row: Row
    top: float
    height: float
    lanes: tuple[tuple[Bar, ...], ...]
    hatches: tuple[Hatch, ...]


def gantt(
    origin: date,
    weeks: int,
    *,
    rows: Sequence[Row],
    bars: Sequence[Bar],
    hatches: Sequence[Hatch],
    looks: Mapping[str, int],
) -> Gantt:
    """Draw `weeks` weeks from Monday `origin`; bars and hatches that leave the horizon are cut at its edge."""
    calendar = weeks_from(origin, weeks)
    laid = _lay_out(rows, bars, hatches)
    width = weeks * WEEK_WIDTH
    height = laid[-1].top + laid[-1].height if laid else 0
    grid = [_week_line(week, index, height) for index, week in enumerate(calendar)]
    drawn = (_row(place, origin, width, looks) for place in laid)
    return Gantt(
        weeks=_frame(width, HEAD_HEIGHT, *_head(calendar), class_="gantt-weeks", aria_hidden="true"),
        names=_frame(LABEL_WIDTH, height, *(_name(place) for place in laid), class_="gantt-names"),
        bars=_frame(width, height, weaves(), *grid, *drawn, class_="gantt-bars"),
    )


def lanes_of(bars: Sequence[Bar]) -> tuple[tuple[Bar, ...], ...]:
    """Share the bars of one row among as few lanes as they need; inside a lane none overlap."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.end, bar.label)):
        lane = next((lane for lane in lanes if lane[-1].end <= bar.start), None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    return tuple(tuple(lane) for lane in lanes)


def _lay_out(rows: Sequence[Row], bars: Sequence[Bar], hatches: Sequence[Hatch]) -> list[_Laid]:
    laid: list[_Laid] = []
    top = 0.0
    for row in rows:
        lanes = lanes_of([bar for bar in bars if bar.row == row.id])
        least = TWO_LINES if row.heading else LANE_HEIGHT + ROW_MARGIN
        height = max(least, len(lanes) * LANE_HEIGHT + 2 * ROW_MARGIN)
        closed = tuple(hatch for hatch in hatches if hatch.row == row.id)
        laid.append(_Laid(row, top, height, lanes, closed))
        top += height
    return laid


def _frame(width: float, height: float, *children: Markup, **attributes: str) -> Markup:
    box = f"0 0 {width:g} {height:g}"
    return element("svg", *children, width=width, height=height, viewBox=box, **attributes)


def _head(calendar: Sequence[Week]) -> list[Markup]:
    months = [
        element("text", month.label if month.weeks > 1 else "", x=month.first * WEEK_WIDTH + 4, y=18, class_="month")
        for month in months_of(calendar)
    ]
    numbers = [
        element("text", str(week.number), x=index * WEEK_WIDTH + 4, y=38, class_="week")
        for index, week in enumerate(calendar)
    ]
    return months + numbers


def _week_line(week: Week, index: int, height: float) -> Markup:
    x = index * WEEK_WIDTH + 0.5
    kind = "month-line" if week.monday.day <= 7 else "week-line"
    return element("line", x1=x, x2=x, y1=0, y2=height, class_=kind)


def _name(place: _Laid) -> Markup:
    row, top = place.row, place.top
    rule = element("line", x1=0, x2=LABEL_WIDTH, y1=top + 0.5, y2=top + 0.5, class_=_rule(row))
    below = element("text", row.label, x=4, y=top + (34 if row.heading else 18), class_="suite")
    if not row.heading:
        return element("g", rule, below)
    heading = element("text", row.heading, x=4, y=top + 17, class_="facility")
    return element("g", rule, link(row.href, f"{row.heading}: its starts", heading), below)


def _row(place: _Laid, origin: date, width: int, looks: Mapping[str, int]) -> Markup:
    rule = element("line", x1=0, x2=width, y1=place.top + 0.5, y2=place.top + 0.5, class_=_rule(place.row))
    closed = [_hatch(hatch, place, origin, width) for hatch in place.hatches]
    stays = [
        _bar(bar, place.top + ROW_MARGIN + lane * LANE_HEIGHT, origin, width, looks[bar.family])
        for lane, bars in enumerate(place.lanes)
        for bar in bars
    ]
    return element("g", rule, *closed, *stays)


def _rule(row: Row) -> str:
    return "facility-line" if row.heading else "suite-line"


def _hatch(hatch: Hatch, place: _Laid, origin: date, width: int) -> Markup:
    left, right = _reach(hatch.start, hatch.end, origin, width)
    title = element("title", hatch.title)
    return element(
        "rect",
        title,
        x=left,
        y=place.top + 1,
        width=max(0.0, right - left),
        height=place.height - 1,
        class_="closed",
        fill="url(#closed)",
    )


def _bar(bar: Bar, top: float, origin: date, width: int, look: int) -> Markup:
    left, right = _reach(bar.start, bar.end, origin, width)
    room = max(2.0, right - left - GAP)
    shapes = body(look, x=left + 1, y=top, width=room, height=LANE_HEIGHT - GAP)
    if len(bar.label) * LETTER_WIDTH > room - 4:
        return link(bar.href, bar.title, *shapes)
    text = element("text", bar.label, x=left + 4, y=top + 14, class_="bar-label")
    return link(bar.href, bar.title, *shapes, text)


def _reach(start: date, end: date, origin: date, width: int) -> tuple[float, float]:
    """Return the left and right edge of days `start` (in) to `end` (out), cut at the edges of the drawing."""
    day = WEEK_WIDTH / 7
    left, right = (start - origin).days * day, (end - origin).days * day
    return max(0.0, min(left, width)), max(0.0, min(right, width))

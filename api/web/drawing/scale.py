"""How much of what was asked for a plan reaches, with a mark where another plan would have stopped."""

from markupsafe import Markup

from api.web.drawing.svg import element

LENGTH = 300
THICKNESS = 14


def scale(*, asked: int, reached: int, mark: int, title: str) -> Markup:
    """Draw `reached` of `asked` as a filled track and `mark` as a line across it."""
    whole = max(asked, reached, mark, 1)
    filled, marked = LENGTH * reached / whole, LENGTH * mark / whole
    return element(
        "svg",
        element("title", title),
        element("rect", x=0, y=3, width=LENGTH, height=8, rx=4, class_="track"),
        element("rect", x=0, y=3, width=filled, height=8, rx=4, class_="reached"),
        element("line", x1=marked, x2=marked, y1=0, y2=THICKNESS, class_="mark"),
        viewBox=f"0 0 {LENGTH} {THICKNESS}",
        preserveAspectRatio="none",
        class_="scale",
        role="img",
        aria_label=title,
    )

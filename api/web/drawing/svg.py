"""Elements of SVG, escaped as they are made."""

from markupsafe import Markup

NOTHING = Markup("")


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """Return one element; text is escaped unless it is Markup; `class_` is written class, `stroke_width` stroke-width."""
    written = NOTHING.join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    if not children:
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, NOTHING.join(children))


def link(href: str, title: str, *children: str) -> Markup:
    """Return a link that the keyboard reaches and a reader can name."""
    return element("a", element("title", title), *children, href=href, aria_label=title)


def _plain(value: str | float) -> str:
    """Return a number with at most one decimal, text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0")

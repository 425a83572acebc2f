"""Pages of events for people who must not count what others do: a page begins after an instant, not after a number."""

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import Request, Response

from api.paging import PageAsked, instant_and_number, link_next
from registry.queries.trail import Reached, reached_with


def reached_by(page: PageAsked) -> Reached | None:
    """Return how far the caller has come, None = it begins."""
    return None if page.after is None else Reached(*instant_and_number(page.after))


def link_earlier(request: Request, response: Response, page: PageAsked, instants: Sequence[datetime]) -> None:
    """Name the page of earlier events; `instants` are of the events on this one."""
    reached = reached_with(instants, reached_by(page))
    link_next(request, response, (reached.at.astimezone(UTC).isoformat(timespec="microseconds"), str(reached.events)))

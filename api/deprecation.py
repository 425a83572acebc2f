"""Saying that an operation is to go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) on every answer it gives.

A route declares it once: `@router.get("/old", **going(since, sunset, "/api/v1/new"))`; the description marks the
operation as deprecated, too. Six months lie between the two days.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypedDict

from fastapi import Depends, Request

NOTICE = timedelta(days=183)
ANNOUNCED = "announced_headers"


class Going(TypedDict):
    """What a route is given in addition."""

    deprecated: bool
    dependencies: list[Any]


def going(since: datetime, sunset: datetime, successor: str | None = None) -> Going:
    """Return what a route that is to go is declared with; less than six months' notice is refused."""
    if since.tzinfo is None or sunset.tzinfo is None:
        raise ValueError("Say the two instants with their time zone.")
    if sunset - since < NOTICE:
        raise ValueError(f"Between {since:%Y-%m-%d} and {sunset:%Y-%m-%d} lie less than six months.")
    headers = {
        "Deprecation": f"@{int(since.timestamp())}",
        "Sunset": format_datetime(sunset.astimezone(UTC), usegmt=True),
    }
    if successor is not None:
        headers["Link"] = f'<{successor}>; rel="successor-version"'
    return {"deprecated": True, "dependencies": [Depends(_announcing(headers))]}


def _announcing(headers: dict[str, str]) -> Callable[[Request], None]:
    def announce(request: Request) -> None:
        setattr(request.state, ANNOUNCED, headers)

    return announce

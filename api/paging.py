"""Lists in pages by key: `limit`, an opaque `cursor`, and Link rel="next" (RFC 8288) as long as there is more."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from api.problems import ApiError
from api.schemas.problem import FieldFault
from registry.models.base import Record

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PageAsked:
    """At most `limit` entries after the sort key `after`, None = from the beginning."""

    limit: int
    after: tuple[str, ...] | None


def page_asked(
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="Entries on a page.")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=1000, description="Where to go on: take it from the Link header.")
    ] = None,
) -> PageAsked:
    """Read the page a caller asks for."""
    return PageAsked(limit, None if cursor is None else read_cursor(cursor))


PageDep = Annotated[PageAsked, Depends(page_asked)]


def write_cursor(key: Sequence[str]) -> str:
    """Return a sort key as an opaque word."""
    return urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, ...]:
    """Return the sort key of a cursor; refuse what this service did not write."""
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (NotBase64, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or not all(isinstance(part, str) and "\0" not in part for part in key):
        raise _foreign_cursor()
    return tuple(key)


def link_next(request: Request, response: Response, last: Sequence[str]) -> None:
    """Name the next page, which begins after the sort key `last`; other parameters stay."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    query = urlencode([*kept, ("cursor", write_cursor(last))])
    response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def cut(
    request: Request,
    response: Response,
    page: PageAsked,
    found: Sequence[Item],
    key: Callable[[Item], tuple[str, ...]],
) -> Sequence[Item]:
    """Return the page of what was found, which is one more than `limit` where there is more; `key` is its sort key."""
    shown = found[: page.limit]
    if len(found) > page.limit:
        link_next(request, response, key(shown[-1]))
    return shown


def in_pages(
    request: Request,
    response: Response,
    page: PageAsked,
    items: Iterable[Item],
    key: Callable[[Item], tuple[str, ...]],
) -> list[Item]:
    """Return the page of a list that is read as a whole, because it is of one record and short, in the order of `key`."""
    ordered = sorted(items, key=key)
    after = page.after
    if after is not None:
        if ordered and len(after) != len(key(ordered[0])):
            raise _foreign_cursor()
        ordered = [item for item in ordered if key(item) > after]
    if len(ordered) > page.limit:
        link_next(request, response, key(ordered[page.limit - 1]))
    return ordered[: page.limit]


def as_made(row: Record) -> tuple[str, ...]:
    """The sort key of records in the order they were made."""
    return row.created_at.astimezone(UTC).isoformat(timespec="microseconds"), str(row.id)


def text_and_id(key: tuple[str, ...]) -> tuple[str, UUID]:
    """Read the sort key of a list that is ordered by a text and then by id."""
    try:
        text, record = key
        return text, UUID(record)
    except ValueError:
        raise _foreign_cursor() from None


def _foreign_cursor() -> ApiError:
    return ApiError("invalid-input", errors=[FieldFault(where="query.cursor", what="Not a cursor of this list.")])


def one_number(key: tuple[str, ...]) -> int:
    """Read the sort key of a list that is ordered by a number."""
    if len(key) != 1 or not key[0].isdecimal() or len(key[0]) > 18:
        raise _foreign_cursor()
    return int(key[0])


def instant_and_id(key: tuple[str, ...]) -> tuple[datetime, UUID]:
    """Read the sort key of a list that is ordered by an instant and then by id."""
    text, record = text_and_id(key)
    return _instant(text), record


def instant_and_number(key: tuple[str, ...]) -> tuple[datetime, int]:
    """Read the sort key of a list that is ordered by an instant and then by a number."""
    text, number = text_and_number(key)
    return _instant(text), number


def text_and_number(key: tuple[str, ...]) -> tuple[str, int]:
    """Read the sort key of a list that is ordered by a text and then by a number."""
    if len(key) != 2:
        raise _foreign_cursor()
    return key[0], one_number((key[1],))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _foreign_cursor() from None
    if instant.tzinfo is None:
        raise _foreign_cursor()
    return instant

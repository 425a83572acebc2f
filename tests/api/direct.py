"""Calling the application directly, without a client between: thousands of generated calls at a bearable price.

The application and everything in it are the real ones. What a server would hand to threads, to wait for the database
without keeping other calls waiting, is carried out in place, for here is one call at a time.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import anyio.to_thread
import httpx2
import pytest
from starlette.types import ASGIApp, Message, Scope

from tests.api.sent import Call

Returned = TypeVar("Returned")
IDENTICAL = {"Accept-Encoding": "identity", "X-Request-Id": "the-same-every-time"}
"""Sent with every call: two answers that say the same are then the same."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A call as a server would receive it, without the headers of the caller."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, "" when it is not there."""
        return next((value for found, value in self.headers if found == name), "")


def prepared(request: httpx2.Request) -> Sent:
    """A request as a server would receive it, without a key."""
    body, url = request.read(), request.url
    headers = tuple((name.lower(), value) for name, value in request.headers.raw)
    return Sent(
        request.method,
        url.path,
        url.raw_path.partition(b"?")[0],
        url.query,
        tuple(pair for pair in headers if pair[0] != b"authorization"),
        body,
    )


def as_sent(known: Call) -> Sent:
    """A call of the API as a server would receive it."""
    url = f"http://testserver/api/v1{known.address}"
    return prepared(httpx2.Request(known.method, url, json=known.body, data=known.form, headers=known.headers))


class Direct:
    """An application on a loop of its own."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop

    def send(self, sent: Sent, headers: dict[str, str]) -> Answer:
        """Send a call with more headers; what the application does not answer is raised."""
        return self._loop.run_until_complete(self._send(sent, headers))

    async def _send(self, sent: Sent, headers: dict[str, str]) -> Answer:
        inbox, outbox = [{"type": "http.request", "body": sent.body, "more_body": False}], []
        ended = asyncio.Event()

        async def receive() -> Message:
            if inbox:
                return inbox.pop()
            await ended.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            outbox.append(message)

        await self._app(_scope(sent, headers), receive, send)
        ended.set()
        start, *parts = outbox
        return Answer(
            start["status"],
            tuple((name.decode().lower(), value.decode()) for name, value in start["headers"]),
            b"".join(part.get("body", b"") for part in parts),
        )


def _scope(sent: Sent, headers: dict[str, str]) -> Scope:
    given = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    replaced = {name for name, _ in given}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": sent.raw_path,
        "query_string": sent.query,
        "root_path": "",
        "headers": [*(pair for pair in sent.headers if pair[0] not in replaced), *given],
        "server": ("testserver", 80),
        "client": ("testclient", 50000),
        "state": {},
        "extensions": {},
    }


@contextmanager
def directly(app: ASGIApp) -> Iterator[Direct]:
    """Let an application be called directly."""

    @wraps(anyio.to_thread.run_sync)
    async def in_place(act: Callable[..., Returned], *given: Any, **_options: Any) -> Returned:
        return act(*given)

    loop = asyncio.new_event_loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anyio.to_thread, "run_sync", in_place)
        try:
            yield Direct(app, loop)
        finally:
            loop.close()

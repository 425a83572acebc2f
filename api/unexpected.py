"""The last net: an error nobody foresaw is logged with its request, and the answer tells nothing about it."""

from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.tracing import route_of

log = structlog.get_logger()


class Unexpected:
    """Middleware that answers with `answer(request)` when the application fails before it has begun to answer."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; an answer that has begun cannot be replaced, only broken off."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            if begun:
                raise
            log.exception("unexpected error", route=route_of(scope))
            await self.answer(Request(scope))(scope, receive, send)

"""No body larger than agreed is read into memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class BodyLimit:
    """Middleware that refuses (413) a body of more than `largest` bytes, announced or not."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is received; the refusal is raised where the body is read, and answered as any other."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        told = int(announced) if announced.isdecimal() and len(announced) < 20 else 0
        counted = 0

        async def count() -> Message:
            nonlocal counted
            if told > self.largest:
                raise HTTPException(TOO_LARGE)
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.largest:
                raise HTTPException(TOO_LARGE)
            return message

        await self.app(scope, count, send)

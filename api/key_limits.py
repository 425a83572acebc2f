"""What a limited key may do with a record: the one place where `actions` and `moves` lose what the key is refused.

They are worked out from roles and states, for whoever owns the key; an answer to a key with scopes passes here on its
way out, so that a stored answer, too, says what this key may.
"""

import json
from collections.abc import Mapping

from pydantic import JsonValue
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.scopes import family_of

ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("organisations", "add_facility"): "facilities",
    ("organisations", "give_role"): "accounts",
    ("organisations", "end"): "accounts",
    ("accounts", "end_deputy"): "organisations",
    ("facilities", "add_site"): "premises",
    ("facilities", "edit_calendar"): "calendar",
    ("facilities", "confirm_calendar"): "confirmations",
    ("facilities", "edit_licences"): "licences",
    ("facilities", "attest_licences"): "confirmations",
    ("confirmations", "state_starts"): "calendar",
    ("confirmations", "close"): "calendar",
    ("confirmations", "open"): "calendar",
    ("confirmations", "set_limit"): "calendar",
}
"""Actions of a record that are done by an operation of another family than the one that shows the record."""


class ActionsOfKey:
    """Middleware that takes from an answer in JSON what the key that asked is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; hold back the answer to a limited key until it is complete."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def narrow(message: Message) -> None:
            limit: frozenset[str] = scope.get("state", {}).get("limit", frozenset())
            if message["type"] == "http.response.start" and limit and _is_json(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                held.append(message)
                if not message.get("more_body", False):
                    await _send_narrowed(held, family_of(scope), limit, send)

        await self.app(scope, receive, narrow)


def narrowed(answer: JsonValue, family: str, limit: frozenset[str]) -> JsonValue:
    """Return an answer of an operation of `family` without what a key limited to `limit` is refused."""
    if isinstance(answer, list):
        return [narrowed(one, family, limit) for one in answer]
    if not isinstance(answer, dict):
        return answer
    left = {name: narrowed(value, family, limit) for name, value in answer.items()}
    actions = left.get("actions")
    if isinstance(actions, list):
        left["actions"] = [one for one in actions if f"{ELSEWHERE.get((family, str(one)), family)}:write" in limit]
    if isinstance(left.get("moves"), list) and f"{family}:write" not in limit:
        left["moves"] = []
    return left


async def _send_narrowed(held: list[Message], family: str, limit: frozenset[str], send: Send) -> None:
    start, *parts = held
    body = b"".join(part.get("body", b"") for part in parts)
    if b'"actions"' in body or b'"moves"' in body:
        body = json.dumps(narrowed(json.loads(body), family, limit), ensure_ascii=False, separators=(",", ":")).encode()
        MutableHeaders(scope=start)["Content-Length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _is_json(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith("application/json")

"""A request sent twice under one Idempotency-Key has one effect: its answer is kept in the same transaction."""

import hashlib
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, text

from api.dependencies import SignedInDep, Work
from api.locations import location_of
from api.preconditions import etag
from api.problems import ApiError
from registry.models import IdempotentAnswer

REPLAYED = "Idempotent-Replayed"
Body = TypeVar("Body", bound=BaseModel)
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by you, new for each request.",
    ),
]


class Once:
    """The transaction of one request that may arrive more than once."""

    def __init__(self, work: Work, key: str, request: Request) -> None:
        self.work = work
        self.key = key
        self.request = request
        self.address = f"{request.method} {request.url.path}"

    def answer(
        self,
        sent: BaseModel | None,
        make: Callable[[], Body],
        *,
        status: int = 201,
        kept: Callable[[Body], Body] = lambda body: body,
    ) -> Response:
        """Return what `make` makes, or what it made the first time; another body under the same key is refused (422).

        What has a version carries it as ETag, what was made its address as Location. `kept` says what of the answer is
        stored for a repetition, for bodies that carry a secret.
        """
        session, person = self.work.session, self.work.subject.person
        assert person is not None
        session.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:lock, 0))"), {"lock": f"{person} {self.key}"}
        )
        fingerprint = hashlib.sha256(
            f"{self.address}\n{'' if sent is None else sent.model_dump_json()}".encode()
        ).hexdigest()
        known = self.known()
        if known is not None:
            return _replay(known, fingerprint)
        body = make()
        sent_headers = self._headers(body)
        session.add(
            IdempotentAnswer(
                person_id=person,
                key=self.key,
                request_sha256=fingerprint,
                status=status,
                headers=sent_headers,
                body=kept(body).model_dump_json().encode(),
            )
        )
        session.flush()
        return Response(body.model_dump_json(), status, headers=sent_headers, media_type="application/json")

    def _headers(self, body: BaseModel) -> dict[str, str]:
        version, location = getattr(body, "version", None), location_of(self.request, body)
        tagged = {"ETag": etag(version)} if isinstance(version, int) else {}
        return {**tagged, **({} if location is None else {"Location": location})}

    def known(self) -> IdempotentAnswer | None:
        """Return the answer that was given under this key, None when there was none."""
        mine = (IdempotentAnswer.person_id == self.work.subject.person, IdempotentAnswer.key == self.key)
        return self.work.session.scalars(select(IdempotentAnswer).where(*mine)).one_or_none()


def once(request: Request, work: SignedInDep, key: Key) -> Once:
    """Read the key of a request that creates or acts."""
    return Once(work, key, request)


OnceDep = Annotated[Once, Depends(once, scope="function")]


def _replay(known: IdempotentAnswer, fingerprint: str) -> Response:
    if known.request_sha256 != fingerprint:
        raise ApiError("idempotency-key-reused")
    headers = {**known.headers, REPLAYED: "true"}
    return Response(known.body, known.status, headers=headers, media_type="application/json")

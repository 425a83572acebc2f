"""Nobody overwrites what they have not seen: the version of a record as ETag, and If-Match on every change."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from api.problems import ApiError

_TAG = re.compile(r'"v(0|[1-9][0-9]{0,9})"')


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"v{version}"'


def tag(response: Response, version: int) -> None:
    """Write the entity tag of a version into an answer."""
    response.headers["ETag"] = etag(version)


def version_seen(if_match: Annotated[str | None, Header(description="The ETag you read.")] = None) -> int:
    """Return the version the caller has seen; missing or a star is refused (428), an unknown tag never matches (412)."""
    if if_match is None or if_match.strip() == "*":
        raise ApiError("precondition-required", "Read the record and send its ETag as If-Match.")
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise ApiError("stale-version", "If-Match is not an ETag of this service.")
    return int(found[1])


VersionDep = Annotated[int, Depends(version_seen)]


def check_version(seen: int, current: int) -> None:
    """Refuse (412) a change to a version that is no longer the current one."""
    if seen != current:
        raise ApiError("stale-version", headers={"ETag": etag(current)})

"""The search over facilities: every filter narrows, every value is counted, what is found is ranked."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import AnyoneDep
from api.paging import link_next, read_cursor
from api.problems import ApiError, answers
from api.schemas.problem import FieldFault
from api.schemas.search import Count, FoundFacility, SearchAsked, SearchPage, parameter_faults
from registry.errors import NotAllowedError
from registry.queries.facilities import shown_data_set
from registry.queries.search import Key, search
from registry.queries.search.answer import read_key
from registry.queries.search.filters import SearchRefusedError
from registry.vocabulary.lifecycle import DataSet

router = APIRouter(tags=["facilities"])


@router.get("/search", responses=answers("not-authenticated", "not-allowed", "invalid-input"))
def search_facilities(
    request: Request, response: Response, work: AnyoneDep, asked: Annotated[SearchAsked, Query()]
) -> SearchPage:
    """Search facilities; what the caller may not know cannot be searched by, and is refused by name (403)."""
    faults = [FieldFault(where=f"query.{name}", what=what) for name, what in asked.half_said().items()]
    if faults:
        raise ApiError("invalid-input", errors=faults)
    data_set = DataSet.DIRECTORY if asked.directory else shown_data_set(work.session)
    after = _after(asked.cursor)
    try:
        found = search(work.session, work.subject, data_set, asked.filters(), after=after, limit=asked.limit)
    except (SearchRefusedError, NotAllowedError) as error:
        raise ApiError(error.code, f"{error.text} {error.advice}", errors=parameter_faults(error.details)) from error
    if found.next is not None:
        link_next(request, response, found.next.parts())
    return SearchPage(
        data_set=found.data_set,
        total=found.total,
        limited=list(found.limited),
        counts={facet.value: [Count.model_validate(one) for one in counts] for facet, counts in found.counts.items()},
        items=[FoundFacility.model_validate(one) for one in found.facilities],
    )


def _after(cursor: str | None) -> Key | None:
    if cursor is None:
        return None
    key = read_key(read_cursor(cursor))
    if key is None:
        raise ApiError("invalid-input", errors=[FieldFault(where="query.cursor", what="Not a cursor of this list.")])
    return key

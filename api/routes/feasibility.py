"""Could it be made at all? A first answer without an account, from directory facts only."""

from datetime import UTC, date, datetime

from fastapi import APIRouter

from api.dependencies import AnyoneDep
from api.problems import answers
from api.schemas.feasibility import FeasibilityAnswer, FeasibilityQuestion
from registry.queries.feasibility import Feasible, Sketch, feasible, sketch_faults
from registry.services.records import refuse_faults

router = APIRouter(tags=["feasibility"])
LABEL = "Unverified: from public directory facts only. No facility was asked, and nothing here says that a licence suffices."


@router.post(
    "/feasibility", responses=answers("malformed-body", "not-authenticated", "body-too-large", "invalid-input")
)
def ask_feasibility(body: FeasibilityQuestion, work: AnyoneDep) -> FeasibilityAnswer:
    """Say how many facilities of the directory are plausible, and what usually stands in the way; nothing is kept."""
    year, quarter = int(body.quarter[:4]), int(body.quarter[-1])
    sketch = Sketch(body.product_class, body.donor, body.vector, body.country, date(year, 3 * quarter - 2, 1))
    today = datetime.now(UTC).date()
    refuse_faults(sketch_faults(sketch, today), what="The question")
    found = feasible(work.session, work.subject, sketch, today)
    return FeasibilityAnswer(plausible=_words(found), of=found.of, obstacles=list(found.obstacles), label=LABEL)


def _words(found: Feasible) -> str:
    if found.plausible == 0:
        return "unknown" if found.unknown else "none"
    return "a few" if found.plausible is None else str(found.plausible)

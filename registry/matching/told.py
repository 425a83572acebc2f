"""What each requester is told about a calculation, as files of an auditor's folder: its letter and its explanation.

They are made as they are for the requester itself, with the day of publication, or of the calculation before there is
one; what would be withheld from the requester stands there as withheld, with what is wrong. Nothing is solved.
"""

from sqlalchemy.orm import Session

from matcher.explain.explaining import Explainer
from matcher.outcome import Placement
from registry import models
from registry.matching.calculation import Prepared
from registry.matching.days import PlanDays
from registry.matching.disclosure import Withheld, released
from registry.matching.documents import canonical, to_document
from registry.matching.explanation import Explanation, Reader
from registry.matching.explanations import to_explain
from registry.matching.letters import Occasion, occasion_of, outcome_letter
from registry.matching.what_if import TOLD, SpoiledWhatIfError, what_if_of

FORMAT = "gmphub/told/1"


def told_documents(
    session: Session, run: models.Run, prepared: Prepared, placements: tuple[Placement, ...], days: PlanDays
) -> dict[str, bytes]:
    """Return by the code of each request, sorted, what its requester is told, as canonical JSON."""
    known_on = prepared.facts.known_on
    code = session.get_one(models.Round, run.round_id).code
    published_on = None if run.published_at is None else run.published_at.date()
    calculated_on = known_on if run.finished_at is None else run.finished_at.date()
    occasion = occasion_of(code, run.id, known_on, published_on, calculated_on)
    explainer = Explainer(to_explain(prepared, placements, days))
    found: dict[str, bytes] = {}
    for code in sorted({request.id for request in prepared.facts.requests}):
        told = _released(explainer, run, code)
        found[code] = canonical(told_document(told, occasion))
    return found


def told_document(told: Explanation | Withheld, occasion: Occasion) -> dict[str, object]:
    """Return letter and explanation of one request side by side, or why nothing is told."""
    if isinstance(told, Withheld):
        nothing = {"letter": None, "explanation": None}
        return {"format": FORMAT, "request": told.request, **nothing, "withheld": list(told.faults)}
    letter = to_document(outcome_letter(told, occasion))
    explanation = to_document(told)
    return {"format": FORMAT, "request": told.request, "letter": letter, "explanation": explanation, "withheld": []}


def _released(explainer: Explainer, run: models.Run, code: str) -> Explanation | Withheld:
    if run.state not in TOLD:
        return Withheld(code, Reader.REQUESTER, (f"nothing is told of a calculation that is {run.state.value}",))
    try:
        what_if = what_if_of(run.id, code)
    except SpoiledWhatIfError as spoiled:
        return Withheld(code, Reader.REQUESTER, (str(spoiled),))
    return released(explainer.done, explainer.explain(code, what_if), Reader.REQUESTER)

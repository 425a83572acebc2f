"""Counterfactuals of the sponsor's side: every variant of a request judged anew, stated anew and solved beside the plan."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matcher.eligibility.catalogue import RULES
from matcher.eligibility.quarantine import set_aside
from matcher.eligibility.verdicts import Verdicts
from matcher.explain.changes import Change, Counterfactual, Kind, Meaning
from matcher.explain.insertion import TRIAL_STEPS, Insertion, insertion
from matcher.explain.premises import Changed, Premises
from matcher.explain.sponsor import MOST_WEEKS, date_variants, other_variants
from matcher.facts import Request
from matcher.outcome import Placement
from matcher.problem import RequestId

WIDENING = frozenset({Kind.SOONER_TOO, Kind.WAITS_LONGER})
"""Kinds of which a larger amount allows all that a smaller one does."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is not wholly placed: its facts, how many of its starts fit beside the plan as it is."""

    request: Request
    base: Insertion

    @property
    def asked(self) -> int:
        """The starts it asks for."""
        return len(self.request.batches)


class Asking:
    """The variants of every waiting request, judged together."""

    def __init__(self, premises: Premises, verdicts: Verdicts, waiting: Iterable[Waiting]) -> None:
        self.premises = premises
        self._variants: dict[str, list[tuple[Change, Request]]] = {}
        changed: list[Request] = []
        for one in waiting:
            variants = [*date_variants(one.request, premises.facts.horizon_weeks), *other_variants(one.request)]
            named = [
                (change, replace(variant, id=f"{variant.id}~{number}"))
                for number, (change, variant) in enumerate(variants)
            ]
            aside = {each.request for each in set_aside(replace(premises.facts, requests=tuple(v for _, v in named)))}
            self._variants[one.request.id] = [(change, variant) for change, variant in named if variant.id not in aside]
            changed += [variant for _, variant in self._variants[one.request.id]]
        self.verdicts = Verdicts(RULES, verdicts.circle, changed, list(verdicts.places), ())

    def of(self, one: Waiting) -> tuple[Counterfactual, ...]:
        """For each kind of change the smallest that places everything, else the smallest that places most; proved.

        Waiting longer than eight weeks stands beside it as a change of its own: it gives the earliest date that works.
        """
        best: dict[tuple[Kind, bool], Counterfactual] = {}
        useless = self._useless(one)
        for change, variant in self._variants[one.request.id]:
            near, far = (change.kind, False), (change.kind, change.amount > MOST_WEEKS)
            known = best.get(far)
            if change.kind in useless or any(key in best and best[key].whole for key in (near, far)):
                continue
            found = self._tried(one, change, variant)
            if found is not None and (known is None or found.whole or found.starts > known.starts):
                best[far] = found
        return tuple(best.values())

    def _useless(self, one: Waiting) -> set[Kind]:
        """The kinds of widening that do not help even at their widest."""
        widest: dict[Kind, tuple[Change, Request]] = {}
        for change, variant in self._variants[one.request.id]:
            if change.kind in WIDENING:
                widest[change.kind] = change, variant
        return {kind for kind, (change, variant) in widest.items() if self._tried(one, change, variant) is None}

    def _tried(self, one: Waiting, change: Change, variant: Request) -> Counterfactual | None:
        if one.base.most >= len(variant.batches):
            return None
        changed = self.premises.stated(variant, self.verdicts)
        if not changed.request.options:
            return None
        return proved(self.premises, one, change, changed)


def proved(premises: Premises, one: Waiting, change: Change, changed: Changed) -> Counterfactual | None:
    """The counterfactual if the changed request, really solved beside the plan, places more than it could unchanged.

    The found stays are checked again in the whole changed round with the whole plan; None when anything fails.
    """
    proof = premises.beside(changed, one.request.id)
    found = insertion(proof, at_least=one.base.most + 1, steps=TRIAL_STEPS)
    if found.starts <= one.base.most:
        return None
    if not premises.holds(changed, one.request.id, found.placements, proof):
        return None
    return Counterfactual(
        request=one.request.id,
        change=change,
        meaning=Meaning.BESIDE_THE_PLAN,
        asked=len(changed.request.batches),
        now=one.base.most,
        starts=found.starts,
        placements=renamed(found.placements, one.request.id),
        proof=replace(proof, requests=(replace(proof.requests[0], id=RequestId(one.request.id)),)),
    )


def renamed(placements: Iterable[Placement], request: str) -> tuple[Placement, ...]:
    """The same stays under the request's own id."""
    return tuple(replace(placement, request=RequestId(request)) for placement in placements)

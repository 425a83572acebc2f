"""The pair: how far this process has been brought to this site, and whether the facility can take a new product."""

from collections.abc import Hashable
from datetime import date

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import Finding, conditional, fails, from_general_knowledge, own_rule, passes
from matcher.eligibility.needs import patient_starts
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Pair, Request
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days
from registry.vocabulary.regulation import PairStage, StageState

READINESS = from_general_knowledge(
    "Directive (EU) 2017/1572; Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 13 (written contract); "
    "Regulation (EU) No 536/2014 (the trial dossier names the site)"
)
ONBOARDING = own_rule("a facility says how many new products it can bring in, and each new pair takes one")

STAGES = tuple(PairStage)
SETTLED = frozenset({StageState.DONE, StageState.NOT_NEEDED})
WORDS = {stage: stage.replace("_", " ") for stage in STAGES} | {PairStage.CDA: "CDA"}

History = tuple[tuple[tuple[PairStage, StageState], ...], date | None] | None
"""Stages with their states, and the expected day of readiness; None for a new pair."""


def history_of(_request: Request, _circle: Round, tie: Tie) -> Hashable:
    """How far the process has been brought there."""
    pair = tie.pair
    return None if pair is None else (tuple(sorted(pair.stages.items())), pair.ready_by)


def anywhere(_where: Where, _circle: Round) -> Hashable:
    """For rules about the tie alone."""
    return None


def open_stages(history: History) -> list[PairStage]:
    """Stages that are neither done nor needless, in their usual order; all of them for a new pair."""
    states = dict(history[0]) if history else {}
    return [stage for stage in STAGES if states.get(stage) not in SETTLED]


def is_ready(pair: Pair | None) -> bool:
    """Whether patient batches may be started on the pair today."""
    return pair is not None and pair.stages.get(PairStage.READY) is StageState.DONE


def is_onboarded(pair: Pair | None) -> bool:
    """Whether the facility has already taken the product in: it is ready, or the transfer is done or needless."""
    return pair is not None and (is_ready(pair) or pair.stages.get(PairStage.TRANSFER) in SETTLED)


def check_ready(history: History, _offered: None) -> Finding | Basis:
    """Patient batches start only on a pair that is ready by then; until then the open stages are the condition."""
    required = "a pair that is ready before the first patient batch"
    states = dict(history[0]) if history else {}
    if states.get(PairStage.READY) is StageState.DONE:
        return passes("ready", required)
    stages = ", ".join([WORDS[stage] + _expired(states.get(stage)) for stage in open_stages(history)])
    actual = "a new pair" if history is None else "the pair is not ready"
    condition = f"still open: {stages}"
    if history is None or history[1] is None:
        return conditional(actual, required, condition=condition)
    ready_by = history[1]
    words = f"{actual}, expected by {ready_by}"
    return Basis(
        (Days(ready_by, None),),
        hard=True,
        actual=words,
        required=required,
        condition=condition,
        always_conditional=True,
    )


def _expired(state: StageState | None) -> str:
    return " (expired)" if state is StageState.EXPIRED else ""


def newness_of(_request: Request, _circle: Round, tie: Tie) -> Hashable:
    """Whether the pair still has to be brought in."""
    return not is_onboarded(tie.pair)


def room_for_new(where: Where, _circle: Round) -> Hashable:
    """New products the facility can take over the horizon, None where it states no limit."""
    limits = [limit for limit in where.facility.limits if limit.kind is LimitKind.NEW_PRODUCTS]
    return min((sum(one.weekly) if one.weekly is not None else one.amount for one in limits), default=None)


def check_onboarding(new: bool, room: int | None) -> Finding:  # the value a rule is asked with
    """A new pair needs room among the new products the facility can bring in; the plan counts them."""
    required = "room for one new product"
    if not new:
        return passes("already brought in")
    if room is None:
        return passes("no limit stated", required)
    margin = float(room - 1)
    if room < 1:
        return fails("no new product at present", required, margin=margin, unit="products")
    return passes(f"{room} new products", required, margin=margin, unit="products")


RULES = (
    Rule(
        "pair-ready",
        "Readiness of the pair",
        READINESS,
        history_of,
        anywhere,
        check_ready,
        demand=patient_starts,
        tied=True,
    ),
    Rule(
        "new-products",
        "Room for a new product",
        ONBOARDING,
        newness_of,
        room_for_new,
        check_onboarding,
        tied=True,
        overridable_by="facility",
    ),
)

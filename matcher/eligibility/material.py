"""Material the batches need: released and brought in time, enough doses, not expired."""

from collections.abc import Hashable
from datetime import date, timedelta

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import ATMP_GMP, Finding, conditional, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.needs import starts_only
from matcher.eligibility.rule import Round, Rule, Tie, nothing
from matcher.facts import Material, Request
from registry.vocabulary.periods import Days

STARTING = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapter 7: starting and raw materials released before use"
)


def lots_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The material lots the request names."""
    return request.materials


def check_release(lots: tuple[Material, ...], _offered: None) -> Finding | Basis:
    """No start before every lot is released and has arrived."""
    required = "every lot released and brought before the start"
    if not lots:
        return passes("no lot named")
    open_lots = [lot.id for lot in lots if lot.released_on is None]
    if open_lots:
        return unknown("no day of release: " + ", ".join(open_lots), required, ask="when is the lot released?")
    last = max(lots, key=_there)
    return Basis(
        (Days(_there(last), None),),
        hard=True,
        actual=f"lot {last.id} there from {_there(last)}",
        required=required,
        condition="only starts from the day the last lot is there",
        source=f"material lot {last.id}",
    )


def _there(lot: Material) -> date:
    return date.max if lot.released_on is None else lot.released_on + timedelta(days=lot.transport_days)


def check_expiry(lots: tuple[Material, ...], _offered: None) -> Finding | Basis:
    """No start on or after the day a lot expires."""
    required = "no lot expired at the start"
    if not lots:
        return passes("no lot named")
    open_lots = [lot.id for lot in lots if lot.expires_on is None]
    if open_lots:
        return unknown("no day of expiry: " + ", ".join(open_lots), required, ask="when does the lot expire?")
    first = min(lots, key=lambda lot: lot.expires_on or date.max)
    end = first.expires_on or date.max
    return Basis(
        (Days(date.min, end),),
        hard=True,
        actual=f"lot {first.id} expires on {end}",
        required=required,
        condition="only starts before the first lot expires",
        source=f"material lot {first.id}",
    )


def doses_asked(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """The lots, the number of batches, and whether fewer may be placed at one facility."""
    return request.materials, len(request.batches), request.max_sites == 1 and not request.all_or_nothing


def check_doses(asked: tuple[tuple[Material, ...], int, bool], _offered: None) -> Finding:
    """Every lot serves as many batches as are asked for; fewer only where the request can be placed in part."""
    lots, batches, divisible = asked
    required = f"doses for {batches} batches in every lot"
    if not lots:
        return passes("no lot named")
    open_lots = [lot.id for lot in lots if lot.doses is None]
    if open_lots:
        return unknown(
            "doses not stated: " + ", ".join(open_lots), required, ask="how many batches does the lot serve?"
        )
    least = min(lots, key=lambda lot: lot.doses or 0)
    doses = least.doses or 0
    margin, source = float(doses - batches), f"material lot {least.id}"
    actual = f"lot {least.id} serves {doses} batches"
    if doses >= batches:
        return passes(actual, required, margin=margin, unit="batches", source=source)
    if doses > 0 and divisible:
        words = f"at most {doses} of {batches} batches, unless another lot is named"
        return conditional(actual, required, condition=words, margin=margin, unit="batches", source=source)
    return fails(actual, required, margin=margin, unit="batches", source=source)


RULES = (
    Rule(
        "material-release",
        "Material: release and transport",
        STARTING,
        lots_of,
        nothing,
        check_release,
        demand=starts_only,
        in_force=ATMP_GMP,
    ),
    Rule(
        "material-expiry",
        "Material: expiry",
        STARTING,
        lots_of,
        nothing,
        check_expiry,
        demand=starts_only,
        in_force=ATMP_GMP,
    ),
    Rule("material-doses", "Material: doses", STARTING, doses_asked, nothing, check_doses, in_force=ATMP_GMP),
)

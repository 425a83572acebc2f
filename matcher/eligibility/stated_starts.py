"""Starts the facility has said it offers on the platform: only firm and pooled ones can be placed."""

from collections.abc import Hashable

from matcher.eligibility.dated import Basis, joined
from matcher.eligibility.finding import Finding, fails, own_rule, unknown
from matcher.eligibility.needs import starts_only
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request, StartsStatement
from registry.vocabulary.facilities import StartsClass

DECLARED = own_rule(
    "the starts a facility declares are the upper limit; only firm starts pooled by signed mandate are placed"
)


def platform_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Platform of the process."""
    return request.product.platform


def statements_of(where: Where, circle: Round) -> Hashable:
    """Statements of starts that are not over."""
    day = circle.known_on
    return tuple(s for s in where.facility.starts if s.period.end is None or s.period.end > day)


def placeable(statement: StartsStatement) -> bool:
    """Whether the coordinator may place its starts: firm, and pooled."""
    return statement.starts_class is StartsClass.FIRM and statement.pooled


def check_starts(platform: str, statements: tuple[StartsStatement, ...]) -> Finding | Basis:
    """Firm, pooled starts on the platform in some of the weeks asked for; everything else has to be asked."""
    required = f"firm and pooled starts on {platform}"
    ours = [s for s in statements if s.platform == platform]
    if not ours:
        ask = f"does the facility offer starts on {platform}, and when?"
        return unknown(f"nothing said about {platform}", required, ask=ask)
    firm = [s for s in ours if placeable(s)]
    offered = [s for s in firm if s.starts_per_week > 0]
    if offered:
        most = max(s.starts_per_week for s in offered)
        return Basis(
            joined(s.period for s in offered),
            hard=True,
            actual=f"up to {most} firm, pooled starts a week from {min(s.period.start for s in offered)}",
            required=required,
            condition="only starts in the periods the facility offers",
            source="statement of starts",
        )
    if len(firm) == len(ours):
        return fails("none offered", required, source="statement of starts")
    kinds = ", ".join(
        sorted({f"{s.starts_class.replace('_', ' ')}, {'pooled' if s.pooled else 'ask first'}" for s in ours})
    )
    return unknown(
        kinds, required, ask="does the facility offer a firm start for this request?", source="statement of starts"
    )


RULES = (
    Rule(
        "starts-stated",
        "Starts offered on the platform",
        DECLARED,
        platform_of,
        statements_of,
        check_starts,
        demand=starts_only,
        overridable_by="facility",
    ),
)

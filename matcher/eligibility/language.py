"""A common language: a warning, never a refusal."""

from collections.abc import Hashable

from matcher.eligibility.finding import Finding, conditional, own_rule, passes
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request

COMMON = own_rule("requester and facility say in which languages they can work; labels are the sponsor's task")


def languages_asked(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Languages the requester can work in."""
    return request.languages


def languages_spoken(where: Where, _circle: Round) -> Hashable:
    """Languages the facility can work in."""
    return where.facility.languages


def check_language(asked: frozenset[str], spoken: frozenset[str]) -> Finding:
    """Both sides share a language, or agree how to work without one."""
    required = "a language in common: " + (", ".join(sorted(asked)) or "none stated")
    if not asked or asked & spoken:
        return passes(", ".join(sorted(asked & spoken)) or "no wish", required)
    actual = ", ".join(sorted(spoken)) or "not stated"
    return conditional(actual, required, condition="agree on a working language, or on translation of the records")


RULES = (
    Rule(
        "language",
        "Language in common",
        COMMON,
        languages_asked,
        languages_spoken,
        check_language,
        overridable_by="requester",
    ),
)

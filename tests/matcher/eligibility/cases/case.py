"""A case of one rule, and shorthands for spoiling the good facts."""

from dataclasses import dataclass, replace
from datetime import date

from matcher.facts import Authorisation, Facility, Facts, Request, Site, Suite
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status
from tests.matcher.eligibility.good import FACILITY, REQUEST, SITE, SUITE, with_parts

PASS, CONDITIONAL, UNKNOWN, FAIL = Status.PASS, Status.CONDITIONAL, Status.UNKNOWN, Status.FAIL


@dataclass(frozen=True, slots=True)
class Case:
    """Facts of one request and one suite, and what one rule says about them."""

    rule: str
    name: str
    facts: Facts
    status: Status
    by: date | None = None
    """The day of the condition, where it matters."""


def case(
    rule: str,
    name: str,
    status: Status,
    *,
    request: Request = REQUEST,
    facility: Facility = FACILITY,
    site: Site | None = None,
    suite: Suite | None = None,
    by: date | None = None,
) -> Case:
    """A case with some parts of the good facts replaced."""
    return Case(rule, name, with_parts(request=request, facility=facility, site=site, suite=suite), status, by)


def asking(**changes: object) -> Request:
    """The good request with some fields changed."""
    return replace(REQUEST, **changes)  # type: ignore[arg-type]  # a shorthand of tests


def making(**changes: object) -> Request:
    """The good request with some fields of its product changed."""
    return replace(REQUEST, product=replace(REQUEST.product, **changes))  # type: ignore[arg-type]  # as above


def offering(**changes: object) -> Facility:
    """The good facility with some fields changed."""
    return replace(FACILITY, **changes)  # type: ignore[arg-type]  # as above


def at(**changes: object) -> Site:
    """The good site with some fields changed."""
    return replace(SITE, **changes)  # type: ignore[arg-type]  # as above


def built(**changes: object) -> Suite:
    """The good suite with some fields changed."""
    return replace(SUITE, **changes)  # type: ignore[arg-type]  # as above


def licensed(**changes: object) -> Site:
    """The good site with some fields of its authorisation changed."""
    return at(authorisations=(authorisation(**changes),))


def authorisation(**changes: object) -> Authorisation:
    """The good authorisation with some fields changed."""
    return replace(SITE.authorisations[0], **changes)  # type: ignore[arg-type]  # as above


def until(end: date) -> Days:
    """A period that has begun and ends before `end`."""
    return Days(date(2020, 1, 1), end)

"""Operation codes of the Union format: the product itself, and quality control, here or by contract."""

from collections.abc import Hashable
from functools import cache

from matcher.eligibility.authorisation import (
    Need,
    Record,
    aged_record_of,
    may_hold,
    need_of,
    usable,
    why_open,
    without_codes,
)
from matcher.eligibility.finding import ATMP_GMP, Finding, conditional, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.needs import qc_days
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Request
from registry.vocabulary.products import Stage

UNION_FORMAT = from_general_knowledge(
    "Union format for authorisations and GMP certificates, Compilation of Union Procedures; Directive 2001/83/EC Article 111(5)"
)
TESTING = from_general_knowledge(
    "Guidelines on GMP specific to ATMPs (C(2017) 7694), chapters 12 and 13: quality control, outsourced activities"
)


def check_codes(need: Need, aged: tuple[Record, frozenset[str]]) -> Finding:
    """One of the codes needed stands on a usable authorisation; missing counts only on a record QA marked complete.

    A heading above the code leaves it open. Authorisations that have ended say nothing beside one that has not.
    """
    kind, codes, _ = need
    if kind is None:
        return passes("no operation code needed")
    record, ended = aged
    found = usable(need, record)
    if not found:
        return _nothing_to_look_at(codes)
    if not codes:
        return passes("no operation code stands for this stage alone", source=f"authorisation {found[0].id}")
    candidates = [a for a in found if a.id not in ended] or found
    required = _one_of(codes)
    for a in candidates:
        if codes & a.codes:
            words = ", ".join(sorted(codes & a.codes)) + " on record"
            return passes(words, required, source=f"authorisation {a.id}", source_date=a.confirmed_on)
    first = candidates[0]
    source = f"authorisation {first.id}"
    if without_codes(first):
        return passes("a national approval, not written in operation codes", required, source=source)
    open_record = next((a for a in candidates if may_hold(a, codes)), None)
    if open_record is not None:
        ask = f"does the authorisation cover {' or '.join(sorted(codes))}? {why_open(open_record)}"
        actual = "a heading above it only" if open_record.complete else "not on a record that may be incomplete"
        return unknown(
            actual,
            required,
            ask=ask,
            source=f"authorisation {open_record.id}",
            source_date=open_record.confirmed_on,
        )
    listed = ", ".join(sorted(first.codes)) or "no code"
    return fails(f"a complete record with {listed}", required, source=source, source_date=first.confirmed_on)


@cache
def _one_of(codes: frozenset[str]) -> str:
    return "one of the operation codes " + ", ".join(sorted(codes)) if codes else "an authorisation of the kind"


@cache
def _nothing_to_look_at(codes: frozenset[str]) -> Finding:
    return unknown("no authorisation to look at", _one_of(codes), ask="see the rules about kind, holder and rooms")


Methods = tuple[frozenset[str], frozenset[str], frozenset[str], tuple[tuple[str, int], ...]]
"""Methods run in house, by a contract laboratory, of which nobody has said; days until the result, where stated."""


def methods_asked(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Methods of quality control the product needs, whether testing itself is asked for, and the days it counts with."""
    return request.product.qc_methods, request.stage is Stage.QC_ONLY, qc_days(request)


def methods_offered(where: Where, _circle: Round) -> Hashable:
    """Methods of quality control the facility has, and how."""
    facility = where.facility
    return facility.qc_methods, facility.qc_contracted, facility.qc_unclear, facility.qc_days


def check_methods(asked: tuple[frozenset[str], bool, int | None], offered: Methods) -> Finding:
    """Every method is run in house or contracted; in house where testing is the very service; results come as planned.

    What is contracted rests on the quality agreement, results that come later than the request counts with on its dates.
    """
    methods, testing_only, planned = asked
    in_house, contracted, unclear, days = offered
    required = "methods: " + (", ".join(sorted(methods)) or "none stated")
    missing = methods - in_house
    if testing_only and missing - unclear:
        return fails(f"not in house: {_listed(missing - unclear)}", required)
    if missing & unclear:
        ask = f"is {_listed(missing & unclear)} run in house, or by a contract laboratory?"
        return unknown(f"in house or contracted not stated: {_listed(missing & unclear)}", required, ask=ask)
    actual, conditions = [], []
    if missing & contracted:
        actual.append(f"contracted: {_listed(missing & contracted)}")
        conditions.append(f"the quality agreement covers the contract laboratory for {_listed(missing & contracted)}")
    if missing - contracted:
        actual.append(f"not in house: {_listed(missing - contracted)}")
        conditions.append(f"a contract laboratory runs {_listed(missing - contracted)}, under a quality agreement")
    late = max((n for method, n in days if method in methods), default=0)
    if planned is not None and late > planned:
        actual.append(f"results after {late} days")
        conditions.append(f"the dates are planned with {late} days until the results, not {planned}")
    if conditions:
        return conditional("; ".join(actual), required, condition="; ".join(conditions))
    return passes("all in house", required)


def _listed(methods: frozenset[str]) -> str:
    return ", ".join(sorted(methods))


RULES = (
    Rule("scope-codes", "Authorisation: operation codes", UNION_FORMAT, need_of, aged_record_of, check_codes),
    Rule(
        "qc-methods",
        "Methods of quality control",
        TESTING,
        methods_asked,
        methods_offered,
        check_methods,
        in_force=ATMP_GMP,
    ),
)

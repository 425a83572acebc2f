"""Operation codes of the Union format: the product itself, and quality control, here or by contract."""

from collections.abc import Hashable
from functools import cache

from matcher.eligibility.authorisation import Need, Record, aged_record_of, need_of, usable, without_codes
from matcher.eligibility.finding import Finding, conditional, fails, from_general_knowledge, passes, unknown
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

    Authorisations that have ended say nothing beside one that has not.
    """
    kind, codes, _ = need
    if kind is None or not codes:
        return passes("no operation code needed")
    record, ended = aged
    found = usable(need, record)
    if not found:
        return _nothing_to_look_at(codes)
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
    open_record = next((a for a in candidates if not a.complete), None)
    if open_record is not None:
        ask = f"does the authorisation cover {' or '.join(sorted(codes))}? QA has not marked the record complete"
        return unknown(
            "not on a record that may be incomplete",
            required,
            ask=ask,
            source=f"authorisation {open_record.id}",
            source_date=open_record.confirmed_on,
        )
    listed = ", ".join(sorted(first.codes)) or "no code"
    return fails(f"a complete record with {listed}", required, source=source, source_date=first.confirmed_on)


@cache
def _one_of(codes: frozenset[str]) -> str:
    return "one of the operation codes " + ", ".join(sorted(codes))


@cache
def _nothing_to_look_at(codes: frozenset[str]) -> Finding:
    return unknown("no authorisation to look at", _one_of(codes), ask="see the rules about kind, holder and rooms")


def methods_asked(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Methods of quality control the product needs, and whether testing itself is what is asked for."""
    return request.product.qc_methods, request.stage is Stage.QC_ONLY


def methods_offered(where: Where, _circle: Round) -> Hashable:
    """Methods of quality control the facility runs in house."""
    return where.facility.qc_methods


def check_methods(asked: tuple[frozenset[str], bool], offered: frozenset[str]) -> Finding:
    """Every method is run in house; what is missing may be contracted, unless testing is the very service asked for."""
    methods, testing_only = asked
    missing = ", ".join(sorted(methods - offered))
    required = "methods: " + (", ".join(sorted(methods)) or "none stated")
    if not missing:
        return passes("all in house", required)
    if testing_only:
        return fails(f"not in house: {missing}", required)
    words = f"a contract laboratory runs {missing}, under a quality agreement"
    return conditional(f"not in house: {missing}", required, condition=words)


RULES = (
    Rule("scope-codes", "The authorisation covers the operation", UNION_FORMAT, need_of, aged_record_of, check_codes),
    Rule(
        "qc-methods",
        "Quality control methods are in house or contracted",
        TESTING,
        methods_asked,
        methods_offered,
        check_methods,
    ),
)

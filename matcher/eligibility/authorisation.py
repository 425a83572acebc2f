"""May the holder make it there: kind of authorisation by stage and pathway, holder, rooms, and validity over the stay."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cache

from matcher.eligibility.dated import Basis, joined
from matcher.eligibility.finding import Finding, conditional, fails, from_general_knowledge, passes, unknown
from matcher.eligibility.needs import TYPE_OF_KIND, needed_codes, needed_kind, whole_stay, within
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Authorisation, Request
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.periods import Days
from registry.vocabulary.regulation import AuthorisationKind

LAW = from_general_knowledge(
    "Directive 2001/83/EC Articles 40, 41 (market); Regulation (EU) No 536/2014 Article 61 (trial); "
    "Directive 2001/83/EC Article 3(7) (hospital exemption); national law (named patient)"
)

Need = tuple[AuthorisationKind | None, frozenset[str], str | None]
"""Kind, codes of which one is needed, and the sponsor where it holds an authorisation somewhere itself."""


Record = tuple[tuple[Authorisation, ...], str, ServiceModel, str, date | None]
"""Authorisations of the site, organisation of the facility, its service model, the suite where rooms matter, and the
last confirmation by QA."""


def need_of(request: Request, circle: Round, _tie: Tie) -> Need:
    """What the request asks of an authorisation."""
    sponsor = request.sponsor if request.sponsor in circle.holders else None
    stage, product = request.stage, request.product
    return needed_kind(stage, request.pathway), needed_codes(stage, product.product_class), sponsor


def kind_of(request: Request, circle: Round, tie: Tie) -> Hashable:
    """What the request asks of an authorisation, operation codes apart."""
    kind, _, sponsor = need_of(request, circle, tie)
    return kind, frozenset(), sponsor


def record_of(where: Where, _circle: Round) -> Hashable:
    """What is recorded about authorisations there."""
    facility = where.facility
    authorisations = where.site.authorisations
    suite = where.suite.id if any(a.suites is not None for a in authorisations) else ""
    return authorisations, facility.organisation, facility.service_model, suite, facility.legal_confirmed_on


def aged_record_of(where: Where, circle: Round) -> Hashable:
    """The same, and which of the authorisations have ended."""
    ended = (
        a.id for a in where.site.authorisations if a.validity.end is not None and a.validity.end <= circle.known_on
    )
    return record_of(where, circle), frozenset(ended)


def of_kind(need: Need, record: Record) -> tuple[Authorisation, ...]:
    """Authorisations of the kind and product type that is needed."""
    kind = need[0]
    if kind is None:
        return ()
    return tuple([a for a in record[0] if a.kind is kind and a.product_type is TYPE_OF_KIND[kind]])


def usable(need: Need, record: Record) -> tuple[Authorisation, ...]:
    """Of these, the ones whose holder can act for the requester, and whose rooms hold the suite."""
    return tuple([a for a in held(need, record) if a.suites is None or record[3] in a.suites])


def held(need: Need, record: Record) -> tuple[Authorisation, ...]:
    """Of the right kind, held by the facility's own organisation or by the requester (a tenant)."""
    return tuple([a for a in of_kind(need, record) if a.holder in (record[1], need[2])])


def holding(need: Need, candidates: tuple[Authorisation, ...]) -> tuple[Authorisation, ...]:
    """Of these, the ones that show one of the codes needed, or are not written in codes."""
    codes = need[1]
    return tuple([a for a in candidates if not codes or codes & a.codes or without_codes(a)])


def may_hold(a: Authorisation, codes: frozenset[str]) -> bool:
    """Whether it may cover one of the codes without showing it: not complete, or a heading above the code stands there."""
    return not a.complete or within(codes, a.codes)


def why_open(a: Authorisation) -> str:
    """Why nobody can say whether it covers a code."""
    return "it names a heading only" if a.complete else "QA has not marked the record complete"


def without_codes(a: Authorisation) -> bool:
    """Whether it is a national approval that is not written in operation codes."""
    return a.kind is AuthorisationKind.NATIONAL_HOSPITAL and not a.codes


def check_kind(need: Need, record: Record) -> Finding:
    """An authorisation of the kind that the stage and the pathway ask for is on record."""
    kind = need[0]
    if kind is None:
        return passes("starting material: made under the principles of GMP", "no authorisation for medicinal products")
    found = of_kind(need, record)
    required = f"an authorisation {kind}"
    if found:
        first = found[0]
        return passes(f"{kind} on record", required, source=f"authorisation {first.id}", source_date=first.confirmed_on)
    kinds = ", ".join(sorted({a.kind for a in record[0]})) or "none"
    if record[4] is None:
        ask = f"is there an authorisation {kind} for this site?"
        return unknown(f"on record: {kinds}; the legal record was never confirmed", required, ask=ask)
    return fails(f"on record: {kinds}", required, source="legal record", source_date=record[4])


def check_holder(need: Need, record: Record) -> Finding:
    """The authorisation belongs to the facility's organisation or to the requester, who would be its tenant."""
    if need[0] is None:
        return passes("no authorisation needed")
    required = "held by the facility's own organisation, or by the requester"
    found = of_kind(need, record)
    if not found:
        return _nothing_on_record(required)
    ours = held(need, record)
    if not ours:
        return fails("held by another organisation (a tenant)", required, source=f"authorisation {found[0].id}")
    first = ours[0]
    source = f"authorisation {first.id}"
    if any(a.holder == need[2] for a in ours):
        return passes("held by the requester", required, source=source, source_date=first.confirmed_on)
    if record[2] is ServiceModel.PREMISES_FOR_TENANTS:
        words = "the holder agrees to make for the requester, or the requester gets its own authorisation for the rooms"
        return conditional("held by the owner of premises for tenants", required, condition=words, source=source)
    return passes("held by the facility's own organisation", required, source=source, source_date=first.confirmed_on)


def check_rooms(need: Need, record: Record) -> Finding:
    """The authorisation is not limited to other rooms."""
    if need[0] is None:
        return passes("no authorisation needed")
    required = "the authorisation covers the suite"
    ours = held(need, record)
    if not ours:
        return _nothing_on_record(required)
    found = usable(need, record)
    if found:
        words = "the whole site" if found[0].suites is None else "rooms that hold the suite"
        return passes(words, required, source=f"authorisation {found[0].id}", source_date=found[0].confirmed_on)
    return fails("limited to other rooms", required, source=f"authorisation {ours[0].id}")


def check_validity(need: Need, record: Record) -> Finding | Basis:
    """Valid with the code over the whole stay, quality control and certification included; no end only when QA said so."""
    if need[0] is None:
        return passes("no authorisation needed")
    required = "an authorisation valid over the whole stay, quality control and certification included"
    candidates = usable(need, record)
    if not candidates:
        return _nothing_on_record(required)
    found = holding(need, candidates)
    open_records = tuple([a for a in candidates if a not in found and may_hold(a, need[1])])
    if not found:  # the rule about scope says so; what could hold the code comes first
        found, open_records = open_records or candidates, ()
    known = [a for a in found if _end_known(a)]
    unsaid = [a for a in found if not _end_known(a)]
    last = max(known, key=lambda a: a.validity.end or date.max) if known else unsaid[0]
    return Basis(
        joined(a.validity for a in known),
        hard=True,
        actual=_validity_words(last.validity)
        if known
        else "no end on record, and QA has not confirmed that there is none",
        required=required,
        condition="only starts whose whole stay is covered, unless the authorisation is renewed",
        source=f"authorisation {last.id}",
        source_date=last.confirmed_on,
        possible=tuple([a.validity for a in (*unsaid, *open_records)]),
        ask=_question(unsaid, open_records, need[1]),
    )


def _end_known(a: Authorisation) -> bool:
    return a.validity.end is not None or a.open_ended_confirmed


def _question(unsaid: Sequence[Authorisation], open_records: Sequence[Authorisation], codes: frozenset[str]) -> str:
    """What QA is asked about records without a known end, and about ones that may not show all their codes."""
    asks = [
        f"until when is the authorisation {a.id} valid, or does QA confirm that it has no end?" for a in unsaid[:1]
    ] + [f"does the authorisation {a.id} cover {' or '.join(sorted(codes))}? {why_open(a)}" for a in open_records[:1]]
    return "; ".join(asks)


def _validity_words(validity: Days) -> str:
    end = "without end, as QA confirmed" if validity.end is None else f"until {validity.end} (that day not included)"
    return f"valid from {validity.start} {end}"


@cache
def _nothing_on_record(required: str) -> Finding:
    return unknown("no authorisation to look at", required, ask="see the rules about kind, holder, rooms and scope")


RULES = (
    Rule(
        "authorisation-kind",
        "Authorisation: kind for stage and pathway",
        LAW,
        kind_of,
        record_of,
        check_kind,
    ),
    Rule(
        "authorisation-holder",
        "Authorisation: holder",
        LAW,
        kind_of,
        record_of,
        check_holder,
    ),
    Rule("authorisation-rooms", "Authorisation: rooms", LAW, kind_of, record_of, check_rooms),
    Rule(
        "authorisation-validity",
        "Authorisation: validity over the whole stay",
        LAW,
        need_of,
        record_of,
        check_validity,
        demand=whole_stay,
    ),
)

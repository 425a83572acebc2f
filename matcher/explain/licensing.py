"""Counterfactuals of a facility's records: one line, licence, certificate or offer more, every rule judged anew there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from matcher.capacities import limits_of
from matcher.eligibility.authorisation import held, need_of, of_kind, record_of
from matcher.eligibility.catalogue import RULES
from matcher.eligibility.needs import needed_codes, needed_kind
from matcher.eligibility.rule import NO_TIE, Where
from matcher.eligibility.table import CODE
from matcher.eligibility.verdicts import Verdicts
from matcher.explain.asking import Waiting, proved
from matcher.explain.changes import Change, Counterfactual, Kind, Side
from matcher.explain.premises import Changed, Premises
from matcher.explain.rows import CLOSED_FROM, Rows
from matcher.facts import Authorisation, Certificate, Facility, Request, Site
from matcher.problem import Option
from matcher.problem import Request as ProblemRequest
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.periods import Days
from registry.vocabulary.results import Status

MOST_FACILITIES = 6
"""Facilities that are tried for each kind of record, nearest misses first."""

Mend = Callable[[Rows, Request, Where], tuple[Where, str] | None]


def licensed(premises: Premises, rows: Rows, one: Waiting, stated: ProblemRequest) -> Iterator[Counterfactual]:
    """For each kind of record the first facility where mending it would place more starts; proved."""
    for kind, (rules, mend) in MENDS.items():
        tried = 0
        for where in _candidates(rows, one.request, rules):
            mended = mend(rows, one.request, where)
            if mended is None:
                continue
            tried += 1
            if tried > MOST_FACILITIES:
                break
            there, detail = mended
            changed = _stated(premises, rows, one.request, stated, there)
            if changed is None:
                continue
            change = Change(Side.FACILITY, kind, 1, where.facility.id, (), detail)
            found = proved(premises, one, change, changed)
            if found is not None:
                yield found
                break


def _candidates(rows: Rows, request: Request, rules: frozenset[str]) -> list[Where]:
    """One suite a facility that only the named rules keep out (or, narrowed to some dates, leave in), in stable order."""
    codes = rows.of(request.id)
    named = [index for index, rule in enumerate(rows.verdicts.rules) if rule.id in rules]
    found: dict[str, Where] = {}
    for j, where in enumerate(rows.verdicts.places):
        closed = [index for index, row in enumerate(codes) if row[j] >= CLOSED_FROM]
        touched = any(codes[index][j] >= CODE[Status.CONDITIONAL] for index in named)
        if touched and set(closed) <= set(named):
            found.setdefault(where.facility.id, where)
    return list(found.values())


def _stated(premises: Premises, rows: Rows, request: Request, stated: ProblemRequest, there: Where) -> Changed | None:
    """The request with new options at the changed facility, every other option as it was; None when there is no new one."""
    facility = there.facility
    places = [Where(facility, site, suite) for site in facility.sites for suite in site.suites]
    verdicts = Verdicts(RULES, rows.verdicts.circle, [request], places, ())
    limited = tuple(limits_of(facility, premises.weeks))
    new = premises.stated(request, verdicts, limits={facility.id: limited})
    if not new.request.options:
        return None
    suites = premises.rest.suites
    others: tuple[Option, ...] = ()
    if request.max_sites > 1:
        others = tuple(o for o in stated.options if suites[o.suite].facility != facility.id)
    own = tuple(r for r in premises.wide.resources if r.id.endswith(f"/campaign/{request.id}"))
    resources = (*new.resources, *(resource for resource in own if resource.id not in {r.id for r in new.resources}))
    mended = tuple(one.resource for one in limited if one.kind is LimitKind.NEW_PRODUCTS)
    return Changed(replace(new.request, options=(*others, *new.request.options)), (*resources, *mended))


def with_site(where: Where, site: Site) -> Where:
    """The same suite with its site changed."""
    facility = replace(where.facility, sites=tuple(site if one.id == site.id else one for one in where.facility.sites))
    return Where(facility, site, where.suite)


def scope_line(rows: Rows, request: Request, where: Where) -> tuple[Where, str] | None:
    """One operation code more on the authorisation that could be used."""
    codes = needed_codes(request.stage, request.product.product_class)
    return (
        _with_authorisation(rows, request, where, lambda a: replace(a, codes=a.codes | {min(codes)})) if codes else None
    )


def renewed(rows: Rows, request: Request, where: Where) -> tuple[Where, str] | None:
    """The authorisation renewed: without an end, as QA confirms."""
    kept = _with_authorisation(
        rows, request, where, lambda a: replace(a, validity=Days(a.validity.start, None), open_ended_confirmed=True)
    )
    return None if kept is None else (kept[0], "")


def _with_authorisation(
    rows: Rows, request: Request, where: Where, change: Callable[[Authorisation], Authorisation]
) -> tuple[Where, str] | None:
    need = need_of(request, rows.verdicts.circle, NO_TIE)
    record = record_of(where, rows.verdicts.circle)
    usable = held(need, record) or of_kind(need, record)  # type: ignore[arg-type]  # what record_of gives is a Record
    if not usable:
        return None
    first = usable[0]
    site = replace(
        where.site,
        authorisations=tuple(change(one) if one.id == first.id else one for one in where.site.authorisations),
    )
    codes = needed_codes(request.stage, request.product.product_class)
    return with_site(where, site), min(codes, default="")


def new_certificate(rows: Rows, request: Request, where: Where) -> tuple[Where, str] | None:
    """A certificate after a new inspection, naming the operation."""
    if needed_kind(request.stage, request.pathway) is None:
        return None
    codes = needed_codes(request.stage, request.product.product_class)
    known_on = rows.verdicts.circle.known_on
    new = Certificate(f"{where.site.id}/renewed", codes, known_on, known_on + timedelta(days=3 * 365))
    return with_site(where, replace(where.site, certificates=(*where.site.certificates, new))), ""


def one_new_product(_rows: Rows, _request: Request, where: Where) -> tuple[Where, str] | None:
    """Room for one new product more in each period."""
    limits = tuple(
        replace(
            one,
            amount=one.amount + 1,
            weekly=None if one.weekly is None else tuple(value + 1 for value in one.weekly),
        )
        if one.kind is LimitKind.NEW_PRODUCTS
        else one
        for one in where.facility.limits
    )
    facility: Facility = replace(where.facility, limits=limits)
    return Where(facility, where.site, where.suite), ""


MENDS: dict[Kind, tuple[frozenset[str], Mend]] = {
    Kind.NEW_PRODUCT: (frozenset({"new-products"}), one_new_product),
    Kind.RENEWED_CERTIFICATE: (frozenset({"certificate-withdrawn"}), new_certificate),
    Kind.RENEWED_AUTHORISATION: (frozenset({"authorisation-validity"}), renewed),
    Kind.SCOPE_LINE: (frozenset({"scope-codes"}), scope_line),
}

"""GMP certificates as evidence of the last inspection, and statements of non-compliance."""

from collections.abc import Hashable
from datetime import date, timedelta

from matcher.eligibility.dated import Basis
from matcher.eligibility.finding import Finding, conditional, fails, from_general_knowledge, passes
from matcher.eligibility.needs import needed_codes, needed_kind, whole_stay, within
from matcher.eligibility.rule import Round, Rule, Tie, Where
from matcher.facts import Certificate, NonCompliance, Request
from registry.vocabulary.periods import Days

RELIANCE = from_general_knowledge(
    "Text on the Union-format GMP certificate (Compilation of Union Procedures): not to be relied on more than three "
    "years after the last day of inspection, unless the clarifying remarks say otherwise"
)
STATEMENTS = from_general_knowledge(
    "Directive 2001/83/EC Article 111(5) to (7): certificates and statements of non-compliance"
)

Codes = frozenset[str] | None
"""Codes of which one is needed; None where no authorisation, so no certificate either, is asked."""


def codes_of(request: Request, _circle: Round, _tie: Tie) -> Hashable:
    """Operation codes the request is about."""
    if needed_kind(request.stage, request.pathway) is None:
        return None
    return needed_codes(request.stage, request.product.product_class)


def certificates_of(where: Where, _circle: Round) -> Hashable:
    """Certificates of the site."""
    return where.site.certificates


def reliance_end(certificate: Certificate) -> date:
    """The first day on which the certificate is no longer relied on: three years after the inspection, or as remarked."""
    if certificate.reliance_until is not None:
        return certificate.reliance_until
    day = certificate.last_inspection
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 3, day=28 if leap else day.day) + timedelta(days=1)


def about(codes: Codes, certificates: tuple[Certificate, ...]) -> list[Certificate]:
    """Certificates that name one of the codes or a heading above (or name none at all), latest inspection first."""
    found = [c for c in certificates if not codes or not c.codes or within(codes, c.codes)]
    return sorted(found, key=lambda c: (c.last_inspection, c.id), reverse=True)


def check_withdrawn(codes: Codes, certificates: tuple[Certificate, ...]) -> Finding:
    """The certificate of the latest inspection of these operations has not been withdrawn."""
    required = "no withdrawn certificate for these operations"
    found = about(codes, certificates)
    if codes is None or not found:
        return passes("no certificate to look at", required)
    latest = found[0]
    source = f"certificate {latest.id}"
    if latest.withdrawn_on is not None:
        return fails(f"withdrawn on {latest.withdrawn_on}", required, source=source, source_date=latest.withdrawn_on)
    return passes("not withdrawn", required, source=source, source_date=latest.last_inspection)


def check_reliance(codes: Codes, certificates: tuple[Certificate, ...]) -> Finding | Basis:
    """The certificate that names the operation can be relied on until the end; if it reaches three years before, on condition of its renewal."""
    if codes is None:
        return passes("no certificate asked for a starting material")
    required = "a certificate that can be relied on until quality control and certification have ended"
    named = [c for c in about(codes, certificates) if not codes or not c.codes or codes & c.codes]
    found = [c for c in named if c.withdrawn_on is None]
    if not found:
        words = "the authority's evidence of the last inspection is shown: a new holder may have no certificate yet"
        return conditional("no certificate on record for these operations", required, condition=words)
    best = max(found, key=reliance_end)
    end = reliance_end(best)
    return Basis(
        (Days(best.last_inspection, end),),
        hard=False,
        actual=f"last inspected on {best.last_inspection}, relied on until {end} (that day not included)",
        required=required,
        condition="the certificate is renewed",
        source=f"certificate {best.id}",
        source_date=best.last_inspection,
    )


def statements_of(where: Where, circle: Round) -> Hashable:
    """Statements of non-compliance of the site that are not closed."""
    day = circle.known_on
    return tuple(s for s in where.site.non_compliances if s.period.end is None or s.period.end > day)


def check_non_compliance(codes: Codes, statements: tuple[NonCompliance, ...]) -> Finding:
    """No open statement of non-compliance covers the operations or a heading above them; one beyond them is an alert."""
    required = "no open statement of non-compliance in the scope"
    for statement in statements:
        source = f"non-compliance {statement.id}"
        if not statement.codes or (codes and within(codes, statement.codes)):
            return fails(
                f"open since {statement.period.start}", required, source=source, source_date=statement.period.start
            )
    if statements:
        first = statements[0]
        scope = ", ".join(sorted(first.codes))
        return conditional(
            f"open since {first.period.start} for {scope} only",
            required,
            condition="the facility explains why the statement does not touch these operations",
            source=f"non-compliance {first.id}",
            source_date=first.period.start,
        )
    return passes("none open", required)


RULES = (
    Rule(
        "certificate-withdrawn",
        "GMP certificate: withdrawal",
        STATEMENTS,
        codes_of,
        certificates_of,
        check_withdrawn,
    ),
    Rule(
        "certificate-reliance",
        "GMP certificate: reliance until the end",
        RELIANCE,
        codes_of,
        certificates_of,
        check_reliance,
        demand=whole_stay,
        overridable_by="coordinator, on a document of the authority",
    ),
    Rule(
        "non-compliance",
        "Statements of non-compliance",
        STATEMENTS,
        codes_of,
        statements_of,
        check_non_compliance,
    ),
)

"""Every rule in the order it is shown, and the catalogue as text."""

from matcher.eligibility import (
    acceptance,
    authorisation,
    certificates,
    containment,
    countries,
    equipment,
    establishment,
    freshness,
    grade,
    hospital_exemption,
    language,
    material,
    qp,
    scope,
    stated_starts,
    transport,
)
from matcher.eligibility.rule import Rule

RULES: tuple[Rule, ...] = (
    *acceptance.RULES,
    *freshness.RULES,
    *authorisation.RULES,
    *scope.RULES,
    *certificates.RULES,
    *hospital_exemption.RULES,
    *countries.RULES,
    *grade.RULES,
    *containment.RULES,
    *equipment.RULES,
    *qp.RULES,
    *material.RULES,
    *transport.RULES,
    *establishment.RULES,
    *stated_starts.RULES,
    *language.RULES,
)

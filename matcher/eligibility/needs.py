"""What a request needs by law: kinds of authorisation, operation codes, and how long each of its stays must be covered."""

from datetime import date

from matcher.eligibility.dated import Demand
from matcher.facts import Request
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.products import BatchKind, Pathway, ProductClass, Stage, Vector
from registry.vocabulary.regulation import AuthorisationKind, ProductType

FOR_PATIENTS = frozenset({BatchKind.PATIENT, BatchKind.REPEAT})

VIRAL = frozenset({Vector.LENTIVIRAL, Vector.RETROVIRAL, Vector.AAV, Vector.OTHER})
"""Vectors handled as infectious; edited cells without a viral vector need no segregation."""

KIND_OF_PATHWAY = {
    Pathway.TRIAL: AuthorisationKind.MIA_IMP,
    Pathway.MARKET: AuthorisationKind.MIA,
    Pathway.HOSPITAL_EXEMPTION: AuthorisationKind.NATIONAL_HOSPITAL,
    Pathway.NAMED_PATIENT: AuthorisationKind.NAMED_PATIENT,
}

TYPE_OF_KIND = {
    AuthorisationKind.MIA: ProductType.HUMAN,
    AuthorisationKind.MIA_IMP: ProductType.IMP,
    AuthorisationKind.NATIONAL_HOSPITAL: ProductType.NATIONAL,
    AuthorisationKind.NAMED_PATIENT: ProductType.NATIONAL,
}
"""An operation code has meaning only together with the product type of its record."""

CODES_OF_CLASS = {
    ProductClass.SCTMP: frozenset({"1.3.1.3"}),
    ProductClass.GTMP_EX_VIVO: frozenset({"1.3.1.4"}),
    ProductClass.GTMP_IN_VIVO: frozenset({"1.3.1.4"}),
    ProductClass.TEP: frozenset({"1.3.1.7"}),
    ProductClass.COMBINED: frozenset({"1.3.1.3", "1.3.1.7"}),
}
"""Any one of the codes serves; a combined product is built on cells or on tissue."""

QC_CODES = frozenset({"1.6.1", "1.6.2", "1.6.3", "1.6.4"})


def needed_kind(stage: Stage, pathway: Pathway) -> AuthorisationKind | None:
    """The authorisation the making needs; None where none is asked.

    Vectors, plasmids and banks used to modify cells outside the body are starting materials: made under the principles
    of GMP, without an authorisation for medicinal products.
    """
    return None if stage is Stage.STARTING_MATERIAL else KIND_OF_PATHWAY[pathway]


def needed_codes(stage: Stage, product_class: ProductClass) -> frozenset[str]:
    """Operation codes of which the record must hold at least one; empty where none is asked.

    No source names a code for storage alone: any authorisation of the kind serves.
    """
    if stage in {Stage.STARTING_MATERIAL, Stage.STORAGE}:
        return frozenset()
    if stage is Stage.QC_ONLY:
        return QC_CODES
    codes = CODES_OF_CLASS[product_class]
    if stage is Stage.CERTIFICATION_ONLY:
        return certification_codes(product_class)
    if stage is Stage.FILL_FINISH:
        return codes | {"1.1.1.4", "1.1.1.6"}
    return codes


def within(codes: frozenset[str], scope: frozenset[str]) -> bool:
    """Whether one of the codes is in a scope: named itself, or below a heading that is."""
    return any(code == named or code.startswith(f"{named}.") for code in codes for named in scope)


def certification_codes(product_class: ProductClass) -> frozenset[str]:
    """The codes of batch certification: 1.3.2.x beside each 1.3.1.x."""
    return frozenset(code.replace("1.3.1.", "1.3.2.") for code in CODES_OF_CLASS[product_class])


def whole_stay(request: Request) -> Demand:
    """From the start to the end of quality control and certification, for every batch."""
    return Demand(windows_of(request), request.product.stay_days + days_after_stay(request))


def days_after_stay(request: Request) -> int:
    """Days from the end of the stay to the last result of quality control or certification."""
    after = (LimitKind.QC_RESULTS, LimitKind.CERTIFICATIONS)
    return max(
        (load.delay_days for load in request.product.loads if load.kind in after and load.at == "end"), default=0
    )


def qc_days(request: Request) -> int | None:
    """Days from the end of the stay to the results of quality control; None where the request plans none."""
    results = [
        load.delay_days for load in request.product.loads if load.kind is LimitKind.QC_RESULTS and load.at == "end"
    ]
    return max(results, default=None)


def late_days(request: Request, result_days: tuple[tuple[str, int], ...]) -> int:
    """Days by which a facility's results, of the methods the product needs, come later than the request plans."""
    methods = request.product.qc_methods
    last = max((days for method, days in result_days if method in methods), default=0)
    if not last:
        return 0
    planned = qc_days(request)
    return max(0, last - (days_after_stay(request) if planned is None else planned))


def starts_only(request: Request) -> Demand:
    """Only the day of the start of every batch counts."""
    return Demand(windows_of(request), 0)


def patient_starts(request: Request) -> Demand:
    """Only the day of the start counts, and only of batches for patients."""
    return Demand(tuple((b.earliest, b.latest) for b in request.batches if b.kind in FOR_PATIENTS), 0)


def windows_of(request: Request) -> tuple[tuple[date, date], ...]:
    """First and last start day of every batch."""
    return tuple((batch.earliest, batch.latest) for batch in request.batches)

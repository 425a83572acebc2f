"""What a caller would send: the smallest body each operation takes."""

from typing import Any
from uuid import UUID, uuid4

BATCH = {"code": "B1", "kind": "patient", "earliest": "2027-01-04", "latest": "2027-03-29", "patients": 1}
PLACE = {"use": "treating", "country": "DE", "latitude": 50.0, "longitude": 8.5}
REQUEST: dict[str, Any] = {
    "label": "Programme",
    "stage": "cell_product",
    "pathway": "trial",
    "phase": "1/2",
    "input_state": "fresh",
    "batches": [BATCH],
    "places": [PLACE],
}
PRODUCT = {
    "working_name": "Product",
    "product_class": "GTMP_exvivo",
    "donor": "autologous",
    "vector": "lentiviral",
    "family": "car_t",
}
PROCESS = {"platform": "closed_automated", "stay_days": 12}
SITE = {"code": "S-new", "country": "DE", "reason": "moved"}
SUITE = {
    "code": "R-new",
    "name": "Room",
    "places": 1,
    "place_kind": "room",
    "one_product": True,
    "reason": "rebuilt",
}
EQUIPMENT = {"equipment_class": "closed_processor", "count": 2, "reason": "delivered"}
CERTIFICATE = {"code": "C-new", "last_inspection": "2026-01-12", "reason": "inspected"}
NON_COMPLIANCE = {"code": "N-new", "starts": "2026-01-12", "reason": "statement"}
PERMIT = {"code": "P-new", "kind": "tissue_establishment", "reason": "granted"}
EXPERIENCE = {"family": "til", "platform": "static_expansion", "batches_made": 3, "reason": "counted"}
QC_METHOD = {"method": "sterility", "in_house": False, "contracted_to": "A laboratory", "reason": "contracted"}
COVER = {"classes": ["TEP"], "here": True, "names": ["Somebody"], "reason": "appointed"}
PERIOD = {"starts": "2026-12-07", "starts_per_week": 2}
CLOSURE = {"kind": "maintenance", "starts": "2026-12-07", "ends": "2026-12-14"}
OPENING = {"starts": "2026-12-07", "ends": "2027-12-06"}
LIMIT = {"kind": "certifications", "period_weeks": 1, "amount": 2}
WEEKS = {"weeks": [{"monday": "2026-12-07", "starts_per_week": 2}, {"monday": "2026-12-14", "starts_per_week": 2}]}
LINE = {"line": "on enquiry; a new product possible from 2027-Q2, at most one a year"}
DAYS = {"starts": "2026-12-07", "ends": "2026-12-14"}
POLICY = {"code": "usual", "title": "Usual", "tiers": [{"placed": 1}]}
FEASIBILITY = {
    "product_class": "GTMP_exvivo",
    "donor": "autologous",
    "vector": True,
    "country": "DE",
    "quarter": "2027-Q2",
}
TOKEN = {"label": "script", "days": 30}


def authorisation(holder: UUID) -> dict[str, Any]:
    """An authorisation for investigational products."""
    return {
        "code": "A-new",
        "kind": "MIA(IMP)",
        "holder_id": str(holder),
        "product_type": "IMP",
        "operations": {"1.3.1.2": None},
        "valid_from": "2026-01-01",
        "valid_to": "2031-01-01",
        "reason": "granted",
    }


def round_body(policy: UUID, code: str) -> dict[str, Any]:
    """A what-if round of half a year."""
    return {
        "code": code,
        "kind": "what_if",
        "policy_id": str(policy),
        "origin": "2026-11-30",
        "horizon_weeks": 26,
        "known_on": "2026-11-25",
    }


def organisation() -> dict[str, Any]:
    """A hospital with a code of its own."""
    return {"code": f"O-{uuid4().hex[:12]}", "name": "Hospital", "kind": "hospital", "country": "DE"}


def facility() -> dict[str, Any]:
    """A contract facility with a code of its own."""
    return {
        "code": f"F-{uuid4().hex[:12]}",
        "name": "Premises",
        "kind": "academic_hospital",
        "country": "DE",
        "service_model": "contract",
        "reason": "moved",
    }


def account() -> dict[str, Any]:
    """An account of its own name."""
    return {"code": f"a-{uuid4().hex[:12]}", "name": "Somebody"}


def lot() -> dict[str, Any]:
    """A lot with a code of its own."""
    return {"code": f"M-{uuid4().hex[:12]}", "state": "ordered"}


def centre() -> dict[str, Any]:
    """A collection centre with a code of its own."""
    return {"code": f"C-{uuid4().hex[:12]}", "name": "Apheresis", "country": "DE"}

"""V07: a licence with the operation over the whole stay, its certificate, statements of non-compliance, who certifies."""

from collections.abc import Iterator
from datetime import date

from matcher.verifier.bundle.case import Case, Wrong
from matcher.verifier.bundle.facts import Record, period
from matcher.verifier.reading import shown

KINDS = {
    "trial": ("MIA(IMP)", "IMP"),
    "market": ("MIA", "human"),
    "hospital_exemption": ("national hospital exemption", "national"),
    "named_patient": ("named patient", "national"),
}
"""Pathway → kind and product type of the authorisation; making starting material needs none."""

CODES = {
    "sCTMP": {"1.3.1.3"},
    "GTMP_exvivo": {"1.3.1.4"},
    "GTMP_invivo": {"1.3.1.4"},
    "TEP": {"1.3.1.7"},
    "combined": {"1.3.1.3", "1.3.1.7"},
}
"""Product class → operation codes of the Union format of which one is needed."""


def check_licence(case: Case) -> Wrong:
    """Yield what the site may not do: operation, validity, certificate, non-compliance, Qualified Person."""
    codes = operations(case)
    if case.stage != "starting_material":
        yield from _authorised(case, codes)
        yield from _certificate(case, codes)
    for statement in case.site["non_compliances"]:
        if period(statement["period"])[1] > case.known_on and covers(statement["codes"], codes):
            yield "V07 non-compliance", "a statement covers the operation", shown(statement["id"]), "none"
    yield from _qualified_person(case)


def operations(case: Case) -> set[str]:
    """Return the operation codes of which one is needed; none for starting material, and none stands for storage alone."""
    making = CODES[case.product["product_class"]]
    other: dict[str, set[str]] = {
        "starting_material": set(),
        "storage": set(),
        "qc_only": {"1.6.1", "1.6.2", "1.6.3", "1.6.4"},
        "certification_only": {code.replace("1.3.1.", "1.3.2.") for code in making},
        "fill_finish": making | {"1.1.1.4", "1.1.1.6"},
    }
    return other.get(case.stage, making)


def covers(stated: list[str], codes: set[str]) -> bool:
    """Whether a record is about everything, about one of the codes, or about a heading above one of them."""
    return not stated or any(code == one or code.startswith(f"{one}.") for one in stated for code in codes)


def _authorised(case: Case, codes: set[str]) -> Wrong:
    kind, product_type = KINDS[case.request["pathway"]]
    usable = [
        record
        for record in case.site["authorisations"]
        if (record["kind"], record["product_type"]) == (kind, product_type)
        and record["holder"] in (case.facility["organisation"], case.request["sponsor"])
        and (record["suites"] is None or case.suite["id"] in record["suites"])
    ]
    in_scope = [record for record in usable if not codes or codes & set(record["codes"]) or _uncoded(kind, record)]
    if not in_scope:
        yield "V07 scope", f"no usable {kind} with the operation", f"{len(usable)} records", " or ".join(sorted(codes))
        return
    known = list(_known(in_scope))
    if not case.stays_in(known):
        found = f"{len(known)} of {len(in_scope)} records with a known end"
        required = f"{case.needed.days} days from {case.days[0]}"
        yield "V07 validity", f"{kind} does not cover stay, testing and certification", found, required


def _uncoded(kind: str, record: Record) -> bool:
    """Whether it is a national approval that is not written in operation codes."""
    return kind == "national hospital exemption" and not record["codes"]


def _known(records: list[Record]) -> Iterator[tuple[date, date]]:
    """Yield the periods whose end is known: one without end counts only where QA has confirmed that there is none."""
    for record in records:
        if record["validity"]["end"] is not None or record["open_ended_confirmed"] is True:
            yield period(record["validity"])


def _certificate(case: Case, codes: set[str]) -> Wrong:
    """The certificate of the latest inspection of these operations, or a heading, is not withdrawn; none is no fault."""
    about = [one for one in case.site["certificates"] if not codes or covers(one["codes"], codes)]
    latest = max(about, key=lambda one: (one["last_inspection"], one["id"]), default=None)
    if latest is not None and latest["withdrawn_on"] is not None:
        yield "V07 certificate", "the certificate was withdrawn", latest["withdrawn_on"], "one that stands"


def _qualified_person(case: Case) -> Wrong:
    by_national_law = case.request["pathway"] in ("hospital_exemption", "named_patient")
    if by_national_law or case.stage in ("starting_material", "qc_only", "storage"):
        return
    cover, wanted = case.facility["qp"], case.product["product_class"]
    if cover is None or wanted not in cover["classes"]:
        found = "not recorded" if cover is None else str(cover["classes"])
        yield "V07 qualified person", "nobody is recorded who certifies the class", found, wanted
    elif cover.get("valid_to") is not None and not case.stays_in([(date.min, date.fromisoformat(cover["valid_to"]))]):
        required = f"{case.needed.days} days from {case.days[0]}"
        yield "V07 qualified person", "the cover ends before certification", cover["valid_to"], required

"""V04 and V06 to V10: each placement judged again from the snapshot, day by day, by plain rules."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from matcher.verifier.bundle.facts import Record, Snapshot, Where, covered, period
from matcher.verifier.plan import Placed, Plan
from matcher.verifier.reading import shown
from matcher.verifier.report import Finding

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

VIRAL = {"lentiviral", "retroviral", "aav", "other"}


def check_pairs(snapshot: Snapshot, plan: Plan, verdicts: Any) -> list[Finding]:
    """Return what the snapshot says against placements, and placements on pairs whose verdict forbids them."""
    findings: list[Finding] = []
    forbidden = {(row["request"], row["suite"]) for row in verdicts["pairs"] if row["fail"] or row["unknown"]}
    by_suite: dict[str, list[Placed]] = defaultdict(list)
    for placed in (placed for placements in plan.values() for placed in placements):
        if placed.option.suite not in snapshot.suites or placed.request.id not in snapshot.requests:
            findings.append(Finding("V02 unknown", placed.label, shown(placed.option.suite), "known to the snapshot"))
            continue
        by_suite[placed.option.suite].append(placed)
        if (placed.request.id, placed.option.suite) in forbidden:
            findings.append(Finding("V10 verdict", placed.label, "a pair that fails or is unknown", "an eligible pair"))
        request, where = snapshot.requests[placed.request.id], snapshot.suites[placed.option.suite]
        for check, text, found, required in _judged(snapshot, placed, request, where):
            findings.append(Finding(check, f"{placed.label}: {text}", found, required))
    for name, placements in by_suite.items():
        findings += _crowded(snapshot, snapshot.suites[name].suite, placements)
    return findings


Wrong = Iterator[tuple[str, str, str, str]]


def _judged(snapshot: Snapshot, placed: Placed, request: Record, where: Where) -> Wrong:
    first = snapshot.first_day(placed)
    yield from _calendar(snapshot, placed, where, first)
    yield from _licence(request, where, first, snapshot.last_day_out(placed, cleared=False))
    yield from _technical(request, where)
    yield from _wishes(request, where)
    batch = {batch["id"]: batch for batch in request["batches"]}.get(placed.batch.id)
    if batch is None:
        yield "V02 unknown", "the snapshot has no such batch", shown(placed.batch.id), "a batch of the snapshot"
        return
    monday = first - timedelta(days=first.weekday())
    if monday + timedelta(days=7) <= date.fromisoformat(batch["earliest"]) or monday > date.fromisoformat(
        batch["latest"]
    ):
        yield "V09 window", "the week lies outside the window", str(monday), f"{batch['earliest']} to {batch['latest']}"


def _calendar(snapshot: Snapshot, placed: Placed, where: Where, first: date) -> Wrong:
    last = snapshot.last_day_out(placed, cleared=True)
    held = covered(first, last, [period(days) for days in where.suite["open"]])
    if held < last:
        yield "V06 open", "the suite is not open throughout", f"closed on {held}", f"open from {first} to {last}"
    notice = where.facility["notice_days"] or 0
    if first < snapshot.known_on + timedelta(days=notice):
        yield "V06 notice", "the facility asks for notice", str(first), f"{notice} days after {snapshot.known_on}"


def _licence(request: Record, where: Where, first: date, last: date) -> Wrong:
    if request["stage"] == "starting_material":
        return
    kind, product_type = KINDS[request["pathway"]]
    codes = _codes(request)
    usable = [
        record
        for record in where.site["authorisations"]
        if (record["kind"], record["product_type"]) == (kind, product_type)
        and record["holder"] in (where.facility["organisation"], request["sponsor"])
        and (record["suites"] is None or where.suite["id"] in record["suites"])
    ]
    in_scope = [
        record
        for record in usable
        if codes & set(record["codes"]) or (kind == "national hospital exemption" and not record["codes"])
    ]
    if not in_scope:
        yield "V07 scope", f"no usable {kind} with the operation", f"{len(usable)} records", " or ".join(sorted(codes))
        return
    held = covered(first, last, [period(record["validity"]) for record in in_scope])
    if held < last:
        yield "V07 validity", f"{kind} ends during the stay, testing or certification", str(held), f"valid to {last}"
    for statement in where.site["non_compliances"]:
        start, end = period(statement["period"])
        if start < last and first < end and (not statement["codes"] or codes & set(statement["codes"])):
            yield "V07 non-compliance", "a statement covers the operation", shown(statement["id"]), "none"


def _codes(request: Record) -> set[str]:
    making = CODES[request["product"]["product_class"]]
    other = {
        "qc_only": {"1.6.1", "1.6.2", "1.6.3", "1.6.4"},
        "certification_only": {code.replace("1.3.1.", "1.3.2.") for code in making},
        "fill_finish": making | {"1.1.1.4", "1.1.1.6"},
    }
    return other.get(request["stage"], making)


def _technical(request: Record, where: Where) -> Wrong:
    product, suite = request["product"], where.suite
    there = {item["equipment_class"] for item in suite["equipment"] if item["count"] > 0}
    for step in product["steps"]:
        if step["equipment"] and not there & set(step["equipment"]):
            yield (
                "V08 equipment",
                "a step finds no equipment",
                str(sorted(there)),
                f"one of {sorted(step['equipment'])}",
            )
        open_work = step["mode"] == suite["mode"] == "open" and step["background"] and suite["grade"]
        if open_work and suite["grade"] > step["background"]:
            yield "V08 grade", "open work in a lower grade", suite["grade"], f"{step['background']} or better"
    if product["vector"] in VIRAL and suite["vector_work"] is False:
        yield "V08 vector", "no work with vectors in this suite", product["vector"], "a suite for vectors"
    needed, contained = product["gmo_class"], suite["containment_class"]
    if needed is not None and contained is not None and needed > contained:
        yield "V08 containment", "the vector needs more", f"containment class {contained}", f"at least {needed}"


def _wishes(request: Record, where: Where) -> Wrong:
    facility = where.facility
    if facility["id"] in request["excluded"]:
        yield "V09 excluded", "the requester excludes the facility", shown(facility["id"]), "another facility"
    if facility["service_model"] in ("captive", "unknown"):
        yield "V10 service", "the facility takes no part", facility["service_model"], "a service offered to others"
    company = request["sponsor_kind"] == "company"
    if company and (facility["service_model"] == "academic collaboration" or facility["open_to_companies"] is not True):
        yield "V10 service", "the facility does not serve companies", facility["service_model"], "open to companies"
    if facility["families"] is not None and request["product"]["family"] not in facility["families"]:
        yield "V10 family", "the facility does not want it", request["product"]["family"], str(facility["families"])
    if request["pathway"] == "hospital_exemption":
        if where.site["country"] not in {place["country"] for place in request["treating"]}:
            yield "V09 country", "no treating hospital in the Member State", "another country", where.site["country"]
        if not any(pair["site"] == where.site["id"] and pair["hospital_exemption"] for pair in request["pairs"]):
            yield "V09 exemption", "no approval of this product at this site", "none", "the pair's own approval"


def _crowded(snapshot: Snapshot, suite: Record, placements: list[Placed]) -> Iterator[Finding]:
    """Sweep over days: planned stays with clearance, and recorded ones, share at most the places of the suite."""
    events: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for placed in placements:
        events[snapshot.first_day(placed)][0] += 1
        events[snapshot.last_day_out(placed, cleared=True)][0] -= 1
    for stay in suite["stays"]:
        start, end = period(stay["period"])
        events[start][1] += stay["places"]
        events[end][1] -= stay["places"]
    planned = booked = 0
    for day in sorted(events):
        planned, booked = planned + events[day][0], booked + events[day][1]
        if planned and planned + booked > suite["places"]:
            found = f"{planned} planned and {booked} recorded stays"
            yield Finding(
                "V04 days", f"suite {shown(suite['id'])} on {day}", found, f"at most {suite['places']} places"
            )

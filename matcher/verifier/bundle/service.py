"""V06, V09 and V10: whom the facility serves and on what terms, what it offers, and how far the process is there."""

from datetime import date, timedelta

from matcher.verifier.bundle.case import Case, Wrong
from matcher.verifier.bundle.facts import period
from matcher.verifier.reading import shown


def check_service(case: Case) -> Wrong:
    """Yield what requester or facility does not want."""
    facility = case.facility
    if facility["id"] in case.request["excluded"]:
        yield "V09 excluded", "the requester excludes the facility", shown(facility["id"]), "another facility"
    if facility["service_model"] in ("captive", "unknown"):
        yield "V10 service", "the facility takes no part", facility["service_model"], "a service offered to others"
    company = case.request["sponsor_kind"] == "company"
    if company and (facility["service_model"] == "academic collaboration" or facility["open_to_companies"] is not True):
        yield "V10 service", "the facility does not serve companies", facility["service_model"], "open to companies"
    family = case.product["family"]
    if facility["families"] is not None and family not in facility["families"]:
        yield "V10 family", "the facility does not want it", family, str(facility["families"])
    yield from _campaign(case)
    yield from _starts(case)
    yield from _pair(case)


def _campaign(case: Case) -> Wrong:
    """Fewer starts than are asked for are made only of a request that may be divided."""
    starts = len(case.request["batches"])
    smallest, largest = case.facility["smallest_campaign"], case.facility["largest_campaign"]
    whole = case.request["max_sites"] <= 1 and case.request["all_or_nothing"]
    if smallest is not None and starts < smallest:
        yield "V10 campaign", "fewer starts than the facility takes", str(starts), f"at least {smallest}"
    if largest is not None and (starts if whole else min(starts, 1)) > largest:
        yield "V10 campaign", "more starts than the facility takes", str(starts), f"at most {largest}"


def _starts(case: Case) -> Wrong:
    facility, platform = case.facility, case.product["platform"]
    notice = facility["notice_days"]
    if notice is not None and not case.starts_from(case.known_on + timedelta(days=notice)):
        found, required = str(max(case.days)), f"{notice} days after {case.known_on}"
        yield "V06 notice", "the facility asks for notice", found, required
    offered = [
        period(one["period"])
        for one in facility["starts"]
        if (one["platform"], one["starts_class"]) == (platform, "firm") and one["pooled"] and one["starts_per_week"] > 0
    ]
    if not case.starts_in(offered):
        yield "V06 offered", "no firm, pooled start is offered then", shown(platform), f"one on {case.days[0]}"


def _pair(case: Case) -> Wrong:
    """Patients are treated from a pair that is ready by then; a new product is taken in where there is room for one."""
    ready = case.state("ready") == "done"
    ready_by = None if case.pair is None else case.pair["ready_by"]
    for_patients = case.batch["kind"] in ("patient", "repeat")
    if for_patients and not ready and ready_by is not None and not case.starts_from(date.fromisoformat(ready_by)):
        yield "V10 pair", "the pair is ready only after the start", ready_by, f"by {max(case.days)}"
    if ready or case.state("transfer") in ("done", "not_needed"):
        return
    for limit in case.facility["limits"]:
        room = limit["amount"] if limit["weekly"] is None else sum(limit["weekly"])
        if limit["kind"] == "new_products" and room < 1:
            yield "V10 new product", "the facility takes no new product", str(room), "room for one"

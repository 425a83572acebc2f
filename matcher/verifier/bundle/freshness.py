"""V10: calendar and legal record were confirmed recently enough on the day the facts are of."""

from matcher.verifier.bundle.case import Case, Wrong, age

EXCLUDED = {"weekly": 21, "fortnightly": 28, "monthly": 60, "quarterly": 150}
"""Days after its confirmation from which a calendar of this rhythm no longer counts."""

ATTESTED = 365


def check_freshness(case: Case) -> Wrong:
    """Yield a calendar or a legal record that was never confirmed, or too long ago; declared closures stop the clock."""
    facility = case.facility
    confirmed, most = facility["calendar_confirmed_on"], EXCLUDED[facility["rhythm"]]
    if confirmed is None or age(confirmed, case.known_on) - facility["calendar_clock_stopped_days"] >= most:
        yield "V10 calendar", "the calendar is too old", str(confirmed), f"confirmed less than {most} days ago"
    attested = facility["legal_confirmed_on"]
    if attested is None or age(attested, case.known_on) > ATTESTED:
        yield "V10 attestation", "QA has not attested", str(attested), f"at most {ATTESTED} days ago"

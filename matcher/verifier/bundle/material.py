"""V09: every lot of material is released and there, not expired, and enough."""

from datetime import date, timedelta

from matcher.verifier.bundle.case import Case, Wrong
from matcher.verifier.reading import shown


def check_material(case: Case) -> Wrong:
    """Yield what is wrong with the lots the request names; what is not stated of them is no yes."""
    batches = len(case.request["batches"])
    in_part = case.request["max_sites"] == 1 and not case.request["all_or_nothing"]
    for lot in case.request["materials"]:
        name = f"material lot {shown(lot['id'])}"
        released, expires, doses = lot["released_on"], lot["expires_on"], lot["doses"]
        if released is None:
            yield "V09 material release", name, "no day of release", "a day before the start"
        elif not case.starts_from(date.fromisoformat(released) + timedelta(days=lot["transport_days"])):
            found = f"{released} and {lot['transport_days']} days on the way"
            yield "V09 material release", name, found, f"there by {max(case.days)}"
        if expires is None or date.fromisoformat(expires) <= min(case.days):
            yield "V09 material expiry", name, str(expires), f"after {min(case.days)}"
        if doses is None or doses < (1 if in_part else batches):
            yield "V09 material doses", name, str(doses), f"{batches} batches"

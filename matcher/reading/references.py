"""What the parts of a document say about each other: ids, references, order, lengths.

Everything here reads a document that may be wrong in any way and looks past what has the wrong shape.
"""

from collections.abc import Iterator, Mapping

from matcher.reading.faults import Faults, Path, brief

Record = Mapping[str, object]
Known = tuple[Mapping[str, Record], Mapping[str, Record], Mapping[str, Record]]
"""Facilities, suites and resources by id."""


def check_references(document: Record, faults: Faults) -> None:
    """Unique ids, known references, ranges the right way round, capacity lists of the right length, no cycles."""
    facilities = _unique(document, "facilities", faults)
    suites = _unique(document, "suites", faults)
    resources = _unique(document, "resources", faults)
    known = (facilities, suites, resources)
    _unique(document, "requests", faults)
    for path, suite in records(document, "suites"):
        _known(suite, "facility", path, facilities, faults)
        _ascending(suite.get("open"), (path, "open"), faults)
    for path, resource in records(document, "resources"):
        _known(resource, "facility", path, facilities, faults)
        _check_capacity(resource, document.get("horizon"), path, faults)
    for path, request in records(document, "requests"):
        _check_request(request, path, known, faults)
    for path, booking in records(document, "bookings"):
        _known(booking, "suite", path, suites, faults)
        start, end = number(booking.get("start")), number(booking.get("end"))
        if start is not None and end is not None and start >= end:
            faults.add((path, "end"), f"must lie after the start {start}, found {end}")
        _check_uses(booking, path, known, faults, booked=True)
    _check_previous(document, faults)


def records(holder: Record, key: str, at: Path = None) -> Iterator[tuple[Path, Record]]:
    """The objects in the list under `key`, each with its path."""
    entries = holder.get(key)
    if isinstance(entries, list):
        for index, entry in enumerate(entries):
            if isinstance(entry, dict):
                yield ((at, key), index), entry


def text(value: object) -> str | None:
    """The value if it is text."""
    return value if isinstance(value, str) else None


def number(value: object) -> int | None:
    """The value if it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _unique(holder: Record, key: str, faults: Faults, at: Path = None, name: str = "id") -> dict[str, Record]:
    """The objects under `key` by their id; an id that stands twice is a fault."""
    known: dict[str, Record] = {}
    for path, entry in records(holder, key, at):
        found = text(entry.get(name))
        if found is None:
            continue
        if found in known:
            faults.add((path, name), f"{brief(found)} stands in this list already; ids must be unique")
        known.setdefault(found, entry)
    return known


def _known(entry: Record, key: str, path: Path, names: Mapping[str, Record], faults: Faults) -> None:
    name = text(entry.get(key))
    if name is not None and name not in names:
        faults.add((path, key), f"names {brief(name)}, which is not in the file")


def _ascending(intervals: object, path: Path, faults: Faults) -> None:
    if not isinstance(intervals, list):
        return
    for index, interval in enumerate(intervals):
        if not isinstance(interval, list) or len(interval) != 2:
            continue
        first, last = number(interval[0]), number(interval[1])
        if first is None or last is None:
            continue
        if first > last:
            faults.add((path, index), f"must not end before it begins, found [{first}, {last}]")


def _check_capacity(resource: Record, horizon: object, path: Path, faults: Faults) -> None:
    length, period, capacity = number(horizon), number(resource.get("period")), resource.get("capacity")
    if length is None or period is None or length < 1 or period < 1 or not isinstance(capacity, list):
        return
    wanted = -(-length // period)
    if len(capacity) != wanted:
        faults.add((path, "capacity"), f"must have one number per period, {wanted} in all, found {len(capacity)}")


def _check_request(
    request: Record,
    path: Path,
    known: Known,
    faults: Faults,
) -> None:
    facilities, suites, _ = known
    batches = _unique(request, "batches", faults, path)
    _unique(request, "options", faults, path, "suite")
    for at, batch in records(request, "batches", path):
        earliest, latest = number(batch.get("earliest")), number(batch.get("latest"))
        if earliest is not None and latest is not None and earliest > latest:
            faults.add((at, "latest"), f"must not lie before the earliest start {earliest}, found {latest}")
        after = batch.get("after")
        if isinstance(after, dict):
            _known(after, "batch", (at, "after"), batches, faults)
    _check_cycles(request, path, faults)
    for at, option in records(request, "options", path):
        _known(option, "suite", at, suites, faults)
        _ascending(option.get("windows"), (at, "windows"), faults)
        _check_uses(option, at, known, faults, booked=False)
    _check_held(request, path, facilities, faults)


def _check_held(request: Record, path: Path, facilities: Mapping[str, Record], faults: Faults) -> None:
    held = request.get("held")
    seen: set[str] = set()
    for index, name in enumerate(held if isinstance(held, list) else []):
        if not isinstance(name, str):
            continue
        at = ((path, "held"), index)
        if name not in facilities:
            faults.add(at, f"names {brief(name)}, which is not in the file")
        if name in seen:
            faults.add(at, f"{brief(name)} stands in this list already")
        seen.add(name)


def _check_uses(stay: Record, path: Path, known: Known, faults: Faults, *, booked: bool) -> None:
    facilities, suites, resources = known
    suite = suites.get(text(stay.get("suite")) or "")
    for at, use in records(stay, "uses", path):
        _known(use, "resource", at, resources, faults)
        resource = resources.get(text(use.get("resource")) or "")
        here, owner = (text(entry.get("facility")) if entry else None for entry in (suite, resource))
        if here in facilities and owner in facilities and here != owner:
            faults.add((at, "resource"), f"belongs to facility {brief(owner)}, not to the facility of the suite")
        if number(use.get("delay")) and text(use.get("at")) in {"start", "each", "once"}:
            faults.add((at, "delay"), f'goes only with at = "end", found at = {brief(use.get("at"))}')
        if booked and text(use.get("at")) == "once":
            faults.add((at, "at"), "a booking takes nothing once; use start, end or each")


def _check_cycles(request: Record, path: Path, faults: Faults) -> None:
    """Each batch comes after at most one other, so a cycle is found by walking on."""
    at: dict[str, Path] = {}
    before: dict[str, str] = {}
    for place, batch in records(request, "batches", path):
        name, after = text(batch.get("id")), batch.get("after")
        earlier = text(after.get("batch")) if isinstance(after, dict) else None
        if name is not None and name not in at:
            at[name] = place
            if earlier is not None:
                before[name] = earlier
    done: set[str] = set()
    for first in at:
        walked: list[str] = []
        here: str | None = first
        while here is not None and here not in done:
            done.add(here)
            walked.append(here)
            here = before.get(here)
        if here is not None and here in walked:
            circle = walked[walked.index(here) :]
            names = " after ".join(brief(each) for each in (*circle[:5], circle[0]))
            faults.add((at[here], "after"), f"the order runs in a circle: {names}")


def _check_previous(document: Record, faults: Faults) -> None:
    seen: set[tuple[str, str]] = set()
    for path, was in records(document, "previous"):
        request, batch = text(was.get("request")), text(was.get("batch"))
        if request is None or batch is None:
            continue
        if (request, batch) in seen:
            faults.add(path, f"request {brief(request)}, batch {brief(batch)} stands in this list already")
        seen.add((request, batch))

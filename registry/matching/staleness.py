"""What has changed in the registry since the facts of a calculation were frozen: the reasons it may not be published.

A request or facility that came later waits for the next round and is no reason; neither is a newer confirmation.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.facts import Facility, Facts, Request
from registry.matching.documents import to_document

CONFIRMATIONS = frozenset({"calendar_confirmed_on", "legal_confirmed_on", "confirmed_on"})
AGING = frozenset({"calendar_clock_stopped_days"})


def reasons_stale(frozen: Facts, live: Facts) -> tuple[str, ...]:
    """Return each reason in words: which record is gone or which facts of it changed, and whether the policy did."""
    return (
        *_gone_or_changed("request", frozen.requests, live.requests),
        *_gone_or_changed("facility", frozen.facilities, live.facilities),
        *(("the tiers of the policy changed",) if frozen.tiers != live.tiers else ()),
    )


def _gone_or_changed(
    kind: str, before: Sequence[Request | Facility], after: Sequence[Request | Facility]
) -> Iterator[str]:
    now = {record.id: record for record in after}
    for record in before:
        if record.id not in now:
            yield f"{kind} {record.id} takes no part any more"
        else:
            changed = sorted(set(differences(to_document(record), to_document(now[record.id]))))
            if changed:
                yield f"{kind} {record.id} changed: {', '.join(changed)}"


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Yield the paths where two documents differ; a newer confirmation is no difference."""
    name = path.rpartition(".")[2]
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from differences(one, other, path)
    elif before != after and not (name in AGING or (name in CONFIRMATIONS and _newer(before, after))):
        yield path


def _newer(before: Any, after: Any) -> bool:
    """Whether a confirmation came, or a later one; days are ISO strings."""
    return isinstance(after, str) and (before is None or after > before)

"""Two calculations side by side: which placements differ, and what was different that may be why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.facts import Facts
from matcher.outcome import Outcome, Placement
from matcher.serialise import read_outcome
from registry.matching.catalogue import PART
from registry.matching.documents import facts_from_json, to_document
from registry.matching.replay import Kept
from registry.matching.staleness import differences

NOT_CAUSES = frozenset({"label"})


@dataclass(frozen=True, slots=True)
class Moved:
    """A batch that is placed otherwise in the second calculation; None where it is not placed."""

    request: str
    batch: str
    first: Placement | None
    second: Placement | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Placements that differ, and the differences of facts, policy, parameters and software; all in fixed sequence."""

    moved: tuple[Moved, ...]
    objective: tuple[tuple[int, ...], tuple[int, ...]]
    facts: tuple[str, ...]
    policy: tuple[str, ...]
    params: tuple[str, ...]
    software: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both plans are one and the same."""
        return not self.moved and self.objective[0] == self.objective[1]

    @property
    def unexplained(self) -> bool:
        """Whether the plans differ though everything that went in was equal."""
        return not self.same and not (self.facts or self.policy or self.params or self.software)


def difference(first: Kept, second: Kept) -> Difference:
    """Compare two calculations that have results."""
    one, two = read_outcome(first.outcome), read_outcome(second.outcome)
    facts = facts_from_json(first.facts), facts_from_json(second.facts)
    return Difference(
        moved=tuple(_moved(one, two)),
        objective=(one.objective, two.objective),
        facts=tuple(_facts(*facts)),
        policy=tuple(_policy(*facts)),
        params=tuple(_params(one, two, first, second)),
        software=(
            *_named(first.manifest, second.manifest, "software"),
            *_named(first.manifest, second.manifest, PART),
        ),
    )


def _moved(one: Outcome, two: Outcome) -> Iterator[Moved]:
    before = {(placement.request, placement.batch): placement for placement in one.placements}
    after = {(placement.request, placement.batch): placement for placement in two.placements}
    for request, batch in sorted(before.keys() | after.keys()):
        first, second = before.get((request, batch)), after.get((request, batch))
        if first != second:
            yield Moved(request, batch, first, second)


def _facts(one: Facts, two: Facts) -> Iterator[str]:
    for name in ("origin", "horizon_weeks", "known_on"):
        if getattr(one, name) != getattr(two, name):
            yield f"{name}: {getattr(one, name)}, then {getattr(two, name)}"
    for kind, before, after in (
        ("request", one.requests, two.requests),
        ("facility", one.facilities, two.facilities),
    ):
        first = {record.id: to_document(record) for record in before}
        second = {record.id: to_document(record) for record in after}
        yield from (f"{kind} {key} only in the first" for key in sorted(first.keys() - second.keys()))
        yield from (f"{kind} {key} only in the second" for key in sorted(second.keys() - first.keys()))
        for key in sorted(first.keys() & second.keys()):
            changed = sorted(set(differences(first[key], second[key])) - NOT_CAUSES)
            if changed:
                yield f"{kind} {key}: {', '.join(changed)}"


def _policy(one: Facts, two: Facts) -> Iterator[str]:
    for number in range(max(len(one.tiers), len(two.tiers))):
        before = dict(one.tiers[number]) if number < len(one.tiers) else None
        after = dict(two.tiers[number]) if number < len(two.tiers) else None
        if before != after:
            yield f"tier {number + 1}: {before}, then {after}"


def _params(one: Outcome, two: Outcome, first: Kept, second: Kept) -> Iterator[str]:
    for name in ("seed", "effort", "workers", "stopped"):
        if getattr(one, name) != getattr(two, name):
            yield f"{name}: {getattr(one, name)}, then {getattr(two, name)}"
    if first.rank != second.rank:
        yield "the sequence that breaks ties"


def _named(first: Mapping[str, Any], second: Mapping[str, Any], part: str) -> Iterator[str]:
    before, after = first.get(part, {}), second.get(part, {})
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name}: {before.get(name)}, then {after.get(name)}"

"""By which facts a searcher may search: everybody's, those shown to developers, and those inside a facility.

What may not be seen may not be searched by, counted or ranked by: a filter that finds tells what it found.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.access.subject import Subject
from registry.errors import NotAllowedError
from registry.queries.search.filters import Facet, Filters
from registry.vocabulary.roles import Role

INSIDE = frozenset({Facet.GRADES, Facet.MODES, Facet.EQUIPMENT})
SHOWN_TO_DEVELOPERS = frozenset({Facet.EXPERIENCE, Facet.LICENCE_KINDS, Facet.SCOPE_CODES})
FREE_STARTS = "free_starts"


class Reach(StrEnum):
    """Of which facilities a kind of fact may be known."""

    ALL = "all that are seen"
    OWN = "one's own"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a searcher may know beyond what everybody may."""

    inside: Reach
    shown: Reach

    def of(self, name: str) -> Reach:
        """Return how far a filter reaches."""
        if name == FREE_STARTS or name in INSIDE:
            return self.inside
        return self.shown if name in SHOWN_TO_DEVELOPERS else Reach.ALL


def knowledge_of(subject: Subject, *, owns: bool) -> Knowledge:
    """Return what a searcher may know: the same as `registry.access.visibility` lets it read.

    `owns`: one of its organisations has a facility in the data set.
    """
    if subject.is_any(Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR):
        return Knowledge(Reach.ALL, Reach.ALL)
    own = Reach.OWN if owns else Reach.NONE
    return Knowledge(own, Reach.ALL if subject.is_any(Role.DEVELOPER) else own)


def most_knowledge(subject: Subject) -> Knowledge:
    """Return what a searcher may know at most, before it is seen whether its organisations have facilities."""
    return knowledge_of(subject, owns=bool(subject.organisations))


def check_reach(known: Knowledge, filters: Filters) -> None:
    """Refuse filters on what the searcher may not know, naming every one of them."""
    refused = [name for name in asked_for(filters) if known.of(name) is Reach.NONE]
    if refused:
        raise NotAllowedError(
            "You may not search by what is inside a facility.",
            "Leave these filters out, or send an enquiry to the facility.",
            [f"{name}: {_who(name)}" for name in refused],
        )


def limited(known: Knowledge, filters: Filters) -> tuple[str, ...]:
    """Return the filters that looked only at the searcher's own facilities."""
    return tuple(name for name in asked_for(filters) if known.of(name) is Reach.OWN)


def asked_for(filters: Filters) -> list[str]:
    """Return the names of the filters in use that not everybody may use."""
    names = [facet.value for facet in Facet if facet in INSIDE | SHOWN_TO_DEVELOPERS and filters.chosen(facet)]
    return names if filters.free_starts is None else [*names, FREE_STARTS]


def _who(name: str) -> str:
    if name in SHOWN_TO_DEVELOPERS:
        return "known to developers, coordinators, auditors and the facility's own people."
    return "known to coordinators, auditors and the facility's own people and delegates."

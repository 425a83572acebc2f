"""What a sponsor reads of facilities before both sides consent: letters instead of names, and no record of theirs."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from registry.access.permissions import Permission, may
from registry.access.subject import Subject

OF_THE_FACILITY = frozenset({"source", "actual"})
"""What the facility's own record says; the requirement and the status stay."""


class Mask:
    """Names for one answer; whoever may read the overview sees them as they are."""

    def __init__(self, subject: Subject) -> None:
        self.open = may(subject, Permission.READ_OVERVIEW)
        self._facilities: dict[UUID, str] = {}
        self._suites: dict[UUID, str] = {}

    def facility(self, facility_id: UUID, name: str) -> str:
        """Return the name, or one that stands for it in this answer only."""
        if self.open:
            return name
        return self._facilities.setdefault(facility_id, f"Facility {len(self._facilities) + 1}")

    def suite(self, facility_id: UUID, suite_id: UUID) -> str:
        """Return the id, or a name that stands for it in this answer only."""
        if self.open:
            return str(suite_id)
        label = self.facility(facility_id, "")
        return self._suites.setdefault(suite_id, f"{label}, suite {len(self._suites) + 1}")

    def results(self, results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what the rules said, without what identifies the facility."""
        if self.open:
            return [dict(result) for result in results]
        return [{key: value for key, value in result.items() if key not in OF_THE_FACILITY} for result in results]

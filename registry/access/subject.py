"""Who acts, in which roles, for which organisations. No web types."""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

from registry.vocabulary.roles import ORGANISATION_ROLES, Role

PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)

OPERATOR_ID = PersonId(UUID("00000000-0000-4000-8000-000000000001"))
"""The account of this machine; the migrations write its row."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever acts now.

    `organisations` are those the subject belongs to, and for a network delegate the members of the network.
    `seats` says which role is held where; None as organisation = on the platform. `person` None = nobody known.
    """

    person: PersonId | None
    seats: frozenset[tuple[Role, OrganisationId | None]] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """Every role the subject holds somewhere."""
        return frozenset(role for role, _ in self.seats)

    @property
    def organisations(self) -> frozenset[OrganisationId]:
        """Every organisation the subject may see and act for."""
        return frozenset(place for _, place in self.seats if place is not None)

    def is_any(self, *roles: Role) -> bool:
        """Whether the subject holds one of the roles anywhere."""
        return not self.roles.isdisjoint(roles)

    def holds(self, role: Role, organisation: OrganisationId) -> bool:
        """Whether the subject holds the role in that organisation, as its delegate, or on the platform."""
        return (role, organisation) in self.seats or (role, None) in self.seats

    def belongs(self, organisation: UUID) -> bool:
        """Whether the subject is one of the organisation's own people; delegates and overseers are not."""
        return any(role in ORGANISATION_ROLES and place == organisation for role, place in self.seats)


ANONYMOUS = Subject(None)
OPERATOR = Subject(OPERATOR_ID, frozenset({(Role.OPERATOR, None)}))

"""The legal records of sites."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import facts
from registry import models
from registry.matching.snapshot.period import grouped
from registry.queries.vouched import not_vouched_for
from registry.vocabulary.periods import Days

FullCode = Callable[[models.Facility, str], str]


@dataclass(frozen=True, slots=True)
class LegalRows:
    """Legal facts by the key of their site, in the sequence of their codes."""

    authorisations_of: Mapping[UUID, list[facts.Authorisation]]
    certificates_of: Mapping[UUID, list[facts.Certificate]]
    non_compliances_of: Mapping[UUID, list[facts.NonCompliance]]
    permits_of: Mapping[UUID, list[facts.Permit]]

    def authorisations(self, site: UUID) -> tuple[facts.Authorisation, ...]:
        """The authorisations of a site."""
        return tuple(self.authorisations_of.get(site, ()))

    def certificates(self, site: UUID) -> tuple[facts.Certificate, ...]:
        """The GMP certificates of a site."""
        return tuple(self.certificates_of.get(site, ()))

    def non_compliances(self, site: UUID) -> tuple[facts.NonCompliance, ...]:
        """The statements of non-compliance of a site."""
        return tuple(self.non_compliances_of.get(site, ()))

    def permits(self, site: UUID) -> tuple[facts.Permit, ...]:
        """The other permits of a site."""
        return tuple(self.permits_of.get(site, ()))


def legal_rows(session: Session, owners: Mapping[UUID, models.Facility], full_code: FullCode) -> LegalRows:
    """Read every legal record of the facilities in `owners`."""

    def code(row: models.Certificate | models.NonCompliance | models.Permit) -> str:
        return full_code(owners[row.facility_id], row.code)

    certificate, statement, permit = models.Certificate, models.NonCompliance, models.Permit
    certificates: defaultdict[UUID, list[facts.Certificate]] = defaultdict(list)
    for row in session.scalars(
        select(certificate).where(certificate.facility_id.in_(owners)).order_by(certificate.code)
    ):
        evidence = facts.Certificate(
            code(row), frozenset(row.operations), row.last_inspection, row.reliance_until, row.withdrawn_on
        )
        certificates[row.site_id].append(evidence)
    statements: defaultdict[UUID, list[facts.NonCompliance]] = defaultdict(list)
    for entry in session.scalars(select(statement).where(statement.facility_id.in_(owners)).order_by(statement.code)):
        period = Days(entry.starts, entry.closed_on)
        statements[entry.site_id].append(facts.NonCompliance(code(entry), frozenset(entry.operations), period))
    permits: defaultdict[UUID, list[facts.Permit]] = defaultdict(list)
    for held in session.scalars(select(permit).where(permit.facility_id.in_(owners)).order_by(permit.code)):
        validity = Days(held.valid_from or date.min, held.valid_to)
        permits[held.site_id].append(facts.Permit(code(held), held.kind, validity, held.gmo_class))
    return LegalRows(_authorisations(session, owners, full_code), certificates, statements, permits)


def _authorisations(
    session: Session, owners: Mapping[UUID, models.Facility], full_code: FullCode
) -> dict[UUID, list[facts.Authorisation]]:
    authorisation, line, room = models.Authorisation, models.ScopeLine, models.AuthorisedSuite
    rows = session.scalars(
        select(authorisation).where(authorisation.facility_id.in_(owners)).order_by(authorisation.code)
    ).all()
    lines = grouped(session.scalars(select(line).where(line.facility_id.in_(owners))), lambda row: row.authorisation_id)
    rooms = grouped(session.scalars(select(room).where(room.facility_id.in_(owners))), lambda row: row.authorisation_id)
    suites = {row.id: row for row in session.scalars(select(models.Suite).where(models.Suite.facility_id.in_(owners)))}
    holders = {row.id: row.code for row in session.scalars(select(models.Organisation))}

    unknown = not_vouched_for(session, owners)

    def fact(row: models.Authorisation) -> facts.Authorisation:
        """One that QA does not stand for is on record, and nothing of what it allows is known."""
        owner, vouched = owners[row.facility_id], row.id not in unknown
        return facts.Authorisation(
            id=full_code(owner, row.code),
            kind=row.kind,
            holder=holders[row.holder_id],
            product_type=row.product_type,
            codes=frozenset(entry.operation for entry in lines.get(row.id, ()) if vouched),
            validity=Days(row.valid_from or date.min, row.valid_to) if vouched else Days(date.min, None),
            open_ended_confirmed=row.open_ended_confirmed and vouched,
            complete=row.complete and vouched,
            confirmed_on=row.confirmed_on if vouched else None,
            suites=None
            if row.whole_site
            else frozenset(full_code(owner, suites[entry.suite_id].code) for entry in rooms.get(row.id, ())),
        )

    return {site: [fact(row) for row in group] for site, group in grouped(rows, lambda row: row.site_id).items()}

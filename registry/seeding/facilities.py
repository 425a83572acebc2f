"""Rehearsal facilities → rows, so that a snapshot gives back equal facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from matcher import facts
from registry import models
from registry.models.base import Record
from registry.seeding.rows import Rows
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.lifecycle import (
    BookingKind,
    BookingState,
    ConfirmationSubject,
    DataSet,
    FacilityStatus,
    Publication,
    Source,
)
from registry.vocabulary.periods import Days

GENERATED: dict[str, object] = {"source": Source.GENERATED, "invented": True}


@dataclass(frozen=True, slots=True)
class Placed:
    """Keys of a facility, of its organisation and of its sites by code."""

    facility: UUID
    organisation: UUID
    sites: Mapping[str, UUID]


def add_facility(rows: Rows, facility: facts.Facility, organisations: Mapping[str, UUID]) -> Placed:
    """Gather the rows of one facility and return their keys."""
    organisation = organisations[facility.organisation]
    key = rows.add(
        models.Facility,
        organisation_id=organisation,
        data_set=DataSet.REHEARSAL,
        code=facility.id,
        name=facility.label,
        kind=facility.organisation_kind.value,
        country=facility.country,
        status=FacilityStatus.OPERATING,
        publication=Publication.PUBLISHED,
        service_model=facility.service_model,
        product_classes=sorted(facility.qp.classes) if facility.qp else [],
        families=None if facility.families is None else sorted(facility.families),
        smallest_campaign=facility.smallest_campaign,
        largest_campaign=facility.largest_campaign,
        notice_days=facility.notice_days,
        new_products_a_year=next((one.amount for one in facility.limits if one.kind is LimitKind.NEW_PRODUCTS), None),
        open_to_companies=facility.open_to_companies,
        languages=sorted(facility.languages),
        rhythm=facility.rhythm,
        confirmed_on=facility.legal_confirmed_on,
        **GENERATED,
    )
    owner = Owner(rows, key, organisation)
    add_competence(owner, facility)
    add_calendar(owner, facility)
    return Placed(key, organisation, {site.id: add_site(owner, site, organisations) for site in facility.sites})


@dataclass(frozen=True, slots=True)
class Owner:
    """Where the rows of one facility go, with the two keys that each of them carries."""

    rows: Rows
    facility: UUID
    organisation: UUID

    def add(self, model: type[Record], **values: object) -> UUID:
        """Keep a row of this facility and return its key."""
        return self.rows.add(model, facility_id=self.facility, organisation_id=self.organisation, **values)


def add_competence(owner: Owner, facility: facts.Facility) -> None:
    """Gather experience, tests in house and certification cover."""
    for family in sorted(facility.experience):
        owner.add(models.ProcessExperience, family=family, **GENERATED)
    days = dict(facility.qc_days)
    for methods, in_house in (
        (facility.qc_methods, True),
        (facility.qc_contracted, False),
        (facility.qc_unclear, None),
    ):
        for method in sorted(methods):
            owner.add(models.QcMethod, method=method, in_house=in_house, result_days=days.get(method), **GENERATED)
    if facility.qp is not None:
        owner.add(
            models.QpCover,
            classes=sorted(facility.qp.classes),
            here=facility.qp.here,
            absence_cover=facility.qp.absence_cover,
            valid_to=facility.qp.valid_to,
            **GENERATED,
        )


def add_calendar(owner: Owner, facility: facts.Facility) -> None:
    """Gather statements of starts, limits and confirmations."""
    confirmed = (
        (ConfirmationSubject.CALENDAR, facility.calendar_confirmed_on),
        (ConfirmationSubject.LEGAL, facility.legal_confirmed_on),
    )
    for subject, day in confirmed:
        if day is not None:
            owner.add(models.Confirmation, subject=subject, confirmed_on=day)
    for statement in facility.starts:
        owner.add(
            models.StartsStatement,
            platform=statement.platform,
            starts=statement.period.start,
            ends=statement.period.end,
            starts_per_week=statement.starts_per_week,
            starts_class=statement.starts_class,
            pooled=statement.pooled,
            **GENERATED,
        )
    for limit in facility.limits:
        owner.add(
            models.FacilityLimit,
            kind=limit.kind,
            period_weeks=limit.period_weeks,
            amount=limit.amount,
            weekly=None if limit.weekly is None else list(limit.weekly),
            **GENERATED,
        )


def add_site(owner: Owner, site: facts.Site, organisations: Mapping[str, UUID]) -> UUID:
    """Gather the rows of one site and return its key."""
    key = owner.add(
        models.Site,
        code=site.id,
        country=site.country,
        latitude=site.latitude,
        longitude=site.longitude,
        **GENERATED,
    )
    suites = {suite.id: add_suite(owner, key, suite) for suite in site.suites}
    for authorisation in site.authorisations:
        add_authorisation(owner, key, authorisation, suites, organisations)
    for certificate in site.certificates:
        owner.add(
            models.Certificate,
            site_id=key,
            code=certificate.id,
            operations=sorted(certificate.codes),
            last_inspection=certificate.last_inspection,
            reliance_until=certificate.reliance_until,
            withdrawn_on=certificate.withdrawn_on,
            **GENERATED,
        )
    for statement in site.non_compliances:
        owner.add(
            models.NonCompliance,
            site_id=key,
            code=statement.id,
            operations=sorted(statement.codes),
            starts=statement.period.start,
            closed_on=statement.period.end,
            **GENERATED,
        )
    for permit in site.permits:
        owner.add(
            models.Permit,
            site_id=key,
            code=permit.id,
            kind=permit.kind,
            gmo_class=permit.gmo_class,
            valid_from=permit.validity.start,
            valid_to=permit.validity.end,
            **GENERATED,
        )
    return key


def add_authorisation(
    owner: Owner,
    site: UUID,
    authorisation: facts.Authorisation,
    suites: Mapping[str, UUID],
    organisations: Mapping[str, UUID],
) -> None:
    """Gather an authorisation with its scope lines and rooms."""
    key = owner.add(
        models.Authorisation,
        site_id=site,
        code=authorisation.id,
        kind=authorisation.kind,
        holder_id=organisations[authorisation.holder],
        product_type=authorisation.product_type,
        valid_from=authorisation.validity.start,
        valid_to=authorisation.validity.end,
        open_ended_confirmed=authorisation.open_ended_confirmed,
        complete=authorisation.complete,
        whole_site=authorisation.suites is None,
        confirmed_on=authorisation.confirmed_on,
        **GENERATED,
    )
    for code in sorted(authorisation.codes):
        owner.add(models.ScopeLine, authorisation_id=key, operation=code)
    for suite in sorted(authorisation.suites or ()):
        owner.add(models.AuthorisedSuite, authorisation_id=key, suite_id=suites[suite])


def add_suite(owner: Owner, site: UUID, suite: facts.Suite) -> UUID:
    """Gather the rows of one suite and return its key."""
    key = owner.add(
        models.Suite,
        site_id=site,
        code=suite.id,
        name=f"Suite {suite.id.rpartition('-')[2]}",
        grade=suite.grade,
        mode=suite.mode,
        containment_class=suite.containment_class,
        vector_work=suite.vector_work,
        places=suite.places,
        place_kind=suite.place_kind,
        one_product=suite.one_product,
        clearance_days=suite.clearance_days,
        changeover_days=suite.changeover_days,
        start_weekdays=sorted(suite.start_weekdays),
        **GENERATED,
    )
    for device in suite.equipment:
        owner.add(
            models.Equipment,
            suite_id=key,
            equipment_class=device.equipment_class,
            count=device.count,
            qualified_until=device.qualified_until,
            **GENERATED,
        )
    for days in suite.open:
        owner.add(models.Opening, suite_id=key, starts=days.start, ends=days.end, **GENERATED)
    add_stays(owner, key, suite)
    return key


def add_stays(owner: Owner, suite: UUID, held: facts.Suite) -> None:
    """Gather one booking for each place of each stay, on the lowest places free over its days."""
    busy: dict[int, list[Days]] = {}
    for stay in held.stays:
        free = [
            lane
            for lane in range(1, held.places + 1)
            if not any(days.overlaps(stay.period) for days in busy.get(lane, ()))
        ]
        stay_id = uuid4()
        for lane in free[: stay.places]:
            busy.setdefault(lane, []).append(stay.period)
            owner.add(
                models.Booking,
                data_set=DataSet.REHEARSAL,
                suite_id=suite,
                stay_id=stay_id,
                lane=lane,
                starts=stay.period.start,
                ends=stay.period.end,
                kind=BookingKind.OWN,
                state=BookingState.CONFIRMED,
                family=stay.family,
                **GENERATED,
            )

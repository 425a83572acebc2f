"""Facilities with their sites, suites, legal records, competence and calendar."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import facts
from registry import models
from registry.matching.snapshot.legal import LegalRows, legal_rows
from registry.matching.snapshot.period import Horizon, grouped, open_days
from registry.queries.closed_days import stopped_days
from registry.queries.starts import standing
from registry.vocabulary.facilities import LimitKind
from registry.vocabulary.lifecycle import BookingState, ConfirmationSubject, DataSet, FacilityStatus, Publication
from registry.vocabulary.periods import Days
from registry.vocabulary.products import ProductClass

WEEKS_A_YEAR = 52

Groups = Mapping[UUID, list[Any]]


def full_code(facility: models.Facility, code: str) -> str:
    """Return a code that is unique in the data set: codes below a facility are unique only inside it."""
    return code if code.startswith(facility.code) else f"{facility.code}/{code}"


def facilities_of(session: Session, data_set: DataSet, horizon: Horizon, known_on: date) -> tuple[facts.Facility, ...]:
    """Return the facilities of a data set that are published and operating, in the sequence of their codes.

    Their calendars are as old as on the day; planned, opening, closing and closed ones are not matched.
    """
    facility = models.Facility
    rows = session.scalars(
        select(facility)
        .where(
            facility.data_set == data_set,
            facility.publication == Publication.PUBLISHED,
            facility.status == FacilityStatus.OPERATING,
        )
        .order_by(facility.code)
    ).all()
    organisations = {row.id: row for row in session.scalars(select(models.Organisation))}
    parts = _Parts(session, {row.id: row for row in rows}, horizon, known_on)
    return tuple(parts.facility(row, organisations[row.organisation_id]) for row in rows)


class _Parts:
    """Every row below the facilities, read once and grouped by parent."""

    def __init__(
        self, session: Session, owners: Mapping[UUID, models.Facility], horizon: Horizon, known_on: date
    ) -> None:
        self._session = session
        self._known_on = known_on
        self._owners = owners
        self._horizon = horizon
        self._legal: LegalRows = legal_rows(session, owners, full_code)
        self._sites = self._of_facility(models.Site, models.Site.code)
        self._suites = grouped(self._rows(models.Suite, models.Suite.code), lambda row: row.site_id)
        self._equipment = grouped(
            self._rows(models.Equipment, models.Equipment.equipment_class), lambda row: row.suite_id
        )
        self._openings = self._of_facility(models.Opening, models.Opening.starts)
        self._closures = self._of_facility(models.Closure, models.Closure.starts)
        self._bookings = self._live_bookings()
        self._starts = self._of_facility(
            models.StartsStatement, models.StartsStatement.platform, models.StartsStatement.starts
        )
        self._limits = self._of_facility(
            models.FacilityLimit, models.FacilityLimit.kind, models.FacilityLimit.created_at
        )
        self._experience = self._of_facility(models.ProcessExperience, models.ProcessExperience.family)
        self._methods = self._of_facility(models.QcMethod, models.QcMethod.method)
        self._covers = self._of_facility(models.QpCover, models.QpCover.facility_id)
        self._confirmations = self._of_facility(models.Confirmation, models.Confirmation.confirmed_on)

    def _rows(self, model: Any, *order: Any) -> Sequence[Any]:
        owned = model.facility_id.in_(self._owners)
        return self._session.scalars(select(model).where(owned).order_by(*order, model.id)).all()

    def _of_facility(self, model: Any, *order: Any) -> Groups:
        return grouped(self._rows(model, *order), lambda row: row.facility_id)

    def _live_bookings(self) -> dict[UUID, list[models.Booking]]:
        live = (BookingState.HELD, BookingState.CONFIRMED)
        rows = self._rows(models.Booking, models.Booking.starts, models.Booking.stay_id)
        return grouped((row for row in rows if row.state in live), lambda row: row.suite_id)

    def facility(self, row: models.Facility, organisation: models.Organisation) -> facts.Facility:
        confirmed = {entry.subject: entry.confirmed_on for entry in self._confirmations.get(row.id, ())}
        calendar = confirmed.get(ConfirmationSubject.CALENDAR)
        closures = self._closures.get(row.id, ())
        cover = next(iter(self._covers.get(row.id, ())), None)
        methods = self._methods.get(row.id, ())
        return facts.Facility(
            id=row.code,
            label=row.name,
            organisation=organisation.code,
            organisation_kind=organisation.kind,
            country=row.country,
            service_model=row.service_model,
            families=None if row.families is None else frozenset(row.families),
            smallest_campaign=row.smallest_campaign,
            largest_campaign=row.largest_campaign,
            notice_days=row.notice_days,
            open_to_companies=row.open_to_companies,
            languages=frozenset(row.languages),
            experience=frozenset(entry.family for entry in self._experience.get(row.id, ())),
            qc_methods=frozenset(entry.method for entry in methods if entry.in_house),
            qp=cover
            and facts.QpCover(
                frozenset(map(ProductClass, cover.classes)), cover.here, cover.absence_cover, cover.valid_to
            ),
            rhythm=row.rhythm,
            calendar_confirmed_on=calendar,
            calendar_clock_stopped_days=stopped_days(closures, calendar, self._known_on),
            legal_confirmed_on=confirmed.get(ConfirmationSubject.LEGAL),
            starts=tuple(
                facts.StartsStatement(one.platform, one.period, one.starts_per_week, one.starts_class, one.pooled)
                for one in standing(self._starts.get(row.id, ()))
            ),
            limits=self._all_limits(row),
            sites=tuple(self._site(row, site) for site in self._sites.get(row.id, ())),
            invented=row.invented,
            qc_contracted=frozenset(entry.method for entry in methods if entry.in_house is False),
            qc_unclear=frozenset(entry.method for entry in methods if entry.in_house is None),
            qc_days=tuple((entry.method, entry.result_days) for entry in methods if entry.result_days is not None),
        )

    def _all_limits(self, row: models.Facility) -> tuple[facts.Limit, ...]:
        """The limits stated; new products a year from the acceptance profile where none of that kind is."""
        stated = tuple(self._limit(entry) for entry in self._limits.get(row.id, ()))
        if row.new_products_a_year is None or any(limit.kind is LimitKind.NEW_PRODUCTS for limit in stated):
            return stated
        return (*stated, facts.Limit(LimitKind.NEW_PRODUCTS, WEEKS_A_YEAR, row.new_products_a_year))

    def _limit(self, row: models.FacilityLimit) -> facts.Limit:
        return facts.Limit(row.kind, row.period_weeks, row.amount, weekly_from_origin(row, self._horizon))

    def _site(self, facility: models.Facility, row: models.Site) -> facts.Site:
        return facts.Site(
            id=full_code(facility, row.code),
            country=row.country,
            latitude=row.latitude,
            longitude=row.longitude,
            authorisations=self._legal.authorisations(row.id),
            certificates=self._legal.certificates(row.id),
            non_compliances=self._legal.non_compliances(row.id),
            permits=self._legal.permits(row.id),
            suites=tuple(self._suite(facility, suite) for suite in self._suites.get(row.id, ())),
        )

    def _suite(self, facility: models.Facility, row: models.Suite) -> facts.Suite:
        here = (None, row.id)
        return facts.Suite(
            id=full_code(facility, row.code),
            grade=row.grade,
            mode=row.mode,
            containment_class=row.containment_class,
            vector_work=row.vector_work,
            places=row.places,
            place_kind=row.place_kind,
            one_product=row.one_product,
            clearance_days=row.clearance_days,
            changeover_days=row.changeover_days,
            start_weekdays=frozenset(row.start_weekdays),
            equipment=tuple(
                facts.Equipment(item.equipment_class, item.count, item.qualified_until)
                for item in self._equipment.get(row.id, ())
            ),
            open=open_days(
                [entry for entry in self._openings.get(facility.id, ()) if entry.suite_id in here],
                [entry for entry in self._closures.get(facility.id, ()) if entry.suite_id in here],
                self._horizon.end,
            ),
            stays=_stays(self._bookings.get(row.id, ())),
        )


def weekly_from_origin(row: models.FacilityLimit, horizon: Horizon) -> tuple[int, ...] | None:
    """Return the weekly amounts from the round's first week on; weeks the list does not reach take the flat amount."""
    if row.weekly is None:
        return None
    begin = 0 if row.weekly_from is None else (horizon.origin - row.weekly_from).days // 7
    reached = range(begin, begin + horizon.weeks)
    return tuple(row.weekly[week] if 0 <= week < len(row.weekly) else row.amount for week in reached)


def _stays(lanes: Sequence[models.Booking]) -> tuple[facts.Stay, ...]:
    stays = grouped(lanes, lambda row: row.stay_id)
    return tuple(
        facts.Stay(Days(rows[0].starts, rows[0].ends), len(rows), rows[0].family)
        for rows in sorted(stays.values(), key=lambda rows: (rows[0].starts, rows[0].ends, rows[0].family or ""))
    )

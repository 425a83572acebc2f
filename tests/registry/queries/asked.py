"""Every query there is, as it is asked: one entry each, by the name of its module and its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OPERATOR, Subject
from registry.database import act_as
from registry.queries import (
    accounts,
    attestation,
    capacity,
    closures,
    confirmations,
    data_age,
    ending,
    expiry,
    facilities,
    feasibility,
    first_free,
    impact,
    organisations,
    past,
    people,
    premises,
    products,
    profiles,
    published,
    requests,
    rounds,
    runs,
    sight,
    starts,
    trail,
    vocabularies,
    vouched,
    waiting,
    wishes,
)
from registry.queries.search import searching
from registry.vocabulary.lifecycle import DataSet
from registry.vocabulary.periods import Days
from registry.vocabulary.products import Donor, ProductClass
from tests.registry.queries.market import QUARTER, Market, Shop
from tests.registry.services.house import MONDAY, TODAY

LIVE = DataSet.LIVE
LONG_AFTER = date(2027, 12, 1)
ALWAYS = Days(date(2020, 1, 1), None)
LAST_DAY = date(2035, 1, 1)
SKETCH = feasibility.Sketch(ProductClass.TEP, Donor.AUTOLOGOUS, vector=False, country="DE", quarter_begins=QUARTER)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and about which facility of the market."""

    session: Session
    who: Subject
    market: Market
    shop: Shop

    @property
    def facility(self) -> UUID:
        """The key of the facility asked about."""
        return self.shop.house.facility.id

    @property
    def suite(self) -> UUID:
        """The key of its suite."""
        return self.shop.house.suite.id


def as_the_machine(asked: Asked, ask: Callable[[], object]) -> object:
    """What everybody is shown of an answer that only the machine can compute."""
    act_as(asked.session, OPERATOR)
    answer = ask()
    act_as(asked.session, asked.who)
    return answer


ENTRIES: dict[str, Callable[[Asked], object]] = {
    "accounts.own_account": lambda a: a.who.person and accounts.own_account(a.session, a.who),
    "accounts.own_organisations": lambda a: accounts.own_organisations(a.session, a.who),
    "accounts.list_tokens": lambda a: accounts.list_tokens(a.session, a.who),
    "accounts.one_token": lambda a: accounts.one_token(a.session, a.who, a.facility),
    "attestation.legal_record": lambda a: attestation.legal_record(a.session, a.who, a.facility),
    "attestation.attestation_of": lambda a: attestation.attestation_of(a.session, a.who, a.facility, TODAY),
    "capacity.weekly_capacity": lambda a: capacity.weekly_capacity(a.session, a.who, a.facility, first=MONDAY, weeks=4),
    "closures.list_closures": lambda a: closures.list_closures(a.session, a.who, a.facility, LAST_DAY),
    "confirmations.calendar_freshness": lambda a: confirmations.calendar_freshness(a.session, a.who, a.facility, TODAY),
    "confirmations.missed_while_excluded": lambda a: confirmations.missed_while_excluded(
        a.session, a.who, a.facility, TODAY
    ),
    "data_age.data_age": lambda a: data_age.data_age(a.session, a.who, a.market.run),
    "data_age.sees_run": lambda a: data_age.sees_run(a.session, a.who, a.market.run),
    "ending.list_ending": lambda a: ending.list_ending(a.session, a.who, LIVE, TODAY, after=None, limit=99),
    "expiry.expiring": lambda a: expiry.expiring(a.session, a.who, a.facility, TODAY),
    "facilities.shown_data_set": lambda a: facilities.shown_data_set(a.session),
    "facilities.list_facilities": lambda a: facilities.list_facilities(a.session, a.who, LIVE),
    "facilities.facilities_of": lambda a: facilities.facilities_of(
        a.session, a.who, a.shop.house.organisation.id, after=None, limit=99
    ),
    "facilities.one_facility": lambda a: facilities.one_facility(a.session, a.who, a.facility),
    "facilities.owner_of_facility": lambda a: facilities.owner_of_facility(a.session, a.who, a.facility),
    "feasibility.feasible": lambda a: feasibility.feasible(a.session, a.who, SKETCH, TODAY),
    "first_free.first_start": lambda a: first_free.first_start(a.session, a.who, a.suite, TODAY, 7),
    "first_free.live_stays": lambda a: first_free.live_stays(a.session, a.who, a.facility, a.suite),
    "first_free.closed_in_the_way": lambda a: first_free.closed_in_the_way(
        a.session, a.who, a.facility, a.suite, ALWAYS
    ),
    "first_free.stays_in_the_way": lambda a: first_free.stays_in_the_way(
        a.session, a.who, a.facility, a.suite, [ALWAYS]
    ),
    "impact.impact_of_closure": lambda a: impact.impact_of_closure(a.session, a.who, a.facility, None, [ALWAYS]),
    "impact.impact_of_expiry": lambda a: impact.impact_of_expiry(
        a.session, a.who, models.QpCover, a.shop.cover.id, ALWAYS
    ),
    "impact.impact_of_outage": lambda a: impact.impact_of_outage(a.session, a.who, a.shop.device.id, ALWAYS),
    "impact.impact_of_suspension": lambda a: impact.impact_of_suspension(a.session, a.who, a.shop.licence.id, ALWAYS),
    "organisations.full_organisation": lambda a: organisations.full_organisation(
        a.session, a.who, a.shop.house.organisation.id
    ),
    "organisations.list_networks": lambda a: organisations.list_networks(a.session),
    "organisations.list_organisations": lambda a: organisations.list_organisations(
        a.session, a.who, LIVE, after=None, limit=99
    ),
    "organisations.one_organisation": lambda a: organisations.one_organisation(
        a.session, a.who, a.shop.house.organisation.id
    ),
    "past.changes_of": lambda a: [
        past.changes_of(a.session, a.who, table, key, before=None, limit=99)
        for table, key in ((models.Suite, a.suite), (models.Facility, a.facility), (models.Equipment, a.shop.device.id))
    ],
    "past.sees_record": lambda a: past.sees_record(a.session, a.who, models.Suite, a.suite),
    "past.saw_record": lambda a: past.saw_record(a.session, a.who, models.Suite, a.suite),
    "people.members_of": lambda a: people.members_of(a.session, a.who, a.shop.house.organisation.id, TODAY),
    "people.delegates_of": lambda a: people.delegates_of(a.session, a.who, a.facility, TODAY),
    "people.in_network": lambda a: people.in_network(a.session, a.who, a.facility),
    "people.own_networks": lambda a: people.own_networks(a.session, a.who),
    "people.roles_of": lambda a: [
        people.roles_of(a.session, a.who, person, TODAY) for person in (a.who.person, a.shop.house.qa.person) if person
    ],
    "people.list_accounts": lambda a: people.list_accounts(a.session, a.who, after=None, limit=99),
    "people.one_account": lambda a: (
        a.shop.house.qa.person and people.one_account(a.session, a.who, a.shop.house.qa.person)
    ),
    "premises.records_of": lambda a: [
        premises.records_of(a.session, a.who, table, a.facility) for table in premises.SEEN
    ],
    "premises.one_record": lambda a: [
        premises.one_record(a.session, a.who, models.Suite, a.shop.house.suite.id),
        premises.one_record(a.session, a.who, models.Equipment, a.shop.device.id),
        premises.one_record(a.session, a.who, models.Authorisation, a.shop.licence.id),
        premises.one_record(a.session, a.who, models.QpCover, a.shop.cover.id),
    ],
    "premises.scope_of": lambda a: [
        premises.scope_of(a.session, licence)
        for licence in premises.records_of(a.session, a.who, models.Authorisation, a.facility)
    ],
    "premises.suites_of": lambda a: [
        premises.suites_of(a.session, licence)
        for licence in premises.records_of(a.session, a.who, models.Authorisation, a.facility)
    ],
    "premises.calendar_version": lambda a: premises.calendar_version(a.session, a.who, a.facility),
    "premises.suites_version": lambda a: premises.suites_version(a.session, a.who, a.facility),
    "products.list_products": lambda a: products.list_products(a.session, a.who, LIVE, after=None, limit=99),
    "products.one_product": lambda a: [products.one_product(a.session, a.who, one.id) for one in a.market.products],
    "products.processes_of": lambda a: [products.processes_of(a.session, a.who, one.id) for one in a.market.products],
    "products.steps_of": lambda a: products.steps_of(
        a.session,
        a.who,
        a.session.scalars(
            select(models.ProcessVersion.id).where(
                models.ProcessVersion.product_id.in_([one.id for one in a.market.products])
            )
        ).all(),
    ),
    "profiles.full_facility": lambda a: profiles.full_facility(a.session, a.who, a.facility),
    "profiles.acceptance_profile": lambda a: profiles.acceptance_profile(a.session, a.who, a.facility),
    "published.published_starts": lambda a: as_the_machine(
        a, lambda: published.published_starts(a.session, OPERATOR, LIVE, QUARTER, LONG_AFTER)
    ),
    "requests.list_requests": lambda a: requests.list_requests(
        a.session, a.who, LIVE, requests.RequestFilter(), after=None, limit=99
    ),
    "requests.newest_requests": lambda a: requests.newest_requests(
        a.session, a.who, LIVE, requests.RequestFilter(), before=None, limit=99
    ),
    "requests.one_request": lambda a: [requests.one_request(a.session, a.who, one.id) for one in a.market.requests],
    "requests.batches_of": lambda a: [requests.batches_of(a.session, a.who, one.id) for one in a.market.requests],
    "requests.places_of": lambda a: [requests.places_of(a.session, a.who, one.id) for one in a.market.requests],
    "requests.attachments_of": lambda a: [
        requests.attachments_of(a.session, a.who, one.id) for one in a.market.requests
    ],
    "requests.collaborators_of": lambda a: [
        requests.collaborators_of(a.session, a.who, one.id) for one in a.market.requests
    ],
    "rounds.rounds_of": lambda a: rounds.rounds_of(
        a.session, a.who, runs.list_runs(a.session, a.who, LIVE, before=None, limit=99)
    ),
    "rounds.list_rounds": lambda a: rounds.list_rounds(a.session, a.who, LIVE),
    "rounds.one_round": lambda a: rounds.one_round(a.session, a.who, a.market.round),
    "rounds.list_policies": lambda a: rounds.list_policies(a.session),
    "rounds.one_policy": lambda a: rounds.one_policy(a.session, a.market.policy),
    "rounds.progress_of": lambda a: rounds.progress_of(a.session, a.who, a.market.run),
    "runs.list_runs": lambda a: runs.list_runs(a.session, a.who, LIVE, before=None, limit=99),
    "runs.one_run": lambda a: runs.one_run(a.session, a.who, a.market.run),
    "runs.newest_checked_run": lambda a: runs.newest_checked_run(a.session, LIVE),
    "runs.newest_verdicts": lambda a: [runs.newest_verdicts(a.session, a.who, one.id) for one in a.market.requests],
    "runs.newest_verdicts_of_facility": lambda a: runs.newest_verdicts_of_facility(a.session, a.who, a.facility),
    "search.searching.search": lambda a: searching.search(a.session, a.who, LIVE, today=TODAY, limit=99),
    "sight.sightings": lambda a: [
        sight.sightings(a.session, a.who, record, key, before=None, limit=99)
        for record, key in (("facility", a.facility), ("suite", a.suite), ("request", a.market.requests[0].id))
    ],
    "sight.viewers_of_facility": lambda a: sight.viewers_of_facility(a.session, a.who, a.facility),
    "sight.viewers_of_request": lambda a: [
        sight.viewers_of_request(a.session, a.who, one.id) for one in a.market.requests
    ],
    "starts.list_starts": lambda a: starts.list_starts(a.session, a.who, a.facility),
    "trail.list_events": lambda a: trail.list_events(a.session, a.who, limit=9999),
    "vocabularies.vocabulary_names": lambda a: vocabularies.vocabulary_names(a.session),
    "vocabularies.terms_of": lambda a: vocabularies.terms_of(a.session, "platforms"),
    "vouched.not_vouched_for": lambda a: vouched.not_vouched_for(a.session, [a.facility]),
    "waiting.waiting_for": lambda a: waiting.waiting_for(a.session, a.who, LIVE, TODAY),
    "wishes.excluded_by": lambda a: [wishes.excluded_by(a.session, a.who, one.id) for one in a.market.requests],
    "wishes.preferred_by": lambda a: [wishes.preferred_by(a.session, a.who, one.id) for one in a.market.requests],
    "wishes.lots_of": lambda a: [wishes.lots_of(a.session, a.who, one.id) for one in a.market.requests],
    "wishes.list_material": lambda a: [
        wishes.list_material(a.session, a.who, models.MaterialLot, after=None, limit=99),
        wishes.list_material(a.session, a.who, models.CollectionCentre, after=None, limit=99),
    ],
    "wishes.qualified_at": lambda a: wishes.qualified_at(a.session, a.who, a.facility),
    "wishes.one_material": lambda a: wishes.one_material(a.session, a.who, models.MaterialLot, a.facility),
}
NOT_ASKED = {
    "accounts.token_of_secret": "finds a key just made by its own secret",
}

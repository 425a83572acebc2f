"""Five facilities that compete and three sponsors, each with figures that only it may see."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.database import act_as, seal_trail
from registry.models import Base
from registry.vocabulary.facilities import ClosureKind, LimitKind
from registry.vocabulary.lifecycle import BookingKind, BookingState
from registry.vocabulary.results import Status
from registry.vocabulary.roles import Role
from tests.factories import facilities, requests
from tests.factories.facilities import added
from tests.registry.access.world import run_of
from tests.registry.services.house import House, house, member

FACILITIES, SPONSORS = 5, 3
QUARTER = date(2026, 10, 1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Shop:
    """A facility, its records that queries take, and its own figures: `secret` to others, `licensed` to developers too."""

    number: int
    house: House
    licence: models.Authorisation
    device: models.Equipment
    cover: models.QpCover
    batch_days: date

    @property
    def secret(self) -> frozenset[str]:
        """Figures and words for the facility's own people and overseers."""
        n = self.number
        figures = {f"70010{n}", f"70020{n}", f"70030{n}", f"secret-{n}", f"2031-0{n + 1}-11"}
        return frozenset(figures)

    @property
    def licensed(self) -> str:
        """A word of its licence, for developers too."""
        return f"wording-{self.number}"

    @property
    def accepts(self) -> str:
        """The days of notice it asks for, for developers too."""
        return f"70040{self.number}"

    @property
    def booked(self) -> str:
        """The first day of its stay, for the sponsor of that stay too."""
        return self.batch_days.isoformat()


@dataclass(frozen=True, slots=True)
class Market:
    """Everybody, and a request of each sponsor."""

    shops: tuple[Shop, ...]
    sponsors: tuple[Subject, ...]
    requests: tuple[models.Request, ...]
    products: tuple[models.Product, ...]
    run: UUID
    round: UUID
    policy: UUID

    def callers(self) -> dict[str, Subject]:
        """Whoever asks, by name; the machine and overseers see everything and are not asked."""
        planners = {f"planner of {shop.number}": shop.house.planner for shop in self.shops}
        quality = {f"QA of {shop.number}": shop.house.qa for shop in self.shops[:2]}
        sponsors = {f"sponsor {number}": subject for number, subject in enumerate(self.sponsors)}
        return {**planners, **quality, **sponsors, "anonymous": ANONYMOUS}

    def forbidden(self, subject: Subject) -> frozenset[str]:
        """What must not appear in any answer to the subject."""
        words: set[str] = set()
        for shop in self.shops:
            if shop.house.organisation.id in subject.organisations:
                continue
            words |= shop.secret
            if Role.DEVELOPER not in subject.roles:
                words |= {shop.licensed, shop.accepts}
            if subject != self.sponsors[shop.number % SPONSORS]:
                words.add(shop.booked)
        return frozenset(words)


def market(session: Session) -> Market:
    """Build it all as the machine."""
    act_as(session, OPERATOR)
    asked = [requests.request(session) for _ in range(SPONSORS)]
    batches = [requests.batch(session, request) for request in asked]
    run = run_of(session)
    shops = tuple(_shop(session, number, asked[number % SPONSORS]) for number in range(FACILITIES))
    for request, batch in zip(asked, batches, strict=True):
        for shop in shops:
            _judge(session, run, request, batch, shop)
    round_ = session.get_one(models.Round, run.round_id)
    sponsors = tuple(
        member(session, Role.DEVELOPER, session.get_one(models.Organisation, request.organisation_id))
        for request in asked
    )
    products = tuple(session.get_one(models.Product, request.product_id) for request in asked)
    seal_trail(session)
    return Market(shops, sponsors, tuple(asked), products, run.id, round_.id, round_.policy_id)


def _shop(session: Session, number: int, request: models.Request) -> Shop:
    here = house(session, notice_days=700400 + number)
    owner = {"facility_id": here.facility.id, "organisation_id": here.organisation.id}
    secret = f"secret-{number}"
    here.suite.name = secret
    first = QUARTER + timedelta(days=-QUARTER.weekday() % 7)
    facilities.starts(session, here.facility, starts=first, starts_per_week=700100 + number, note=secret)
    limit = {"kind": LimitKind.QC_RESULTS, "period_weeks": 1, "amount": 700200 + number}
    added(session, models.FacilityLimit(**owner, **limit))
    device = facilities.equipment(session, here.suite, count=700300 + number)
    licence = facilities.authorisation(session, here.site, (), valid_to=date(2027, 1, 1))
    scope = {"authorisation_id": licence.id, "operation": "1.1", "wording": f"wording-{number}"}
    added(session, models.ScopeLine(**owner, **scope))
    shut = date(2031, number + 1, 11)
    closed = {"kind": ClosureKind.SHUTDOWN, "starts": shut, "ends": shut + WEEK}
    added(session, models.Closure(**owner, **closed, source_note=secret))
    added(session, models.Opening(**owner, starts=first, source_note=secret))
    added(session, models.NonCompliance(**owner, site_id=here.site.id, code=secret, starts=QUARTER))
    cover = added(
        session, models.QpCover(**owner, classes=["TEP"], here=True, names=[secret], valid_to=date(2027, 1, 1))
    )
    booked = date(2030, number + 1, 13)
    stay = {"stay_id": uuid4(), "lane": 1, "starts": booked, "ends": booked + WEEK, "suite_id": here.suite.id}
    kind = {"kind": BookingKind.RESERVATION, "state": BookingState.CONFIRMED, "data_set": here.facility.data_set}
    asked = {"request_id": request.id, "sponsor_id": request.organisation_id}
    added(session, models.Booking(**owner, **stay, **kind, **asked))
    return Shop(number, here, licence, device, cover, booked)


def _judge(session: Session, run: models.Run, request: models.Request, batch: models.Batch, shop: Shop) -> None:
    who = {
        "run_id": run.id,
        "data_set": run.data_set,
        "request_id": request.id,
        "organisation_id": request.organisation_id,
        "facility_id": shop.house.facility.id,
        "facility_organisation_id": shop.house.organisation.id,
        "suite_id": shop.house.suite.id,
    }
    added(session, models.Verdict(**who, status=Status.PASS, results=[]))
    if shop.number < SPONSORS and request.id == _request_of(session, shop):
        stay = {"starts": shop.batch_days, "ends": shop.batch_days + WEEK}
        added(session, models.Placement(**who, plan="proposed", batch_id=batch.id, **stay))


def _request_of(session: Session, shop: Shop) -> UUID | None:
    facility = shop.house.facility.id
    return session.scalars(select(models.Booking.request_id).where(models.Booking.facility_id == facility)).one()


def appears(word: str, said: str) -> bool:
    """Whether a word stands in what was said, and not by chance in the middle of a hash or a key."""
    return re.search(rf"(?<![0-9a-f]){re.escape(word)}(?![0-9a-f])", said) is not None


def spelled(value: object) -> str:
    """Everything an answer says, as one text."""
    return " ".join(_words(value))


def _words(value: object) -> Iterable[str]:
    if isinstance(value, Base):
        yield from _words(dict(inspect(value).dict))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _words(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _words(key)
            yield from _words(item)
    elif isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        yield str(value)
    else:
        for item in value:
            yield from _words(item)

"""A registry of a thousand generated facilities, the same for the same seed, with everything a search looks at.

Every name is made of drawn syllables and every row is marked as invented: they live in throw-away databases only.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from registry import models
from registry.models import Base
from registry.vocabulary.facilities import ClosureKind, Grade, OrganisationKind, PlaceKind, Rhythm, ServiceModel
from registry.vocabulary.lifecycle import (
    BookingKind,
    BookingState,
    ConfirmationSubject,
    DataSet,
    FacilityStatus,
    Publication,
)
from registry.vocabulary.products import ProductClass, WorkingMode
from registry.vocabulary.regulation import AuthorisationKind, ProductType

TODAY = date(2026, 12, 7)
"""The Monday on which the generated calendars are looked at."""

FACILITIES = 1000
ORGANISATIONS = 700
Item = TypeVar("Item")

COUNTRIES = {
    "DE": (51.1, 10.4), "FR": (46.6, 2.5), "ES": (40.2, -3.6), "IT": (42.8, 12.4), "NL": (52.2, 5.6),
    "SE": (60.5, 15.4), "BE": (50.6, 4.7), "AT": (47.6, 14.1), "PL": (51.9, 19.4), "DK": (56.0, 9.6),
    "PT": (39.6, -8.2), "CZ": (49.8, 15.3), "IE": (53.2, -8.1), "FI": (62.8, 25.7), "MT": (35.9, 14.4),
}  # fmt: skip
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "sv", "pl")
FAMILIES = ("car_t_autologous", "car_t_allogeneic", "tcr_t", "til", "treg", "nk", "dendritic", "msc_autologous", "msc_allogeneic", "hsc_gene_therapy", "skin_tep", "cartilage_tep")  # fmt: skip
EQUIPMENT = ("closed_cell_processor", "biosafety_cabinet", "isolator", "incubator", "cell_washer", "suspension_bioreactor", "controlled_rate_freezer", "electroporator", "magnetic_separator")  # fmt: skip
CODES = ("1.1.1.4", "1.3.1.2", "1.3.1.3", "1.3.1.5", "1.3.2.2", "1.4.1.3", "1.5.2", "1.6.1", "1.6.4", "2.2.3.4")
PLATFORMS = ("closed_automated", "static_expansion", "adherent_expansion", "viral_vector")
SYLLABLES = ("var", "lin", "dor", "mes", "tal", "kir", "ovan", "sel", "brun", "ach", "nor", "vik", "est", "mar")
KINDS = ("Cell Works", "Vector Centre", "Tissue Institute", "Clean Rooms", "Therapy Unit", "Gene Laboratory")
PARENTS_FIRST = (
    models.Network, models.Organisation, models.Facility, models.Confirmation, models.Site, models.Suite,
    models.Equipment, models.Authorisation, models.ScopeLine, models.ProcessExperience, models.StartsStatement,
    models.Closure, models.Booking,
)  # fmt: skip
INVENTED = {"source": "generated", "invented": True}


@dataclass(slots=True)
class Generated:
    """The rows by table, and draws that follow the seed."""

    draws: Random
    rows: defaultdict[type[Base], list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, model: type[Base], **values: object) -> UUID:
        """Keep a row and return its key."""
        key = UUID(int=self.draws.getrandbits(128), version=4)
        self.rows[model].append({"id": key, **values})
        return key

    def some(self, values: Sequence[Item], most: int) -> list[Item]:
        """Draw 1 to `most` of the values, in their order."""
        drawn = set(self.draws.sample(range(len(values)), self.draws.randint(1, most)))
        return [value for place, value in enumerate(values) if place in drawn]

    def maybe(self, percent: int) -> bool:
        """Draw yes in so many of a hundred cases."""
        return self.draws.randrange(100) < percent

    def name(self) -> str:
        """Draw a name of two or three syllables."""
        return "".join(self.draws.choices(SYLLABLES, k=self.draws.randint(2, 3))).capitalize()

    def day(self, earliest: int, latest: int) -> date:
        """Draw a day, counted from `TODAY`."""
        return TODAY + timedelta(days=self.draws.randint(earliest, latest))


@dataclass(frozen=True, slots=True)
class _Owner:
    made: Generated
    keys: dict[str, object]

    def add(self, model: type[Base], **values: object) -> UUID:
        return self.made.add(model, **self.keys, **values)


def generate(seed: int, facilities: int = FACILITIES, data_set: DataSet = DataSet.LIVE) -> Generated:
    """Return the rows of a registry: organisations, one network of twelve, facilities and everything in them."""
    made = Generated(Random(seed))  # noqa: S311 - generated facts, not a secret
    network = made.add(models.Network, code="N-1", name=f"{made.name()} Network")
    owners = []
    for number in range(max(12, ORGANISATIONS * facilities // FACILITIES)):
        country = made.draws.choice(list(COUNTRIES))
        kind = made.draws.choice([kind.value for kind in OrganisationKind])
        named = {"code": f"O-{number:04d}", "name": f"{made.name()} {kind.title()}", "kind": kind, "country": country}
        of_network = {"network_id": network if number < 12 else None}
        owners.append(
            (made.add(models.Organisation, data_set=data_set.value, **named, **of_network, **INVENTED), country)
        )
    for number in range(facilities):
        organisation, country = owners[number] if number < len(owners) else made.draws.choice(owners)
        _add_facility(made, number, organisation, country, data_set)
    return made


def _add_facility(made: Generated, number: int, organisation: UUID, country: str, data_set: DataSet) -> None:
    draws = made.draws
    city = made.name()
    published = Publication.PUBLISHED if made.maybe(92) else draws.choice(list(Publication))
    facility = made.add(
        models.Facility,
        organisation_id=organisation,
        data_set=data_set.value,
        code=f"{country}-{number:04d}",
        name=f"{made.name()} {draws.choice(KINDS)}",
        kind="academic_hospital",
        country=country,
        city=city if made.maybe(90) else None,
        status=FacilityStatus.OPERATING.value,
        publication=published.value,
        publish_on=TODAY + timedelta(days=30),
        service_model=draws.choice(list(ServiceModel)).value,
        product_classes=made.some([one.value for one in ProductClass], 3),
        families=made.some(FAMILIES, 5) if made.maybe(80) else None,
        languages=made.some(LANGUAGES, 3) if made.maybe(90) else [],
        rhythm=draws.choice(list(Rhythm)).value,
        notice_days=draws.choice([None, 28, 56, 84]),
        largest_campaign=draws.choice([None, 6, 12, 24]),
        confirmed_on=made.day(-300, -1) if made.maybe(70) else None,
        **INVENTED,
    )
    owner = _Owner(made, {"facility_id": facility, "organisation_id": organisation})
    for _ in range(draws.randint(0, 5)):
        owner.add(models.Confirmation, subject=ConfirmationSubject.CALENDAR.value, confirmed_on=made.day(-200, 0))
    for family in made.some(FAMILIES, 4):
        owner.add(models.ProcessExperience, family=family, **INVENTED)
    for number_of_site in range(2 if made.maybe(20) else 1):
        _add_site(owner, number_of_site, organisation, country, city, data_set)
    _add_calendar(owner)


def _add_site(owner: _Owner, number: int, organisation: UUID, country: str, city: str, data_set: DataSet) -> None:
    made, draws = owner.made, owner.made.draws
    north, east = COUNTRIES[country]
    known = made.maybe(97)
    place = {
        "latitude": round(north + draws.uniform(-2, 2), 2) if known else None,
        "longitude": round(east + draws.uniform(-3, 3), 2) if known else None,
    }
    site = owner.add(models.Site, code=f"S-{number}", country=country, city=city, **place, **INVENTED)
    for one in range(draws.randint(1, 3)):
        _add_suite(owner, site, f"R-{number}-{one}", data_set)
    for one, kind in enumerate(made.some(list(AuthorisationKind)[:3], 2)):
        licence = owner.add(
            models.Authorisation,
            site_id=site,
            code=f"A-{number}-{one}",
            kind=kind.value,
            holder_id=organisation,
            product_type=ProductType.HUMAN.value if kind is AuthorisationKind.MIA else ProductType.IMP.value,
            valid_from=made.day(-1500, 30),
            valid_to=made.day(31, 1500) if made.maybe(50) else None,
            complete=made.maybe(80),
            **INVENTED,
        )
        for code in made.some(CODES, 6):
            owner.add(models.ScopeLine, authorisation_id=licence, operation=code)


def _add_suite(owner: _Owner, site: UUID, code: str, data_set: DataSet) -> None:
    made, draws = owner.made, owner.made.draws
    suite = owner.add(
        models.Suite,
        site_id=site,
        code=code,
        name=code,
        grade=draws.choice(list(Grade)).value if made.maybe(95) else None,
        mode=draws.choice(list(WorkingMode)).value if made.maybe(95) else None,
        places=1,
        place_kind=PlaceKind.ROOM.value,
        one_product=True,
        **INVENTED,
    )
    for device in made.some(EQUIPMENT, 4):
        owner.add(models.Equipment, suite_id=suite, equipment_class=device, count=draws.randint(1, 3), **INVENTED)
    begin = TODAY
    for _ in range(draws.randint(0, 4)):
        begin += timedelta(days=draws.randint(7, 40))
        stay = UUID(int=draws.getrandbits(128), version=4)
        owner.add(
            models.Booking,
            data_set=data_set.value,
            suite_id=suite,
            stay_id=stay,
            lane=1,
            starts=begin,
            ends=begin + timedelta(days=7),
            kind=draws.choice([BookingKind.RESERVATION, BookingKind.OWN]).value,
            state=BookingState.CONFIRMED.value,
            **INVENTED,
        )


def _add_calendar(owner: _Owner) -> None:
    made, draws = owner.made, owner.made.draws
    for platform in made.some(PLATFORMS, 2):
        owner.add(
            models.StartsStatement,
            platform=platform,
            starts=made.day(-100, 30),
            ends=made.day(60, 500) if made.maybe(60) else None,
            starts_per_week=draws.randint(0, 3),
            starts_class=draws.choice(["firm", "firm", "indicative", "on_enquiry"]),
            pooled=made.maybe(50),
            **INVENTED,
        )
    if made.maybe(40):
        first = made.day(-60, 200)
        kind = draws.choice([ClosureKind.SHUTDOWN, ClosureKind.REQUALIFICATION, ClosureKind.OWN_USE]).value
        again = "FREQ=YEARLY" if made.maybe(30) else None
        owner.add(
            models.Closure, starts=first, ends=first + timedelta(days=14), kind=kind, recurrence=again, **INVENTED
        )

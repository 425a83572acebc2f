"""Each filter finds the smallest case it allows and not the nearest it refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.bench.thousand import TODAY
from registry.models import Closure, Confirmation, Facility, ProcessExperience
from registry.queries.search import Count, Filters, FreeStarts, Near
from registry.queries.search.filters import Facet, SearchRefusedError
from registry.vocabulary.facilities import ClosureKind, Freshness, Grade, Rhythm, ServiceModel, StartsClass
from registry.vocabulary.lifecycle import BookingKind, BookingState, ConfirmationSubject, Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind
from tests.factories import facilities
from tests.factories.facilities import added
from tests.registry.access.world import booking, tenant
from tests.registry.queries.searching import found, names

Build = Callable[[Session], object]


def one(name: str, **facts: Any) -> Build:
    return lambda session: facilities.facility(session, name=name, **facts)


def owner(facility: Facility) -> dict[str, Any]:
    return {"facility_id": facility.id, "organisation_id": facility.organisation_id}


def made(name: str, family: str) -> Build:
    def build(session: Session) -> None:
        facility = facilities.facility(session, name=name)
        added(session, ProcessExperience(**owner(facility), family=family))

    return build


def placed(name: str, latitude: float | None, longitude: float | None) -> Build:
    return lambda session: facilities.site(
        session, facilities.facility(session, name=name), latitude=latitude, longitude=longitude
    )


def suites(name: str, *suite_facts: dict[str, Any]) -> Build:
    """A facility with one suite for each set of facts; `equipment` lists (class, count, qualified until)."""

    def build(session: Session) -> None:
        site = facilities.site(session, facilities.facility(session, name=name))
        for facts in suite_facts:
            plain = {key: value for key, value in facts.items() if key != "equipment"}
            suite = facilities.suite(session, site, **plain)
            for device, count, until in facts.get("equipment", ()):
                facilities.equipment(session, suite, equipment_class=device, count=count, qualified_until=until)

    return build


def licensed(name: str, *licences: dict[str, Any]) -> Build:
    def build(session: Session) -> None:
        site = facilities.site(session, facilities.facility(session, name=name))
        for facts in licences:
            facilities.authorisation(session, site, **facts)

    return build


def confirmed(name: str, days_ago: int, closed_days: int = 0, kind: ClosureKind = ClosureKind.SHUTDOWN) -> Build:
    """A monthly calendar confirmed so long ago, with a closure that ended yesterday."""

    def build(session: Session) -> None:
        facility = facilities.facility(session, name=name, rhythm=Rhythm.MONTHLY)
        day = TODAY - timedelta(days=days_ago)
        calendar = {"subject": ConfirmationSubject.CALENDAR, "confirmed_on": day}
        added(session, Confirmation(**owner(facility), **calendar))
        if closed_days:
            days = {"starts": TODAY - timedelta(days=closed_days), "ends": TODAY}
            added(session, Closure(**owner(facility), **days, kind=kind))

    return build


def confirmed_legally(session: Session) -> None:
    facility = facilities.facility(session, name="no")
    legal = {"subject": ConfirmationSubject.LEGAL, "confirmed_on": TODAY}
    added(session, Confirmation(**owner(facility), **legal))


NORTH_OF_EQUATOR = Near(0.0, 0.0, 111.2)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PROCESSOR = ("closed_cell_processor", 1, None)

CASES: dict[str, tuple[Filters, Build, Build]] = {
    "class": (
        Filters(product_classes=frozenset({"TEP"})),
        one("yes", product_classes=["TEP"]),
        one("no", product_classes=["sCTMP"]),
    ),
    "two classes": (
        Filters(product_classes=frozenset({"TEP", "sCTMP"})),
        one("yes", product_classes=["sCTMP", "TEP"]),
        one("no", product_classes=["TEP"]),
    ),
    "any family": (Filters(families=frozenset({"til"})), one("yes", families=None), one("no", families=[])),
    "family": (Filters(families=frozenset({"til"})), one("yes", families=["til"]), one("no", families=["nk"])),
    "experience": (Filters(experience=frozenset({"til"})), made("yes", "til"), made("no", "nk")),
    "language": (Filters(languages=frozenset({"de"})), one("yes", languages=["de"]), one("no", languages=[])),
    "service model": (
        Filters(service_models=frozenset({ServiceModel.CAPTIVE})),
        one("yes", service_model=ServiceModel.CAPTIVE),
        one("no"),
    ),
    "country": (Filters(countries=frozenset({"MT"})), one("yes", country="MT"), one("no", country="DE")),
    "publication": (
        Filters(publications=frozenset({Publication.DRAFT})),
        one("yes", publication=Publication.DRAFT),
        one("no", publication=Publication.WITHDRAWN),
    ),
    "distance": (Filters(near=NORTH_OF_EQUATOR), placed("yes", 1.0, 0.0), placed("no", 1.001, 0.0)),
    "no place": (Filters(near=NORTH_OF_EQUATOR), placed("yes", 0.0, 1.0), placed("no", None, None)),
    "over the date line": (Filters(near=Near(0.0, 179.5, 120.0)), placed("yes", 0, -179.5), placed("no", 0, 178.0)),
    "grade": (Filters(grades=frozenset({Grade.B})), suites("yes", {"grade": Grade.B}), suites("no", {"grade": None})),
    "mode": (
        Filters(modes=frozenset({WorkingMode.CLOSED, WorkingMode.OPEN})),
        suites("yes", {"mode": WorkingMode.OPEN}),
        suites("no", {"mode": WorkingMode.ISOLATOR}),
    ),
    "grade and mode in one suite": (
        Filters(grades=frozenset({Grade.B}), modes=frozenset({WorkingMode.OPEN})),
        suites("yes", {"grade": Grade.B, "mode": WorkingMode.OPEN}),
        suites("no", {"grade": Grade.B, "mode": WorkingMode.CLOSED}, {"grade": Grade.C, "mode": WorkingMode.OPEN}),
    ),
    "equipment": (
        Filters(equipment=frozenset({"closed_cell_processor"})),
        suites("yes", {"equipment": [PROCESSOR]}),
        suites("no", {"equipment": [("closed_cell_processor", 0, None)]}),
    ),
    "qualified equipment": (
        Filters(equipment=frozenset({"closed_cell_processor"})),
        suites("yes", {"equipment": [("closed_cell_processor", 1, TOMORROW)]}),
        suites("no", {"equipment": [("closed_cell_processor", 1, TODAY)]}),
    ),
    "two devices in one suite": (
        Filters(equipment=frozenset({"closed_cell_processor", "isolator"})),
        suites("yes", {"equipment": [PROCESSOR, ("isolator", 1, None)]}),
        suites("no", {"equipment": [PROCESSOR]}, {"equipment": [("isolator", 1, None)]}),
    ),
    "licence kind": (
        Filters(licence_kinds=frozenset({AuthorisationKind.MIA})),
        licensed("yes", {"kind": AuthorisationKind.MIA}),
        licensed("no", {"kind": AuthorisationKind.MIA_IMP}),
    ),
    "licence today": (
        Filters(licence_kinds=frozenset({AuthorisationKind.MIA_IMP})),
        licensed("yes", {"valid_from": TODAY, "valid_to": TOMORROW}),
        licensed("no", {"valid_from": date(2025, 1, 1), "valid_to": TODAY}),
    ),
    "licence begun": (
        Filters(licence_kinds=frozenset({AuthorisationKind.MIA_IMP})),
        licensed("yes", {"valid_from": None, "valid_to": None}),
        licensed("no", {"valid_from": TOMORROW}),
    ),
    "scope on one licence": (
        Filters(scope_codes=frozenset({"1.3.1.3", "1.6.1"})),
        licensed("yes", {"operations": ("1.3.1.3", "1.6.1")}),
        licensed("no", {"operations": ("1.3.1.3",)}, {"operations": ("1.6.1",)}),
    ),
    "current": (Filters(freshness=frozenset({Freshness.CURRENT})), confirmed("yes", 29), confirmed("no", 30)),
    "excluded": (Filters(freshness=frozenset({Freshness.EXCLUDED})), confirmed("yes", 60), confirmed("no", 59)),
    "never confirmed": (Filters(freshness=frozenset({Freshness.EXCLUDED})), confirmed_legally, confirmed("no", 0)),
    "a stopped clock": (
        Filters(freshness=frozenset({Freshness.CURRENT})),
        confirmed("yes", 32, closed_days=3),
        confirmed("no", 32, closed_days=2),
    ),
    "own use stops no clock": (
        Filters(freshness=frozenset({Freshness.CURRENT})),
        confirmed("yes", 32, closed_days=3),
        confirmed("no", 32, closed_days=20, kind=ClosureKind.OWN_USE),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_smallest_case_is_found_and_the_nearest_is_not(session: Session, case: str) -> None:
    filters, smallest, nearest = CASES[case]
    smallest(session)
    assert found(session, filters).total == 1
    nearest(session)
    answer = found(session, filters)
    assert answer.total == 1
    assert found(session, Filters()).total == 2


def test_experience_on_two_platforms_counts_a_facility_once(session: Session) -> None:
    facility = facilities.facility(session)
    for platform in ("closed_automated", "static_expansion"):
        added(session, ProcessExperience(**owner(facility), family="til", platform=platform))
    assert found(session, Filters()).counts[Facet.EXPERIENCE] == (Count("til", 1),)


def declaring(session: Session, name: str, **facts: Any) -> Facility:
    facility = facilities.facility(session, name=name)
    facilities.starts(session, facility, **{"starts_per_week": 1, "starts": TODAY, **facts})
    return facility


TWO_WEEKS = FreeStarts(TODAY, TODAY + timedelta(days=14), 2)


@pytest.mark.parametrize(
    ("enough", "short"),
    [
        ({"ends": TODAY + timedelta(days=14)}, {"ends": TODAY + timedelta(days=13)}),
        ({"starts_class": StartsClass.INDICATIVE}, {"starts_class": StartsClass.ON_ENQUIRY}),
        ({"starts": TODAY}, {"starts": TOMORROW}),
        ({"starts_per_week": 1}, {"starts_per_week": 0}),
    ],
)
def test_free_starts_are_those_declared_for_whole_weeks(
    session: Session, enough: dict[str, Any], short: dict[str, Any]
) -> None:
    declaring(session, "enough", **enough)
    declaring(session, "short", **short)
    assert names(found(session, Filters(free_starts=TWO_WEEKS))) == ["enough"]


def test_free_starts_of_a_platform_are_asked_for_alone(session: Session) -> None:
    declaring(session, "other", platform="viral_vector")
    declaring(session, "right", platform="closed_automated")
    asked = FreeStarts(TODAY, TWO_WEEKS.end, 2, "closed_automated")
    assert names(found(session, Filters(free_starts=asked))) == ["right"]


def test_a_higher_layer_hides_the_lower_one(session: Session) -> None:
    facility = declaring(session, "edited")
    assert found(session, Filters(free_starts=TWO_WEEKS)).facilities[0].free_starts == 2
    week = {"starts": TODAY, "ends": TODAY + timedelta(days=7)}
    facilities.starts(session, facility, starts_per_week=0, layer=1, **week)
    assert names(found(session, Filters(free_starts=TWO_WEEKS))) == []
    one_start = FreeStarts(TODAY, TWO_WEEKS.end, 1)
    assert found(session, Filters(free_starts=one_start)).facilities[0].free_starts == 1


def test_a_stay_takes_a_start_once_however_many_places_it_holds_and_own_use_takes_none(session: Session) -> None:
    sponsor, maker = tenant(session, "Sponsor"), tenant(session, "Maker")
    held = booking(sponsor, maker, starts=TODAY)
    added(session, held)
    twin = booking(sponsor, maker, lane=2, starts=TODAY)
    twin.stay_id = held.stay_id
    added(session, twin)
    own = booking(sponsor, maker, lane=3, starts=TODAY)
    own.kind = BookingKind.OWN
    added(session, own)
    cancelled = booking(sponsor, maker, lane=4, starts=TODAY)
    cancelled.state = BookingState.CANCELLED
    added(session, cancelled)
    facilities.starts(session, maker.facility, platform="viral_vector", starts=TODAY, starts_per_week=3)
    asked = FreeStarts(TODAY, TODAY + timedelta(days=7), platform="viral_vector")
    by_name = {one.name: one.free_starts for one in found(session, Filters(free_starts=asked)).facilities}
    assert by_name[maker.facility.name] == 2


@pytest.mark.parametrize(("days", "free"), [(5, 1), (4, 2)])
def test_a_week_shut_from_monday_to_friday_has_no_start(session: Session, days: int, free: int) -> None:
    facility = declaring(session, "shut")
    closed = {"starts": TODAY, "ends": TODAY + timedelta(days=days), "kind": ClosureKind.SHUTDOWN}
    added(session, Closure(**owner(facility), **closed))
    asked = FreeStarts(TODAY, TWO_WEEKS.end)
    assert found(session, Filters(free_starts=asked)).facilities[0].free_starts == free


def test_every_fault_of_a_search_is_named_at_once(session: Session) -> None:
    wrong = Filters(text="?!", near=Near(91, 181, 0), free_starts=FreeStarts(TODAY, TODAY, 0))
    with pytest.raises(SearchRefusedError) as refusal:
        found(session, wrong)
    assert [detail.split(":")[0] for detail in refusal.value.details] == [
        "text", "latitude", "longitude", "within_km", "free_from", "free_starts",
    ]  # fmt: skip

"""The documented mix of twelve searches (docs/search.md): who asks for what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from registry.access.subject import ANONYMOUS, OrganisationId, PersonId, Subject
from registry.bench.thousand import TODAY, Generated
from registry.models import Facility, Organisation, Suite
from registry.queries.search import NO_FILTERS, Filters, FreeStarts, Near
from registry.vocabulary.facilities import Freshness, Grade, ServiceModel
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.products import WorkingMode
from registry.vocabulary.regulation import AuthorisationKind
from registry.vocabulary.roles import Role

SOMEBODY = PersonId(UUID(int=7))
VIENNA = Near(48.21, 16.37)
QUARTER = FreeStarts(TODAY, date(2027, 3, 8))


@dataclass(frozen=True, slots=True)
class Asked:
    """One search of the mix; `page` counts from 1."""

    title: str
    searcher: Subject
    filters: Filters
    page: int = 1


def member(role: Role, *organisations: UUID) -> Subject:
    """Somebody with a role in these organisations."""
    return Subject(SOMEBODY, frozenset((role, OrganisationId(organisation)) for organisation in organisations))


def platform(role: Role) -> Subject:
    """Somebody with a role of the platform."""
    return Subject(SOMEBODY, frozenset({(role, None)}))


def mix(made: Generated) -> tuple[Asked, ...]:
    """Return the twelve searches on a generated registry."""
    return (*_of_everybody(made), *_of_a_developer(made), *_of_their_own(made), *_of_overseers())


def _of_everybody(made: Generated) -> tuple[Asked, ...]:
    misspelt = _misspelt(str(made.rows[Facility][500]["name"]))
    serving = frozenset({ServiceModel.CONTRACT, ServiceModel.ACADEMIC_COLLABORATION})
    close_by = Filters(near=replace(VIENNA, within_km=500.0), languages=frozenset({"en"}), service_models=serving)
    return (
        Asked("everybody: no filter", ANONYMOUS, NO_FILTERS),
        Asked("everybody: country and class", ANONYMOUS, _named(countries="DE", product_classes="TEP")),
        Asked("everybody: two words, one misspelt", ANONYMOUS, Filters(text=misspelt)),
        Asked("everybody: within 500 km, language, service model", ANONYMOUS, close_by),
    )


def _of_a_developer(made: Generated) -> tuple[Asked, ...]:
    developer = member(Role.DEVELOPER, UUID(str(made.rows[Organisation][-1]["id"])))
    licensed = Filters(
        near=VIENNA,
        licence_kinds=frozenset({AuthorisationKind.MIA_IMP}),
        scope_codes=frozenset({"1.3.1.3", "1.6.1"}),
    )
    sure = frozenset({Freshness.CURRENT, Freshness.DUE})
    accepted = Filters(near=VIENNA, families=frozenset({"til"}), freshness=sure)
    return (
        Asked("developer: licence kind, two scope codes, near", developer, licensed),
        Asked("developer: experience and a word", developer, _named("cell", experience="car_t_autologous")),
        Asked("developer: accepted family, fresh, near", developer, accepted),
    )


def _of_their_own(made: Generated) -> tuple[Asked, ...]:
    owner = UUID(str(made.rows[Facility][0]["organisation_id"]))
    equipped = next(row for row in made.rows[Suite] if row["organisation_id"] == owner)
    grades = frozenset({Grade(str(equipped["grade"]))}) if equipped["grade"] else frozenset(Grade)
    members = [UUID(str(row["id"])) for row in made.rows[Organisation] if row["network_id"] is not None]
    delegate = member(Role.DELEGATE, *members)
    return (
        Asked("planner: own suites of a grade", member(Role.PLANNER, owner), Filters(grades=grades)),
        Asked("delegate: free starts of the members", delegate, Filters(free_starts=QUARTER)),
    )


def _of_overseers() -> tuple[Asked, ...]:
    coordinator = platform(Role.COORDINATOR)
    equipped = Filters(
        grades=frozenset({Grade.B, Grade.C}),
        modes=frozenset({WorkingMode.CLOSED}),
        equipment=frozenset({"closed_cell_processor", "incubator"}),
    )
    nearly_every = Filters(
        text="cel",
        near=VIENNA,
        product_classes=frozenset({"sCTMP"}),
        languages=frozenset({"en"}),
        licence_kinds=frozenset({AuthorisationKind.MIA, AuthorisationKind.MIA_IMP}),
        grades=frozenset(Grade),
        freshness=frozenset(Freshness),
        publications=frozenset(Publication),
        free_starts=FreeStarts(TODAY, TODAY + timedelta(weeks=8)),
    )
    free = Filters(near=VIENNA, free_starts=QUARTER)
    return (
        Asked("coordinator: grade, mode and two devices in one suite", coordinator, equipped),
        Asked("coordinator: free starts in a quarter", coordinator, free),
        Asked("auditor: nearly every filter, second page", platform(Role.AUDITOR), nearly_every, page=2),
    )


def _named(text: str | None = None, **values: str) -> Filters:
    chosen: Mapping[str, frozenset[str]] = {name: frozenset({value}) for name, value in values.items()}
    return Filters(text=text, **chosen)  # type: ignore[arg-type]  # the names are those of filters on plain words


def _misspelt(name: str) -> str:
    """Swap the second and third letter of a name."""
    return name[0] + name[2] + name[1] + name[3:]

"""Searches among a thousand facilities, held against what was generated and against each other."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import models
from registry.access.subject import ANONYMOUS, Subject
from registry.bench.searches import VIENNA, member, mix, platform
from registry.bench.thousand import (
    CODES,
    COUNTRIES,
    EQUIPMENT,
    FAMILIES,
    LANGUAGES,
    PLATFORMS,
    TODAY,
    generate,
)
from registry.queries.search import Filters, FoundFacility, FreeStarts, Near
from registry.queries.search.filters import ONE_OF, Facet
from registry.vocabulary.facilities import Freshness, Grade, ServiceModel
from registry.vocabulary.lifecycle import Publication
from registry.vocabulary.products import ProductClass, WorkingMode
from registry.vocabulary.regulation import AuthorisationKind
from registry.vocabulary.roles import Role
from tests.factories.thousand import Thousand
from tests.registry.queries.plain_search import Plain
from tests.registry.queries.plain_starts import plain_free_starts

COORDINATOR = platform(Role.COORDINATOR)
EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FULL = settings(EXAMPLES, max_examples=250)
PUBLIC_VALUES: dict[Facet, list[Any]] = {
    Facet.PRODUCT_CLASSES: [one.value for one in ProductClass],
    Facet.FAMILIES: list(FAMILIES),
    Facet.LANGUAGES: list(LANGUAGES),
    Facet.SERVICE_MODELS: list(ServiceModel),
    Facet.COUNTRIES: [*COUNTRIES, "XX"],
    Facet.FRESHNESS: list(Freshness),
    Facet.PUBLICATIONS: list(Publication),
}
SHOWN_VALUES: dict[Facet, list[Any]] = {
    Facet.EXPERIENCE: list(FAMILIES),
    Facet.LICENCE_KINDS: list(AuthorisationKind)[:3],
    Facet.SCOPE_CODES: list(CODES),
}
VALUES: dict[Facet, list[Any]] = {
    **PUBLIC_VALUES,
    **SHOWN_VALUES,
    Facet.GRADES: list(Grade),
    Facet.MODES: list(WorkingMode),
    Facet.EQUIPMENT: list(EQUIPMENT),
}


def filters_on(values: dict[Facet, list[Any]], *, inside: bool) -> st.SearchStrategy[Filters]:
    """Draw up to three filters and perhaps a text, a place and free starts."""
    sets = {facet: st.frozensets(st.sampled_from(some), max_size=2) for facet, some in values.items()}
    chosen = st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True).flatmap(
        lambda facets: st.fixed_dictionaries({facet.value: sets[facet] for facet in facets})
    )
    near = st.builds(Near, st.floats(35, 60), st.floats(-10, 30), st.sampled_from([None, 250.0, 900.0]))
    starts = st.builds(
        FreeStarts,
        st.just(TODAY),
        st.sampled_from([date(2026, 12, 28), date(2027, 3, 1)]),
        st.integers(1, 6),
        st.sampled_from([None, *PLATFORMS]),
    )
    return st.builds(
        lambda facts, text, place, free: Filters(text=text, near=place, free_starts=free, **facts),
        chosen,
        st.sampled_from([None, None, "cell", "tisue", "cell vektor"]),
        st.none() | near,
        st.none() | starts if inside else st.none(),
    )


SEARCHES = st.one_of(
    st.tuples(st.just(COORDINATOR), filters_on(VALUES, inside=True)),
    st.tuples(st.just(ANONYMOUS), filters_on(PUBLIC_VALUES, inside=False)),
)


def check_counts(many: Thousand, subject: Subject, filters: Filters, facet: Facet, place: int) -> None:
    """A count is the number found when that value is chosen: alone where one fits, with the others where all must."""
    counts = many.search(subject, filters).counts.get(facet, ())
    for one in counts[place % len(counts) :][:1] if counts else ():
        kept = frozenset() if facet in ONE_OF else filters.chosen(facet)
        chosen: dict[str, Any] = {facet.value: kept | {one.value}}
        assert many.search(subject, replace(filters, **chosen)).total == one.facilities


@given(SEARCHES, st.sampled_from(sorted(VALUES)), st.integers(0, 50))
@EXAMPLES
def test_a_count_is_what_is_found_when_the_value_is_chosen(
    many: Thousand, search: tuple[Subject, Filters], facet: Facet, place: int
) -> None:
    check_counts(many, *search, facet, place)


@pytest.mark.deep
@given(SEARCHES, st.sampled_from(sorted(VALUES)), st.integers(0, 50))
@FULL
def test_every_count_is_what_is_found_when_the_value_is_chosen(
    many: Thousand, search: tuple[Subject, Filters], facet: Facet, place: int
) -> None:
    check_counts(many, *search, facet, place)


@given(filters_on(VALUES, inside=True), filters_on(VALUES, inside=True))
@EXAMPLES
def test_another_filter_never_adds_a_facility(many: Thousand, first: Filters, second: Filters) -> None:
    facts: dict[str, Any] = {facet.value: first.chosen(facet) or second.chosen(facet) for facet in Facet}
    both = Filters(
        text=first.text or second.text,
        near=first.near or second.near,
        free_starts=first.free_starts or second.free_starts,
        **facts,
    )
    wide = many.search(COORDINATOR, first, limit=2000)
    narrow = many.search(COORDINATOR, both, limit=2000)
    assert {one.id for one in narrow.facilities} <= {one.id for one in wide.facilities}


@pytest.fixture(scope="session")
def plain() -> Plain:
    return Plain(generate(1))


@given(filters_on(VALUES, inside=False))
@EXAMPLES
def test_what_is_found_is_what_was_generated_so(many: Thousand, plain: Plain, filters: Filters) -> None:
    asked = replace(filters, text=None, freshness=frozenset())
    answer = many.search(COORDINATOR, asked, limit=2000)
    assert {one.id for one in answer.facilities} == plain.search(asked)


@given(
    st.integers(-40, 60),
    st.sampled_from([3, 13, 14, 91, 400, 728]),
    st.sampled_from([None, *PLATFORMS]),
)
@EXAMPLES
def test_free_starts_are_those_that_were_generated(many: Thousand, after: int, days: int, platform: str | None) -> None:
    first = TODAY + timedelta(days=after)
    asked = FreeStarts(first, first + timedelta(days=days), 1, platform)
    answer = many.search(COORDINATOR, Filters(free_starts=asked), limit=2000)
    found = {one.id: one.free_starts for one in answer.facilities}
    assert found == {facility: free for facility, free in plain_free_starts(many.made, asked).items() if free}


def test_each_search_of_the_mix_finds_something(many: Thousand) -> None:
    searches = mix(many.made)
    assert len(searches) == 12
    assert all(many.search(one.searcher, one.filters).total > 0 for one in searches)


def pages(many: Thousand, subject: Subject, filters: Filters, limit: int) -> list[FoundFacility]:
    """Every facility, page by page."""
    answer = many.search(subject, filters, limit=limit)
    whole = list(answer.facilities)
    while answer.next is not None:
        answer = many.search(subject, filters, answer.next, limit)
        whole += answer.facilities
    return whole


def test_pages_hold_every_facility_once_in_the_rank_of_the_whole(many: Thousand) -> None:
    filters = Filters(near=VIENNA, text="cell")
    whole = many.search(ANONYMOUS, filters, limit=2000)
    paged = pages(many, ANONYMOUS, filters, 17)
    assert [one.id for one in paged] == [one.id for one in whole.facilities]
    assert len(paged) == whole.total > 100


def test_a_planner_finds_own_free_starts_and_nobody_elses(many: Thousand) -> None:
    rows = many.made.rows[models.StartsStatement]
    owners = {row["organisation_id"] for row in rows}
    free = Filters(free_starts=FreeStarts(TODAY, date(2027, 3, 1)))
    everybody = {one.id for one in many.search(COORDINATOR, free, limit=2000).facilities}
    owner = min((key for key in owners), key=str)
    own = {row["id"] for row in many.made.rows[models.Facility] if row["organisation_id"] == owner}
    answer = many.search(member(Role.PLANNER, owner), free, limit=2000)  # type: ignore[arg-type]  # a generated key
    assert {one.id for one in answer.facilities} == everybody & own

"""Nothing of a rehearsal names a facility, an organisation, a city, a sponsor or a trial of the two files."""

import json
import re
from collections import Counter

import pytest

from matcher.problem import Problem
from matcher.serialise import problem_json
from registry.rehearsal import Rehearsal
from registry.rehearsal.aliases import numbered, shifted, shown_places
from registry.rehearsal.chance import Stream
from registry.rehearsal.rules import rules
from tests.registry.rehearsal.files import DIRECTORY, TRIALS, shipped_rows

FACILITY_NAMES = ("name", "organisation", "holder", "city", "source")
TRIAL_NAMES = ("trial_id", "title_short", "sponsor", "sponsor_city", "manufacturing_site_if_known", "source")
IDENTIFIER = re.compile(r"NCT\d{8}|\d{4}-\d{6}-\d{2}|ISRCTN\d+|DRKS\d+")


def secrets() -> set[str]:
    """Every text of the two files that must not come out."""
    texts = {row[column] for row in shipped_rows(DIRECTORY) for column in FACILITY_NAMES}
    texts |= {row[column] for row in shipped_rows(TRIALS) for column in TRIAL_NAMES}
    return {text.casefold() for text in texts if text} | long_notes()


def long_notes() -> set[str]:
    """Notes that are sentences; short ones are plain technical words."""
    return {row["notes"].casefold() for row in shipped_rows(DIRECTORY) if len(row["notes"]) > 25}


def leaks(text: str) -> set[str]:
    """Names and identifiers that stand in a text."""
    folded = text.casefold()
    found = {name for name in secrets() if name in folded}
    words = {name for name in found if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)}
    return words | set(IDENTIFIER.findall(text))


def test_no_name_or_identifier_survives_in_a_rehearsal(shipped: Rehearsal) -> None:
    assert not leaks(repr(shipped))


def test_no_name_or_identifier_survives_in_its_problem(problem: Problem) -> None:
    assert not leaks(problem_json(problem).decode())


@pytest.mark.parametrize("column", ["name", "organisation", "city"])
def test_the_search_finds_a_planted_name(shipped: Rehearsal, column: str) -> None:
    name = shipped_rows(DIRECTORY)[5][column]

    assert name.casefold() in leaks(f"{shipped!r}, beside {name}.")


def test_the_search_finds_a_planted_identifier(problem: Problem) -> None:
    document = json.loads(problem_json(problem)) | {"note": shipped_rows(TRIALS)[9]["trial_id"]}

    assert leaks(json.dumps(document))


def test_no_place_of_the_files_survives(shipped: Rehearsal) -> None:
    rows = [*shipped_rows(DIRECTORY), *shipped_rows(TRIALS)]
    known = {(float(row["lat"]), float(row["lon"])) for row in rows}
    places = {(site.latitude, site.longitude) for one in shipped.facts.facilities for site in one.sites}
    places |= {(place.latitude, place.longitude) for one in shipped.facts.requests for place in one.treating}

    assert places.isdisjoint(known)


def test_a_country_with_fewer_than_five_facilities_is_shown_as_a_region(shipped: Rehearsal) -> None:
    facilities = shipped.facts.facilities
    in_country = Counter(one.country for one in facilities)
    shown = Counter(one.label.removeprefix("Rehearsal facility ").rpartition("-")[0] for one in facilities)

    assert all(in_country[place] >= 5 for place in shown if len(place) == 2)
    assert {place for place in shown if len(place) > 2} <= {"North", "South", "East", "West", "Europe"}
    assert min(shown.values()) >= 5


def test_every_request_has_an_alias_of_the_published_form(shipped: Rehearsal) -> None:
    labels = [request.label for request in shipped.facts.requests]

    assert all(re.fullmatch(r"Request \d{3}, .+, sponsor in ([A-Z]{2}|region \w+)", label) for label in labels)
    assert len(set(labels)) == len(labels)


class TestShownPlaces:
    def test_five_are_named_and_four_are_not(self) -> None:
        assert shown_places(["DE"] * 5 + ["FR"] * 4 + ["AT"]) == {"DE": "DE", "FR": "West", "AT": "West"}

    def test_a_region_with_too_few_is_merged(self) -> None:
        shown = shown_places(["DE"] * 5 + ["GR"] * 2 + ["CZ"] * 3)

        assert shown == {"DE": "DE", "GR": "Europe", "CZ": "Europe"}

    def test_a_merged_region_that_is_still_small_takes_another_with_it(self) -> None:
        shown = shown_places(["CZ"] + ["FR"] * 4 + ["AT"] * 2)

        assert set(shown.values()) == {"Europe"}


def test_numbers_do_not_follow_the_file() -> None:
    names = numbered(["DE"] * 30, Stream(0, "names"))

    assert sorted(names) == [f"DE-{number:02d}" for number in range(1, 31)]
    assert names != sorted(names)


def test_every_place_moves_at_least_the_shortest_distance() -> None:
    low, high = rules().facilities.span("shift_km")
    for number in range(200):
        moved = shifted("ES", 40.0, -3.0, (low, high), Stream(number, "place"))
        north = (moved.latitude - 40.0) * 111.2
        east = (moved.longitude + 3.0) * 111.2 * 0.766
        assert low - 2 <= (north**2 + east**2) ** 0.5 <= high + 2

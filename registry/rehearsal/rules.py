"""The rules of the rehearsal generator, read from `seed_data/rehearsal/` and `seed_data/vocabularies/`."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from matcher.facts import Load, Step
from registry.vocabulary.facilities import Grade, LimitKind, PlaceKind
from registry.vocabulary.products import WorkingMode

SEED_DATA = Path(__file__).resolve().parents[2] / "seed_data"

Table = Mapping[str, object]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FamilyRule:
    """What the rehearsal takes for a process family; ranges are inclusive, in days or hours; `source` says why."""

    key: str
    name: str
    platform: str
    stay_days: Range
    qc_days: Range
    input_fresh: float
    hours_fresh: Range
    product_fresh: float
    shelf_life_hours: Range
    patients: int
    gmo_class: int | None
    steps: tuple[Step, ...]
    qc_methods: frozenset[str]
    load: tuple[Load, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """What a suite of a platform looks like in a rehearsal."""

    key: str
    suite: str
    grade: Grade
    mode: WorkingMode
    containment_class: int
    vector_work: bool
    place_kind: PlaceKind
    places: Range
    one_product: bool
    clearance_days: int
    changeover_days: int
    start_weekdays: frozenset[int]
    equipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the vocabulary; place is roughly its middle, in degrees."""

    code: str
    region: str
    legal_area: str
    languages: frozenset[str]
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the generator does not read from the two files."""

    families: Mapping[str, FamilyRule]
    platforms: Mapping[str, PlatformRule]
    countries: Mapping[str, Country]
    demand: "Figures"
    facilities: "Figures"
    scaling: "Figures"
    platforms_of_class: Mapping[str, Mapping[str, float]]
    codes_of_class: Mapping[str, frozenset[str]]
    code_of_product: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Named figures of one table of `generator.toml`."""

    values: Table

    def number(self, name: str) -> float:
        """Return the figure `name`."""
        return float(cast("float", self.values[name]))

    def whole(self, name: str) -> int:
        """Return the figure `name` as a whole number."""
        return int(self.number(name))

    def span(self, name: str) -> Range:
        """Return the inclusive range `name`."""
        return span(self.values[name])


def span(value: object) -> Range:
    """Return an inclusive range written as a list of two whole numbers."""
    low, high = cast("list[int]", value)
    return low, high


@cache
def rules() -> Rules:
    """Read the rules that come with the software, once a process."""
    generator = read_toml("rehearsal/generator.toml")
    chances = cast("dict[str, dict[str, float]]", generator["platforms_of_class"])
    codes = cast("dict[str, list[str]]", generator["codes_of_class"])
    return Rules(
        families={key: family_rule(key, table) for key, table in tables("rehearsal/families.toml").items()},
        platforms={key: platform_rule(key, table) for key, table in tables("rehearsal/platforms.toml").items()},
        countries=read_countries(),
        demand=Figures(cast("Table", generator["demand"])),
        facilities=Figures(cast("Table", generator["facilities"])),
        scaling=Figures(cast("Table", generator["scaling"])),
        platforms_of_class=chances,
        codes_of_class={product_class: frozenset(listed) for product_class, listed in codes.items()},
        code_of_product=cast("dict[str, str]", generator["code_of_product"]),
    )


def read_toml(name: str) -> dict[str, object]:
    """Return a file of the generator's rules."""
    return tomllib.loads((SEED_DATA / name).read_text(encoding="utf-8"))


def tables(name: str) -> dict[str, Table]:
    """Return the tables of a rules file by their names."""
    return cast("dict[str, Table]", read_toml(name))


def read_vocabulary(name: str) -> list[dict[str, str]]:
    """Return the entries of one vocabulary of `seed_data/vocabularies/`, in the order of the file."""
    with (SEED_DATA / "vocabularies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_countries() -> dict[str, Country]:
    """Return the countries with their regions, middles and languages."""
    return {
        entry["code"]: Country(
            code=entry["code"],
            region=entry["region"],
            legal_area=entry["legal_area"],
            languages=frozenset(entry["languages"].split("|")),
            latitude=float(entry["latitude"]),
            longitude=float(entry["longitude"]),
        )
        for entry in read_vocabulary("countries")
    }


def family_rule(key: str, table: Table) -> FamilyRule:
    """Return the rule of one process family."""
    steps = cast("list[dict[str, object]]", table["steps"])
    return FamilyRule(
        key=key,
        name=str(table["name"]),
        platform=str(table["platform"]),
        stay_days=span(table["stay_days"]),
        qc_days=span(table["qc_days"]),
        input_fresh=cast("float", table["input_fresh"]),
        hours_fresh=span(table["hours_fresh"]),
        product_fresh=cast("float", table["product_fresh"]),
        shelf_life_hours=span(table["shelf_life_hours"]),
        patients=cast("int", table["patients"]),
        gmo_class=cast("int | None", table.get("gmo_class")),
        steps=tuple(step_rule(step) for step in steps),
        qc_methods=frozenset(cast("list[str]", table["qc_methods"])),
        load=tuple(load_rule(load) for load in cast("list[dict[str, object]]", table["load"])),
        source=str(table["source"]),
    )


def step_rule(table: Table) -> Step:
    """Return one step of a process."""
    return Step(
        mode=WorkingMode(str(table["mode"])),
        background=Grade(str(table["background"])),
        equipment=frozenset(cast("list[str]", table["equipment"])),
    )


def load_rule(table: Table) -> Load:
    """Return one load on a limit of the facility."""
    return Load(kind=LimitKind(str(table["kind"])), amount=cast("int", table["amount"]), at=str(table["at"]))


def platform_rule(key: str, table: Table) -> PlatformRule:
    """Return the rule of one platform."""
    return PlatformRule(
        key=key,
        suite=str(table["suite"]),
        grade=Grade(str(table["grade"])),
        mode=WorkingMode(str(table["mode"])),
        containment_class=cast("int", table["containment_class"]),
        vector_work=bool(table["vector_work"]),
        place_kind=PlaceKind(str(table["place_kind"])),
        places=span(table["places"]),
        one_product=bool(table["one_product"]),
        clearance_days=cast("int", table["clearance_days"]),
        changeover_days=cast("int", table["changeover_days"]),
        start_weekdays=frozenset(cast("list[int]", table["start_weekdays"])),
        equipment=tuple(cast("list[str]", table["equipment"])),
    )

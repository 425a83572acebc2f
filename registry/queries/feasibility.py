"""Who could be asked, from directory facts alone: no record of a facility's own, nothing confirmed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.eligibility.packs import EU_AND_EEA, Entry, entry_of
from registry.access import visibility
from registry.access.subject import Subject
from registry.models import Facility
from registry.vocabulary.countries import country_fault
from registry.vocabulary.facilities import ServiceModel
from registry.vocabulary.lifecycle import DataSet, FacilityStatus
from registry.vocabulary.products import Donor, ProductClass

FEW = 5
MONTHS_TO_ESTABLISH = 12
"""A new product seldom starts at a new site within a year (domain notes, technology transfer)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What somebody without an account says of a product; `quarter_begins` is the first day of the quarter wanted."""

    product_class: ProductClass
    donor: Donor
    vector: bool
    country: str
    quarter_begins: date


@dataclass(frozen=True, slots=True)
class Feasible:
    """How many facilities of the directory are plausible; and what usually stands in the way.

    `plausible` None = a few (one to four). `unknown` are those for which nothing but a border speaks against it of
    which no rule is recorded.
    """

    plausible: int | None
    unknown: int
    of: int
    obstacles: tuple[str, ...]


def sketch_faults(sketch: Sketch, today: date) -> list[str | None]:
    """Return what is wrong with a sketch: a country that is none, a quarter that is over."""
    country = country_fault(sketch.country)
    quarter, year = (today.month + 2) // 3, today.year
    over = sketch.quarter_begins < date(year, 3 * quarter - 2, 1)
    return [
        f"country: {country}" if country else None,
        f"quarter: is over; ask for {year}-Q{quarter}, which is now, or a later one" if over else None,
    ]


def feasible(session: Session, subject: Subject, sketch: Sketch, today: date) -> Feasible:
    """Count the facilities of the directory that nothing public speaks against."""
    found = session.scalars(
        select(Facility).where(visibility.facilities(subject), Facility.data_set == DataSet.DIRECTORY)
    ).all()
    against = Counter(next(_against(facility, sketch), "") for facility in found)
    plausible, border = against.pop("", 0), _border(sketch.country)
    public = [text for text, _ in sorted(against.items(), key=lambda entry: (-entry[1], entry[0]))]
    if all(facility.country != sketch.country for facility in found):
        public.append(f"No facility of the directory is in {sketch.country}: material and product cross a border.")
    told = None if 0 < plausible < FEW else plausible
    return Feasible(told, against[border], len(found), (*public, *_usual(sketch, today)))


def _against(facility: Facility, sketch: Sketch) -> Iterator[str]:
    if facility.status in (FacilityStatus.CLOSED, FacilityStatus.CLOSING):
        yield "The facility is closed or closing."
    if facility.service_model is ServiceModel.CAPTIVE:
        yield "The facility makes only its owner's products."
    if facility.product_classes and sketch.product_class not in facility.product_classes:
        yield "The facility is not known to make this class of product."
    if not _border_known(facility.country, sketch.country):
        yield _border(sketch.country)


def _border(country: str) -> str:
    return f"Whether product made elsewhere may be used in {country} is unknown: no rule is recorded for this border."


def _border_known(made_in: str, used_in: str) -> bool:
    """Whether the rules know what a product needs from one country to the other, on trial or on the market."""
    if made_in == used_in or {made_in, used_in} <= EU_AND_EEA:
        return True
    if used_in in EU_AND_EEA:
        return _known(entry_of(made_in, "import_trial"), entry_of(made_in, "import_market"))
    return made_in in EU_AND_EEA and _known(entry_of(used_in, "export_trial"), entry_of(used_in, "export_market"))


def _known(*entries: Entry | None) -> bool:
    return any(entry is not None and entry.answer != "unknown" for entry in entries)


def _usual(sketch: Sketch, today: date) -> Iterator[str]:
    """Return what the directory cannot know and what most often decides."""
    yield "Whether the licence on record covers the operation is not in the directory; its holder says so."
    if sketch.vector:
        yield "Work with a vector needs a permit for contained use, and mostly a suite of its own."
    if sketch.donor is Donor.AUTOLOGOUS:
        yield "Fresh cells of the patient limit the distance; frozen ones widen the choice."
    months = (sketch.quarter_begins.year - today.year) * 12 + sketch.quarter_begins.month - today.month
    if months < MONTHS_TO_ESTABLISH:
        yield "A new product seldom starts at a new site within a year: agreements, transfer and engineering runs come first."

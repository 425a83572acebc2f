"""What a facility has done and can do, as QA gives it, and what can be wrong with that in itself."""

from dataclasses import dataclass
from datetime import date

from registry.vocabulary.lifecycle import Source
from registry.vocabulary.products import ProductClass


@dataclass(frozen=True, slots=True)
class ExperienceFacts:
    """A process family that was made; no platform = on none in particular; `batches_made` None = not counted."""

    family: str
    platform: str = ""
    batches_made: int | None = None
    last_on: date | None = None
    as_contractor: bool | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A quality control method: in house, or contracted to somebody; days until its result."""

    method: str
    in_house: bool | None = None
    contracted_to: str | None = None
    result_days: int | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


@dataclass(frozen=True, slots=True)
class QpCoverFacts:
    """Classes a Qualified Person certifies, here or at another EU site under agreement, until a day (out)."""

    classes: tuple[ProductClass, ...]
    here: bool
    absence_cover: bool | None = None
    names: tuple[str, ...] = ()
    valid_to: date | None = None
    source: Source = Source.TYPED
    source_note: str | None = None


Competence = ExperienceFacts | MethodFacts


def competence_faults(facts: Competence, today: date) -> list[str | None]:
    """Return what is wrong with experience or a method in itself, None for what is not."""
    match facts:
        case ExperienceFacts():
            future = facts.last_on is not None and facts.last_on > today
            never = facts.batches_made == 0 and facts.last_on is not None
            return [
                _below_zero("batches_made", facts.batches_made),
                "last_on: lies in the future" if future else None,
                "last_on: there was no batch" if never else None,
            ]
        case MethodFacts():
            stray = facts.contracted_to is not None and facts.in_house is not False
            return [
                "contracted_to: only a method that is not in house is contracted" if stray else None,
                _blank("contracted_to", facts.contracted_to),
                _below_zero("result_days", facts.result_days),
            ]


def cover_faults(facts: QpCoverFacts) -> list[str | None]:
    """Return what is wrong with the cover by a Qualified Person, None for what is not; no class = none is certified."""
    twice = sorted({one for one in facts.classes if facts.classes.count(one) > 1})
    return [*(f"classes: {one} stands there twice" for one in twice), *(_blank("names", name) for name in facts.names)]


def _below_zero(name: str, count: int | None) -> str | None:
    return f"{name}: {count} is below 0" if count is not None and count < 0 else None


def _blank(name: str, word: str | None) -> str | None:
    return f"{name}: one is empty" if word is not None and not word.strip() else None

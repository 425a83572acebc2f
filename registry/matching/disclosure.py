"""Nothing leaves that is untrue or another party's: what is wrong with an explanation is found, and it is withheld.

Three walls: the document keeps its schema, it says what the frozen input says, and it names nobody it must not name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import JsonValue, TypeAdapter, ValidationError

from matcher.explain.checking import untrue
from matcher.explain.explaining import Calculated, Explained
from matcher.facts import Facility, Facts, Request
from registry.matching.documents import to_document
from registry.matching.explanation import Explanation, Reader
from registry.matching.explanations import FEWEST, explanation_of

SHORTEST = 2
"""Identifiers of one character are found in every text and say nothing."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """An explanation that was not given, and what staff are told about it."""

    request: str
    reader: Reader
    faults: tuple[str, ...]


@cache
def _adapter() -> TypeAdapter[Explanation]:
    return TypeAdapter(Explanation)


def explanation_schema() -> dict[str, JsonValue]:
    """The JSON schema of an explanation; keys it does not know are refused."""
    return _adapter().json_schema()


def read_explanation(document: bytes) -> Explanation:
    """The explanation of a JSON document; raises pydantic's ValidationError when it is none."""
    return _adapter().validate_json(document)


def released(done: Calculated, explained: Explained, reader: Reader, language: str = "en") -> Explanation | Withheld:
    """The explanation for a reader if every claim holds and it names nobody it must not name, else what is wrong."""
    explanation = explanation_of(done.facts, explained, candidates_of(done, explained.request), reader, language)
    faults = faults_of(done, explained, explanation, language)
    return Withheld(explained.request, reader, faults) if faults else explanation


def candidates_of(done: Calculated, request: str) -> frozenset[str]:
    """The facilities that no rule keeps the request from; none for a request that was set aside."""
    if any(one.request == request for one in done.verdicts.quarantined):
        return frozenset()
    return frozenset(where.facility.id for where in done.verdicts.option_suites(request))


def faults_of(
    done: Calculated, explained: Explained, explanation: Explanation, language: str = "en"
) -> tuple[str, ...]:
    """What is wrong with an explanation about to be given; empty when nothing is."""
    candidates = candidates_of(done, explained.request)
    meant = explanation_of(done.facts, explained, candidates, explanation.reader, language)
    faults = list(untrue(done, explained))
    if explanation != meant:
        faults.append("it does not say what the frozen input says")
    document = to_document(explanation)
    faults += _schema_faults(document)
    faults += [f"it names {name!r} of another party" for name in foreign_names(done.facts, explanation)]
    faults += _country_faults(done.facts, explanation, candidates)
    return tuple(faults)


def _schema_faults(document: JsonValue) -> list[str]:
    try:
        _adapter().validate_python(document, strict=False)
    except ValidationError as error:
        return [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return []


def foreign_names(facts: Facts, explanation: Explanation) -> tuple[str, ...]:
    """Identifiers of other parties that stand in any text of an explanation."""
    return names_in(all_texts(to_document(explanation)), forbidden(facts, explanation.request, explanation.reader))


def all_texts(document: JsonValue) -> str:
    """Every key and every text of a document, a line each."""
    return "\n".join(_texts(document))


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that stand in a text as whole words."""
    return tuple(
        sorted(name for name in names if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))
    )


def forbidden(facts: Facts, request: str, reader: Reader) -> frozenset[str]:
    """What must not stand in an explanation of `request`: other requests for everybody, facilities for a requester."""
    own = next(one for one in facts.requests if one.id == request)
    mine = _of_request(own)
    others: set[str] = set()
    for one in facts.requests:
        if one.id != request:
            others |= _of_request(one)
    if reader is Reader.REQUESTER:
        others |= _of_facilities(facts.facilities)
    return frozenset(name for name in others - mine if len(name) >= SHORTEST)


def _of_request(request: Request) -> set[str]:
    """Names of a request; its batches are numbered alike in all of them unless they carry its own id."""
    batches = {batch.id for batch in request.batches if request.id in batch.id}
    lots = {lot.id for lot in request.materials if request.id in lot.id}
    return {request.id, request.label, request.sponsor, request.product.id, *batches, *lots}


@lru_cache(maxsize=4)
def _of_facilities(facilities: tuple[Facility, ...]) -> frozenset[str]:
    names: set[str] = set()
    for facility in facilities:
        names |= {facility.id, facility.label, facility.organisation}
        for site in facility.sites:
            names.add(site.id)
            names |= {one.id for one in site.authorisations}
            names |= {one.id for one in site.certificates}
            names |= {one.id for one in site.non_compliances}
            names |= {one.id for one in site.permits}
            names |= {one.id for one in site.suites}
            names |= {authorisation.holder for authorisation in site.authorisations}
    return frozenset(names)


def _country_faults(facts: Facts, explanation: Explanation, candidates: frozenset[str]) -> list[str]:
    """Countries that fewer than five candidates share, named beside a masked facility."""
    if explanation.reader is not Reader.REQUESTER:
        return []
    count = Counter(facility.country for facility in facts.facilities if facility.id in candidates)
    few = sorted({each.country for each in explanation.facilities if each.country is not None} - _enough(count))
    return [f"it names the country {country}, which fewer than {FEWEST} candidates share" for country in few]


def _enough(count: Counter[str]) -> set[str]:
    return {country for country, number in count.items() if number >= FEWEST}

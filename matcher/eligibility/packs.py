"""What differs by country: the Member-state packs of `seed_data/vocabularies/member_states.csv`, read once."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from registry.vocabulary.results import Citation

Topic = Literal[
    "gmo_trial", "hospital_exemption", "named_patient", "import_trial", "import_market", "export_trial", "export_market"
]

EU_AND_EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO".split()  # noqa: SIM905  # thirty codes read better in one line
)
"""One market for medicinal products: the European Union with Iceland, Liechtenstein and Norway (ISO 3166-1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one topic in one country; `answer` "unknown" where no source was found."""

    country: str
    topic: str
    answer: str
    words: str
    citation: Citation
    owner: str
    review_by: date


@cache
def packs() -> Mapping[tuple[str, str], Entry]:
    """Every entry by country and topic."""
    text = files("seed_data").joinpath("vocabularies", "member_states.csv").read_text(encoding="utf-8")
    entries = (_entry(row) for row in csv.DictReader(text.splitlines()))
    return {(entry.country, entry.topic): entry for entry in entries}


def entry_of(country: str, topic: Topic) -> Entry | None:
    """What the pack of a country says about a topic; None where it says nothing."""
    return packs().get((country, topic))


def _entry(row: Mapping[str, str]) -> Entry:
    citation = Citation(row["citation"], date.fromisoformat(row["valid_on"]), row["confirmed"] == "yes")
    return Entry(
        country=row["country"],
        topic=row["topic"],
        answer=row["answer"],
        words=row["words"],
        citation=citation,
        owner=row["owner"],
        review_by=date.fromisoformat(row["review_by"]),
    )

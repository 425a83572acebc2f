"""The word lists of `seed_data/vocabularies/` → terms."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import models
from registry.rehearsal.rules import read_vocabulary
from registry.seeding.rows import Rows

SOURCE_OF_LIST = {
    "countries": "ISO 3166-1; regions after the United Nations geoscheme (M49); middles of countries by hand",
}
PARENT_COLUMN = {"countries": "region", "process_families": "platform"}
VOCABULARIES = (
    "product_classes",
    "process_families",
    "operation_codes",
    "countries",
    "platforms",
    "equipment_classes",
    "qc_methods",
)


def seed_vocabularies(session: Session) -> int:
    """Add the terms that are not there yet, with their sources, and return how many; terms already there stay as they are."""
    known = {(one.vocabulary, one.code) for one in session.execute(select(models.Term.vocabulary, models.Term.code))}
    rows = Rows()
    for vocabulary in VOCABULARIES:
        for position, entry in enumerate(read_vocabulary(vocabulary), start=1):
            if (vocabulary, entry["code"]) not in known:
                rows.add(models.Term, **term(vocabulary, position, entry))
    return rows.write(session)


def term(vocabulary: str, position: int, entry: Mapping[str, str]) -> dict[str, object]:
    """Return the columns of one term; `confirmed` only where the file says that the text was read."""
    parent = PARENT_COLUMN.get(vocabulary)
    return {
        "vocabulary": vocabulary,
        "code": entry["code"],
        "title": entry["name"],
        "parent": entry[parent] if parent else None,
        "source": entry.get("source") or SOURCE_OF_LIST[vocabulary],
        "confirmed": entry.get("confirmed") == "yes",
        "note": None if entry.get("confirmed", "yes") == "yes" else "unconfirmed: to be checked against the text",
        "position": position,
    }

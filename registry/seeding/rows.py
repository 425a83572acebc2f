"""Rows gathered in memory and written table by table, parents first."""

from collections import defaultdict
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from registry import models
from registry.models.base import Record

PARENTS_FIRST: tuple[type[Record], ...] = (
    models.Network,
    models.Organisation,
    models.Facility,
    models.Confirmation,
    models.Site,
    models.Suite,
    models.Equipment,
    models.Authorisation,
    models.ScopeLine,
    models.AuthorisedSuite,
    models.Certificate,
    models.NonCompliance,
    models.Permit,
    models.StartsStatement,
    models.Opening,
    models.FacilityLimit,
    models.ProcessExperience,
    models.QcMethod,
    models.QpCover,
    models.Product,
    models.ProcessVersion,
    models.ProcessStep,
    models.ProcessLoad,
    models.Request,
    models.Batch,
    models.RequestPlace,
    models.MaterialLot,
    models.RequestMaterial,
    models.RequestPreference,
    models.RequestExclusion,
    models.Establishment,
    models.EstablishmentStage,
    models.Booking,
    models.Person,
    models.Membership,
    models.Term,
)


class Rows:
    """Rows by table; every row of a table is given the same columns."""

    def __init__(self) -> None:
        self._rows: defaultdict[type[Record], list[dict[str, object]]] = defaultdict(list)

    def add(self, model: type[Record], **values: object) -> UUID:
        """Keep a row for later and return its key."""
        key = uuid4()
        self._rows[model].append({"id": key, **values})
        return key

    def write(self, session: Session) -> int:
        """Write every row and return how many."""
        unknown = set(self._rows) - set(PARENTS_FIRST)
        if unknown:
            names = ", ".join(sorted(model.__name__ for model in unknown))
            raise LookupError(f"No place in the order of tables for {names}.")
        for model in PARENTS_FIRST:
            if self._rows[model]:
                session.execute(insert(model), self._rows[model])
        return sum(map(len, self._rows.values()))

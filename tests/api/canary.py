"""Tokens in every confidential field of somebody else: where one turns up, something is told that should not be."""

import base64
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, not_, select
from sqlalchemy.orm import Session

from registry import models
from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.vocabulary.lifecycle import DataSet, RequestState, SignatureMeaning
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.calls_of_people import colleague
from tests.api.calls_of_wishes import centre_of, lot_of
from tests.api.world import World
from tests.factories.facilities import added, facility, starts
from tests.registry.access.world import between, tenant

MARK, TO_DEVELOPERS_MARK, TO_ADMINISTRATORS_MARK = "CANARY7F3A", "CANARY9D2E", "CANARY5B8C"
CONFIDENTIAL: dict[Any, tuple[str, ...]] = {
    models.Facility: ("notes", "holder_name"),
    models.Suite: ("code", "name", "source_note"),
    models.Equipment: ("equipment_class", "source_note"),
    models.Authorisation: ("code", "number", "authority", "document_link", "source_note"),
    models.ScopeLine: ("wording",),
    models.Certificate: ("code", "number", "eudragmdp_reference", "remarks", "source_note"),
    models.NonCompliance: ("code", "reference", "source_note"),
    models.Permit: ("code", "reference", "activity", "source_note"),
    models.ProcessExperience: ("source_note",),
    models.QcMethod: ("contracted_to", "source_note"),
    models.QpCover: ("names", "source_note"),
    models.StartsStatement: ("note", "source_note"),
    models.Opening: ("source_note",),
    models.Closure: ("source_note",),
    models.FacilityLimit: ("note", "source_note"),
    models.Booking: ("family", "source_note"),
    models.Product: ("working_name", "family", "cat_reference", "source_note"),
    models.ProcessVersion: ("platform", "source_note"),
    models.Request: (
        "label",
        "phase",
        "cadence",
        "procurement_route",
        "urgency_reason",
        "fairness_group",
        "state_reason",
        "source_note",
    ),
    models.Batch: ("code",),
    models.RequestPlace: ("name",),
    models.RequestAttachment: ("title", "link", "source_note"),
    models.MaterialLot: ("code", "starting_material", "agreement", "source_note"),
    models.CollectionCentre: ("code", "name", "authorisation", "source_note"),
    models.CentreQualification: ("source_note",),
    models.Establishment: ("source_note",),
    models.EstablishmentStage: ("owner", "evidence", "source_note"),
    models.EstablishmentApproval: ("reference", "modification", "hospitals", "source_note"),
    models.Organisation: ("code", "mailbox"),
    models.Person: ("name", "mail"),
}
"""The fields of each table that a token is planted in; the last one is never a list."""
OPEN: dict[Any, tuple[str, ...]] = {
    models.Facility: (
        "code",
        "name",
        "kind",
        "country",
        "city",
        "product_classes",
        "families",
        "languages",
        "source_note",
    ),
    models.Site: (
        "code",
        "address",
        "source_note",
        "city",
        "country",
        "oms_loc_id",
        "nuts",
        "time_zone",
        "holiday_region",
    ),
    models.Suite: ("start_weekdays",),
    models.ScopeLine: ("operation",),
    models.Certificate: ("operations",),
    models.NonCompliance: ("operations",),
    models.ProcessExperience: ("family", "platform"),
    models.QcMethod: ("method",),
    models.QpCover: ("classes",),
    models.StartsStatement: ("platform",),
    models.Closure: ("recurrence",),
    models.FacilityLimit: ("weekly",),
    models.Product: ("code",),
    models.ProcessVersion: ("qc_methods",),
    models.ProcessStep: ("equipment", "weekdays"),
    models.ProcessLoad: ("moment",),
    models.Request: ("code", "languages", "defaults", "invented_fields"),
    models.RequestPlace: ("use", "country"),
    models.RequestAttachment: ("content_sha256", "roles"),
    models.CollectionCentre: ("country", "weekdays"),
    models.EstablishmentApproval: ("country", "kind"),
    models.Placement: ("plan",),
    models.Verdict: ("failing",),
    models.Signature: ("record_type", "content_sha256", "method"),
    models.OutboxMessage: ("dedup_id", "delivered_by"),
}
"""The other texts: what everybody may read, and numbers, codes and hashes, which hold no word of anybody."""
BORN_WITH_IT: dict[Any, tuple[str, ...]] = {
    models.Signature: ("reason",),
    models.OutboxMessage: ("address", "subject", "body", "last_error"),
}
"""Fields of rows that cannot be changed: these are made with a token."""
MARKS: dict[Any, str] = {
    (models.Authorisation, "code"): TO_DEVELOPERS_MARK,
    models.ScopeLine: TO_DEVELOPERS_MARK,
    models.Certificate: TO_DEVELOPERS_MARK,
    models.Organisation: TO_ADMINISTRATORS_MARK,
    models.Person: TO_ADMINISTRATORS_MARK,
}
"""The mark of tables, and of single fields, that some of the strangers read."""
READ_BY = {TO_DEVELOPERS_MARK: "developer", TO_ADMINISTRATORS_MARK: "administrator"}
ONE_MORE = count()
"""No two tokens are the same."""


def encoded(mark: str) -> set[str]:
    """The mark as it is, and as base64 at each of three alignments, without the characters its neighbours share."""
    cut = {0: (0, -2), 1: (2, -2), 2: (3, -2)}
    return {mark} | {
        base64.b64encode(b"x" * shift + mark.encode()).decode().rstrip("=")[first:last]
        for shift, (first, last) in cut.items()
    }


def plant(session: Session, world: World) -> None:
    """Write a token into every confidential field of everybody who is not `own`."""
    act_as(session, OPERATOR)
    for number, (table, fields) in enumerate(CONFIDENTIAL.items()):
        bare = getattr(table, fields[-1]).not_like(f"{mark_of(table, fields[-1])}%").is_not(False)
        for row in session.scalars(select(table).where(foreign(table, world), bare)):
            for field in fields:
                token = f"{mark_of(table, field)}{number:02}{next(ONE_MORE):05}{field.replace('_', '')}"
                setattr(row, field, [token] if isinstance(getattr(row, field), list) else token)


def mark_of(table: Any, field: str) -> str:
    """The mark of a field: its own, or its table's."""
    return MARKS.get((table, field), MARKS.get(table, MARK))


def foreign(table: Any, world: World) -> ColumnElement[bool]:
    """Which rows of a table are of somebody else."""
    if table is models.Person:
        return models.Person.id.not_in([one.person.id for one in world.callers.values() if one.person is not None])
    owner = models.Organisation.id if table is models.Organisation else table.organisation_id
    return not_(owner == world.own.id)


def signed_and_told(session: Session, world: World) -> None:
    """A signature and a message of the organisation `other`, a token in each text of them."""
    about: dict[str, Any] = {"record_type": "facility", "record_id": uuid4(), "organisation_id": world.other.id}
    signed = {"signer_role": Role.QA, "meaning": SignatureMeaning.REVIEW, "record_version": 1, "method": "password"}
    signer = added(session, models.Person(code=f"person-{uuid4()}", name="A signer", data_set=DataSet.LIVE))
    hashed = {"content_sha256": "0" * 64, "reason": f"{MARK}reason"}
    added(session, models.Signature(signer_id=signer.id, **about, **signed, **hashed))
    texts = {"data_set": DataSet.LIVE} | {field: f"{MARK}{field}" for field in BORN_WITH_IT[models.OutboxMessage]}
    added(session, models.OutboxMessage(dedup_id=uuid4().hex, organisation_id=world.other.id, **texts))


def others(session: Session, world: World) -> None:
    """Two strangers with a row in every table, rows between them, and one of everything of the organisation `other`."""
    act_as(session, OPERATOR)
    signed_and_told(session, world)
    sponsor, maker = tenant(session, "Sponsor unknown to all"), tenant(session, "Maker unknown to all")
    between(session, sponsor, maker)
    starts(session, facility(session, world.other))
    for make in (
        records.equipment_of,
        records.authorisation_of,
        records.certificate_of,
        records.non_compliance_of,
        records.permit_of,
        records.closure_of,
        records.limit_of,
        records.experience_of,
        records.qc_method_of,
        records.cover_of,
    ):
        make(session, world.other)
    records.attachment_of(session, records.request_of(session, world.other, RequestState.SUBMITTED))
    lot_of(session, world.other)
    centre_of(session, world.other)
    colleague(session, world.other)

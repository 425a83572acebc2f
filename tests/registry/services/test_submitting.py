"""A request is submitted and accepted only when a round would not set it aside for what its sponsor can state."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.eligibility.quarantine import set_aside
from registry.access.subject import OPERATOR
from registry.errors import InvalidInputError
from registry.matching.snapshot.requests import requests_of
from registry.models import Organisation, Request, RequestPlace
from registry.services.requests import act_on_request
from registry.vocabulary.lifecycle import DataSet, RequestAction, RequestState
from registry.vocabulary.products import BatchKind, Donor, ProductClass, Stage
from registry.vocabulary.roles import Role
from tests.factories import requests
from tests.factories.facilities import added
from tests.matcher.eligibility.good import FACTS
from tests.registry.services.house import acting, coordinator, member

pytestmark = pytest.mark.database
TREATING, COLLECTION = "treating", "collection"


def asked(session: Session, state: RequestState, **facts: Any) -> Request:
    """A request with one batch, of a product with these facts."""
    acting(session, OPERATOR)
    product = requests.product(
        session,
        donor=facts.get("donor", Donor.AUTOLOGOUS),
        product_class=facts.get("product_class", ProductClass.GTMP_EX_VIVO),
    )
    made = requests.request(
        session, requests.process(session, product), state=state, stage=facts.get("stage", Stage.CELL_PRODUCT)
    )
    today = session.scalars(select(func.current_date())).one()
    ends = today + timedelta(days=facts.get("ends", 30))
    begins = ends - timedelta(days=7)
    if facts.get("batches", True):
        kind, patients = facts.get("kind", BatchKind.PATIENT), facts.get("patients", 1)
        requests.batch(session, made, code="B", kind=kind, patients=patients, earliest=begins, latest=ends)
    for position, use in enumerate(facts.get("uses", (TREATING, COLLECTION))):
        place = {"position": position, "country": "DE", "latitude": 50.0, "longitude": 8.5}
        added(session, RequestPlace(request_id=made.id, organisation_id=made.organisation_id, use=use, **place))
    return made


def refused(session: Session, request: Request, action: RequestAction) -> tuple[str, ...]:
    """The faults with which a step is refused, none when it is taken."""
    acting(session, OPERATOR)
    sponsor = session.get_one(Organisation, request.organisation_id)
    who = member(session, Role.DEVELOPER, sponsor) if action is RequestAction.SUBMIT else coordinator(session)
    acting(session, who)
    try:
        act_on_request(session, who, request.id, request.version, action, "")
    except InvalidInputError as error:
        return error.details
    return ()


def wheres(faults: tuple[str, ...]) -> list[str]:
    return [fault.partition(": ")[0] for fault in faults]


SOUND: dict[str, dict[str, Any]] = {
    "as usual": {},
    "the last day of the window is today": {"ends": 0},
    "cells of a donor need no place of collection": {"donor": Donor.ALLOGENEIC, "uses": (TREATING,)},
    "an engineering run treats nobody": {"kind": BatchKind.ENGINEERING, "patients": 0},
    "quality control alone of an engineering run": {"stage": Stage.QC_ONLY, "kind": BatchKind.ENGINEERING},
    "a tissue product of cells": {"stage": Stage.TISSUE_PRODUCT, "product_class": ProductClass.TEP},
}
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no start": ({"batches": False}, ["batches"]),
    "no place of collection": ({"uses": (TREATING,)}, ["places"]),
    "no treating hospital": ({"uses": (COLLECTION,)}, ["places"]),
    "neither": ({"uses": ()}, ["places", "places"]),
    "the window ended yesterday": ({"ends": -1}, ["batches/0/latest"]),
    "a patient batch for nobody": ({"patients": 0}, ["batches/0/patients"]),
    "a repeat for nobody": ({"kind": BatchKind.REPEAT, "patients": 0}, ["batches/0/patients"]),
    "a class the stage does not make": ({"product_class": ProductClass.GTMP_IN_VIVO}, ["stage"]),
    "every fault at once": (
        {"uses": (), "patients": 0, "ends": -1},
        ["places", "places", "batches/0/latest", "batches/0/patients"],
    ),
}
STAGES_THAT_MAKE_NOTHING = [Stage.QC_ONLY, Stage.CERTIFICATION_ONLY]


def set_aside_of(session: Session) -> list[str]:
    """The reasons for which a round that begins today would set the requests that are ready aside."""
    acting(session, OPERATOR)
    today: date = session.scalars(select(func.current_date())).one()
    found = set_aside(replace(FACTS, origin=today, requests=requests_of(session, DataSet.LIVE)))
    return [reason for one in found for reason in one.reasons]


@pytest.mark.parametrize("name", SOUND)
def test_what_lacks_nothing_is_submitted_and_no_round_sets_it_aside(session: Session, name: str) -> None:
    request = asked(session, RequestState.DRAFT, **SOUND[name])
    assert refused(session, request, RequestAction.SUBMIT) == ()
    assert refused(session, request, RequestAction.ACCEPT) == ()
    assert set_aside_of(session) == []


@pytest.mark.parametrize("action", [RequestAction.SUBMIT, RequestAction.ACCEPT])
@pytest.mark.parametrize("name", WRONG)
def test_what_a_round_would_set_aside_is_refused_with_every_fault_and_its_place(
    session: Session, name: str, action: RequestAction
) -> None:
    facts, places = WRONG[name]
    state = RequestState.DRAFT if action is RequestAction.SUBMIT else RequestState.SUBMITTED
    assert wheres(refused(session, asked(session, state, **facts), action)) == places


@pytest.mark.parametrize("name", WRONG)
def test_the_round_would_set_aside_just_that(session: Session, name: str) -> None:
    facts, places = WRONG[name]
    asked(session, RequestState.READY, **facts)
    assert len(set_aside_of(session)) == len(places)


@pytest.mark.parametrize("stage", STAGES_THAT_MAKE_NOTHING)
@pytest.mark.parametrize("kind", [BatchKind.PATIENT, BatchKind.REPEAT])
def test_where_nothing_is_made_no_batch_is_for_a_patient(session: Session, stage: Stage, kind: BatchKind) -> None:
    request = asked(session, RequestState.DRAFT, stage=stage, kind=kind)
    assert wheres(refused(session, request, RequestAction.SUBMIT)) == ["batches/0/kind"]

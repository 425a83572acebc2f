"""The condition a query carries and the rule inside the database admit the same rows, for every caller and table."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import ColumnElement, inspect, select, text
from sqlalchemy.orm import Session

from registry import models
from registry.access import visibility
from registry.access.subject import ANONYMOUS, OPERATOR, Subject
from registry.database import act_as, seal_trail
from registry.models import Base
from registry.vocabulary.lifecycle import DataSet, Publication
from registry.vocabulary.roles import Role
from tests.factories.facilities import added
from tests.registry.access.world import Tenant, between, results, run_of, tenant

Rule = Callable[[Subject], ColumnElement[bool]]


def each(rule: Callable[[Subject, type[Any]], ColumnElement[bool]], *tables: type[Base]) -> dict[type[Base], Rule]:
    """The same rule for several tables."""
    return {table: partial(_swapped, rule, table) for table in tables}


def _swapped(
    rule: Callable[[Subject, type[Any]], ColumnElement[bool]], table: type[Base], subject: Subject
) -> ColumnElement[bool]:
    return rule(subject, table)


RULES: dict[type[Base], Rule] = {
    models.Organisation: visibility.organisations,
    models.Facility: visibility.facilities,
    models.Product: visibility.products,
    models.Request: visibility.requests,
    models.RequestCollaborator: visibility.collaborators,
    models.Establishment: visibility.establishments,
    models.Booking: visibility.bookings,
    models.Round: visibility.rounds,
    models.Run: visibility.runs,
    models.Verdict: visibility.verdicts,
    models.Placement: visibility.placements,
    models.Person: visibility.persons,
    models.Membership: visibility.memberships,
    models.ApiToken: visibility.tokens,
    models.Signature: visibility.signatures,
    models.AuditEvent: visibility.trail,
    models.OutboxMessage: visibility.messages,
    **each(visibility.with_facility, models.Site, models.Confirmation),
    **each(
        visibility.inside_facility,
        models.Suite,
        models.Equipment,
        models.AuthorisedSuite,
        models.NonCompliance,
        models.Permit,
        models.QpCover,
        models.StartsStatement,
        models.Opening,
        models.Closure,
        models.FacilityLimit,
    ),
    **each(
        visibility.shown_to_developers,
        models.Authorisation,
        models.ScopeLine,
        models.Certificate,
        models.ProcessExperience,
        models.QcMethod,
    ),
    **each(
        visibility.of_sponsor,
        models.ProcessVersion,
        models.ProcessStep,
        models.ProcessLoad,
        models.MaterialLot,
        models.CollectionCentre,
        models.RequestPreference,
        models.RequestExclusion,
    ),
    **each(
        visibility.with_request,
        models.Batch,
        models.RequestPlace,
        models.RequestMaterial,
        models.RequestAttachment,
    ),
    **each(visibility.of_pair, models.EstablishmentStage, models.EstablishmentApproval, models.CentreQualification),
}
WITHOUT_RULE = {
    models.Network,
    models.Term,
    models.Policy,
    models.AuditAnchor,
    models.RunProgress,
    models.VerifierReport,
    models.WhatIf,
    models.LoginSession,
    models.LoginAttempt,
    models.IdempotentAnswer,
    models.Invitation,
    models.Identity,
    models.Secret,
}
"""Public, read only through their run, or by the machine's own account alone."""


def test_every_table_has_its_rule() -> None:
    assert {mapper.class_ for mapper in Base.registry.mappers} == set(RULES) | WITHOUT_RULE


def world(session: Session) -> tuple[Tenant, Tenant, Tenant]:
    """Two tenants that deal with each other, a third whose facility is published, a collaborator."""
    one, two, three = (tenant(session, name) for name in ("One", "Two", "Three"))
    three.facility.publication = Publication.PUBLISHED
    between(session, one, two)
    added(
        session,
        models.RequestCollaborator(
            organisation_id=one.organisation.id, request_id=one.request.id, collaborator_id=three.organisation.id
        ),
    )
    results(session, run_of(session), one, two)
    network = added(session, models.Network(code="walls", name="Network"))
    two.organisation.network_id = network.id
    delegate = added(session, models.Person(code="delegate of a network", data_set=DataSet.LIVE))
    added(session, models.Membership(person_id=delegate.id, role=Role.DELEGATE, network_id=network.id))
    seal_trail(session)
    return one, two, three


def callers(one: Tenant, two: Tenant, three: Tenant) -> dict[str, Subject]:
    """Everybody who might ask."""
    person = one.member().person
    platform = (Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR)
    return {
        "anonymous": ANONYMOUS,
        "operator": OPERATOR,
        "somebody without a role": Subject(person),
        "delegate of two": Subject(person, one.member(Role.DELEGATE).seats | two.member(Role.DELEGATE).seats),
        **{
            f"{role.value} of {n}": t.member(role)
            for n, t in enumerate((one, two, three), 1)
            for role in list(Role)[:3]
        },
        **{role.value: Subject(person, frozenset({(role, None)})) for role in platform},
    }


def keys(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> set[Any]:
    key = inspect(table).primary_key[0]
    return set(session.scalars(select(key).select_from(table).where(*conditions)))


def differences(session: Session, subject: Subject) -> list[str]:
    """Tables where the two walls disagree."""
    act_as(session, OPERATOR)
    first = {table: keys(session, table, rule(subject)) for table, rule in RULES.items()}
    act_as(session, subject)
    second = {table: keys(session, table) for table in RULES}
    act_as(session, OPERATOR)
    return [table.__tablename__ for table in RULES if first[table] != second[table]]


def test_both_walls_admit_the_same(session: Session) -> None:
    for name, subject in callers(*world(session)).items():
        assert (name, differences(session, subject)) == (name, [])


@pytest.mark.parametrize("table", ["suite", "request", "booking", "membership"])
def test_sabotage_a_wider_rule_is_noticed(session: Session, table: str) -> None:
    *_, three = world(session)
    session.execute(text("reset role"))
    session.execute(text(f"create policy open on {table} for select to gmphub_app using (true)"))
    session.execute(text("set role gmphub_app"))
    assert table in differences(session, three.member(Role.PLANNER))

"""Organisations and facilities from nothing to published, and the people who keep them."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import Membership, Network, Organisation
from registry.vocabulary.roles import Role
from tests.api import bodies
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import added, facility, organisation

pytestmark = pytest.mark.database


def post(client: TestClient, address: str, body: Any, who: Account, version: int | None = None) -> Any:
    headers = {**who.headers, "Idempotency-Key": uuid4().hex}
    if version is not None:
        headers["If-Match"] = f'"v{version}"'
    return client.post(f"/api/v1{address}", json=body, headers=headers)


def test_from_an_empty_registry_to_a_published_facility(session: Session, client: TestClient) -> None:
    administrator = account(session, "administrator", Role.ADMINISTRATOR)
    hospital = post(client, "/organisations", {**bodies.organisation(), "mailbox": "gmp@example.org"}, administrator)
    place = hospital.json()["id"]
    assert hospital.headers["location"] == f"/api/v1/organisations/{place}"
    person = post(client, "/accounts", {"code": "first-qa"}, administrator).json()
    seat = {"role": "qa", "organisation_id": place}
    assert post(client, f"/accounts/{person['id']}/roles", seat, administrator).status_code == 201
    qa = account(session, "qa", Role.QA, session.get_one(Organisation, place).id)
    made = post(client, f"/organisations/{place}/facilities", bodies.facility(), qa).json()
    assert (made["publication"], "publish" in made["actions"]) == ("draft", True)
    lacking = next(move for move in made["moves"] if move["to"] == "published")["missing"]
    assert lacking == ["it has no site with a place on the map"]
    step = {"to": "published"}
    assert post(client, f"/facilities/{made['id']}/publication", step, qa, 1).status_code == 422
    mapped = {**bodies.SITE, "latitude": 50.0, "longitude": 8.0}
    assert post(client, f"/facilities/{made['id']}/sites", mapped, qa).status_code == 201
    assert client.get(f"/api/v1/facilities/{made['id']}").status_code == 404
    assert post(client, f"/facilities/{made['id']}/publication", step, qa, 1).json()["publication"] == "published"
    assert client.get(f"/api/v1/facilities/{made['id']}").json()["name"] == "Premises"


def test_to_withdraw_needs_a_reason_and_to_schedule_a_day(session: Session, client: TestClient) -> None:
    owner = organisation(session)
    made = facility(session, owner)
    qa = account(session, "qa", Role.QA, owner.id)
    address = f"/facilities/{made.id}/publication"
    assert post(client, address, {"to": "withdrawn"}, qa, 1).status_code == 422
    assert post(client, address, {"to": "withdrawn", "reason": "rebuilding"}, qa, 1).status_code == 200
    assert post(client, address, {"to": "withdrawn", "reason": "again"}, qa, 1).status_code == 412


def test_a_code_is_used_once(session: Session, client: TestClient) -> None:
    administrator = account(session, "administrator", Role.ADMINISTRATOR)
    body = bodies.organisation()
    assert post(client, "/organisations", body, administrator).status_code == 201
    refused = post(client, "/organisations", body, administrator)
    assert refused.status_code == 422
    assert {fault["where"] for fault in refused.json()["errors"]} == {"/code"}


def test_developers_read_the_profile_and_competitors_do_not(session: Session, client: TestClient) -> None:
    made = facility(session, notice_days=77)
    developer = account(session, "developer", Role.DEVELOPER, organisation(session).id)
    planner = account(session, "planner", Role.PLANNER, organisation(session).id)
    address = f"/api/v1/facilities/{made.id}"
    assert client.get(f"{address}/profile", headers=developer.headers).json()["notice_days"] == 77
    assert client.get(f"{address}/profile", headers=planner.headers).status_code == 403
    assert client.get(f"{address}/record", headers=developer.headers).status_code == 403


def test_the_list_is_narrowed_by_country_kind_and_name(session: Session, client: TestClient) -> None:
    for name, country in (("Alpha", "DE"), ("Alphorn", "CH"), ("Beta", "DE")):
        organisation(session, name=name, country=country)
    keep(session)
    for query, names in (
        ("", ["Alpha", "Alphorn", "Beta"]),
        ("country=DE", ["Alpha", "Beta"]),
        ("q=alp&country=CH&kind=hospital", ["Alphorn"]),
        ("kind=company", []),
    ):
        found = client.get(f"/api/v1/organisations?{query}").json()["items"]
        assert [one["name"] for one in found] == names


class TestPeople:
    def test_a_deputy_acts_from_the_next_call_until_it_is_ended(self, session: Session, client: TestClient) -> None:
        owner = organisation(session)
        made = facility(session, owner)
        planner, colleague = (
            account(session, "planner", Role.PLANNER, owner.id),
            account(session, "colleague", Role.QA, owner.id),
        )
        close = f"/facilities/{made.id}/closures"
        assert post(client, close, bodies.CLOSURE, colleague).status_code == 403
        deputy = {"role": "planner", "person_id": str(colleague.person.id)}
        named = post(client, f"/organisations/{owner.id}/deputies", deputy, planner).json()
        assert post(client, close, bodies.CLOSURE, colleague).status_code == 201
        headers = {**planner.headers, "If-Match": '"v1"'}
        assert client.delete(f"/api/v1/deputies/{named['id']}", headers=headers).status_code == 204
        assert post(client, close, bodies.CLOSURE, colleague).status_code == 403

    def test_an_administrator_gives_roles_to_others_and_never_to_themselves(
        self, session: Session, client: TestClient
    ) -> None:
        owner = organisation(session)
        administrator = account(session, "administrator", Role.ADMINISTRATOR)
        other = account(session, "other")
        role = {"role": "qa", "organisation_id": str(owner.id)}
        assert post(client, f"/accounts/{other.person.id}/roles", role, administrator).status_code == 201
        refused = post(client, f"/accounts/{administrator.person.id}/roles", role, administrator)
        assert (refused.status_code, "nobody gives a role to themselves" in refused.text) == (422, True)

    def test_what_is_handed_over_is_no_longer_held(self, session: Session, client: TestClient) -> None:
        owner = organisation(session)
        planner, colleague = (
            account(session, "planner", Role.PLANNER, owner.id),
            account(session, "colleague", Role.QA, owner.id),
        )
        body = {"role": "planner", "person_id": str(colleague.person.id), "reason": "I leave"}
        assert post(client, f"/organisations/{owner.id}/hand-overs", body, planner).status_code == 201
        roles = [seat["role"] for seat in client.get("/api/v1/me", headers=planner.headers).json()["seats"]]
        assert roles == []
        members = client.get(f"/api/v1/organisations/{owner.id}/members", headers=colleague.headers).json()["items"]
        assert [(one["role"], one["person"]) for one in members] == [
            ("planner", "Name of colleague"),
            ("qa", "Name of colleague"),
        ]

    def test_joining_a_network_lets_its_delegate_in_and_leaving_shuts_it_out(
        self, session: Session, client: TestClient
    ) -> None:
        owner = organisation(session)
        qa = account(session, "qa", Role.QA, owner.id)
        delegate = account(session, "delegate")
        act_as(session, OPERATOR)
        network = added(session, Network(code="n", name="Network"))
        added(session, Membership(person_id=delegate.person.id, role=Role.DELEGATE, network_id=network.id))
        made = facility(session, owner)
        keep(session)
        address, version = f"/api/v1/facilities/{made.id}/suites", 1
        for network_id, status in ((str(network.id), 200), (None, 403)):
            assert client.get(address, headers=delegate.headers).status_code == (403 if network_id else 200)
            headers = {**qa.headers, "If-Match": f'"v{version}"'}
            body = {"network_id": network_id, "reason": "decided"}
            changed = client.put(f"/api/v1/organisations/{owner.id}/network", json=body, headers=headers)
            version = changed.json()["version"]
            assert client.get(address, headers=delegate.headers).status_code == status

    def test_members_read_who_acts_for_their_network_and_a_delegate_its_networks(
        self, session: Session, client: TestClient
    ) -> None:
        act_as(session, OPERATOR)
        network, empty = (added(session, Network(code=code, name=f"Network {code}")) for code in ("m-1", "m-2"))
        member = account(session, "member", Role.QA, organisation(session, network_id=network.id).id)
        stranger = account(session, "stranger", Role.QA, organisation(session).id)
        delegate, lonely = account(session, "for-members"), account(session, "for-nobody")
        act_as(session, OPERATOR)
        for who, of in ((delegate, network), (lonely, empty)):
            added(session, Membership(person_id=who.person.id, role=Role.DELEGATE, network_id=of.id))
        keep(session)
        address = f"/api/v1/networks/{network.id}/delegates"
        for who in (member, delegate):
            (line,) = client.get(address, headers=who.headers).json()["items"]
            assert (line["person"], line["actions"]) == (delegate.person.name, [])
        for who in (stranger, lonely):
            assert client.get(address, headers=who.headers).status_code == 403
        me = client.get("/api/v1/me", headers=lonely.headers).json()
        assert (me["seats"], me["networks"]) == ([], [{"id": str(empty.id), "name": "Network m-2"}])
        assert client.get("/api/v1/me", headers=member.headers).json()["networks"] == []

    def test_a_closed_account_is_nobody_with_the_next_call(self, session: Session, client: TestClient) -> None:
        administrator, leaving = account(session, "administrator", Role.ADMINISTRATOR), account(session, "leaving")
        address = f"/api/v1/accounts/{leaving.person.id}"
        tag = client.get(address, headers=administrator.headers).headers["etag"]
        headers = {**administrator.headers, "If-Match": tag}
        body = {"closed": True, "reason": "left"}
        assert client.put(f"{address}/state", json=body, headers=headers).status_code == 200
        assert client.get("/api/v1/me", headers=leaving.headers).status_code == 401

    def test_roles_that_do_not_go_together_are_refused(self, session: Session, client: TestClient) -> None:
        administrator, person = account(session, "administrator", Role.ADMINISTRATOR), account(session, "person")
        address = f"/accounts/{person.person.id}/roles"
        assert post(client, address, {"role": "auditor"}, administrator).status_code == 201
        assert post(client, address, {"role": "coordinator"}, administrator).status_code == 403
        assert post(client, address, {"role": "qa"}, administrator).status_code == 422
        assert post(client, address, {"role": "auditor"}, administrator).status_code == 422

    def test_who_gives_roles_holds_none_in_an_organisation(self, session: Session, client: TestClient) -> None:
        administrator, owner = account(session, "administrator", Role.ADMINISTRATOR), organisation(session)
        qa, second = account(session, "qa", Role.QA, owner.id), account(session, "second", Role.ADMINISTRATOR)
        wanted = {"role": "qa", "organisation_id": str(owner.id)}
        assert (
            post(client, f"/accounts/{qa.person.id}/roles", {"role": "administrator"}, administrator).status_code == 403
        )
        assert post(client, f"/accounts/{second.person.id}/roles", wanted, administrator).status_code == 403
        other = account(session, "other")
        assert post(client, f"/accounts/{other.person.id}/roles", wanted, administrator).status_code == 201

    def test_every_login_and_key_ends_at_once(self, session: Session, client: TestClient) -> None:
        somebody = account(session, "somebody", Role.AUDITOR)
        assert client.delete("/api/v1/me/sessions", headers=somebody.headers).status_code == 204
        assert client.get("/api/v1/me", headers=somebody.headers).status_code == 200
        assert client.delete("/api/v1/me/sessions?keys=true", headers=somebody.headers).status_code == 204
        assert client.get("/api/v1/me", headers=somebody.headers).status_code == 401

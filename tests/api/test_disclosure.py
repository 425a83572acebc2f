"""Two sides that do not know each other: what each reads before one, both, or nobody consents."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.access.subject import OPERATOR
from registry.database import act_as
from registry.models import AuditEvent, Facility, Membership, Network, Organisation, Request
from registry.services import disclosing
from registry.vocabulary.roles import Role
from tests.api import records
from tests.api.calls_of_disclosures import judged
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import added, facility, organisation

pytestmark = pytest.mark.database
SECRETS = ("Clinic of the sponsor", "Programme Zeta", "Premises of the maker")


@dataclass(frozen=True, slots=True)
class Sides:
    """A request and a facility of two organisations, and who speaks for each."""

    asked: Request
    premises: Facility
    developer: Account
    planner: Account


@pytest.fixture
def sides(session: Session) -> Sides:
    sponsor, maker = organisation(session, name=SECRETS[0]), organisation(session)
    asked, premises = records.request_of(session, sponsor), facility(session, maker, name=SECRETS[2])
    asked.label = SECRETS[1]
    session.flush()
    judged(session, asked, premises)
    developer = account(session, "developer", Role.DEVELOPER, sponsor.id)
    planner = account(session, "planner", Role.PLANNER, maker.id)
    keep(session)
    return Sides(asked, premises, developer, planner)


def pair(client: TestClient, sides: Sides) -> dict[str, Any]:
    (found,) = client.get(f"/api/v1/requests/{sides.asked.id}/eligibility", headers=sides.developer.headers).json()[
        "pairs"
    ]
    return dict(found)


def verdict(client: TestClient, sides: Sides) -> dict[str, Any]:
    address = f"/api/v1/facilities/{sides.premises.id}/verdicts"
    (found,) = client.get(address, headers=sides.planner.headers).json()["items"]
    return dict(found)


def consent(client: TestClient, who: Account, kind: str, key: UUID, ref: str, *, consents: bool = True) -> Any:
    headers = {**who.headers, "Idempotency-Key": uuid4().hex}
    body = {"ref": ref, "consents": consents}
    return client.post(f"/api/v1/{kind}/{key}/disclosures", json=body, headers=headers)


def sponsor_consents(client: TestClient, sides: Sides, *, consents: bool = True) -> Any:
    ref = pair(client, sides)["facility_ref"]
    return consent(client, sides.developer, "requests", sides.asked.id, ref, consents=consents)


def facility_consents(client: TestClient, sides: Sides, *, consents: bool = True) -> Any:
    ref = verdict(client, sides)["request_ref"]
    return consent(client, sides.planner, "facilities", sides.premises.id, ref, consents=consents)


def all_that_each_reads(client: TestClient, sides: Sides) -> tuple[str, str]:
    """Everything the sponsor reads that might name the facility, and the other way round."""
    asked, premises = f"/api/v1/requests/{sides.asked.id}", f"/api/v1/facilities/{sides.premises.id}"
    sponsor = [f"{asked}/{part}" for part in ("eligibility", "disclosures", "who-can-see", "who-saw", "history")]
    maker = [f"{premises}/{part}" for part in ("verdicts", "disclosures", "who-can-see", "who-saw", "history")]
    both = ["/api/v1/audit-events", "/api/v1/me/waiting"]
    return (
        "".join(client.get(address, headers=sides.developer.headers).text for address in [*sponsor, *both]),
        "".join(client.get(address, headers=sides.planner.headers).text for address in [*maker, *both]),
    )


def test_before_both_consent_neither_side_reads_the_other(client: TestClient, sides: Sides) -> None:
    for step in (None, sponsor_consents):
        if step is not None:
            assert step(client, sides).status_code == 200
        sponsor_reads, maker_reads = all_that_each_reads(client, sides)
        assert SECRETS[2] not in sponsor_reads
        assert str(sides.premises.id) not in sponsor_reads
        assert not any(word in maker_reads for word in SECRETS[:2])
        assert str(sides.asked.id) not in maker_reads
        assert str(sides.asked.organisation_id) not in maker_reads


def test_a_facility_alone_learns_no_more_either(client: TestClient, sides: Sides) -> None:
    told = facility_consents(client, sides).json()
    assert (told["facility_consents"], told["sponsor_consents"], told["disclosed"]) == (True, False, False)
    assert told["other"] == "Request 1"
    sponsor_reads, maker_reads = all_that_each_reads(client, sides)
    assert SECRETS[2] not in sponsor_reads
    assert not any(word in maker_reads for word in SECRETS[:2])


def test_once_both_consent_each_reads_the_name(client: TestClient, sides: Sides) -> None:
    assert sponsor_consents(client, sides).json()["other"] == "Facility 1"
    told = facility_consents(client, sides).json()
    assert (told["disclosed"], told["actions"]) == (True, [])
    assert told["other"] == "Programme Zeta, Clinic of the sponsor"
    assert pair(client, sides)["facility"] == SECRETS[2]
    assert verdict(client, sides)["request"] == "Programme Zeta, Clinic of the sponsor"
    assert "results" in pair(client, sides)


def test_it_is_taken_back_only_before_both_consent(client: TestClient, sides: Sides) -> None:
    sponsor_consents(client, sides)
    taken = sponsor_consents(client, sides, consents=False).json()
    assert (taken["sponsor_consents"], taken["actions"]) == (False, ["consent"])
    facility_consents(client, sides)
    assert pair(client, sides)["facility"] == "Facility 1"
    sponsor_consents(client, sides)
    refused = facility_consents(client, sides, consents=False)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")


def test_each_step_is_an_event(session: Session, client: TestClient, sides: Sides) -> None:
    sponsor_consents(client, sides)
    facility_consents(client, sides)
    act_as(session, OPERATOR)
    steps = [
        event.action for event in session.query(AuditEvent).order_by(AuditEvent.sequence) if "consent" in event.action
    ]
    assert steps == [
        "sponsor: consent",
        "disclosure: consent",
        "facility: consent",
        "disclosure: consent",
    ]
    seen = client.get("/api/v1/audit-events", headers=sides.developer.headers).json()["items"]
    assert [event["action"] for event in seen if event["action"].startswith("disclos")] == [
        "disclosed",
        "disclosure: consent",
    ]


def test_a_reference_of_another_request_is_none_here(session: Session, client: TestClient, sides: Sides) -> None:
    second = records.request_of(session, organisation(session))
    judged(session, second, sides.premises)
    keep(session)
    ref = pair(client, sides)["facility_ref"]
    other = account(session, "second", Role.DEVELOPER, second.organisation_id)
    keep(session)
    assert consent(client, other, "requests", second.id, ref).status_code == 404


def test_who_can_see_names_the_other_side_only_when_disclosed(client: TestClient, sides: Sides) -> None:
    address = f"/api/v1/requests/{sides.asked.id}/who-can-see"
    before = [line["who"] for line in client.get(address, headers=sides.developer.headers).json()["items"]]
    assert before == [SECRETS[0], "auditors", "coordinators", "the operator of this machine"]
    sponsor_consents(client, sides)
    facility_consents(client, sides)
    after = [line["who"] for line in client.get(address, headers=sides.developer.headers).json()["items"]]
    assert set(after) - set(before) == {SECRETS[2]}


def test_who_saw_names_overseers_and_not_ones_own_people(session: Session, client: TestClient, sides: Sides) -> None:
    coordinator = account(session, "coordinator", Role.COORDINATOR)
    address = f"/api/v1/requests/{sides.asked.id}"
    for who in (sides.developer, coordinator):
        assert client.get(address, headers=who.headers).status_code == 200
    (seen,) = client.get(f"{address}/who-saw", headers=sides.developer.headers).json()["items"]
    assert (seen["role"], seen["actor"], seen["name"]) == ("coordinator", str(coordinator.person.id), None)
    assert seen["what"] == "request"
    inside = f"/api/v1/facilities/{sides.premises.id}"
    client.get(f"{inside}/suites", headers=coordinator.headers)
    (line,) = client.get(f"{inside}/who-saw", headers=sides.planner.headers).json()["items"]
    assert (line["role"], line["what"], line["name"]) == ("coordinator", "suites", None)
    (line,) = client.get(f"{inside}/who-saw", headers=coordinator.headers).json()["items"]
    assert line["name"] == coordinator.person.name


def test_who_saw_names_what_was_read_and_the_delegate_of_the_own_network(
    session: Session, client: TestClient, sides: Sides
) -> None:
    act_as(session, OPERATOR)
    network = added(session, Network(code="n-saw", name="Network"))
    session.get_one(Organisation, sides.premises.organisation_id).network_id = network.id
    delegate = account(session, "delegate-saw")
    added(session, Membership(person_id=delegate.person.id, role=Role.DELEGATE, network_id=network.id))
    keep(session)
    inside = f"/api/v1/facilities/{sides.premises.id}"
    for part in ("closures", "legal-record"):
        assert client.get(f"{inside}/{part}", headers=delegate.headers).status_code == 200
    seen = client.get(f"{inside}/who-saw", headers=sides.planner.headers).json()["items"]
    assert [(line["what"], line["name"]) for line in seen] == [
        ("legal record", delegate.person.name),
        ("closures", delegate.person.name),
    ]


def test_sabotage_consent_of_one_side_that_counted_for_both_would_be_noticed(
    client: TestClient, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosing.Disclosure, "disclosed", property(lambda pair: pair.sponsor_consents))
    sponsor_consents(client, sides)
    assert pair(client, sides)["facility"] == SECRETS[2]

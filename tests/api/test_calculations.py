"""A calculation over HTTP on a database where commits are real: told, published, taken along, laid beside another."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from httpx2 import Response
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from matcher.eligibility.catalogue import RULES
from registry.access.subject import OPERATOR, Subject
from registry.database import unit_of_work
from registry.matching import publishing, telling
from registry.models import (
    AuditEvent,
    IdempotentAnswer,
    Membership,
    Organisation,
    Person,
    Placement,
    Request,
    Signature,
)
from registry.services.accounts import issue_token
from registry.services.logins import set_password
from registry.services.signatures import Reauthenticated
from registry.vocabulary.lifecycle import DataSet, RunState
from registry.vocabulary.roles import Role
from tests.api.world import PASSWORD
from tests.registry.matching.conftest import calculated, made, waiting, what_if, world
from tests.registry.matching.small import REASON, Small, small_facts, stored
from tests.registry.matching.test_publishing import withdraw_request

__all__ = ["calculated", "made", "waiting", "what_if", "world"]
pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]

LAST = "R6"
"""The request that excluded both facilities."""


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Somebody of the organisation that asked, and the request."""

    headers: dict[str, str]
    request: UUID


@pytest.fixture
def client(calculated: Engine) -> Iterator[TestClient]:
    assert calculated is not None
    with TestClient(create_app()) as client:
        yield client


def key_of(code: str) -> dict[str, str]:
    """A key of an account, which gets a password."""
    with unit_of_work(OPERATOR) as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        set_password(session, OPERATOR, person, PASSWORD)
        return {"Authorization": f"Bearer {issue_token(session, OPERATOR, person, 'call', None)}"}


def member_of(code: str, role: Role) -> dict[str, str]:
    """A key of somebody new in an organisation."""
    with unit_of_work(OPERATOR) as session:
        place = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        person = Person(code=f"{role.value} of {code}", data_set=DataSet.REHEARSAL)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, role=role, organisation_id=place.id))
        return {"Authorization": f"Bearer {issue_token(session, OPERATOR, person, 'call', None)}"}


def request_id(code: str) -> UUID:
    with unit_of_work(OPERATOR) as session:
        return session.scalars(select(Request.id).where(Request.code == code)).one()


def sponsor_of(code: str) -> Sponsor:
    owner = next(request.sponsor for request in small_facts().requests if request.id == code)
    return Sponsor(member_of(owner, Role.DEVELOPER), request_id(code))


def placed(run: UUID) -> str:
    """A request that is placed; which ones are, is drawn."""
    with unit_of_work(OPERATOR) as session:
        found = select(Request.code).join(Placement, Placement.request_id == Request.id)
        return session.scalars(
            found.where(Placement.run_id == run, Placement.plan == "proposed").order_by(Request.code).limit(1)
        ).one()


def shown(client: TestClient, run: UUID, headers: dict[str, str]) -> tuple[str, str]:
    """The hash of what is signed, and the version it was shown in."""
    answer = client.get(f"/api/v1/runs/{run}/publication", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["content_sha256"], answer.headers["etag"]


def publish(client: TestClient, run: UUID, headers: dict[str, str], **other: str) -> tuple[int, str]:
    answer = sent_to_publish(client, run, headers, **other)
    return answer.status_code, answer.json().get("code", answer.json().get("state"))


def sent_to_publish(client: TestClient, run: UUID, headers: dict[str, str], **other: str) -> Response:
    content, version = shown(client, run, headers)
    body = {"password": PASSWORD, "content_sha256": content, "reason": REASON, **other}
    sent = {**headers, "If-Match": version, "Idempotency-Key": "publish-1"}
    return client.post(f"/api/v1/runs/{run}/publish", json=body, headers=sent)


def test_what_was_shown_is_signed_and_published_once(client: TestClient, world: Small) -> None:
    approver = key_of("approver")
    before = client.get(f"/api/v1/runs/{world.run}", headers=approver).json()
    assert before["actions"] == ["publish"]
    assert before["known_on"] == small_facts().known_on.isoformat()
    assert before["facts_taken_at"] is not None
    assert publish(client, world.run, approver) == (200, "published")
    assert stored(world.run).state is RunState.PUBLISHED
    assert client.get(f"/api/v1/runs/{world.run}", headers=approver).json()["actions"] == []
    with unit_of_work(OPERATOR) as session:
        assert session.scalars(select(Signature.method).where(Signature.record_id == world.run)).all() == ["password"]


def lose_the_answer(*_: object, **__: object) -> None:
    raise InterruptedError


def published_without_keeping_the_answer(client: TestClient, run: UUID, headers: dict[str, str]) -> RunState:
    """What a calculation is when the process ends between its publication and the keeping of the answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IdempotentAnswer, "__init__", lose_the_answer)
        assert publish(client, run, headers)[0] == 500
    return stored(run).state


def test_publication_and_its_answer_are_kept_together_or_not_at_all(client: TestClient, world: Small) -> None:
    approver = key_of("approver")
    content, version = shown(client, world.run, approver)
    assert published_without_keeping_the_answer(client, world.run, approver) is RunState.CHECKED

    sent = {**approver, "If-Match": version, "Idempotency-Key": "publish-1"}
    body = {"password": PASSWORD, "content_sha256": content, "reason": REASON}
    first, again = (client.post(f"/api/v1/runs/{world.run}/publish", json=body, headers=sent) for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (200, "published")
    assert (again.status_code, again.content, again.headers["idempotent-replayed"]) == (200, first.content, "true")
    with unit_of_work(OPERATOR) as session:
        assert len(session.scalars(select(Signature).where(Signature.record_id == world.run)).all()) == 1
        written = select(AuditEvent.action, AuditEvent.reason).where(AuditEvent.record_id == world.run)
        assert ("publish calculation", REASON) in session.execute(written).all()


def test_changed_facts_stop_it_and_are_kept_with_it(client: TestClient, world: Small) -> None:
    with unit_of_work(OPERATOR) as session:
        withdraw_request(session)
    assert publish(client, world.run, key_of("approver")) == (409, "stale-run")
    run = stored(world.run)
    assert run.state is RunState.CHECKED
    assert (run.state_reason or "").startswith("stale: ")


def test_sabotage_in_a_transaction_of_its_own_it_is_published_and_the_answer_lost(
    client: TestClient, world: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(_session: Session, subject: Subject, run: UUID, proof: Reauthenticated, *, reason: str, **_: str) -> None:
        publishing.publish(subject, run, proof, reason=reason)

    monkeypatch.setattr("api.routes.publishing.publish_within", apart)
    approver = key_of("approver")
    assert published_without_keeping_the_answer(client, world.run, approver) is RunState.PUBLISHED


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"content_sha256": "0" * 64}, (403, "not-signed")),
        ({"password": "another sentence"}, (403, "wrong-password")),
        ({"reason": "short"}, (422, "invalid-input")),
    ],
)
def test_nothing_else_is_signed(
    client: TestClient, world: Small, other: dict[str, str], expected: tuple[int, str]
) -> None:
    assert publish(client, world.run, key_of("approver"), **other) == expected
    assert stored(world.run).state is RunState.CHECKED


def test_without_a_password_or_a_proof_nothing_is_signed(client: TestClient, world: Small) -> None:
    approver = key_of("approver")
    content, version = shown(client, world.run, approver)
    sent = {**approver, "If-Match": version, "Idempotency-Key": "publish-1"}
    body = {"content_sha256": content, "reason": REASON}
    assert client.post(f"/api/v1/runs/{world.run}/publish", json=body, headers=sent).status_code == 403
    assert stored(world.run).state is RunState.CHECKED


def test_whoever_started_it_is_refused_and_not_offered_it(client: TestClient, world: Small) -> None:
    coordinator = key_of("coordinator")
    assert client.get(f"/api/v1/runs/{world.run}", headers=coordinator).json()["actions"] == []
    assert publish(client, world.run, coordinator) == (409, "not-publishable")


def test_who_belongs_to_a_party_stands_aside(client: TestClient, world: Small) -> None:
    approver = key_of("approver")
    with unit_of_work(OPERATOR) as session:
        place = session.scalars(select(Organisation.id).where(Organisation.code == "SP1")).one()
        person = session.scalars(select(Person.id).where(Person.code == "approver")).one()
        session.add(Membership(person_id=person, role=Role.DEVELOPER, organisation_id=place))
    assert publish(client, world.run, approver) == (403, "recused")
    assert stored(world.run).state is RunState.CHECKED


def test_who_started_it_is_told_that_another_publishes_it(client: TestClient, world: Small) -> None:
    answer = sent_to_publish(client, world.run, key_of("coordinator")).json()
    assert [fault["what"] for fault in answer["errors"]] == ["Whoever started it does not approve it."]
    assert answer["detail"].endswith("Another coordinator approves it.")


def test_a_what_if_is_not_published(client: TestClient, what_if: Small) -> None:
    assert publish(client, what_if.run, key_of("approver")) == (409, "not-publishable")


def test_one_that_waits_is_cancelled_and_no_longer_carried_out(client: TestClient, waiting: Small) -> None:
    coordinator = key_of("coordinator")
    read = client.get(f"/api/v1/runs/{waiting.run}", headers=coordinator)
    assert read.json()["actions"] == ["cancel"]
    sent = {**coordinator, "If-Match": read.headers["etag"], "Idempotency-Key": "cancel-1"}
    answer = client.post(f"/api/v1/runs/{waiting.run}/cancel", headers=sent)
    assert (answer.status_code, answer.json()["state"], answer.json()["actions"]) == (200, "cancelled", [])


def explanation(client: TestClient, run: UUID, request: UUID, headers: dict[str, str]) -> tuple[int, str]:
    answer = client.get(f"/api/v1/runs/{run}/requests/{request}/explanation", headers=headers)
    return answer.status_code, answer.text


def test_a_requester_reads_its_own_when_it_is_published(client: TestClient, world: Small) -> None:
    sponsor, other = sponsor_of("R1"), request_id("R2")
    assert explanation(client, world.run, sponsor.request, sponsor.headers)[0] == 404
    publish(client, world.run, key_of("approver"))
    status, text = explanation(client, world.run, sponsor.request, sponsor.headers)
    assert (status, json.loads(text)["reader"]) == (200, "requester")
    assert not any(name in text for name in ("Rehearsal facility", '"F1', '"R2"', "SP2"))
    assert explanation(client, world.run, other, sponsor.headers)[0] == 404


def test_a_party_finds_what_is_published_for_it(client: TestClient, world: Small) -> None:
    sponsor = sponsor_of("R1")
    assert client.get("/api/v1/me/results", headers=sponsor.headers).json()["items"] == []
    publish(client, world.run, key_of("approver"))
    (found,) = client.get("/api/v1/me/results", headers=sponsor.headers).json()["items"]
    assert (found["about"], found["record_id"]) == ("request", str(sponsor.request))
    statuses = {name: client.get(link, headers=sponsor.headers).status_code for name, link in found["links"].items()}
    assert statuses == dict.fromkeys(("letter", "explanation", "eligibility", "bundle"), 200)
    assert client.get("/api/v1/me/results", headers=key_of("coordinator")).json()["items"] == []


def test_overseers_read_every_one_and_it_is_written_down(client: TestClient, world: Small) -> None:
    coordinator = key_of("coordinator")
    first = client.get(f"/api/v1/runs/{world.run}/explanations?limit=4", headers=coordinator)
    rest = client.get(first.links["next"]["url"], headers=coordinator)
    read = [one["explanation"]["request"] for page in (first, rest) for one in page.json()["items"]]
    assert read == [request.id for request in small_facts().requests]
    with unit_of_work(OPERATOR) as session:
        events = session.scalar(
            select(func.count()).where(AuditEvent.record_id == world.run, AuditEvent.action == "read")
        )
    assert events == 2


def test_the_facilities_of_an_explanation_are_those_of_the_eligibility(client: TestClient, world: Small) -> None:
    sponsor = sponsor_of(placed(world.run))
    publish(client, world.run, key_of("approver"))
    said = explanation(client, world.run, sponsor.request, sponsor.headers)[1]
    about = f"/api/v1/runs/{world.run}/requests/{sponsor.request}/facilities"
    told = client.get(about, headers=sponsor.headers).json()["items"]
    assert [one["name"] for one in told] == [one["name"] for one in json.loads(said)["facilities"]]
    assert told
    pairs = client.get(f"/api/v1/requests/{sponsor.request}/eligibility", headers=sponsor.headers).json()["pairs"]
    assert {one["facility_ref"] for one in told} <= {pair["facility_ref"] for pair in pairs}
    consent = {"ref": told[0]["facility_ref"], "consents": True}
    headers = {**sponsor.headers, "Idempotency-Key": "meet"}
    address = f"/api/v1/requests/{sponsor.request}/disclosures"
    assert client.post(address, json=consent, headers=headers).status_code == 200
    after = client.get(about, headers=sponsor.headers).json()["items"][0]
    assert (after["you_consent"], after["known_as"]) == (True, None)


def test_every_rule_is_told_of_a_facility_and_its_record_to_overseers_only(client: TestClient, world: Small) -> None:
    sponsor = sponsor_of(placed(world.run))
    publish(client, world.run, key_of("approver"))
    about = f"/api/v1/runs/{world.run}/requests/{sponsor.request}/facilities"
    ref = client.get(about, headers=sponsor.headers).json()["items"][0]["facility_ref"]
    (masked,) = client.get(f"{about}/{ref}", headers=sponsor.headers).json()["items"]
    (whole,) = client.get(f"{about}/{ref}", headers=key_of("coordinator")).json()["items"]
    assert [one["rule"] for one in masked["results"]] == [rule.id for rule in RULES]
    assert (masked["suite"], whole["suite"][0], masked["status"]) == ("Suite 1", "F", whole["status"])
    assert {one["actual"] for one in masked["results"]} == {None}
    assert all(one["actual"] for one in whole["results"])
    assert client.get(f"{about}/{ref}", headers=sponsor_of("R6").headers).status_code == 404


def test_a_letter_is_a_page_or_json(client: TestClient, world: Small) -> None:
    publish(client, world.run, key_of("approver"))
    sponsor = sponsor_of("R1")
    address = f"/api/v1/runs/{world.run}/requests/{sponsor.request}/letter"
    page = client.get(address, headers={**sponsor.headers, "Accept": "text/html,application/json;q=0.5"})
    document = client.get(address, headers=sponsor.headers)
    assert page.headers["content-type"].startswith("text/html")
    assert document.json()["title"] in page.text
    assert document.json()["format"] == "gmphub/letter/1"


def test_a_facility_never_learns_that_it_was_excluded(client: TestClient, world: Small) -> None:
    publish(client, world.run, key_of("approver"))
    planner = member_of("O1", Role.PLANNER)
    request = request_id(LAST)
    addresses = (
        f"/runs/{world.run}/requests/{request}/explanation",
        f"/runs/{world.run}/requests/{request}/letter",
        f"/runs/{world.run}/explanations",
        f"/runs/{world.run}/bundle?for=party",
        f"/runs/{world.run}/bundle?for=auditor",
    )
    answers = [client.get(f"/api/v1{address}", headers=planner) for address in addresses]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 200, 404]
    files = unpacked(answers[3].content)
    told = b"".join([*(answer.content for answer in answers if answer.status_code != 200), *files.values()])
    assert b"excluded" not in told.replace(b'"excluded":', b"")  # the count of stale calendars in the manifest
    assert b"SP6" not in told


def test_sabotage_the_requester_s_own_answer_would_tell(client: TestClient, world: Small) -> None:
    publish(client, world.run, key_of("approver"))
    sponsor = sponsor_of(LAST)
    assert "excluded" in explanation(client, world.run, sponsor.request, sponsor.headers)[1]


def test_one_that_is_not_true_is_withheld_and_reported(
    client: TestClient, world: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(client, world.run, key_of("approver"))
    sponsor, coordinator = sponsor_of("R1"), key_of("coordinator")
    monkeypatch.setattr("registry.matching.disclosure.untrue", lambda *_: ("a start that is not in the plan",))
    status, text = explanation(client, world.run, sponsor.request, sponsor.headers)
    assert (status, json.loads(text)["code"]) == (409, "withheld")
    assert "not in the plan" not in text
    items = client.get(f"/api/v1/runs/{world.run}/explanations", headers=coordinator).json()["items"]
    assert all(one["explanation"] is None for one in items)
    assert "a start that is not in the plan" in items[0]["withheld"]["faults"]
    with unit_of_work(OPERATOR) as session:
        reasons = session.scalars(select(AuditEvent.reason).where(AuditEvent.action == "withhold explanation")).all()
    assert any("not in the plan" in reason for reason in reasons)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def test_a_bundle_is_whole_for_an_auditor_and_the_own_part_for_a_party(client: TestClient, world: Small) -> None:
    publish(client, world.run, key_of("approver"))
    sponsor = sponsor_of("R1")
    whole = client.get(f"/api/v1/runs/{world.run}/bundle?for=auditor", headers=key_of("coordinator"))
    own = client.get(f"/api/v1/runs/{world.run}/bundle?for=party", headers=sponsor.headers)
    assert {"snapshot.json", "problem.json", "outcome.json", "manifest.json"} <= unpacked(whole.content).keys()
    records = json.loads(unpacked(own.content)["records.json"])["records"]
    assert [record["id"] for record in records] == ["R1"]
    assert whole.headers["content-type"] == own.headers["content-type"] == "application/zip"


def test_two_calculations_lie_side_by_side(client: TestClient, world: Small, what_if: Small) -> None:
    answer = client.get(f"/api/v1/runs/{world.run}/difference/{what_if.run}", headers=key_of("coordinator"))
    assert answer.status_code == 200
    assert answer.json()["unexplained"] is False
    same = client.get(f"/api/v1/runs/{world.run}/difference/{world.run}", headers=key_of("coordinator"))
    assert (same.json()["same"], same.json()["moved"]) == (True, [])


def test_a_stored_calculation_is_prepared_once_for_many_questions(client: TestClient, world: Small) -> None:
    telling._explainer.cache_clear()
    coordinator = key_of("coordinator")
    for code in ("R1", "R2", "R3"):
        assert explanation(client, world.run, request_id(code), coordinator)[0] == 200
    assert telling._explainer.cache_info().misses == 1

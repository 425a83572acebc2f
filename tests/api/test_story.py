"""From an empty database to a letter, over HTTP alone: nothing that a round needs is missing from what people can do.

Facility, sponsor and coordinators are made by the first administrator; each chooses a password by a word, records what is
theirs to record, and the calculation is carried out as a worker does it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from matcher.outcome import SolveOptions
from registry.access.subject import OPERATOR
from registry.database import unit_of_work
from registry.matching.runs import execute
from registry.seeding import seed_vocabularies
from registry.services.first_run import first_word

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("calculations")]
TODAY = datetime.now(UTC).date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
HERE = {"country": "DE", "latitude": 50.1, "longitude": 8.6}


def later(days: int) -> str:
    return str(MONDAY + timedelta(days=days))


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, client: TestClient, name: str) -> None:
        self.client, self.password = client, f"the password of {name}"

    def send(self, method: str, path: str, body: Any = None, seen: str | None = None) -> Response:
        """Send a change; `seen` is what was read before, whose version it rests on."""
        headers = {"Origin": "http://testserver", "Idempotency-Key": uuid4().hex}
        if seen is not None:
            headers["If-Match"] = self.client.get(f"/api/v1{seen}").headers["etag"]
        answer = self.client.request(method, f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer

    def post(self, path: str, body: Any = None, seen: str | None = None) -> Any:
        return self.send("POST", path, body or {}, seen).json()

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign(self, path: str, shown: str, seen: str | None = None) -> None:
        """Sign what is shown, with the password."""
        content = self.get(shown)["content_sha256"]
        self.post(path, {"password": self.password, "content_sha256": content, "reason": "looked at it"}, seen)


class Cast:
    """The people of the story, each with one role."""

    def __init__(self, browsers: ExitStack) -> None:
        self._browsers = browsers
        with unit_of_work(OPERATOR) as session:
            seed_vocabularies(session)
            word = first_word(session)
        self.administrator = self._somebody("first-administrator")
        self._chosen(self.administrator, "/session/first-administrator", {"word": word})
        self.hospital, self.sponsor = self._organisation("hospital"), self._organisation("university")
        self.planner, self.qa = self.member("planner", self.hospital), self.member("qa", self.hospital)
        self.developer = self.member("developer", self.sponsor)
        self.first, self.second = self.member("coordinator"), self.member("coordinator")

    def _somebody(self, name: str) -> Person:
        return Person(self._browsers.enter_context(TestClient(create_app())), name)

    def _chosen(self, person: Person, path: str, body: dict[str, Any]) -> None:
        person.send("POST", path, {**body, "password": person.password})

    def _organisation(self, kind: str) -> str:
        body = {
            "code": f"{kind[:4]}-1",
            "name": kind.title(),
            "kind": kind,
            "country": "DE",
            "mailbox": f"{kind}@example.org",
        }
        return str(self.administrator.post("/organisations", body)["id"])

    def member(self, role: str, organisation: str | None = None) -> Person:
        """A new account with a role, whose owner has chosen a password with the word they were given."""
        name = f"{role}-{uuid4().hex[:8]}"
        account = self.administrator.post("/accounts", {"code": name})["id"]
        where = {} if organisation is None else {"organisation_id": organisation}
        self.administrator.post(f"/accounts/{account}/roles", {"role": role, **where})
        word = self.administrator.post(f"/accounts/{account}/invitations")["word"]
        person = self._somebody(name)
        self._chosen(person, "/invitations/accept", {"account": name, "word": word})
        return person


@pytest.fixture
def cast(committed: Engine) -> Iterator[Cast]:
    assert committed is not None
    with ExitStack() as browsers:
        yield Cast(browsers)


def published_facility(cast: Cast) -> str:
    """Premises with everything a CAR-T programme asks for, confirmed, attested and published."""
    qa, planner = cast.qa, cast.planner
    made = {"code": "F", "name": "Premises", "kind": "academic_hospital", "country": "DE", "service_model": "contract"}
    here = f"/facilities/{qa.post(f'/organisations/{cast.hospital}/facilities', made)['id']}"
    site = f"/sites/{qa.post(f'{here}/sites', {'code': 'A', **HERE})['id']}"
    room = {"code": "R", "name": "Room", "places": 2, "place_kind": "room", "one_product": False, "grade": "B"}
    safety = {"mode": "open", "containment_class": 2, "vector_work": True}
    suite = f"/suites/{qa.post(f'{site}/suites', {**room, **safety})['id']}"
    qa.post(
        f"{suite}/equipment", {"equipment_class": "closed_cell_processor", "count": 2, "qualified_until": later(700)}
    )
    licence = {"code": "L", "kind": "MIA(IMP)", "holder_id": cast.hospital, "product_type": "IMP", "complete": True}
    days = {"valid_from": later(-700), "valid_to": later(1500)}
    qa.post(f"{site}/authorisations", {**licence, **days, "operations": {"1.3.1.4": None}})
    qa.post(f"{site}/certificates", {"code": "C", "last_inspection": later(-200), "operations": ["1.3.1.4"]})
    qa.post(f"{site}/permits", {"code": "G", "kind": "gmo_contained_use", "gmo_class": 2})
    qa.post(f"{site}/permits", {"code": "T", "kind": "tissue_establishment"})
    qa.post(f"{here}/qc-methods", {"method": "sterility", "in_house": True, "result_days": 7})
    cover = {"classes": ["GTMP_exvivo"], "here": True, "reason": "appointed"}
    qa.send("PUT", f"{here}/qp-cover", cover, seen=f"{here}/qp-cover")
    planner.post(f"{here}/openings", {"starts": later(0), "ends": later(400)})
    period = {"starts": later(0), "starts_per_week": 2, "pooled": True}
    planner.send("PUT", f"{here}/starts/closed_automated/period", period, seen=f"{here}/starts")
    planner.post(f"{here}/confirmations")
    qa.sign(f"{here}/attestations", f"{here}/legal-record")
    qa.post(f"{here}/publication", {"to": "published", "reason": "ready"}, seen=f"{here}/record")
    return here


def accepted_request(cast: Cast) -> str:
    """A CAR-T programme that asks for two starts: submitted, accepted, its urgency stated by two."""
    developer = cast.developer
    product = {
        "working_name": "CAR-T",
        "product_class": "GTMP_exvivo",
        "donor": "autologous",
        "family": "car_t_autologous",
    }
    owned = {**product, "organisation_id": cast.sponsor, "vector": "lentiviral", "gmo_class": 2}
    step = {"mode": "closed", "background": "C", "equipment": ["closed_cell_processor"]}
    process = {"platform": "closed_automated", "stay_days": 12, "qc_methods": ["sterility"], "steps": [step]}
    key = developer.post(f"/products/{developer.post('/products', owned)['id']}/processes", process)["id"]
    start = {"kind": "patient", "earliest": later(7), "latest": later(80), "patients": 1}
    asked = {
        "process_version_id": key,
        "label": "Trial of a CAR-T product",
        "stage": "cell_product",
        "pathway": "trial",
        "phase": "1/2",
        "input_state": "frozen",
        "product_fresh": False,
        "batches": [{"code": code, **start} for code in ("B1", "B2")],
        "places": [{"use": use, **HERE} for use in ("treating", "collection")],
    }
    request = f"/requests/{developer.post('/requests', asked)['id']}"
    developer.post(f"{request}/actions", {"action": "submit"}, seen=request)
    cast.first.post(f"{request}/actions", {"action": "accept"}, seen=request)
    for reviewer in (cast.first, cast.second):
        reviewer.post(f"{request}/urgency", {"urgency": 1, "reason": "no alternative"}, seen=request)
    return request


def published_run(cast: Cast) -> str:
    """An official round under a policy two persons approved, calculated, and published by who did not start it."""
    policy = (
        f"/policies/{cast.first.post('/policies', {'code': 'P', 'title': 'Usual', 'tiers': [{'placed': 1}]})['id']}"
    )
    for person in (cast.first, cast.second):
        person.sign(f"{policy}/approve", policy, policy)
    cast.first.post(f"{policy}/in-force", seen=policy)
    opened = {"code": "Q1", "kind": "period", "policy_id": policy.rpartition("/")[2], "known_on": str(TODAY)}
    held = f"/rounds/{cast.first.post('/rounds', {**opened, 'origin': later(0), 'horizon_weeks': 26})['id']}"
    cast.first.post(f"{held}/close", seen=held)
    key = cast.first.post(f"{held}/runs", {"effort": 1})["id"]
    execute(OPERATOR, UUID(key), SolveOptions(effort=1))
    cast.second.sign(f"/runs/{key}/publish", f"/runs/{key}/publication", f"/runs/{key}/publication")
    return f"/runs/{key}"


def test_from_an_empty_database_to_a_letter(cast: Cast) -> None:
    facility, request = published_facility(cast), accepted_request(cast)
    run = published_run(cast)
    (told,) = cast.developer.get("/me/results")["items"]
    assert (told["record_id"], f"/runs/{told['run_id']}") == (request.rpartition("/")[2], run)
    letter = cast.developer.get(told["links"]["letter"].removeprefix("/api/v1"))
    assert letter["title"] == "All starts placed, on conditions"
    assert letter["result"].startswith("Every start is proposed: 2 of 2.")
    assert "Premises" not in str(letter)
    (concerned,) = cast.planner.get("/me/results")["items"]
    assert (concerned["about"], concerned["record_id"]) == ("facility", facility.rpartition("/")[2])

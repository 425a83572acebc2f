"""Rules with the days of their texts; a product that is stated to be no GMO."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from registry.vocabulary.roles import Role
from tests.api.conftest import Account, account, keep
from tests.factories.facilities import organisation

pytestmark = pytest.mark.database

PRODUCT = {
    "working_name": "Edited cells",
    "product_class": "GTMP_exvivo",
    "donor": "autologous",
    "vector": "crispr",
    "family": "car_t_autologous",
}


def keyed(person: Account) -> dict[str, str]:
    """The headers of a create: who asks, and a key for the answer."""
    return {**person.headers, "Idempotency-Key": uuid4().hex}


def test_a_rule_says_since_when_its_text_applies(session: Session, client: TestClient) -> None:
    keep(session)
    rules = {rule["id"]: rule for rule in client.get("/api/v1/rules").json()["items"]}
    assert rules["background-grade"]["in_force_from"] == "2018-05-22"
    assert rules["collection-law"]["in_force_from"] == "2027-08-07"
    assert rules["language"]["in_force_from"] is None
    assert {rule["in_force_to"] for rule in rules.values()} == {None}


def test_class_0_says_that_a_product_is_no_gmo(session: Session, client: TestClient) -> None:
    owner = organisation(session)
    developer = account(session, "developer", Role.DEVELOPER, owner.id)
    keep(session)
    body = {**PRODUCT, "organisation_id": str(owner.id)}
    made = client.post("/api/v1/products", json={**body, "gmo_class": 0}, headers=keyed(developer))
    assert made.status_code == 201, made.text
    read = client.get(f"/api/v1/products/{made.json()['id']}", headers=developer.headers)
    assert read.json()["gmo_class"] == 0
    for gmo_class in (-1, 5):
        refused = client.post("/api/v1/products", json={**body, "gmo_class": gmo_class}, headers=keyed(developer))
        assert "gmo_class" in refused.text

"""Pages asked by somebody whose key is not good: a page in plain words, never a fault of ours."""

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.problems import ApiError
from api.web.app import create_pages

pytestmark = pytest.mark.database


@pytest.mark.parametrize("sent", ["Bearer nonsense", "Basic abc", "Bearer", "Bearer a.b.c", ""])
@pytest.mark.parametrize("address", ["/directory", "/"])
def test_a_key_that_is_not_good_is_answered_with_a_page(session: Session, sent: str, address: str) -> None:
    assert session.is_active
    answer = TestClient(create_app()).get(address, headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Please log in" in answer.text


def test_sabotage_without_a_handler_it_is_a_fault_of_ours(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = create_pages()
    del pages.exception_handlers[ApiError]
    monkeypatch.setattr("api.app.create_pages", lambda: pages)
    answer = TestClient(create_app()).get("/directory", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 500

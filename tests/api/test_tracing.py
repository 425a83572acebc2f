"""One line and one span a request: the route, never the address; nothing of what was sent."""

import json
from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import tracing
from api.app import create_app
from api.tracing import TracesError, provider_of
from registry.settings import Settings
from registry.vocabulary.roles import Role
from tests.api.conftest import account

pytestmark = pytest.mark.database

SECRET = "CANARY-5E77"
ID = "the-caller-s-own-id"


@pytest.fixture
def spans(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Where the application's spans end up."""
    assert session.is_active
    kept, made = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    made.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr("api.app.provider_of", lambda _: made)
    yield kept
    made.shutdown()


def lines(text: str) -> list[dict[str, object]]:
    """The lines of the log that are about requests."""
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [line for line in found if line["event"] == "request"]


def test_a_request_is_one_line_and_one_span_under_its_id(
    session: Session, spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = account(session, "reader", Role.AUDITOR)
    with TestClient(create_app()) as client:
        client.get(f"/api/v1/facilities?q={SECRET}", headers={**reader.headers, "X-Request-Id": ID})
    written = capsys.readouterr().err
    (line,), (span,) = lines(written), spans.get_finished_spans()
    assert (line["method"], line["route"], line["status"], line["request_id"]) == ("GET", "/api/v1/facilities", 200, ID)
    assert span.name == "GET /api/v1/facilities"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/facilities",
        "http.response.status_code": 200,
        "gmphub.request_id": ID,
    }
    assert SECRET not in written + span.to_json()
    assert reader.headers["Authorization"].removeprefix("Bearer ") not in written + span.to_json()


def test_an_address_that_is_none_is_not_repeated(
    spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    with TestClient(create_app()) as client:
        client.request(SECRET, f"/api/v1/{SECRET}")
        client.get(f"/api/v1/runs/{SECRET}")
    written = capsys.readouterr().err
    assert [line["route"] for line in lines(written)] == ["none", "/api/v1/runs/{run_id}"]
    assert SECRET not in written + "".join(span.to_json() for span in spans.get_finished_spans())


def test_sabotage_a_span_with_the_address_would_tell(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "route_of", lambda scope: scope["path"])
    with TestClient(create_app()) as client:
        client.get(f"/api/v1/{SECRET}")
    assert SECRET in spans.get_finished_spans()[0].to_json()


def test_what_breaks_is_a_line_and_a_span_of_an_error(
    spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app()

    @app.get("/api/v1/broken")
    def broken() -> None:
        """Break."""
        raise RuntimeError(SECRET)

    with TestClient(app) as client:
        answer = client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert [line["status"] for line in lines(capsys.readouterr().err)] == [500]
    assert [span.status.status_code for span in spans.get_finished_spans()] == [StatusCode.ERROR]


def test_every_line_of_the_log_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    create_app()
    structlog.get_logger().info("something\nin two lines", person="nobody")
    written = capsys.readouterr().err
    assert json.loads(written)["event"] == "something\nin two lines"
    assert len(written.splitlines()) == 1


def test_without_a_destination_there_are_no_spans() -> None:
    assert Settings().traces is None
    assert provider_of(None) is None
    assert provider_of("") is None


def test_the_console_is_a_destination(capsys: pytest.CaptureFixture[str]) -> None:
    made = provider_of("console")
    assert made is not None
    made.get_tracer("test").start_span("GET /somewhere").end()
    made.shutdown()
    assert json.loads(capsys.readouterr().err)["name"] == "GET /somewhere"


@pytest.mark.parametrize("destination", ["http://127.0.0.1:4318/v1/traces", "a file"])
def test_a_destination_we_cannot_write_to_is_said(destination: str) -> None:
    with pytest.raises(TracesError, match="console"):
        provider_of(destination)

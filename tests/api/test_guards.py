"""Every route names who may call it, and every code of a refusal is known."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import create_app
from api.dependencies import anyone, knocking, signed_in
from api.problems import KINDS, kind_of
from api.routes.runs import watched
from registry.errors import DomainError

PUBLIC = {
    "list_public_facilities": "public fields of facilities",
    "read_facility": "the same",
    "list_facilities_of_organisation": "public fields of those the caller may see",
    "list_directory": "public facts",
    "search_facilities": "public facts, and by others only what the caller may know",
    "list_public_organisations": "name, kind and country are public",
    "read_organisation": "the same",
    "list_vocabularies": "word lists are public",
    "read_vocabulary": "the same",
    "list_rules": "rules are public",
    "ask_feasibility": "an answer from public facts only",
    "list_public_policies": "policies are public",
    "read_policy": "the same",
    "list_public_rounds": "times of rounds are public",
    "read_round": "the same",
    "begin_oidc": "nobody is known before",
    "finish_oidc": "the same; bound to the browser by a signed cookie",
    "exchange_key": "the same; the key itself is sent",
    "log_in": "nobody is known before",
    "become_first_administrator": "the same; the word itself is sent",
    "accept_an_invitation": "the same",
    "read_health": "says nothing about anybody",
}


OUTSIDE = {"begin_oidc", "finish_oidc"}
"""Routes of a login elsewhere: no guard of ours can know who comes back."""


def api_routes(app: FastAPI) -> Iterator[APIRoute]:
    for route in app.router.routes:
        included = getattr(route, "original_router", None)
        yield from (
            found for found in ([route] if included is None else included.routes) if isinstance(found, APIRoute)
        )


def calls_of(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls_of(inner)


def unguarded(app: FastAPI) -> list[str]:
    found = []
    for route in api_routes(app):
        calls = set(calls_of(route.dependant))
        if (
            calls & {signed_in, watched}
            or (calls & {anyone, knocking} and route.name in PUBLIC)
            or route.name in OUTSIDE
        ):
            continue
        found.append(route.name)
    return found


def test_no_described_operation_escapes_the_search() -> None:
    app = create_app()
    described = {
        operation["operationId"] for operations in app.openapi()["paths"].values() for operation in operations.values()
    }
    assert {route.name for route in api_routes(app)} == described
    assert described >= PUBLIC.keys()


def test_every_route_has_a_guard_or_a_reason_to_be_public() -> None:
    assert unguarded(create_app()) == []


def test_sabotage_a_route_without_a_guard_is_found() -> None:
    app = create_app()

    @app.get("/api/v1/everything")
    def forgotten() -> None:
        """Forgets to ask who is calling."""

    assert unguarded(app) == ["forgotten"]


def test_every_domain_error_has_a_status() -> None:
    def below(error: type[DomainError]) -> Iterator[type[DomainError]]:
        yield error
        for inner in error.__subclasses__():
            yield from below(inner)

    missing = {error.code for error in below(DomainError) if kind_of(error("")) not in KINDS}
    assert missing == set()

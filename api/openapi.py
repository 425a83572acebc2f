"""The description of the API, OpenAPI 3.1, with the one form of every refusal and how to authenticate."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.authentication import PLAIN_COOKIE, SECURE_COOKIE
from api.schemas.problem import Problem
from api.scopes import READ, SCOPES

REFERENCE = "#/components/schemas/{model}"
SCHEMES: dict[str, Any] = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, made at POST /api/v1/tokens."},
    "login": {
        "type": "apiKey",
        "in": "cookie",
        "name": SECURE_COOKIE,
        "description": f"The login of a browser, from POST /api/v1/session; without TLS the cookie is named {PLAIN_COOKIE}."
        " A change with it carries Sec-Fetch-Site: same-origin, or Origin with the address of the service.",
    },
    "client": {
        "type": "oauth2",
        "description": "The id and secret of a key, exchanged for a token of a quarter of an hour.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/api/v1/oauth/token",
                "scopes": {
                    one: "Read." if one == READ else f"Change what is under {one.partition(':')[0]}." for one in SCOPES
                },
            }
        },
    },
}
HEADERS: dict[str, Any] = {
    "X-Request-Id": {"description": "Under which the call stands in the log; quote it.", "schema": {"type": "string"}},
    "ETag": {
        "description": "The version of the record; send it as If-Match to change it.",
        "schema": {"type": "string"},
    },
    "Location": {"description": "Where what was made is read.", "schema": {"type": "string"}},
    "Link": {"description": "The next page, rel=next; absent on the last.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "true when the answer was given before, under the same Idempotency-Key.",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to say who is calling.", "schema": {"type": "string"}},
}
TAGGED = frozenset(
    {
        "list_stated_starts",
        "state_weeks",
        "state_line",
        "state_weeks_of_a_period",
        "list_suites",
        "list_limits",
        "put_limit",
        "list_exclusions",
        "put_exclusions",
        "list_preferences",
        "put_preferences",
        "list_materials",
        "put_materials",
        "read_publication",
    }
)
"""Answers without a version of their own: they carry that of the facility, request or calculation they are part of."""


def describe(app: FastAPI) -> None:
    """Let the application describe itself completely."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = plain()
        _, definitions = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(definitions["$defs"])
        for leftover in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(leftover, None)
        components["securitySchemes"] = SCHEMES
        components["headers"] = HEADERS
        document["security"] = [{}, *({name: []} for name in SCHEMES)]
        for operations in document["paths"].values():
            for operation in operations.values():
                _name_headers(operation, components["schemas"])
        app.openapi_schema = document
        return document

    app.openapi = complete  # type: ignore[method-assign]


def _name_headers(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Write into the answers of an operation which headers they may carry."""
    asked = {parameter["name"] for parameter in operation.get("parameters", [])}
    for status, answer in operation["responses"].items():
        names = ["X-Request-Id"]
        if status.startswith("2"):
            names += ["ETag"] * (operation["operationId"] in TAGGED or _versioned(answer, schemas))
            names += ["Link"] * ("cursor" in asked) + ["Idempotent-Replayed"] * ("Idempotency-Key" in asked)
        names += ["Location"] * (status in {"201", "202", "303"})
        names += ["ETag"] * (status == "412") + ["Retry-After"] * (status == "429")
        names += ["WWW-Authenticate"] * (status == "401")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _versioned(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Whether what is answered is a record with a version."""
    shown = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return "version" in schemas.get(shown, {}).get("properties", {})

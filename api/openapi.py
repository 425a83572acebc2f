"""The description of the API, OpenAPI 3.1, with the one form of every refusal and how to authenticate."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.schemas.problem import Problem

REFERENCE = "#/components/schemas/{model}"


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
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}}
        document["security"] = [{}, {"key": []}]
        app.openapi_schema = document
        return document

    app.openapi = complete  # type: ignore[method-assign]

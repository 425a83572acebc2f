"""docs/api.md names every change that asks for neither If-Match nor Idempotency-Key, and no other."""

import re
from pathlib import Path

from api.app import create_app

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
BEGINS, ENDS = "Neither is asked of", "- **Long work**"


def bare() -> set[str]:
    """Addresses of changes that take neither, with {} for each key."""
    found = set()
    for path, operations in create_app().openapi()["paths"].items():
        for method, operation in operations.items():
            headers = {one["name"].lower() for one in operation.get("parameters", []) if one["in"] == "header"}
            if method != "get" and not headers & {"if-match", "idempotency-key"}:
                found.add(alike(path.removeprefix("/api/v1")))
    return found


def alike(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path)


def named(page: str) -> set[str]:
    part = page[page.index(BEGINS) : page.index(ENDS)]
    return {alike(found) for found in re.findall(r"(/[a-z/{}-]+)`", part)}


def test_the_exceptions_are_named() -> None:
    assert named(PAGE.read_text("utf-8")) == bare()


def test_sabotage_one_that_is_left_out_is_noticed() -> None:
    page = PAGE.read_text("utf-8")
    part = page[page.index(BEGINS) :]
    assert named(page.replace(part, part.replace(" and `/oauth/token`", ""))) != bare()

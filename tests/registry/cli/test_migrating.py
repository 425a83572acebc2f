"""Migrating leaves a database with which the first facility can be recorded."""

import pytest
from sqlalchemy.orm import Session

from registry.cli.database import migrate
from registry.queries.vocabularies import terms_of, vocabulary_names


def test_the_word_lists_come_with_the_schema(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.migrating.migrate", lambda: ("0001", "0001"))
    assert vocabulary_names(session) == []
    for _ in range(2):
        migrate()
    assert "sterility" in {term.code for term in terms_of(session, "qc_methods")}

"""Problems and outcomes as JSON, both ways: what other parts need of reading and writing."""

from matcher.reading.outcomes import UnreadableOutcomeError as UnreadableOutcome
from matcher.reading.outcomes import read_outcome
from matcher.reading.problems import Rejected, read_problem
from matcher.writing import (
    Document,
    JsonValue,
    canonical,
    document_sha256,
    outcome_document,
    outcome_json,
    problem_document,
    problem_json,
    seal,
)

__all__ = [
    "Document",
    "JsonValue",
    "Rejected",
    "UnreadableOutcome",
    "canonical",
    "document_sha256",
    "outcome_document",
    "outcome_json",
    "problem_document",
    "problem_json",
    "read_outcome",
    "read_problem",
    "seal",
]

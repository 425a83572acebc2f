"""What is sent in a call."""

from dataclasses import dataclass, field
from typing import Any

FIRST = '"v1"'
"""The tag of a record that was never changed."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to send."""

    method: str
    address: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None

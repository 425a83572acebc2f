"""Word lists with their sources: product classes, process families, operation codes, countries, platforms and so on."""

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Record


class Term(Record):
    """One entry of a vocabulary; `confirmed` when the entry was read in the text of its source."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("vocabulary", "code"),)

    vocabulary: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    parent: Mapped[str | None]
    source: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
    note: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default=text("0"))

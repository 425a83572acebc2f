"""Parameters that narrow more than one list."""

from typing import Annotated

from fastapi import Query

Country = Annotated[str | None, Query(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
Text = Annotated[
    str | None, Query(alias="q", min_length=2, max_length=80, pattern=r"^[^\x00]*$", description="Part of the name.")
]

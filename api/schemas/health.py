"""What the service says of itself."""

from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    """Whether the service and its database answer."""

    status: Literal["ok"]
    database: Literal["ok"]

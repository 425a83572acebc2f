"""A page of a list; the header `Link` with rel="next" names the next one."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """The entries of this page."""

    items: list[Item]

"""Search over the facilities a searcher may see: every filter combines, values are counted, results are ranked."""

from registry.queries.search.answer import Count, Found, FoundFacility, Key
from registry.queries.search.filters import NO_FILTERS, Filters, FreeStarts, Near
from registry.queries.search.searching import search

__all__ = ["NO_FILTERS", "Count", "Filters", "Found", "FoundFacility", "FreeStarts", "Key", "Near", "search"]

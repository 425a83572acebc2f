"""The generated rows searched one by one, without columns, masks or the database."""

from collections import defaultdict
from typing import Any

from geographiclib.geodesic import Geodesic

from registry import models
from registry.bench.thousand import TODAY, Generated
from registry.queries.search import Filters, Near


class Plain:
    """The generated rows searched one by one, without columns, masks or the database."""

    def __init__(self, made: Generated) -> None:
        self.facilities = {row["id"]: row for row in made.rows[models.Facility]}
        self.sites = self._by_facility(made, models.Site)
        self.suites = self._by_facility(made, models.Suite)
        self.licences = self._by_facility(made, models.Authorisation)
        self.experience = self._by_facility(made, models.ProcessExperience)
        self.devices = self._values(made, models.Equipment, "suite_id", "equipment_class")
        self.codes = self._values(made, models.ScopeLine, "authorisation_id", "operation")

    @staticmethod
    def _by_facility(made: Generated, model: type[models.Base]) -> dict[object, list[dict[str, Any]]]:
        rows: defaultdict[object, list[dict[str, Any]]] = defaultdict(list)
        for row in made.rows[model]:
            rows[row["facility_id"]].append(row)
        return rows

    @staticmethod
    def _values(made: Generated, model: type[models.Base], parent: str, column: str) -> dict[object, set[object]]:
        values: defaultdict[object, set[object]] = defaultdict(set)
        for row in made.rows[model]:
            values[row[parent]].add(row[column])
        return values

    def search(self, filters: Filters) -> set[object]:
        """The keys of the facilities that meet the filters that do not need a calendar or likeness."""
        return {key for key, row in self.facilities.items() if self._meets(key, row, filters)}

    def _meets(self, key: object, row: dict[str, Any], filters: Filters) -> bool:
        families = row["families"]
        return (
            filters.product_classes <= set(row["product_classes"])
            and (families is None or filters.families <= set(families))
            and filters.languages <= set(row["languages"])
            and filters.experience <= {one["family"] for one in self.experience[key]}
            and (not filters.service_models or row["service_model"] in filters.service_models)
            and (not filters.countries or row["country"] in filters.countries)
            and (not filters.publications or row["publication"] in filters.publications)
            and (filters.near is None or self._is_near(key, filters.near))
            and self._has_suite(key, filters)
            and self._has_licence(key, filters)
        )

    def _is_near(self, key: object, near: Near) -> bool:
        places = [(one["latitude"], one["longitude"]) for one in self.sites[key] if one["latitude"] is not None]
        return near.within_km is None or any(sphere_km(near, *place) <= near.within_km for place in places)

    def _has_suite(self, key: object, filters: Filters) -> bool:
        return not (filters.grades or filters.modes or filters.equipment) or any(
            (not filters.grades or one["grade"] in filters.grades)
            and (not filters.modes or one["mode"] in filters.modes)
            and filters.equipment <= self.devices[one["id"]]
            for one in self.suites[key]
        )

    def _has_licence(self, key: object, filters: Filters) -> bool:
        return not (filters.licence_kinds or filters.scope_codes) or any(
            (not filters.licence_kinds or one["kind"] in filters.licence_kinds)
            and filters.scope_codes <= self.codes[one["id"]]
            and one["valid_from"] <= TODAY
            and (one["valid_to"] is None or one["valid_to"] > TODAY)
            for one in self.licences[key]
        )


SPHERE = Geodesic(6371008.8, 0.0)


def sphere_km(near: Near, latitude: float, longitude: float) -> float:
    """The great-circle distance, by a library."""
    return float(SPHERE.Inverse(near.latitude, near.longitude, latitude, longitude)["s12"]) / 1000

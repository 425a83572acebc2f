"""Requests with their product, batches, places, material, pairs, preferences and exclusions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import facts
from registry import models
from registry.matching.snapshot.facilities import full_code
from registry.matching.snapshot.period import grouped
from registry.vocabulary.lifecycle import DataSet, RequestState
from registry.vocabulary.urgency import LEAST_URGENT

FEWEST_IN_GROUP, ELSEWHERE = 5, "elsewhere"
UNDECIDED = "urgency not decided by two reviewers: taken as the least urgent"


def requests_of(session: Session, data_set: DataSet) -> tuple[facts.Request, ...]:
    """Return the requests of a data set that are ready or in a round, in the sequence of their codes."""
    request = models.Request
    rows = session.scalars(
        select(request)
        .where(request.data_set == data_set, request.state.in_((RequestState.READY, RequestState.IN_ROUND)))
        .order_by(request.code)
    ).all()
    parts = _Parts(session)
    groups = groups_of({row.code: parts.country_of(row) for row in rows})
    return tuple(parts.request(row, row.fairness_group or groups[row.code]) for row in rows)


def groups_of(countries: Mapping[str, str]) -> Mapping[str, str]:
    """Return the group of each request for the fairness floor: the country of its sponsor, small ones put together."""
    sizes = Counter(countries.values())
    return {code: country if sizes[country] >= FEWEST_IN_GROUP else ELSEWHERE for code, country in countries.items()}


class _Parts:
    """Every row the requests refer to, read once and grouped by parent."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._organisations = self._by_id(models.Organisation)
        self._facilities: Mapping[UUID, models.Facility] = self._by_id(models.Facility)
        self._sites: Mapping[UUID, models.Site] = self._by_id(models.Site)
        self._products = self._by_id(models.Product)
        self._versions = self._by_id(models.ProcessVersion)
        self._lots = self._by_id(models.MaterialLot)
        self._steps = self._under("process_version_id", models.ProcessStep, models.ProcessStep.position)
        self._loads = self._under("process_version_id", models.ProcessLoad, models.ProcessLoad.position)
        self._batches = self._under("request_id", models.Batch, models.Batch.position)
        self._places = self._under("request_id", models.RequestPlace, models.RequestPlace.position)
        self._materials = self._under("request_id", models.RequestMaterial, models.RequestMaterial.created_at)
        self._preferences = self._under("request_id", models.RequestPreference, models.RequestPreference.facility_id)
        self._exclusions = self._under("request_id", models.RequestExclusion, models.RequestExclusion.facility_id)
        self._pairs = self._under("process_version_id", models.Establishment, models.Establishment.site_id)
        self._stages = self._under("establishment_id", models.EstablishmentStage, models.EstablishmentStage.stage)

    def _by_id(self, model: Any) -> dict[UUID, Any]:
        return {row.id: row for row in self._session.scalars(select(model))}

    def _under(self, parent: str, model: Any, *order: Any) -> dict[UUID, list[Any]]:
        rows = self._session.scalars(select(model).order_by(*order, model.id))
        return grouped(rows, lambda row: getattr(row, parent))

    def country_of(self, row: models.Request) -> str:
        """Return the country of the sponsor."""
        return str(self._organisations[row.organisation_id].country)

    def request(self, row: models.Request, group: str) -> facts.Request:
        sponsor = self._organisations[row.organisation_id]
        excluded = self._exclusions.get(row.id, ())
        return facts.Request(
            id=row.code,
            label=row.label,
            sponsor=sponsor.code,
            sponsor_kind=sponsor.kind,
            product=self._product(row),
            stage=row.stage,
            pathway=row.pathway,
            phase=row.phase,
            treating=self._places_for(row, "treating"),
            collection=self._places_for(row, "collection"),
            input_state=row.input_state,
            hours_fresh=row.hours_fresh,
            product_fresh=row.product_fresh,
            shelf_life_hours=row.shelf_life_hours,
            batches=_batches(self._batches.get(row.id, ())),
            urgency=LEAST_URGENT if row.urgency_decided is None else row.urgency_decided,
            max_sites=row.max_sites,
            all_or_nothing=row.all_or_nothing,
            languages=frozenset(row.languages),
            excluded=frozenset(self._facilities[entry.facility_id].code for entry in excluded),
            materials=tuple(
                sorted((self._material(entry) for entry in self._materials.get(row.id, ())), key=lambda lot: lot.id)
            ),
            pairs=tuple(
                sorted(
                    (self._pair(entry) for entry in self._pairs.get(row.process_version_id, ())),
                    key=lambda pair: pair.site,
                )
            ),
            preferences={
                self._facilities[entry.facility_id].code: entry.value for entry in self._preferences.get(row.id, ())
            },
            group=group,
            defaults=(*row.defaults, *([UNDECIDED] if row.urgency_decided is None else [])),
            invented=tuple(row.invented_fields),
        )

    def _product(self, row: models.Request) -> facts.Product:
        product, version = self._products[row.product_id], self._versions[row.process_version_id]
        return facts.Product(
            id=product.code,
            product_class=product.product_class,
            donor=product.donor,
            vector=product.vector,
            gmo_class=product.gmo_class,
            family=product.family,
            platform=version.platform,
            steps=tuple(
                facts.Step(step.mode, step.background, frozenset(step.equipment))
                for step in self._steps.get(version.id, ())
            ),
            stay_days=version.stay_days,
            qc_methods=frozenset(version.qc_methods),
            loads=tuple(
                facts.Load(load.kind, load.amount, load.moment, load.delay_days)
                for load in self._loads.get(version.id, ())
            ),
        )

    def _places_for(self, row: models.Request, use: str) -> tuple[facts.Place, ...]:
        return tuple(
            facts.Place(place.country, place.latitude, place.longitude)
            for place in self._places.get(row.id, ())
            if place.use == use
        )

    def _material(self, row: models.RequestMaterial) -> facts.Material:
        lot = self._lots[row.material_lot_id]
        return facts.Material(lot.code, lot.released_on, lot.transport_days, lot.doses, lot.expires_on)

    def _pair(self, row: models.Establishment) -> facts.Pair:
        site = self._sites[row.site_id]
        return facts.Pair(
            site=full_code(self._facilities[site.facility_id], site.code),
            stages={entry.stage: entry.state for entry in self._stages.get(row.id, ())},
            ready_by=row.ready_by,
            hospital_exemption=row.hospital_exemption,
        )


def _batches(rows: Sequence[models.Batch]) -> tuple[facts.Batch, ...]:
    codes = {row.id: row.code for row in rows}
    return tuple(
        facts.Batch(
            id=row.code,
            kind=row.kind,
            earliest=row.earliest,
            latest=row.latest,
            patients=row.patients,
            after=None if row.after_id is None else codes[row.after_id],
            gap_days=row.gap_days,
        )
        for row in rows
    )

"""Rehearsal requests → rows, so that a snapshot gives back equal facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from matcher import facts
from registry import models
from registry.models.base import Record
from registry.seeding.facilities import GENERATED, Placed
from registry.seeding.rows import Rows
from registry.vocabulary.lifecycle import DataSet, MaterialState, RequestState


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Where the rows of one request go, with the key of its sponsor that each of them carries."""

    rows: Rows
    organisation: UUID

    def add(self, model: type[Record], **values: object) -> UUID:
        """Keep a row of this sponsor and return its key."""
        return self.rows.add(model, organisation_id=self.organisation, **values)


def add_request(
    rows: Rows,
    request: facts.Request,
    organisations: Mapping[str, UUID],
    facilities: Mapping[str, Placed],
    known_on: date,
) -> None:
    """Gather the rows of one request: product, process, batches, places, material, wishes and pairs."""
    sponsor = Sponsor(rows, organisations[request.sponsor])
    product, version = add_product(sponsor, request)
    key = sponsor.add(
        models.Request,
        data_set=DataSet.REHEARSAL,
        code=request.id,
        label=request.label,
        product_id=product,
        process_version_id=version,
        state=RequestState.READY,
        stage=request.stage,
        pathway=request.pathway,
        phase=request.phase,
        input_state=request.input_state,
        hours_fresh=request.hours_fresh,
        product_fresh=request.product_fresh,
        shelf_life_hours=request.shelf_life_hours,
        urgency_proposed=request.urgency,
        urgency_decided=request.urgency,
        max_sites=request.max_sites,
        all_or_nothing=request.all_or_nothing,
        languages=sorted(request.languages),
        fairness_group=request.group,
        defaults=list(request.defaults),
        invented_fields=list(request.invented),
        **GENERATED,
    )
    add_batches(sponsor, key, request)
    for use, places in (("treating", request.treating), ("collection", request.collection)):
        for position, place in enumerate(places):
            sponsor.add(
                models.RequestPlace,
                request_id=key,
                use=use,
                position=position,
                country=place.country,
                latitude=place.latitude,
                longitude=place.longitude,
            )
    for lot in request.materials:
        add_material(sponsor, key, product, lot, known_on)
    add_wishes(sponsor, key, request, facilities)
    by_site = {site: placed for placed in facilities.values() for site in placed.sites}
    for pair in request.pairs:
        add_pair(sponsor, product, version, pair, by_site[pair.site])


def add_product(sponsor: Sponsor, request: facts.Request) -> tuple[UUID, UUID]:
    """Gather product and process version and return their keys."""
    product = request.product
    key = sponsor.add(
        models.Product,
        data_set=DataSet.REHEARSAL,
        code=product.id,
        working_name=f"Product {product.id}",
        product_class=product.product_class,
        donor=product.donor,
        vector=product.vector,
        gmo_class=product.gmo_class,
        family=product.family,
        **GENERATED,
    )
    version = sponsor.add(
        models.ProcessVersion,
        product_id=key,
        platform=product.platform,
        stay_days=product.stay_days,
        qc_methods=sorted(product.qc_methods),
        **GENERATED,
    )
    for position, step in enumerate(product.steps):
        sponsor.add(
            models.ProcessStep,
            process_version_id=version,
            position=position,
            mode=step.mode,
            background=step.background,
            equipment=sorted(step.equipment),
        )
    for position, load in enumerate(product.loads):
        sponsor.add(
            models.ProcessLoad,
            process_version_id=version,
            position=position,
            kind=load.kind,
            amount=load.amount,
            moment=load.at,
            delay_days=load.delay_days,
        )
    return key, version


def add_batches(sponsor: Sponsor, request: UUID, asked: facts.Request) -> None:
    """Gather the batches of a request in their sequence."""
    keys: dict[str, UUID] = {}
    for position, batch in enumerate(asked.batches):
        keys[batch.id] = sponsor.add(
            models.Batch,
            request_id=request,
            code=batch.id,
            position=position,
            kind=batch.kind,
            earliest=batch.earliest,
            latest=batch.latest,
            patients=batch.patients,
            after_id=None if batch.after is None else keys[batch.after],
            gap_days=batch.gap_days,
        )


def add_material(sponsor: Sponsor, request: UUID, product: UUID, lot: facts.Material, known_on: date) -> None:
    """Gather a lot of material and tie it to the request."""
    released = lot.released_on is not None and lot.released_on <= known_on
    key = sponsor.add(
        models.MaterialLot,
        product_id=product,
        code=lot.id,
        state=MaterialState.RELEASED if released else MaterialState.IN_PRODUCTION,
        released_on=lot.released_on,
        transport_days=lot.transport_days,
        doses=lot.doses,
        expires_on=lot.expires_on,
        **GENERATED,
    )
    sponsor.add(models.RequestMaterial, request_id=request, material_lot_id=key)


def add_wishes(sponsor: Sponsor, request: UUID, asked: facts.Request, facilities: Mapping[str, Placed]) -> None:
    """Gather preferences and exclusions."""
    for facility, value in sorted(asked.preferences.items()):
        sponsor.add(
            models.RequestPreference,
            request_id=request,
            data_set=DataSet.REHEARSAL,
            facility_id=facilities[facility].facility,
            value=value,
        )
    for facility in sorted(asked.excluded):
        sponsor.add(
            models.RequestExclusion,
            request_id=request,
            data_set=DataSet.REHEARSAL,
            facility_id=facilities[facility].facility,
        )


def add_pair(sponsor: Sponsor, product: UUID, version: UUID, pair: facts.Pair, placed: Placed) -> None:
    """Gather how far the product has been brought to a site."""
    key = sponsor.add(
        models.Establishment,
        data_set=DataSet.REHEARSAL,
        product_id=product,
        process_version_id=version,
        site_id=placed.sites[pair.site],
        facility_id=placed.facility,
        facility_organisation_id=placed.organisation,
        ready_by=pair.ready_by,
        hospital_exemption=pair.hospital_exemption,
        **GENERATED,
    )
    for stage, state in pair.stages.items():
        sponsor.add(
            models.EstablishmentStage,
            establishment_id=key,
            facility_organisation_id=placed.organisation,
            stage=stage,
            state=state,
            **GENERATED,
        )

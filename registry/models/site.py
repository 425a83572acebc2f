"""Addresses of a facility."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from registry.models.base import Record, Sourced
from registry.models.keys import OwnedByFacility, facility_key, facility_target


class Site(OwnedByFacility, Sourced, Record):
    """An address with an OMS location; latitude and longitude in degrees (WGS 84), city level."""

    __tablename__ = "site"
    __table_args__ = (
        facility_key(),
        facility_target(),
        UniqueConstraint("facility_id", "code"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_is_iso_3166"),
        CheckConstraint("oms_loc_id ~ '^LOC-[0-9]{9}$'", name="oms_loc_id_has_its_form"),
        CheckConstraint("nuts ~ '^[A-Z]{2}[0-9A-Z]{1,3}$'", name="nuts_has_its_form"),
        CheckConstraint("latitude between -90 and 90", name="latitude_in_degrees"),
        CheckConstraint("longitude between -180 and 180", name="longitude_in_degrees"),
    )

    code: Mapped[str]
    address: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str]
    oms_loc_id: Mapped[str | None]
    nuts: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    time_zone: Mapped[str | None]
    holiday_region: Mapped[str | None]

"""Figures for monitoring, in a registry of this application's own: requests by route, method and status, and their time."""

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The meter an application counts with, and what it has counted."""

    def __init__(self) -> None:
        """Start at nothing; no name, address or query of a caller ever becomes a label."""
        self._registry = CollectorRegistry()
        reader = PrometheusMetricReader(registry=self._registry)
        self.provider = MeterProvider([reader], Resource({"service.name": "gmphub"}), shutdown_on_exit=False)

    def text(self) -> bytes:
        """Return everything counted so far in the Prometheus text format."""
        return generate_latest(self._registry)

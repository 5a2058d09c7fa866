"""What an operator can set about logs, metrics and traces."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class WatchingSettings(BaseSettings):
    """How a process lets itself be watched; nothing of it is on unless it is asked for."""

    metrics_port: int | None = Field(
        None, ge=1, le=65_535, description="Port of this process for Prometheus alone; unset: none."
    )
    metrics_host: str = Field(
        "127.0.0.1", description="Address that the port listens on; never a public one."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None, description="Collector of traces, OTLP over HTTP; unset: no traces are made."
    )
    traces_share: float = Field(0.1, ge=0, le=1, description="Which share of the requests is traced.")
    slow_request_milliseconds: int = Field(
        1_000, ge=1, le=60_000, description="From when on a request is logged as slow."
    )

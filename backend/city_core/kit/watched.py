"""Lets one process be watched: its traces, its port for Prometheus, the lag of its event loop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import structlog
from prometheus_client import start_http_server

from city_core.kit.metrics import LOOP_LAG, REGISTRY
from city_core.kit.traces import traces
from city_core.settings import Settings, WrongSetting

log = structlog.get_logger()
_LOOK_SECONDS = 0.5


@contextlib.asynccontextmanager
async def watched(settings: Settings, service: str) -> AsyncIterator[None]:
    """Let this process be watched while inside, as far as the settings ask for it.

    Raises WrongSetting where the port for Prometheus cannot be had.
    """
    with traces(service, settings.otel_exporter_otlp_endpoint, settings.traces_share):
        if settings.metrics_port is None:
            yield
            return
        try:
            server, thread = start_http_server(settings.metrics_port, settings.metrics_host, REGISTRY)
        except OSError:
            raise WrongSetting(
                "METRICS_PORT or METRICS_HOST is not right: the port is taken, or the address is not ours; "
                "each process needs a port of its own."
            ) from None
        lagging = asyncio.create_task(_measure_lag())
        try:
            yield
        finally:
            lagging.cancel()
            server.shutdown()
            server.server_close()
            thread.join(timeout=2)


async def _measure_lag() -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(_LOOK_SECONDS)
        LOOP_LAG.observe(max(0.0, time.monotonic() - before - _LOOK_SECONDS))

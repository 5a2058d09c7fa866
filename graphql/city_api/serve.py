"""The API process: `python -m city_api.serve --host 0.0.0.0 --port 8080`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
import signal
from collections.abc import Iterator
from typing import Any

import structlog
import uvicorn
from litestar import Litestar

from city_api.app import create_app
from city_api.patient_http import PatientHttp
from city_api.sockets.protocol import MOST_MESSAGE_BYTES, PING_SECONDS, PatientProtocol
from city_core.bootstrap import open_city
from city_core.kit.memory import keep_what_stands
from city_core.kit.starting import run_process, stop_in_time
from city_core.settings import read_settings

log = structlog.get_logger()
_KEEPING_SECONDS = 1.0
# Messages are short: compressing each costs 40 KB of memory a phone and saves little.
MANNERS: dict[str, Any] = {
    "http": PatientHttp,
    "ws": PatientProtocol,
    "ws_max_size": MOST_MESSAGE_BYTES,
    "ws_ping_interval": PING_SECONDS,
    "ws_ping_timeout": PING_SECONDS,
    "ws_per_message_deflate": False,
    "access_log": False,
    "server_header": False,  # by which program we answer is nobody's to know
    "proxy_headers": False,  # whom to believe is a setting of the city, see address.py
}


class CityServer(uvicorn.Server):
    """Stops in order: not ready any more, long waits ended, requests in work answered, exit code 0."""

    def __init__(self, config: uvicorn.Config, app: Litestar, patience_seconds: int) -> None:
        super().__init__(config)
        self._city_app = app
        self._patience_seconds = patience_seconds

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear what ends the process in its own loop; uvicorn would end it by the same signal once more."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        yield

    def stop(self) -> None:
        """Begin to stop; who asks again is in a hurry."""
        if self.should_exit:
            self.force_exit = True
            return
        state = self._city_app.state
        stop_in_time()
        log.info("api_stopping", open=state.doors.open, sockets=len(state.sockets))
        state.doors.is_stopping = True
        state.waiting.send_home()
        # What has come by then of a photo is kept, and its phone goes on with it elsewhere.
        last = max(0.0, self._patience_seconds - _KEEPING_SECONDS)
        asyncio.get_running_loop().call_later(last, state.bodies.send_home)
        self.should_exit = True


async def serve(host: str, port: int, graceful_seconds: int | None) -> None:
    """Serve the city until told to stop; raises WrongSetting for what an operator has to change first."""
    settings = read_settings()
    app = create_app(settings)
    async with open_city(settings, app_name="yiwang-api") as city:
        app.state.city = city
        patience = graceful_seconds if graceful_seconds is not None else math.ceil(settings.drain_seconds)
        config = uvicorn.Config(app, host=host, port=port, timeout_graceful_shutdown=patience, **MANNERS)
        keep_what_stands()
        await CityServer(config, app, patience).serve()
    log.info("api_stopped")


def main() -> None:
    """Serve the city until told to stop."""
    parser = argparse.ArgumentParser(prog="city_api.serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--graceful-seconds", type=int, help="instead of DRAIN_SECONDS")
    given = parser.parse_args()
    run_process(lambda: serve(given.host, given.port, given.graceful_seconds))


if __name__ == "__main__":
    main()

"""The API process: `python -m city_api.serve --host 0.0.0.0 --port 8080`."""

from __future__ import annotations

import argparse
from typing import Any

import uvicorn

from city_api.patient_http import PatientHttp
from city_api.sockets.protocol import MOST_MESSAGE_BYTES, PING_SECONDS, PatientProtocol

# Messages are short: compressing each costs 40 KB of memory a phone and saves little.
MANNERS: dict[str, Any] = {
    "http": PatientHttp,
    "ws": PatientProtocol,
    "ws_max_size": MOST_MESSAGE_BYTES,
    "ws_ping_interval": PING_SECONDS,
    "ws_ping_timeout": PING_SECONDS,
    "ws_per_message_deflate": False,
    "access_log": False,
    "proxy_headers": False,  # whom to believe is a setting of the city, see address.py
}


def main() -> None:
    """Serve the city until told to stop."""
    parser = argparse.ArgumentParser(prog="city_api.serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--graceful-seconds", type=int, default=5)
    given = parser.parse_args()
    uvicorn.run(
        "city_api.app:create_app",
        factory=True,
        host=given.host,
        port=given.port,
        timeout_graceful_shutdown=given.graceful_seconds,
        **MANNERS,
    )


if __name__ == "__main__":
    main()

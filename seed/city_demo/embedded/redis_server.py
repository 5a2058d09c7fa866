"""A real redis-server on loopback that keeps nothing: Redis only wakes, the truth is in MongoDB."""

from __future__ import annotations

import socket

from city_demo.embedded.binaries import ServerProgram, find_redis_server
from city_demo.embedded.ports import LOOPBACK
from city_demo.embedded.server import EmbeddedServer


class EmbeddedRedis(EmbeddedServer):
    """Wakes workers and carries channels on one machine; empty after every start."""

    name = "redis"
    port_setting = "REDIS_PORT"

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def _find_program(self) -> ServerProgram:
        return find_redis_server()

    def _arguments(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "bind": LOOPBACK,
            "dir": str(self.directory),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _is_serving(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

"""Which ports of this machine are free for the city's servers."""

from __future__ import annotations

import socket

from city_demo.embedded.problems import PortTaken

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Finds a loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_port_taken(port: int, *, host: str = LOOPBACK) -> bool:
    """Tells whether a server could not listen on the port now."""
    with socket.socket() as probe:
        # Servers set this too, so a port that only waits out closed connections counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def require_free_port(port: int, *, setting: str) -> None:
    """Refuses, naming the setting to change, when the port belongs to another program."""
    if is_port_taken(port):
        raise PortTaken(port, setting=setting)

"""The fake push service as a server: in a thread for tests, in a process of its own for the demo."""

from __future__ import annotations

import socket
import threading
from typing import Self

import uvicorn

from city_demo.embedded.ports import LOOPBACK, require_free_port
from city_demo.embedded.problems import CannotStart
from city_demo.embedded.tied import wait_until
from city_demo.fake_fcm.app import FakeFcmApp
from city_demo.fake_fcm.control import FcmControl

PORT_SETTING = "FCM_PORT"


def make_server() -> uvicorn.Server:
    """Prepares the server; hanging answers do not hold its stop up."""
    config = uvicorn.Config(
        FakeFcmApp(), lifespan="off", log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    return uvicorn.Server(config)


def listen(port: int = 0) -> socket.socket:
    """Opens the loopback port of the service; 0 takes any free one."""
    if port:
        require_free_port(port, setting=PORT_SETTING)
    return socket.create_server((LOOPBACK, port), backlog=512)


class FakeFcm(FcmControl):
    """A fake push service that runs in a thread of this process."""

    def __init__(self, *, port: int = 0) -> None:
        self._socket = listen(port)
        self._server = make_server()
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="fake-fcm", daemon=True
        )
        super().__init__(f"http://{LOOPBACK}:{self._socket.getsockname()[1]}")

    def start(self) -> Self:
        """Serves from now on."""
        self._thread.start()
        if not wait_until(lambda: self._server.started, seconds=10, every_s=0.005):
            raise CannotStart("The fake push service did not start within 10 s.")
        return self

    def stop(self) -> None:
        """Ends the service; who still waits for an answer gets none."""
        self.close()
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

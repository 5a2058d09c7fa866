"""What the embedded servers have in common: a folder, a port that they keep, a life."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from city_demo.embedded.binaries import ServerProgram
from city_demo.embedded.ports import free_port, require_free_port
from city_demo.embedded.problems import ServerDidNotStart
from city_demo.embedded.tied import start_tied, wait_until
from city_demo.embedded.tied_service import TiedService

START_LIMIT_S = 60.0


class EmbeddedServer(TiedService, ABC):
    """A real server on loopback, for trying the city out and for tests; a city runs its own."""

    name: str
    port_setting: str
    stop_grace_s = 8.0

    def __init__(self, directory: Path, *, port: int | None = None, log: Path | None = None) -> None:
        self.directory = directory.absolute()
        self.log = log or self.directory / f"{self.name}.log"
        self._port: int | None = port

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that programs connect to."""

    @property
    def port(self) -> int:
        if self._port is None:
            raise RuntimeError(f"{self.name} has no port before its first start.")
        return self._port

    def start(self) -> None:
        """Starts the server and waits until it serves; does nothing when it already runs."""
        if self.is_running:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._port is None:
            self._port = free_port()
        require_free_port(self._port, setting=self.port_setting)
        program = self._find_program()
        self._process = start_tied(
            [program.path, *self._arguments()],
            log=self.log,
            environment={**os.environ, **program.environment},
        )
        self._wait_until_serving()

    def restart(self) -> None:
        """Stops the server and starts it again on the same port."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def _find_program(self) -> ServerProgram: ...

    @abstractmethod
    def _arguments(self) -> list[str]: ...

    @abstractmethod
    def _is_serving(self) -> bool:
        """Brings the server one step closer to serving and tells whether it does."""

    def _wait_until_serving(self) -> None:
        try:
            served = wait_until(lambda: not self.is_running or self._is_serving(), seconds=START_LIMIT_S)
        except BaseException:
            self.kill()
            raise
        if served and self.is_running:
            return
        ended = None if self._process is None else self._process.poll()
        self.kill()
        reason = f"no answer within {START_LIMIT_S:.0f} s" if ended is None else f"it ended with code {ended}"
        raise ServerDidNotStart(self.name, reason, self.log)

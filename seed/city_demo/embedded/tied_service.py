"""What every process that the city on one machine starts has in common: it can be stopped and killed."""

from __future__ import annotations

from city_demo.embedded.tied import Process, end_tied, kill_tied


class TiedService:
    """Something that runs as one tied process at a time."""

    stop_grace_s: float = 10.0
    _process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process number, or None while it is down."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Asks the process to finish, then ends it and all it started; what it holds on disk stays."""
        if self._process is not None:
            end_tied(self._process, grace_s=self.stop_grace_s)
            self._process = None

    def kill(self) -> None:
        """Ends the process and all it started at once, as a power cut would."""
        if self._process is not None:
            kill_tied(self._process)
            self._process = None

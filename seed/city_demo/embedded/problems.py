"""What can keep the city from starting on this machine, each said in one sentence for the operator."""

from __future__ import annotations

from pathlib import Path


class CannotStart(Exception):
    """The city cannot start here; the message is one sentence that says what to change."""


class MissingServer(CannotStart):
    """A server program is not installed and no address of a running one was given."""


class PortTaken(CannotStart):
    """Another program already listens on the port; the message names the setting to change."""

    def __init__(self, port: int, *, setting: str) -> None:
        super().__init__(
            f"Port {port} is already taken by another program: stop it or set {setting} to a free port."
        )
        self.port = port
        self.setting = setting


class ServerDidNotStart(CannotStart):
    """A server program ended or stayed silent while starting; the message carries its last log lines."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} did not start: {reason}. Last lines of {log}:\n{last_lines(log)}")


def last_lines(log: Path, *, count: int = 20) -> str:
    """Gives the end of a log, or a note that nothing was written."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 64 * 1024))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return "(no log was written)"
    return "\n".join(lines[-count:]) or "(the log is empty)"

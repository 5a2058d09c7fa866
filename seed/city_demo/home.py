"""The folder that one city on one machine lives in: its data, secrets, logs, and the lock on its door."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from city_demo.embedded.problems import CannotStart

PRIVATE = 0o600
TOKEN_PRIVATE_KEY = "TOKEN_PRIVATE_KEY"


class Home:
    """Everything a trial city keeps on disk; removing the folder removes the city."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.mongod = self.folder / "mongod"
        self.redis = self.folder / "redis"
        self.logs = self.folder / "logs"
        self.secrets_file = self.folder / "secrets.env"
        self.service_account_file = self.folder / "fcm-service-account.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps a second start out while this one lasts; the lock ends with the process, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "launch.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
        with os.fdopen(descriptor, "r+") as lock:
            self._take(lock.fileno(), holder=lock.read().strip())
            lock.seek(0)
            lock.truncate()
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def secrets(self) -> dict[str, str]:
        """Reads the secrets of this city, making them up at the first start."""
        if not self.secrets_file.exists():
            key = base64.b64encode(secrets.token_bytes(32)).decode()
            write_private(self.secrets_file, f"{TOKEN_PRIVATE_KEY}={key}\n")
        lines = self.secrets_file.read_text().splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
        return {name.strip(): value.strip() for name, _, value in pairs}

    def keep_service_account(self, account: dict[str, str]) -> Path:
        """Stores the identity that the backend pushes with."""
        write_private(self.service_account_file, json.dumps(account, indent=2))
        return self.service_account_file

    def fresh_log(self, name: str) -> Path:
        """Gives the empty log of a process; the one of the last start stays beside it."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(self.logs / f"{name}.previous.log")
        return log

    def _take(self, descriptor: int, *, holder: str) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CannotStart(
                f"The city in {self.folder} is already running (process {holder or 'unknown'}):"
                " stop that one first, or start another with --home FOLDER and its own PORT."
            ) from taken


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner can read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as output:
        output.write(text)
    draft.replace(file)
